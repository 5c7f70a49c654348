"""The public functions of the library, from the compiler's symbol graphs; see tools/wrong-calls."""
import collections
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODULES = ["AdjointCore", "AdjointNN", "AdjointOptim", "AdjointData", "AdjointTrainer"]
KINDS = {"func", "func.op", "method", "type.method", "init", "subscript", "property"}
# Types whose properties compute something.
COMPUTED = {"Tensor", "Block", "Graph", "Node", "Module", "Layer", "Optimizer", "Scheduler"}
SWIFT = os.environ.get("SWIFT", "swift")


def symbol_graphs() -> list[dict]:
    """The symbol graphs of the modules. Function bodies are skipped: it takes seconds."""
    compiler = [str(pathlib.Path(shutil.which(SWIFT)).with_name("swiftc"))]
    extractor = [str(pathlib.Path(shutil.which(SWIFT)).resolve().with_name("swift-symbolgraph-extract"))]
    if platform.system() == "Darwin":
        compiler, extractor = ["xcrun", "swiftc"], ["xcrun", "swift-symbolgraph-extract"]
        sdk = run(["xcrun", "--show-sdk-path"], "the SDK").strip()
        extractor += ["-sdk", sdk]
    target = json.loads(run(compiler + ["-print-target-info"], "the target"))["target"]["triple"]
    graphs = []
    with tempfile.TemporaryDirectory() as folder:
        header = ROOT / "Sources/CAdjoint/include/CAdjoint.h"
        module_map = pathlib.Path(folder) / "module.modulemap"
        module_map.write_text(f'module CAdjoint {{ umbrella header "{header}" export * }}\n')
        for module in MODULES:
            sources = sorted(str(path) for path in (ROOT / "Sources" / module).rglob("*.swift"))
            command = compiler + [
                "-emit-module", "-module-name", module, "-parse-as-library", "-wmo",
                "-swift-version", "6", "-package-name", "main", "-I", folder,
                "-enable-upcoming-feature", "ExistentialAny",
                "-enable-upcoming-feature", "InternalImportsByDefault",
                "-enable-upcoming-feature", "MemberImportVisibility",
                "-Xcc", f"-fmodule-map-file={module_map}",
                "-Xfrontend", "-experimental-skip-all-function-bodies",
                "-o", f"{folder}/{module}.swiftmodule", *sources,
            ]
            run(command, module)
            run(extractor + [
                "-module-name", module, "-I", folder, "-Xcc", f"-fmodule-map-file={module_map}",
                "-target", target, "-minimum-access-level", "public", "-skip-inherited-docs",
                "-output-dir", folder], module)
        for path in sorted(pathlib.Path(folder).glob("*.symbols.json")):
            graphs.append(json.loads(path.read_text()))
            graphs[-1]["file"] = path.name
    return graphs


def run(command: list[str], what: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"calls: {what}: {command[0]} failed: {result.stderr.strip()[:2000]}")
    return result.stdout


