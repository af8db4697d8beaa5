#!/usr/bin/env python3
# This Source Code Form is subject to the terms of the Mozilla Public
# License, v. 2.0. If a copy of the MPL was not distributed with this
# file, You can obtain one at https://mozilla.org/MPL/2.0/.

"""Draws the artwork of the demo page's pieces, as PNG files beside this script.

Standard library only. A picture is a sky, blended from top to bottom, and shapes painted over it.
A shape is a function that tells how many pixels a point lies outside it (inside: negative), which
is enough to smooth its edge.
"""

import struct
import zlib
from math import hypot, sin
from pathlib import Path

HERE = Path(__file__).resolve().parent
SIZE = 512


def disc(x0, y0, radius):
    return lambda x, y: hypot(x - x0, y - y0) - radius


def below(level, swell=0.0, length=1.0, shift=0.0):
    """Everything under a wavy horizon."""
    return lambda x, y: level + swell * sin((x + shift) / length) - y


def polygon(*corners):
    """A convex polygon, corners clockwise on the screen."""
    sides = []
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1]):
        length = hypot(x1 - x0, y1 - y0)
        sides.append((x0, y0, (y1 - y0) / length, (x0 - x1) / length))
    return lambda x, y: max((x - x0) * nx + (y - y0) * ny for x0, y0, nx, ny in sides)


def rgb(text):
    return tuple(bytes.fromhex(text))


def blend(low, high, share):
    return tuple(a + (b - a) * share for a, b in zip(low, high))


def draw(name, top, bottom, shapes):
    top, bottom = rgb(top), rgb(bottom)
    shapes = [(shape, rgb(colour)) for shape, colour in shapes]
    rows, above = [], bytes(3 * SIZE)
    for y in range(SIZE):
        sky, row = blend(top, bottom, y / (SIZE - 1)), bytearray()
        for x in range(SIZE):
            colour = sky
            for shape, paint in shapes:
                cover = 0.5 - shape(x, y)
                if cover > 0:
                    colour = blend(colour, paint, min(cover, 1.0))
            row += bytes(map(round, colour))
        # PNG's "up" filter: the difference from the row above, which is mostly nought here.
        rows.append(b"\2" + bytes((new - old) & 255 for new, old in zip(row, above)))
        above = row
    path = HERE / name
    path.write_bytes(png(b"".join(rows)))
    print(f"{name}: {SIZE}x{SIZE}, {path.stat().st_size} bytes")


def png(rows):
    def chunk(kind, data):
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)  # 8 bits, red green blue.
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(rows, 9)),
            chunk(b"IEND", b""),
        )
    )


MORNING = [
    (disc(256, 300, 190), "fbd9a8"),
    (disc(256, 300, 145), "fce3b4"),
    (disc(256, 300, 100), "fff3cf"),
    (below(350, 26, 90, 40), "8fae8b"),
    (below(400, 20, 70, 150), "668f70"),
    (below(455, 14, 60, 20), "3f6b57"),
]
BOATS = [
    (disc(396, 110, 48), "fdf6e3"),
    (below(300, 9, 34), "6fb3b8"),
    (polygon((150, 268), (362, 268), (306, 352), (206, 352)), "fffaf0"),
    (polygon((256, 130), (256, 262), (166, 262)), "ffe9d6"),
    (polygon((256, 130), (346, 262), (256, 262)), "f4c9a8"),
    (below(330, 10, 38, 60), "4f979e"),
    (below(385, 11, 42, 10), "387b84"),
    (below(445, 12, 46, 130), "245e69"),
]
LAMP = [
    (disc(90, 80, 3), "dfe6f5"),
    (disc(430, 60, 3), "dfe6f5"),
    (disc(392, 176, 2), "dfe6f5"),
    (disc(150, 190, 2), "dfe6f5"),
    (disc(256, 200, 160), "2c355f"),
    (disc(256, 200, 120), "4a4a68"),
    (disc(256, 200, 84), "7c6a68"),
    (below(452, 6, 80), "10152b"),
    (polygon((250, 250), (262, 250), (266, 470), (246, 470)), "0b0f20"),
    (polygon((222, 156), (290, 156), (276, 250), (236, 250)), "ffd98a"),
    (polygon((256, 126), (302, 160), (210, 160)), "0b0f20"),
    (polygon((232, 246), (280, 246), (272, 260), (240, 260)), "0b0f20"),
    (disc(256, 214, 16), "fff6dc"),
]

if __name__ == "__main__":
    draw("morning-bells.png", "f6b38e", "fde7b8", MORNING)
    draw("paper-boats.png", "bfe3e0", "f3efd9", BOATS)
    draw("lamplight.png", "141a38", "29305a", LAMP)
