# SPDX-License-Identifier: GPL-3.0-or-later
"""What the virtual screen shows, as a PNG: Xvfb keeps it in a file in X's own “xwd” format."""
import os
import struct
import zlib

HEADER_WORDS = 25


def write_png(path, width, height, rows):
    """rows: one bytes object a row, three bytes a pixel: red, green, blue"""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))


def read_screen():
    """-> width, height, rows as write_png() wants them"""
    with open(os.environ["KALON_E2E_SCREEN"], "rb") as file:
        data = file.read()
    header = struct.unpack(f">{HEADER_WORDS}I", data[:4 * HEADER_WORDS])
    header_size, width, height, bits, stride, n_colours = (header[i] for i in (0, 4, 5, 11, 12, 19))
    assert bits == 32, f"{bits} bits a pixel"
    start = header_size + 12 * n_colours
    rows = []
    for y in range(height):
        line = data[start + y * stride:start + y * stride + 4 * width]
        row = bytearray(3 * width)
        row[0::3], row[1::3], row[2::3] = line[2::4], line[1::4], line[0::4]
        rows.append(bytes(row))
    return width, height, rows


def photograph(path, width=None, height=None):
    """the screen's upper left part of that size"""
    full_width, full_height, rows = read_screen()
    width, height = min(width or full_width, full_width), min(height or full_height, full_height)
    write_png(path, width, height, [row[:3 * width] for row in rows[:height]])
