#!/usr/bin/env python3
"""Writes fixtures in the format of torch.save with Python's own pickler and zip archives, where
PyTorch itself writes no such file by default: a nested checkpoint with shared and strided storages,
and a big-endian file. Stand-ins take the names of PyTorch's functions; needs nothing but Python.
Usage: tools/record-pt-fixtures.py FOLDER
"""
import collections
import io
import pickle
import struct
import sys
import types
import zipfile

torch = types.ModuleType("torch")
utils = types.ModuleType("torch._utils")
sys.modules["torch"], sys.modules["torch._utils"] = torch, utils


def named(module, name):
    """A function that pickles as module.name."""
    def function(*arguments):
        raise NotImplementedError
    function.__module__, function.__name__, function.__qualname__ = module.__name__, name, name
    setattr(module, name, function)
    return function


rebuild_v2 = named(utils, "_rebuild_tensor_v2")
rebuild_v3 = named(utils, "_rebuild_tensor_v3")
rebuild_parameter = named(utils, "_rebuild_parameter")
storages = {name: type(name, (), {"__module__": "torch"})
            for name in ("FloatStorage", "DoubleStorage", "LongStorage", "UntypedStorage",
                         "HalfStorage")}
for name, kind in storages.items():
    setattr(torch, name, kind)


class Storage:
    def __init__(self, kind, key, values, code, count=None):
        self.kind, self.key, self.values, self.code = storages[kind], key, values, code
        self.count = len(values) if count is None else count


class Tensor:
    def __init__(self, storage, offset, shape, strides):
        self.arguments = (storage, offset, shape, strides, False, collections.OrderedDict())

    def __reduce__(self):
        return rebuild_v2, self.arguments


class DType:
    """torch.float32 and so on: pickled by its name."""

    def __init__(self, name):
        self.name = name
        setattr(torch, name, self)

    __module__ = "torch"

    def __reduce__(self):
        return self.name


class UntypedTensor:
    def __init__(self, storage, shape, strides, dtype):
        self.arguments = (storage, 0, shape, strides, False, collections.OrderedDict(), dtype)

    def __reduce__(self):
        return rebuild_v3, self.arguments


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        return rebuild_parameter, (self.tensor, True, collections.OrderedDict())


class Pickler(pickle.Pickler):
    def __init__(self, file, protocol):
        super().__init__(file, protocol)
        self.found = []

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        if value not in self.found:
            self.found.append(value)
        return ("storage", value.kind, value.key, "cpu", value.count)


def save(path, value, protocol=2, order="<"):
    text = io.BytesIO()
    pickler = Pickler(text, protocol)
    pickler.dump(value)
    with zipfile.ZipFile(path, "w") as archive:
        def add(name, content):
            archive.writestr(zipfile.ZipInfo("archive/" + name), content)
        add("data.pkl", text.getvalue())
        add("byteorder", "little" if order == "<" else "big")
        for storage in pickler.found:
            add("data/" + storage.key,
                struct.pack(f"{order}{len(storage.values)}{storage.code}", *storage.values))
        add("version", "3\n")


def main(folder):
    shared = Storage("FloatStorage", "0", [0.5 * i for i in range(12)], "f")
    moment = Storage("DoubleStorage", "1", [0.125, -2.0], "d")
    model = collections.OrderedDict(
        [("weight", Parameter(Tensor(shared, 0, (3, 4), (4, 1)))),
         ("transposed", Tensor(shared, 0, (4, 3), (1, 4))),
         ("corner", Tensor(shared, 6, (2, 2), (4, 1))),
         ("expanded", Tensor(shared, 3, (2, 3), (0, 0))),
         ("empty", Tensor(shared, 0, (0, 3), (3, 1)))])
    model._metadata = {"": {"version": 1}}
    checkpoint = {
        "model": model,
        "optimizer": {
            "state": {0: {"step": Tensor(Storage("FloatStorage", "2", [7.0], "f"), 0, (), ()),
                          "exp_avg": Tensor(moment, 0, (2,), (1,))}},
            "param_groups": [{"lr": 0.001, "betas": (0.9, 0.999), "amsgrad": False,
                              "foreach": None, "params": [0]}],
        },
        "untyped": UntypedTensor(Storage("UntypedStorage", "3", [1, 0, 255, 255], "B"), (2,), (1,),
                                 DType("int16")),
        "epoch": 70000, "best": -1.5, "name": "run", "steps": -(1 << 40),
    }
    save(f"{folder}/checkpoint.pt", checkpoint)
    save(f"{folder}/checkpoint_protocol4.pt", checkpoint, protocol=4)
    big = {"a": Tensor(Storage("FloatStorage", "0", [1.5, -2.0, 3.25], "f"), 0, (3,), (1,)),
           "b": Tensor(Storage("LongStorage", "1", [1, -2], "q"), 1, (1,), (1,)),
           "c": Tensor(Storage("HalfStorage", "2", [0.5, 65504.0], "e"), 0, (2,), (1,))}
    save(f"{folder}/big_endian.pt", big, order=">")


if __name__ == "__main__":
    main(sys.argv[1])
