#!/usr/bin/env python3
"""Records traces of small programs with PyTorch itself, in the format of Documentation/Trace.md.

usage: torch_trace.py [FOLDER]     (default: Tests/AdjointTraceTests/Fixtures/twin)

The tests replay the same programs here and compare, node by node, the order of the backward pass, the
gradient on every edge, and how each leaf's gradient grows. Needs torch from PyPI (recorded with 2.15.0);
the files that it writes are kept, so nobody else needs it.
"""
import json, math, os, re, sys

import torch

from torch_programs import PROGRAMS

# PyTorch's node, without "Backward0", and the operation that it stands for here.
OPERATIONS = {
    "Mm": "matmul", "Bmm": "matmul", "T": "t", "Transpose": "permute", "View": "view",
    "UnsafeView": "view", "Slice": "narrow", "Maximum": "maximum", "LogSoftmax": "logSoftmax",
    "IndexSelect": "indexSelect", "Cumsum": "cumsum", "Logsumexp": "logSumExp", "Clamp": "clamp",
}


def operation(node):
    name = re.sub(r"Backward\d*$", "", node.name().split("::")[-1])
    return OPERATIONS.get(name, name[0].lower() + name[1:])


def number(x):
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    # The shortest decimal that gives the float32 back is what numpy prints for one.
    import numpy
    return int(x) if x == int(x) and abs(x) < 1e6 else float(str(numpy.float32(x)))


def value(tensor):
    if tensor is None:
        return {"k": "none", "why": "undefined-grad"}
    return {"k": "full", "data": [number(x) for x in tensor.detach().flatten().tolist()], "exact": True}


def dtype(tensor):
    return str(tensor.dtype).replace("torch.", "")


