#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders tests/reference/pictures/: small pictures of odd sizes in every format, orientation and
colour model, and what transformers' CLIPImageProcessor makes of them over Pillow.

expected.tsv, a line per picture: file, min_side, resize, crop, tolerance, upright width, height,
format.
FILE.rgb: the 8-bit centre crop, [crop, crop, 3].
statistics.tsv: file, perceptual hash, average red, green, blue, luminance, contrast, colourfulness,
by numpy.
tolerance: the mean absolute difference that is allowed, in steps of 255: 0 where both sides do the
same integer arithmetic, more where another library decodes (AVIF) or converts colours (ICC)."""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

OUTPUT = pathlib.Path(__file__).resolve().parent / "pictures"
SEEDS = pathlib.Path(__file__).resolve().parents[1] / "fuzz" / "picture.corpus"
ORIENTATION = 0x0112


def draw(width, height, mode="RGB", seed=0):
    """Slopes, a disc, stripes and some noise: something for every frequency, nothing symmetric."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    rng = np.random.default_rng(seed)
    red = 255 * x / max(width - 1, 1)
    green = 255 * y / max(height - 1, 1)
    blue = 127 + 120 * np.sin(x / 3 + seed) * np.cos(y / 5)
    disc = (x - width * 0.3) ** 2 + (y - height * 0.6) ** 2 < (min(width, height) * 0.2) ** 2
    red[disc], green[disc], blue[disc] = 250, 240, 10
    planes = np.stack([red, green, blue], -1) + rng.normal(0, 6, (height, width, 3))
    picture = Image.fromarray(np.clip(planes, 0, 255).astype(np.uint8))
    if mode in ("RGBA", "LA"):
        alpha = Image.fromarray(np.clip(255 * (x + y) / (width + height) * 1.6 - 60, 0, 255)
                                .astype(np.uint8))
        picture = picture.convert(mode[:-1] if mode == "LA" else "RGB")
        picture.putalpha(alpha)
        return picture
    return picture.convert(mode)


def exif(orientation, camera=False):
    data = Image.Exif()
    data[ORIENTATION] = orientation
    if camera:
        data[0x010F], data[0x0110] = "KALON OPTICAL CO.", "Kalon One"
        details = data.get_ifd(0x8769)
        details[0x9003], details[0xA434] = "2021:06:05 04:03:02", "Kalon 35mm F2"
    return data


def profile(primaries, gamma):
    """A matrix ICC profile (ICC.1:2001-04): columns are the primaries' XYZ adapted to D50."""
    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    tags = [(b"desc", b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78)),
            (b"wtpt", b"XYZ " + bytes(4) + fixed(0.9642) + fixed(1.0) + fixed(0.8249))]
    tags += [(name, b"XYZ " + bytes(4) + b"".join(map(fixed, xyz)))
             for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries)]
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    tags.append((b"cprt", b"text" + bytes(4) + b"none\0\0\0\0"))
    table, body, offset = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, data in tags:
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    header = struct.pack(">I4xI4s4s4s12x4s24x", offset + len(body), 0x02400000, b"mntr", b"RGB ",
                         b"XYZ ", b"acsp") + fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return header.ljust(128, b"\0") + table + body


# Display P3's primaries (SMPTE EG 432-1), adapted to D50, with a plain gamma.
WIDE = profile([(0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189),
                (0.15710, 0.06657, 0.78407)], 2.2)


def raw(preview, orientation):
    """What a DNG is to us: a TIFF that says DNGVersion and points to an embedded JPEG."""
    entries = sorted([(0x0112, 3, 1, struct.pack("<HH", orientation, 0)),
                      (0x0201, 4, 1, None), (0x0202, 4, 1, struct.pack("<I", len(preview))),
                      (0xC612, 1, 4, bytes([1, 4, 0, 0]))])
    start = 8 + 2 + 12 * len(entries) + 4
    directory = struct.pack("<H", len(entries))
    for tag, kind, count, value in entries:
        directory += struct.pack("<HHI", tag, kind, count) + (value or struct.pack("<I", start))
    return b"II*\0" + struct.pack("<I", 8) + directory + bytes(4) + preview


