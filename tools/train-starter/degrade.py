# SPDX-License-Identifier: GPL-3.0-or-later
"""Photo in, worse photo out: [side, side, 3] uint8, severity 0 (mild), 1 (medium) or 2 (strong), a numpy Generator.

TRAINED kinds teach the head; HELD_OUT ones only test it; MATCHED change one thing that says nothing of appeal.
"worse" functions give (better, worse): the pair whose only difference is the degradation. Photos are small (160 px), and a
strength is what it is at that size: a blur of 1 px here is one of 25 px in a photo of 4,000.
"""
import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SEVERITIES = ("mild", "medium", "strong")


def clip(x):
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)


def linear(photo):
    v = photo / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def encoded(light):
    light = np.clip(light, 0, 1)
    return clip(255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055))


def grey(photo):
    return np.asarray(Image.fromarray(photo).convert("L"))[..., None].astype(np.float64)


def resized(photo, side, filter=Image.BICUBIC):
    return np.asarray(Image.fromarray(photo).resize((side, side), filter))


def coded(photo, kind, **options):
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, kind, **options)
    return np.asarray(Image.open(buffer).convert("RGB"))


def convolved(photo, kernel):
    """By a small odd kernel, in linear light as a lens does it, edges repeated."""
    light = linear(photo)
    k = len(kernel) // 2
    wide = np.pad(light, ((k, k), (k, k), (0, 0)), mode="edge")
    n = len(photo)
    out = sum(kernel[i, j] * wide[i : i + n, j : j + n] for i, j in np.argwhere(kernel > 0))
    return encoded(out)


def near(rng, value, spread=0.15):
    return value * rng.uniform(1 - spread, 1 + spread)


# Used in training


def gaussian_blur(photo, severity, rng):
    return np.asarray(Image.fromarray(photo).filter(ImageFilter.GaussianBlur(near(rng, (0.8, 1.5, 3.0)[severity]))))


def defocus(photo, severity, rng):
    radius = near(rng, (1.3, 2.4, 4.5)[severity])
    k = int(np.ceil(radius))
    y, x = np.mgrid[-k : k + 1, -k : k + 1]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return convolved(photo, disc / disc.sum())


def noise(photo, severity, rng):
    shape = photo.shape if rng.random() < 0.6 else (*photo.shape[:2], 1)
    return clip(photo + rng.normal(0, near(rng, (9, 20, 40)[severity]), shape))


def jpeg(photo, severity, rng):
    return coded(photo, "JPEG", quality=round(near(rng, (26, 13, 6)[severity])))


def underexposed(photo, severity, rng):
    return encoded(linear(photo) * 2 ** -near(rng, (1.1, 2.2, 3.4)[severity]))


def overexposed(photo, severity, rng):
    return encoded(linear(photo) * 2 ** near(rng, (0.8, 1.5, 2.4)[severity]))


def tilted(photo, severity, rng):
    """Turned, the largest upright square inside cut out; the better one loses the same margin."""
    angle = near(rng, (4, 8, 16)[severity]) * rng.choice((-1, 1))
    n, a = len(photo), np.deg2rad(abs(angle))
    kept = int(n / (np.cos(a) + np.sin(a)))
    first = (n - kept) // 2
    box = (first, first, first + kept, first + kept)
    picture = Image.fromarray(photo)
    # The better one is resampled, too, or sharpness would tell.
    same = picture.rotate(1e-3, Image.BICUBIC, translate=(0.5, 0.5)).crop(box)
    return np.asarray(same), np.asarray(picture.rotate(angle, Image.BICUBIC).crop(box))


def badly_cropped(photo, severity, rng):
    """A window in a corner, against the whole in as few pixels."""
    side = round(len(photo) * near(rng, (0.75, 0.55, 0.38)[severity], 0.08))
    x, y = (rng.choice((0, len(photo) - side)) for _ in range(2))
    return resized(photo, side), photo[y : y + side, x : x + side].copy()


def colour_cast(photo, severity, rng):
    tone = rng.normal(size=3)
    tone -= tone.mean()
    tone /= np.abs(tone).max()
    return encoded(linear(photo) * np.exp2(tone * near(rng, (0.55, 1.0, 1.8)[severity])))


TRAINED = {
    "gaussian blur": gaussian_blur, "defocus": defocus, "noise": noise, "jpeg": jpeg, "underexposed": underexposed,
    "overexposed": overexposed, "tilted": tilted, "badly cropped": badly_cropped, "colour cast": colour_cast,
}


# Held out: never used in training


def motion_blur(photo, severity, rng):
    length = near(rng, (3.5, 7, 13)[severity])
    angle = rng.uniform(0, np.pi)
    k = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * k + 1, 2 * k + 1))
    for t in np.linspace(-length / 2, length / 2, 64):
        x, y = k + t * np.cos(angle), k + t * np.sin(angle)
        i, j, fx, fy = int(y), int(x), x % 1, y % 1
        kernel[i, j] += (1 - fx) * (1 - fy)
        kernel[i, j + 1] += fx * (1 - fy)
        kernel[i + 1, j] += (1 - fx) * fy
        kernel[i + 1, j + 1] += fx * fy
    return convolved(photo, kernel / kernel.sum())


