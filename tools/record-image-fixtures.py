#!/usr/bin/env python3
"""Writes the images of Tests/AdjointDataTests/Fixtures/images, and images.json: what is in them.

Usage: tools/record-image-fixtures.py FOLDER. PNG files are written here, byte by byte; JPEG files
take Pillow, which also says what their pixels are.
"""
import json
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image

PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2)]
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(name, data):
    return (struct.pack(">I", len(data)) + name + data
            + struct.pack(">I", zlib.crc32(name + data)))


def row_bytes(row, depth):
    values = [int(v) for v in np.asarray(row).reshape(-1)]
    if depth == 16:
        return b"".join(struct.pack(">H", v) for v in values)
    bits = "".join(format(v, f"0{depth}b") for v in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def png(values, kind, depth=8, extra=(), interlaced=False):
    """`values` [height, width, samples]; rows are not filtered."""
    height, width, samples = values.shape
    assert samples == SAMPLES[kind]
    data = b""
    for x, y, dx, dy in PASSES if interlaced else [(0, 0, 1, 1)]:
        part = values[y::dy, x::dx]
        if part.size:
            data += b"".join(b"\0" + row_bytes(row, depth) for row in part)
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    body = b"".join(chunk(name, content) for name, content in extra)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body
            + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


def planes(pixels):
    return {"shape": [pixels.shape[2], pixels.shape[0], pixels.shape[1]],
            "data": [int(v) for v in np.transpose(pixels, (2, 0, 1)).reshape(-1)]}


def main(folder):
    os.makedirs(folder, exist_ok=True)
    source = np.random.default_rng(1)
    expected = {}

    def write(name, content, pixels):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
        expected[name] = planes(np.asarray(pixels))

    def draw(samples, depth=8, height=4, width=5):
        return source.integers(0, 1 << depth, (height, width, samples))

    for name, kind in [("gray", 0), ("rgb", 2), ("gray-alpha", 4), ("rgb-alpha", 6)]:
        values = draw(SAMPLES[kind])
        write(name + ".png", png(values, kind), values)
        values = draw(SAMPLES[kind], 16)
        write(name + "-16.png", png(values, kind, 16), (values * 255 + 32767) // 65535)
    for depth in [1, 2, 4]:
        values = draw(1, depth)
        write(f"gray-{depth}.png", png(values, 0, depth), values * (255 // ((1 << depth) - 1)))
    palette = source.integers(0, 256, (7, 3))
    values = source.integers(0, 7, (4, 5, 1))
    entries = (b"PLTE", bytes(palette.reshape(-1).tolist()))
    write("palette.png", png(values, 3, 4, [entries]), palette[values[:, :, 0]])
    alphas = np.array([0, 128, 255, 7, 255, 255, 255])
    write("palette-alpha.png", png(values, 3, 8, [entries, (b"tRNS", bytes(alphas.tolist()))]),
          np.concatenate([palette[values[:, :, 0]], alphas[values]], 2))
    values = draw(3, 8, 9, 11)
    write("interlaced.png", png(values, 2, interlaced=True), values)
    # Linear light, says the file; its numbers are wanted as they are.
    notes = [(b"gAMA", struct.pack(">I", 100000)), (b"tEXt", b"Comment\0none"),
             (b"tIME", struct.pack(">HBBBBB", 2000, 1, 1, 0, 0, 0))]
    values = draw(3)
    write("gamma.png", png(values, 2, extra=notes), values)

    y, x = np.mgrid[0:12, 0:20]
    smooth = np.stack([x * 12, y * 20, 255 - x * 6 - y * 8], 2).astype("u1")
    for name, mode, options in [
            ("gray.jpg", "L", {}), ("rgb.jpg", "RGB", {"subsampling": 2}),
            ("progressive.jpeg", "RGB", {"progressive": True, "subsampling": 0}),
            ("cmyk.jpg", "CMYK", {})]:
        path = os.path.join(folder, name)
        Image.fromarray(smooth).convert(mode).save(path, quality=90, **options)
        if mode != "CMYK":
            pixels = np.asarray(Image.open(path))
            expected[name] = planes(pixels.reshape(12, 20, -1))
    with open(os.path.join(folder, "images.json"), "w", encoding="ascii") as file:
        json.dump(expected, file, separators=(",", ":"), sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