def bytes_of(picture, kind, **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def write_all(write):
    for orientation in range(1, 9):
        write(f"orientation-{orientation}.jpg", draw(61, 47, seed=orientation), "JPEG", quality=92,
              exif=exif(orientation, camera=True))
    write("odd-420.jpg", draw(97, 63), "JPEG", quality=85, subsampling="4:2:0")
    write("odd-422.jpg", draw(63, 97), "JPEG", quality=75, subsampling="4:2:2")
    write("odd-444.jpg", draw(71, 53), "JPEG", quality=95, subsampling="4:4:4")
    write("progressive.jpg", draw(83, 59), "JPEG", quality=80, progressive=True)
    write("grey.jpg", draw(57, 73, "L"), "JPEG", quality=90)
    write("cmyk.jpg", draw(64, 50, "CMYK"), "JPEG", quality=90)
    write("wide-gamut.jpg", draw(66, 52), "JPEG", quality=95, icc_profile=WIDE, tolerance=0.5)
    write("tiny.jpg", draw(5, 3), "JPEG", quality=95)
    write("line.png", draw(203, 1), "PNG")
    write("rgb.png", draw(49, 77), "PNG")
    write("rgba.png", draw(77, 49, "RGBA"), "PNG")
    write("grey.png", draw(50, 41, "L"), "PNG")
    write("grey-alpha.png", draw(41, 50, "LA"), "PNG")
    write("one-bit.png", draw(90, 70, "1"), "PNG")
    write("palette.png", draw(60, 45).quantize(64), "PNG")
    write("palette-transparent.png", draw(45, 60).quantize(32), "PNG", transparency=3)
    write("turned.png", draw(58, 44), "PNG", exif=exif(6))
    write("wide-gamut.png", draw(52, 66), "PNG", icc_profile=WIDE, tolerance=0.5)
    write("lossy.webp", draw(75, 57), "WEBP", quality=85)
    write("transparent.webp", draw(57, 75, "RGBA"), "WEBP", lossless=True, exact=True)
    write("turned.webp", draw(48, 62), "WEBP", lossless=True, exif=exif(8))
    write("still.gif", draw(51, 67, "P"), "GIF")
    frames = [draw(55, 43, "P", seed) for seed in range(3)]
    write("moving.gif", frames[0], "GIF", save_all=True, append_images=frames[1:], duration=40)
    write("rgb.tiff", draw(62, 48), "TIFF", compression="tiff_lzw")
    write("turned.tiff", draw(48, 62), "TIFF", exif=exif(5))
    write("rgb.bmp", draw(43, 51), "BMP")
    write("rgb.avif", draw(64, 48), "AVIF", quality=90, subsampling="4:4:4", tolerance=0.5)
    write("padded.png", draw(40, 30), "PNG", resize=20, crop=24)
    # Pillow's draft decodes these at 1/8, 1/4 and 1/2.
    for side in (32, 64, 128):
        write(f"reduced-{side}.jpg", draw(389, 263), "JPEG", quality=60, resize=32,
              draft=side, min_side=side)


def reference(data, draft):
    """The upright sRGB picture on white, as Pillow sees it."""
    picture = Image.open(io.BytesIO(data))
    if draft:
        picture.draft("RGB", (draft, draft))
    embedded = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    if embedded:
        picture = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(embedded)),
                                            ImageCms.createProfile("sRGB"))
    if "A" in picture.getbands() or "transparency" in picture.info:
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    return picture.convert("RGB")


def write_seeds():
    """The smallest files of each kind, for tests/fuzz/fuzz-picture.c to start from."""
    SEEDS.mkdir(exist_ok=True)
    small = draw(19, 13)
    seeds = {f"jpeg-{sampling.replace(':', '')}": bytes_of(small, "JPEG", subsampling=sampling,
                                                           exif=exif(6))
             for sampling in ("4:4:4", "4:2:2", "4:2:0")}
    seeds["jpeg-restart"] = bytes_of(small, "JPEG", restart_marker_blocks=1)
    seeds["jpeg-progressive"] = bytes_of(small, "JPEG", progressive=True)
    seeds["jpeg-grey"] = bytes_of(draw(19, 13, "L"), "JPEG")
    seeds["jpeg-cmyk"] = bytes_of(draw(19, 13, "CMYK"), "JPEG")
    seeds["jpeg-profile"] = bytes_of(small, "JPEG", icc_profile=WIDE)
    seeds["png"] = bytes_of(draw(9, 7, "RGBA"), "PNG", exif=exif(3))
    seeds["png-interlaced"] = interlaced(draw(9, 7))
    seeds["gif"] = bytes_of(draw(9, 7, "P").quantize(8), "GIF")
    seeds["webp"] = bytes_of(small, "WEBP")
    seeds["webp-lossless"] = bytes_of(small.quantize(4).convert("RGB"), "WEBP", lossless=True)
    seeds["tiff"] = bytes_of(draw(9, 7), "TIFF", compression="tiff_lzw", exif=exif(5))
    seeds["bmp"] = bytes_of(draw(9, 7), "BMP")
    seeds["avif"] = bytes_of(small, "AVIF")
    seeds["raw"] = raw(bytes_of(draw(9, 7, "L"), "JPEG", quality=30), 6)
    for name, data in seeds.items():
        (SEEDS / name).write_bytes(data)
    print(len(seeds), "seeds,", sum(map(len, seeds.values())), "bytes")


