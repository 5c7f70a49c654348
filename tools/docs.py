#!/usr/bin/env python3
"""The documentation of the library's public symbols: symbol graphs, a check, and a site.

docs.py check [FOLDER]       every public symbol has documentation; FOLDER: graphs that are there
docs.py site [--base PATH]   the same, then DocC makes .build-docs/site of it

The compiler makes the graphs from the sources, with the package's own settings and without looking
into the bodies of functions: that takes seconds and needs no build. The site shows what `import
Adjoint` gives as one module, and AdjointTesting beside it. A warning of DocC's is an error.

A page of the catalogue may name symbols by where they are declared, in a comment of its own line:

    <!-- every: AdjointNN/Layers/Conv* -->              all top-level symbols of these files
    <!-- every func enum: AdjointCore/Transforms -->    those of some kinds
    <!-- every member of Tensor: AdjointCore/Engine --> members of one type

Each symbol goes where it matches first, pages by their names, unless a page names it by hand; a
top-level symbol that goes nowhere is an error.
"""
import argparse
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / '.build-docs'
CATALOGUE = ROOT / 'Sources/Adjoint/Adjoint.docc'
SWIFT = os.environ.get('SWIFT', 'swift')


def fail(*lines):
    for line in lines:
        print(f'docs: {line}', file=sys.stderr)
    sys.exit(1)