class Function:
    """One public function, as the symbol graph tells it."""

    def __init__(self, symbol: dict, module: str) -> None:
        self.module = module
        self.kind = symbol["kind"]["identifier"].removeprefix("swift.")
        self.path = symbol["pathComponents"]
        self.owner = ".".join(self.path[:-1])
        self.declaration = "".join(part["spelling"] for part in symbol["declarationFragments"])
        self.access = symbol["accessLevel"]
        self.doc = symbol.get("docComment", {})
        signature = symbol.get("functionSignature", {})
        self.base = self.path[-1].split("(")[0]
        self.parameters = []
        labels = re.findall(r"([^():]*):", self.path[-1].partition("(")[2])
        for i, parameter in enumerate(signature.get("parameters", [])):
            text = "".join(part["spelling"] for part in parameter["declarationFragments"])
            label = labels[i] if i < len(labels) else "_"
            kind = text.split(":", 1)[1].strip()
            self.parameters.append(Argument(label, parameter["name"], kind, self.usual(parameter)))
        self.returns = "".join(part["spelling"] for part in signature.get("returns", []))
        if self.kind in ("subscript", "property"):
            self.returns = self.declaration.rpartition(": " if self.kind == "property" else "-> ")[2]
            self.returns = self.returns.partition(" {")[0]
        self.throws = re.search(r"\)[^()]*\bthrows\b", self.tail()) is not None
        self.settable = "{ get set }" in self.declaration

    def tail(self) -> str:
        """The declaration after its parameters."""
        depth, start = 0, self.declaration.find("(")
        for i in range(max(start, 0), len(self.declaration)):
            depth += {"(": 1, ")": -1}.get(self.declaration[i], 0)
            if depth == 0:
                return self.declaration[i:].split("->")[0]
        return ""

    def usual(self, parameter: dict) -> str | None:
        """The text of a parameter's default."""
        text = "".join(part["spelling"] for part in parameter["declarationFragments"])
        at = self.declaration.find(text.split(":", 1)[1])
        name = parameter["name"]
        for match in re.finditer(rf"\b{re.escape(name)}: ", self.declaration):
            rest = self.declaration[match.end():]
            kind = text.split(":", 1)[1].strip()
            if not rest.startswith(kind + " = "):
                continue
            rest = rest[len(kind) + 3:]
            depth = 0
            for i, character in enumerate(rest):
                if character in "([{":
                    depth += 1
                elif character in ")]}":
                    if depth == 0:
                        return rest[:i]
                    depth -= 1
                elif character == "," and depth == 0:
                    return rest[:i]
        return None

    @property
    def name(self) -> str:
        """What it is called in reports: the owner, the name and the types of its parameters."""
        owner = f"{self.owner}." if self.owner else ""
        if self.kind == "property":
            return owner + self.base
        inner = ", ".join(
            (f"{p.label}: " if p.label not in ("_", "") else "") + p.kind for p in self.parameters)
        brackets = "[]" if self.kind == "subscript" else "()"
        generic = re.match(r"[^(]*?(?:func|init)\b[^(<]*(<[^(]*>)\(", self.declaration)
        generic = generic.group(1) if generic and self.kind != "func.op" else ""
        return f"{owner}{self.base}{generic}{brackets[0]}{inner}{brackets[1]}"


Argument = collections.namedtuple("Argument", "label name kind usual")


class Graph:
    """The public functions of all modules, their types, and who inherits from whom."""

    def __init__(self, graphs: list[dict]) -> None:
        self.functions: list[Function] = []
        self.kinds: dict[str, str] = {}
        self.home: dict[str, str] = {}
        self.cases: dict[str, list[str]] = collections.defaultdict(list)
        self.parents: dict[str, str] = {}
        self.conforms: dict[str, set[str]] = collections.defaultdict(set)
        names: dict[str, str] = {}
        for graph in graphs:
            module = graph["module"]["name"]
            for symbol in graph["symbols"]:
                kind = symbol["kind"]["identifier"].removeprefix("swift.")
                path = ".".join(symbol["pathComponents"])
                precise = symbol["identifier"]["precise"]
                if kind in ("class", "struct", "enum", "protocol"):
                    names[precise] = path if path not in self.home else f"{module}.{path}"
                    self.kinds.setdefault(path, kind)
                    self.kinds[f"{module}.{path}"] = kind
                    self.home.setdefault(path, module)
                if kind == "enum.case":
                    text = "".join(x["spelling"] for x in symbol["declarationFragments"])
                    self.cases[path.rpartition(".")[0]].append(text.removeprefix("case "))
        for graph in graphs:
            module = graph["module"]["name"]
            for relation in graph["relationships"]:
                source = names.get(relation["source"])
                target = names.get(relation["target"]) or relation.get("targetFallback", "")
                if source and relation["kind"] == "inheritsFrom":
                    self.parents[source] = target
                if source and relation["kind"] == "conformsTo":
                    self.conforms[source].add(target)
            for symbol in graph["symbols"]:
                if "::SYNTHESIZED::" in symbol["identifier"]["precise"]:
                    continue
                if symbol["accessLevel"] not in ("public", "open"):
                    continue
                function = Function(symbol, module)
                if function.kind not in KINDS:
                    continue
                # What is stored cannot trap; these are computed.
                if function.kind != "property" or function.owner in COMPUTED:
                    self.functions.append(function)

    def qualified(self, owner: str, module: str) -> str:
        """A type's name that cannot be mistaken for that of another module."""
        return f"{module}.{owner}"
