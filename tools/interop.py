#!/usr/bin/env python3
"""Converts files of NumPy's and safetensors' to every other format with `adjoint convert`, and reads
the results with NumPy, safetensors, Pillow, and Python's own unpickler (PyTorch's too, where it is
there): every tensor must come back bit for bit. Run by tools/check-interop. Usage: interop.py ADJOINT
"""
import collections
import json
import os
import pickle
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
from PIL import Image
from safetensors.numpy import load_file, save_file

STORAGES = {"FloatStorage": "f4", "DoubleStorage": "f8", "HalfStorage": "f2", "LongStorage": "i8",
            "IntStorage": "i4", "ShortStorage": "i2", "CharStorage": "i1", "ByteStorage": "u1",
            "BoolStorage": "?"}


def load_pt(path):
    """A state dict, read with stand-ins for PyTorch's functions."""
    archive = zipfile.ZipFile(path)
    assert archive.testzip() is None, f"{path}: a checksum is wrong"
    prefix = next(n for n in archive.namelist() if n.endswith("/data.pkl"))[:-len("data.pkl")]
    for entry in archive.infolist():
        if "/data/" in entry.filename:
            with open(path, "rb") as file:
                file.seek(entry.header_offset + 26)
                name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            assert (entry.header_offset + 30 + name + extra) % 64 == 0, "storages are not aligned"

    def rebuild(storage, offset, shape, strides, *_):
        return np.lib.stride_tricks.as_strided(
            storage[offset:], shape, [s * storage.itemsize for s in strides])

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            if (module, name) == ("collections", "OrderedDict"):
                return collections.OrderedDict
            if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
                return rebuild
            assert module == "torch" and name in STORAGES, (module, name)
            return STORAGES[name]

        def persistent_load(self, value):
            kind, dtype, key, _, count = value
            array = np.frombuffer(archive.read(f"{prefix}data/{key}"), dtype)
            assert kind == "storage" and array.size == count
            return array

    return dict(Unpickler(archive.open(prefix + "data.pkl")).load())


def load_torch(path):
    import torch
    return {name: tensor.numpy() for name, tensor in
            torch.load(path, map_location="cpu", weights_only=True).items()}


def load_sharded(path, most):
    """The files that an index names, each of which holds what it says and no more."""
    with open(path, encoding="utf-8") as file:
        index = json.load(file)
    found = {}
    for part in sorted(set(index["weight_map"].values())):
        tensors = load_file(part)
        assert {n for n, p in index["weight_map"].items() if p == part} == set(tensors), part
        # What has no elements may lie beside a tensor that is larger than a file should be.
        sizes = [t.nbytes for t in tensors.values() if t.nbytes]
        assert len(sizes) <= 1 or sum(sizes) <= most, part
        found |= tensors
    assert index["metadata"]["total_size"] == sum(t.nbytes for t in found.values())
    return found


def compare(wanted, found, what):
    assert sorted(wanted) == sorted(found), f"{what}: {sorted(found)}"
    for name, array in wanted.items():
        other, array = np.asarray(found[name]), np.asarray(array)
        plain = array.astype(array.dtype.newbyteorder("="))
        assert other.dtype == plain.dtype, f"{what}: {name} is {other.dtype}"
        assert other.shape == plain.shape, f"{what}: {name} has shape {other.shape}"
        assert other.tobytes() == plain.tobytes(), f"{what}: {name} differs"


def main(adjoint):
    random = np.random.default_rng(0)
    arrays = {"scalar": np.float64(1.5), "empty": np.zeros((0, 3), "f4"), "é/ü": np.arange(3),
              "nan": np.array([np.nan, -np.nan, np.inf, -0.0], "f4"),
              "fortran": np.asfortranarray(random.standard_normal((3, 4, 5))),
              "big": random.standard_normal((2, 3)).astype(">f8"), "large": np.ones((300, 200))}
    for code in STORAGES.values():
        arrays["type " + code] = random.integers(0, 100, (2, 3)).astype(code)
    checks = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)

        def convert(source, target, *options):
            subprocess.run([adjoint, "convert", source, target, *options], check=True,
                           capture_output=True)

        np.savez("in.npz", **arrays)
        np.savez_compressed("packed.npz", **arrays)
        save_file({name: np.ascontiguousarray(array.astype(array.dtype.newbyteorder("=")))
                   .reshape(array.shape) for name, array in arrays.items()}, "in.safetensors",
                  metadata={"note": "a\nb"})
        readers = {"npz": lambda path: dict(np.load(path, allow_pickle=False)), "pt": load_pt,
                   "safetensors": load_file}
        try:
            import torch  # noqa: F401
            torch_is_here = True
        except ImportError:
            torch_is_here = False
        for source in ["in.npz", "packed.npz", "in.safetensors"]:
            for ending, reader in readers.items():
                target = f"{source}.{ending}"
                convert(source, target)
                compare(arrays, reader(target), target)
                if ending == "pt" and torch_is_here:
                    compare(arrays, load_torch(target), target + " in PyTorch")
                # And on, from our own file to every format.
                for further, last in readers.items():
                    again = f"{target}.{further}"
                    convert(target, again)
                    compare(arrays, last(again), again)
                    checks += 1
                checks += 1
        for name, array in arrays.items():
            np.save("one.npy", array)
            convert("one.npy", "two.npy")
            compare({"": array}, {"": np.load("two.npy", allow_pickle=False)}, name)
            checks += 1
        for most in [1, 1000, 10**9]:
            target = f"parts{most}.safetensors.index.json"
            convert("in.npz", target, "--max-shard-bytes", str(most))
            compare(arrays, load_sharded(target, most), target)
            convert(target, "whole.npz")
            compare(arrays, readers["npz"]("whole.npz"), target)
            checks += 2
        for mode, channels in [("L", 1), ("LA", 2), ("RGB", 3), ("RGBA", 4)]:
            image = random.integers(0, 256, (channels, 31, 45)).astype("u1")
            np.save("image.npy", image)
            convert("image.npy", "image.png")
            with Image.open("image.png") as picture:
                assert picture.mode == mode, picture.mode
                pixels = np.asarray(picture).reshape(31, 45, channels)
            compare({"": image}, {"": pixels.transpose(2, 0, 1)}, "image.png in Pillow")
            Image.fromarray(pixels.squeeze(), mode).save("pillow.png")
            convert("pillow.png", "back.npy")
            compare({"": image}, {"": np.load("back.npy", allow_pickle=False)}, "pillow.png")
            checks += 2
        for name in ["in.npz.npz", "packed.npz.npz"]:
            assert zipfile.ZipFile(name).testzip() is None, f"{name}: a checksum is wrong"
    print(f"interop: {checks} conversions come back bit for bit")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
