"""What the command records and exports, as other programs read it: traces by their JSON schema, DOT by
Graphviz, event files by TensorBoard. Usage: readers.py ADJOINT"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "Documentation" / "Trace" / "trace.schema.json"
PROGRAMS = ["ReadmeFirstGradient", "ReadmeFirstNetwork", "17-SecondDerivative", "07-MicroBatches"]


def run(*command, **environment):
    subprocess.run(
        [str(part) for part in command], check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, **environment})


def check_schema(path, validator):
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines, 1):
        record = json.loads(line)
        for error in validator.iter_errors(record):
            sys.exit(f"readers: {path.name}:{number}: {error.message}\n{line[:300]}")
    return len(lines)


def main():
    adjoint = pathlib.Path(sys.argv[1])
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    jsonschema.Draft202012Validator.check_schema(validator.schema)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        records = 0
        traces = []
        for name in PROGRAMS:
            program = ROOT / ".build" / "release" / name
            if not program.exists():
                sys.exit(f"readers: {program} is not there; build it first: make test-root")
            trace = folder / f"{name}.jsonl"
            run(program, ADJOINT_TRACE=str(trace))
            records += check_schema(trace, validator)
            traces.append(trace)
        if shutil.which("dot"):
            for trace in traces:
                run(adjoint, "export", trace, "--dot", folder / "graph.dot")
                run("dot", "-Tcanon", folder / "graph.dot")
                os.remove(folder / "graph.dot")
        events = folder / "events"
        events.mkdir()
        run(adjoint, "export", traces[1], "--tensorboard", events)
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        accumulator = EventAccumulator(str(events))
        accumulator.Reload()
        tags = accumulator.Tags()
        if not (tags["scalars"] or tags["histograms"]):
            sys.exit("readers: TensorBoard finds nothing in the event file")
    print(f"readers: {records} records fit their schema; graphs and events are read by Graphviz and TensorBoard")


if __name__ == "__main__":
    main()