class Twin:
    """What a program calls: leaves by name, and backward passes that are recorded."""

    def __init__(self):
        self.records, self.leaves, self.ids, self.nodes = [], {}, {}, {}
        self.clock = self.run = self.tensors = 0
        self.seed = 1

    def event(self, kind, **fields):
        self.records.append({"t": "ev", "i": self.clock, "e": kind, **fields})
        self.clock += 1

    def new_tensor(self):
        self.tensors += 1
        return self.tensors - 1

    def leaf(self, name, *shape, low=-2.0, high=2.0, grad=True):
        """A leaf of numbers with three decimals, from a generator that needs no library."""
        data = []
        for _ in range(math.prod(shape)):
            self.seed = (self.seed * 1103515245 + 12345) % 2**31
            data.append(round(low + (high - low) * (self.seed / 2**31), 3))
        return self.given(name, data, shape, grad)

    def given(self, name, data, shape, grad=True):
        tensor = torch.tensor(data, dtype=torch.float32).reshape(shape).requires_grad_(grad)
        self.ids[name] = self.new_tensor()
        self.leaves[name] = tensor
        self.records.append({
            "t": "tensor", "id": self.ids[name], "name": name, "role": "input", "shape": list(shape),
            "dtype": dtype(tensor), "requiresGrad": grad, "leaf": True, "value": value(tensor)})
        return tensor

    def leaf_id(self, tensor):
        for name, leaf in self.leaves.items():
            if leaf is tensor:
                return self.ids[name]
        raise ValueError("a leaf without a name")

    def target(self, edge):
        node, output = edge
        if node is None:
            return None
        if "AccumulateGrad" in node.name():
            return {"leaf": self.leaf_id(node.variable)}
        return {"node": self.node_id(node), **({"out": output} if output else {})}

    def node_id(self, node):
        return self.nodes[node._sequence_nr()][0]

    def discover(self, roots):
        """Numbers the new nodes in the order in which they were made, and records them."""
        found, stack = {}, [r.grad_fn for r in roots if r.grad_fn is not None]
        while stack:
            node = stack.pop()
            if node is None or "AccumulateGrad" in node.name() or node._sequence_nr() in found:
                continue
            found[node._sequence_nr()] = node
            stack.extend(edge[0] for edge in node.next_functions)
        new = [k for k in sorted(found) if k not in self.nodes]
        for key in new:
            # Held, so that PyTorch does not give its number's place to another object.
            self.nodes[key] = (len(self.nodes), found[key])
        for key in new:
            node, outputs = found[key], []
            # What PyTorch knows of the gradients that come in is what it knows of the results.
            for i, result in enumerate(node._input_metadata):
                outputs.append(self.new_tensor())
                self.records.append({
                    "t": "tensor", "id": outputs[-1], "role": "intermediate", "shape": list(result.shape),
                    "dtype": dtype(result), "requiresGrad": True, "leaf": False,
                    "producer": [self.node_id(node), i]})
            name = operation(node)
            self.records.append({
                "t": "node", "id": self.node_id(node), "op": name,
                "gradFn": name[0].upper() + name[1:] + "Backward", "inputs": [], "outputs": outputs,
                "next": [self.target(edge) for edge in node.next_functions]})
        return found

    def backward(self, *roots, gradients=None, retain_graph=None):
        found = self.discover(roots)
        run, self.run = self.run, self.run + 1
        before = {n: None if t.grad is None else t.grad.clone() for n, t in self.leaves.items()}
        sums, log, handles = {}, [], []
        for key, node in found.items():
            handles.append(node.register_hook(
                lambda inputs, outputs, node=node: log.append((node, list(inputs), list(outputs)))))
        self.event("backward.begin", run=run, roots=[])
        torch.autograd.backward(roots, gradients, retain_graph=retain_graph)
        for handle in handles:
            handle.remove()
        for node, inputs, outputs in log:
            self.event("backward.node", run=run, node=self.node_id(node),
                       gradOut=[value(g) for g in outputs], gradIn=[value(g) for g in inputs])
            for i, (edge, gradient) in enumerate(zip(node.next_functions, inputs)):
                to = self.target(edge)
                if to is None or gradient is None:
                    continue
                self.event("edge", run=run, **{"from": self.node_id(node)}, input=i, to=to,
                           value=value(gradient))
                if "leaf" not in to:
                    continue
                name = [n for n, k in self.ids.items() if k == to["leaf"]][0]
                old = sums.get(name)
                sums[name] = gradient.detach().clone() if old is None else old + gradient.detach()
                if before[name] is None:
                    self.accumulate(run, name, old, gradient, sums[name], self.node_id(node))
        for name, total in sums.items():
            if before[name] is not None:
                self.accumulate(run, name, before[name], total, before[name] + total, None)
            after = sums[name] if before[name] is None else before[name] + total
            assert torch.equal(after, self.leaves[name].grad), name
        self.event("backward.end", run=run)

    def accumulate(self, run, name, before, incoming, after, source):
        none = {"k": "none", "why": "not-computed"}
        self.event(
            "accumulate", run=run, tensor=self.ids[name], **({} if source is None else {"from": source}),
            before=none if before is None else value(before), incoming=value(incoming),
            after=value(after), mode="assign" if before is None else "add")

    def zero(self):
        for tensor in self.leaves.values():
            tensor.grad = None


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        here, "..", "Tests", "AdjointTraceTests", "Fixtures", "twin")
    os.makedirs(folder, exist_ok=True)
    for name, program in PROGRAMS.items():
        twin = Twin()
        program(twin)
        header = {"t": "header", "format": "autograd-trace", "version": 1, "library": "PyTorch",
                  "libraryVersion": torch.__version__.split("+")[0], "title": name}
        with open(os.path.join(folder, name + ".jsonl"), "w") as file:
            for record in [header, *twin.records]:
                file.write(json.dumps(record, separators=(",", ":")) + "\n")
    print(f"{len(PROGRAMS)} programs in {os.path.normpath(folder)}")


if __name__ == "__main__":
    main()