def perceptual_hash(picture):
    """Zauner 2010, 3.2.1, over Pillow's resize and numpy's arithmetic."""
    grey = np.asarray(picture.resize((32, 32), Image.Resampling.BICUBIC), np.float64)
    grey = grey @ [0.299, 0.587, 0.114]
    basis = np.cos(np.pi * np.outer(np.arange(1, 9), 2 * np.arange(32) + 1) / 64)
    coefficients = (basis @ grey @ basis.T).ravel()
    coefficients[np.abs(coefficients) < 1] = 0
    bits = coefficients > np.median(coefficients)
    return sum(int(bit) << i for i, bit in enumerate(bits))


def colour_statistics(picture):
    """Average sRGB; mean and deviation of L* (D65); Hasler and Suesstrunk's colourfulness."""
    size = min(picture.width, 64), min(picture.height, 64)
    pixels = np.asarray(picture.resize(size, Image.Resampling.BICUBIC), np.float64).reshape(-1, 3)
    linear = np.where(pixels / 255 <= 0.04045, pixels / 255 / 12.92,
                      ((pixels / 255 + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    lightness = np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16,
                         luminance * 24389 / 27)
    rg, yb = pixels[:, 0] - pixels[:, 1], pixels[:, :2].mean(1) - pixels[:, 2]
    colourfulness = np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean())
    return [*np.floor(pixels.mean(0) + 0.5).astype(int), lightness.mean(), lightness.std(),
            colourfulness]


def write_statistics():
    lines = []
    for name in ("rgb.png", "grey.png", "one-bit.png", "turned.webp", "line.png", "odd-420.jpg"):
        picture = reference((OUTPUT / name).read_bytes(), 0)
        values = map("{:.4f}".format, colour_statistics(picture))
        lines.append("\t".join([name, f"{perceptual_hash(picture):016x}", *values]))
    (OUTPUT / "statistics.tsv").write_text("\n".join(lines) + "\n")


def main():
    write_seeds()
    OUTPUT.mkdir(exist_ok=True)
    lines = []

    def record(name, data, kind, resize=28, crop=24, tolerance=0, draft=0, min_side=0, shown=None):
        """shown: the picture that a RAW's preview is when upright."""
        (OUTPUT / name).write_bytes(data)
        picture = shown or reference(data, draft)
        full = shown or reference(data, 0)
        processor = CLIPImageProcessorPil(size={"shortest_edge": resize}, crop_size=crop,
                                          do_rescale=False, do_normalize=False)
        pixels = processor(picture, return_tensors="np")["pixel_values"][0]
        (OUTPUT / f"{name}.rgb").write_bytes(pixels.transpose(1, 2, 0).astype(np.uint8).tobytes())
        lines.append("\t".join(map(str, (name, min_side, resize, crop, tolerance, *full.size, kind))))

    def write(name, picture, kind, resize=28, crop=24, tolerance=0, draft=0, min_side=0, **options):
        record(name, bytes_of(picture, kind, **options), kind.lower(), resize, crop, tolerance,
               draft, min_side)

    write_all(write)
    record("sixteen-bit.png", sixteen_bit(draw(47, 55)), "png")
    record("interlaced.png", interlaced(draw(53, 46)), "png")
    preview = bytes_of(draw(88, 66), "JPEG", quality=90)
    turned = Image.open(io.BytesIO(preview)).transpose(Image.Transpose.ROTATE_270)
    record("preview.dng", raw(preview, 6), "raw", shown=turned)
    write_statistics()
    (OUTPUT / "expected.tsv").write_text("\n".join(lines) + "\n")
    print(len(lines), "pictures,", sum(f.stat().st_size for f in OUTPUT.iterdir()), "bytes")


def png(size, depth, interlace, rows):
    """An RGB PNG of ready rows, filter 0: Pillow writes neither 16 bits nor interlaced ones."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    header = struct.pack(">IIBBBBB", *size, depth, 2, 0, 0, interlace)
    data = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def sixteen_bit(picture):
    high = np.asarray(picture).astype(np.uint16) * 256
    wide = high + np.random.default_rng(1).integers(0, 256, high.shape).astype(np.uint16)
    return png(picture.size, 16, 0, wide.astype(">u2"))


def interlaced(picture):
    """Adam7 (PNG 1.2, 2.6): start and step of each pass."""
    pixels = np.asarray(picture)
    passes = [(0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2),
              (1, 2, 0, 1)]
    return png(picture.size, 8, 1, [row for y, down, x, across in passes
                                    for row in pixels[y::down, x::across] if row.size])


main()