def salt_and_pepper(photo, severity, rng):
    out = photo.copy()
    hit = rng.random(photo.shape[:2]) < near(rng, (0.004, 0.02, 0.08)[severity])
    out[hit] = np.where(rng.random(int(hit.sum())) < 0.5, 0, 255)[:, None]
    return out


def speckle(photo, severity, rng):
    return clip(photo * (1 + rng.normal(0, near(rng, (0.1, 0.22, 0.45)[severity]), photo.shape)))


def pixelated(photo, severity, rng):
    small = resized(photo, round(len(photo) / near(rng, (1.8, 3.2, 6)[severity])), Image.BOX)
    return resized(small, len(photo), Image.NEAREST)


def upscaled(photo, severity, rng):
    small = resized(photo, round(len(photo) / near(rng, (2.0, 3.2, 6)[severity])), Image.BICUBIC)
    return resized(small, len(photo), Image.BICUBIC)


def haze(photo, severity, rng):
    share = near(rng, (0.25, 0.5, 0.75)[severity], 0.08)
    return clip(photo * (1 - share) + share * np.array([208, 212, 218]))


def flat_contrast(photo, severity, rng):
    mean = grey(photo).mean()
    return clip(mean + (photo - mean) * near(rng, (0.65, 0.42, 0.22)[severity], 0.08))


def posterised(photo, severity, rng):
    steps = (6, 4, 2)[severity] - 1
    return clip(np.rint(photo / 255 * steps) * 255 / steps)


def oversaturated(photo, severity, rng):
    mean = grey(photo)
    return clip(mean + (photo - mean) * near(rng, (1.8, 3.0, 6.0)[severity]))


def vignette(photo, severity, rng):
    n = len(photo)
    y, x = (np.mgrid[0:n, 0:n] + 0.5) / n * 2 - 1
    fall = 1 - near(rng, (0.5, 0.8, 0.97)[severity], 0.03) * np.clip((x * x + y * y) / 1.6, 0, 1)
    return encoded(linear(photo) * (fall**2)[..., None])


def webp(photo, severity, rng):
    return coded(photo, "WEBP", quality=(16, 5, 0)[severity], method=4)


def finger(photo, severity, rng):
    """A finger in front of the lens: a blurred, skin-coloured disc from an edge."""
    n = len(photo)
    radius = n * near(rng, (0.22, 0.36, 0.55)[severity])
    side, along = rng.integers(4), rng.uniform(0.15, 0.85) * n
    centre = [(along, 0), (along, n), (0, along), (n, along)][side]
    mask = Image.new("L", (n, n), 0)
    ImageDraw.Draw(mask).ellipse([centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius], fill=255)
    share = np.asarray(mask.filter(ImageFilter.GaussianBlur(n * 0.025)))[..., None] / 255
    skin = np.array([(196, 140, 118), (120, 76, 58), (60, 36, 30)][rng.integers(3)])
    return clip(photo * (1 - share) + share * skin)


def bar(photo, severity, rng):
    """A plain bar over one side, of any grey."""
    n = len(photo)
    out = photo.copy()
    k = round(n * near(rng, (0.12, 0.22, 0.38)[severity]))
    view = np.rot90(out, rng.integers(4))
    view[:k] = rng.integers(0, 256)
    return out


HELD_OUT = {
    "motion blur": motion_blur, "salt and pepper": salt_and_pepper, "speckle": speckle, "pixelated": pixelated,
    "upscaled": upscaled, "haze": haze, "flat contrast": flat_contrast, "posterised": posterised,
    "oversaturated": oversaturated, "vignette": vignette, "webp": webp, "finger": finger, "bar": bar,
}


# Matched: (one, other), of which neither is better. The share of "one above" should be about a half.


def brighter(photo, rng):
    gain = 2 ** rng.uniform(0.1, 0.25)
    return encoded(linear(photo) * gain), encoded(linear(photo) / gain)


def more_colour(photo, rng):
    share, mean = rng.uniform(0.1, 0.25), grey(photo)
    return clip(mean + (photo - mean) * (1 + share)), clip(mean + (photo - mean) * (1 - share))


def colour(photo, rng):
    return photo, np.repeat(grey(photo), 3, 2).astype(np.uint8)


def larger(photo, rng):
    """The same detail in more pixels: both come from what a 128-pixel picture holds."""
    base = resized(photo, 128)
    return resized(base, 128 * int(rng.integers(2, 6)), Image.LANCZOS), base


def warmer(photo, rng):
    tone = np.array([1, 0, -1]) * rng.uniform(0.06, 0.15)
    return encoded(linear(photo) * np.exp2(tone)), encoded(linear(photo) * np.exp2(-tone))


def mirrored(photo, rng):
    return photo[:, ::-1].copy(), photo


MATCHED = {
    "brighter": brighter, "more colour": more_colour, "colour against grey": colour, "larger": larger, "warmer": warmer,
    "mirrored": mirrored,
}


def pair(function, photo, severity, rng):
    """(better, worse)"""
    out = function(photo, severity, rng)
    return out if isinstance(out, tuple) else (photo, out)