def toolchain(name):
    """A program of the toolchain that SWIFT belongs to."""
    if path := os.environ.get(name.upper()):
        return path
    swift = shutil.which(SWIFT)
    if swift and (beside := Path(swift).resolve().parent / name).exists():
        return str(beside)
    if shutil.which('xcrun'):
        found = subprocess.run(['xcrun', '--find', name], capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.strip()
    return shutil.which(name) or fail(f'there is no {name} beside "{SWIFT}"; set {name.upper()} to its path')


def libraries():
    """The package's library targets, each after those that it imports."""
    package = json.loads(subprocess.run(
        [SWIFT, 'package', 'dump-package'], cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    targets = {}
    for target in package['targets']:
        if target['type'] != 'regular':
            continue
        target['folder'] = ROOT / (target.get('path') or f'Sources/{target["name"]}')
        target['imports'] = [d['byName'][0] for d in target['dependencies']]
        targets[target['name']] = target
    order = []

    def visit(name):
        for other in targets[name]['imports']:
            visit(other)
        if name not in order:
            order.append(name)

    for name in targets:
        visit(name)
    return [targets[name] for name in order]


def make_graphs():
    """Writes the symbol graphs of all Swift libraries and returns their folder."""
    modules, graphs = BUILD / 'modules', BUILD / 'graphs'
    for folder in modules, graphs:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    swiftc = toolchain('swiftc')
    c_flags = []
    for target in libraries():
        name, folder = target['name'], target['folder']
        sources = sorted(str(p) for p in folder.rglob('*.swift'))
        if not sources:
            module_map = modules / f'{name}.modulemap'
            module_map.write_text(f'module {name} {{\n umbrella "{folder}/include"\n export *\n}}\n')
            c_flags += ['-Xcc', f'-fmodule-map-file={module_map}', '-Xcc', f'-I{folder}/include']
            continue
        features = [list(s['kind'].values())[0]['_0'] for s in target['settings'] if 'enableUpcomingFeature' in s['kind']]
        subprocess.run(
            [swiftc, '-emit-module', '-wmo', '-parse-as-library', '-module-name', name,
             '-swift-version', '6', '-package-name', 'adjoint', '-suppress-warnings',
             '-Xfrontend', '-experimental-skip-all-function-bodies',
             *[flag for f in features for flag in ('-enable-upcoming-feature', f)],
             *c_flags, '-I', str(modules), '-module-cache-path', str(modules / 'cache'),
             '-emit-module-path', str(modules / f'{name}.swiftmodule'),
             '-emit-symbol-graph', '-emit-symbol-graph-dir', str(graphs),
             '-symbol-graph-minimum-access-level', 'public',
             '-symbol-graph-skip-synthesized-members', *sources], check=True)
    return graphs


def read_graphs(folder):
    return {path.name: json.loads(path.read_text()) for path in sorted(folder.glob('*.symbols.json'))}


def place(symbol):
    """The source file, relative to the project, and the line; None for what the compiler made."""
    if not (location := symbol.get('location')):
        return None
    path = location['uri'].removeprefix('file://')
    return os.path.relpath(path, ROOT) if path.startswith('/') else path, location['position']['line'] + 1


def check(graphs):
    """Fails where a public symbol has no words, neither its own nor those of the requirement that it
    meets. What the compiler made counts as little as what a module shows of another one."""
    seen, inherited, bare = set(), 0, []
    for graph in graphs.values():
        meets = {r['source'] for r in graph['relationships']
                 if 'sourceOrigin' in r or r['kind'] in ('defaultImplementationOf', 'overrides')}
        for symbol in graph['symbols']:
            usr = symbol['identifier']['precise']
            if not place(symbol) or usr in seen or symbol['kind']['identifier'] == 'swift.extension':
                continue
            seen.add(usr)
            if 'docComment' in symbol:
                continue
            if usr in meets:
                inherited += 1
            else:
                bare.append((*place(symbol), '.'.join(symbol['pathComponents'])))
    if bare:
        fail(*[f'{path}:{line}: {name} has no sentence of documentation' for path, line, name in sorted(bare)],
             f'{len(bare)} of {len(seen)} public symbols have none; see Style in CONTRIBUTING.md')
    print(f'docs: {len(seen)} public symbols have documentation, {inherited} of them that of the requirement they meet')


def inherit(graphs):
    """Gives what meets a requirement that requirement's words, where it has none of its own."""
    words = {s['identifier']['precise']: s['docComment']
             for graph in graphs.values() for s in graph['symbols'] if 'docComment' in s}
    for graph in graphs.values():
        origin = {}
        for r in graph['relationships']:
            if 'sourceOrigin' in r:
                origin[r['source']] = r['sourceOrigin']['identifier']
            elif r['kind'] in ('defaultImplementationOf', 'overrides'):
                origin.setdefault(r['source'], r['target'])
        for symbol in graph['symbols']:
            usr = symbol['identifier']['precise']
            if 'docComment' not in symbol and origin.get(usr) in words:
                # Checked where they stand: here parameters may have other names.
                symbol['docComment'] = words[origin[usr]] | {'module': 'Inherited'}


def stable_hash(usr):
    """What DocC puts behind a link to tell overloads apart: FNV-1, folded to 24 bits, in base 36."""
    value = 2166136261
    for byte in usr.encode():
        value = value * 16777619 & 0xFFFFFFFF ^ byte
    value = value >> 24 ^ value & 0xFFFFFF
    digits = ''
    while value:
        value, digit = divmod(value, 36)
        digits = '0123456789abcdefghijklmnopqrstuvwxyz'[digit] + digits
    return digits


def write_catalogue(graph, target):
    """Copies the catalogue, with its comments `every` turned into lists of links."""
    paths = {}
    for symbol in graph['symbols']:
        paths.setdefault('/'.join(symbol['pathComponents']), []).append(symbol)

    def link(symbol):
        path = '/'.join(symbol['pathComponents'])
        usr = symbol['identifier']['precise']
        return f'- ``{path}-{stable_hash(usr)}``' if len(paths[path]) > 1 else f'- ``{path}``'

    pages = {path: path.read_text() for path in sorted(CATALOGUE.rglob('*.md'))}
    topics = '\n'.join(text.partition('\n## Topics\n')[2] for text in pages.values())
    named = set(re.findall(r'^- ``([^`]+)``$', topics, re.M))
    pending = [s for s in graph['symbols']
               if s['kind']['identifier'] != 'swift.func.op' and place(s)
               and not {link(s)[4:-2], '/'.join(s['pathComponents'])} & named]
    pending.sort(key=lambda s: (s['pathComponents'], s['identifier']['precise']))

    def expand(match):
        kinds, owner, globs = (match[1] or '').split(), match[2], match[3].split()
        taken = []
        for symbol in pending:
            path = place(symbol)[0].removeprefix('Sources/')
            parents = symbol['pathComponents'][:-1]
            if parents == ([owner] if owner else []) \
                    and (not kinds or symbol['kind']['identifier'].removeprefix('swift.') in kinds) \
                    and any(fnmatch.fnmatchcase(path, g) or fnmatch.fnmatchcase(os.path.dirname(path), g) for g in globs):
                taken.append(symbol)
        if not taken:
            fail(f'{match[0]} matches nothing that is not named elsewhere')
        for symbol in taken:
            pending.remove(symbol)
        return '\n'.join(map(link, taken))

    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(CATALOGUE, target)
    for path, text in pages.items():
        text = re.sub(r'^<!-- every(?: ([a-z. ]+?))??(?: member of (\w+))?: (.+) -->$', expand, text, flags=re.M)
        (target / path.relative_to(CATALOGUE)).write_text(text)
    if left := [s for s in pending if len(s['pathComponents']) == 1]:
        fail(*[f'{place(s)[0]}:{place(s)[1]}: {s["pathComponents"][0]} is on no page of {CATALOGUE.relative_to(ROOT)}' for s in left])


def convert(name, catalogue, graphs, *options):
    """One archive of DocC's. Sentences of re-exported modules are this module's, so that their links
    and parameters are checked too."""
    folder = BUILD / f'graphs-{name}'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file, graph in graphs.items():
        if file.split('.')[0].split('@')[0] == name:
            for symbol in graph['symbols']:
                if symbol.get('docComment', {}).get('module', 'Inherited') != 'Inherited':
                    symbol['docComment']['module'] = name
            (folder / file).write_text(json.dumps(graph))
    archive = BUILD / f'{name}.doccarchive'
    shutil.rmtree(archive, ignore_errors=True)
    done = subprocess.run(
        [toolchain('docc'), 'convert', str(catalogue), '--additional-symbol-graph-dir', str(folder),
         '--output-dir', str(archive), '--warnings-as-errors', '--enable-inherited-docs',
         '--fallback-display-name', name, '--fallback-bundle-identifier', name,
         '--fallback-default-module-kind', 'Library', '--enable-experimental-external-link-support', *options])
    if done.returncode:
        fail(f'DocC refuses {name}; what it says is above')
    return archive


def make_site(graphs, base):
    inherit(graphs)
    write_catalogue(graphs['Adjoint.symbols.json'], BUILD / 'Adjoint.docc')
    options = ['--transform-for-static-hosting', *(['--hosting-base-path', base] if base else [])]
    library = convert('Adjoint', BUILD / 'Adjoint.docc', graphs, *options)
    testing = convert('AdjointTesting', ROOT / 'Sources/AdjointTesting/AdjointTesting.docc', graphs,
                      '--dependency', str(library), *options)
    site = BUILD / 'site'
    shutil.rmtree(site, ignore_errors=True)
    subprocess.run([toolchain('docc'), 'merge', str(library), str(testing), '--output-path', str(site),
                    '--synthesized-landing-page-name', 'Adjoint'], check=True)
    (site / 'theme-settings.json').write_text('{}\n')  # asked for by every page
    (site / 'index.html').write_text(
        '<!doctype html><meta charset="utf-8"><title>Adjoint</title>'
        '<meta http-equiv="refresh" content="0; url=documentation/adjoint/">'
        '<a href="documentation/adjoint/">Adjoint</a>\n')
    count = sum(1 for _ in (site / 'documentation').rglob('index.html'))
    print(f'docs: {count} pages without a warning in {site.relative_to(ROOT)}; to read them: '
          f'python3 -m http.server -d {site.relative_to(ROOT)}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('command', choices=['check', 'site'])
    parser.add_argument('graphs', nargs='?', type=Path, help='a folder of symbol graphs that are there')
    parser.add_argument('--base', default='', help='the path at which the site will be hosted')
    arguments = parser.parse_args()
    graphs = read_graphs(arguments.graphs or make_graphs())
    check(graphs)
    if arguments.command == 'site':
        make_site(graphs, arguments.base)


if __name__ == '__main__':
    main()
