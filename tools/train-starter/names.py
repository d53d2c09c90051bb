# SPDX-License-Identifier: GPL-3.0-or-later
"""Words: captions, class names and templates, the word list with its vectors."""
import collections
import gzip
import json
import random
import re
import struct

import numpy as np

WORD = re.compile(r"[a-z]+|[0-9]")

TEMPLATES = (
    "{}", "a {}", "the {}", "a photo of a {}", "a picture of a {}", "{} photo", "a close up of a {}",
    "a photo of the {}", "one {}", "a {} in the picture", "this is a {}", "a small {}", "a large {}",
    "photos of {}", "a nice {}", "an image of {}",
)

# Folder names that don't read as words; None: no name is learned from that folder.
CALTECH_NAMES = {
    "BACKGROUND_Google": None, "Faces": "face of a person", "Faces_easy": "face of a person",
    "Leopards": "leopard", "Motorbikes": "motorbike", "airplanes": "airplane", "car_side": "car",
    "cougar_body": "cougar", "cougar_face": "cougar", "crocodile_head": "crocodile",
    "flamingo_head": "flamingo", "rhino": "rhinoceros", "water_lilly": "water lily", "bass": "bass fish",
    "hawksbill": "hawksbill turtle", "cellphone": "cell phone",
}
FLOWER_NAMES = {"roses": "rose", "sunflowers": "sunflower", "tulips": "tulip"}


def words_of(text):
    return WORD.findall(text.lower())


def class_names(data, source, folder):
    """All names of a class folder, the best first; empty where none is to be learned."""
    if source == "caltech":
        name = CALTECH_NAMES.get(folder, folder.replace("_", " "))
        return [name] if name else []
    if source == "flowers":
        name = FLOWER_NAMES.get(folder, folder)
        return [name, name + " flower"]
    return wordnet(data)[folder]


def split_names(line):
    """WordNet's synonyms without Latin binomials (second word in lower case after a capital)."""
    names = [n.strip() for n in line.split(",")]
    plain = [n for n in names if not re.match(r"^[A-Z][a-z]+ [a-z]+$", n) or n == names[0]]
    return [n.lower() for n in plain]


_wordnet = {}


def wordnet(data):
    if not _wordnet:
        with gzip.open(data / "tiny-imagenet-words.txt.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                key, value = line.rstrip("\n").split("\t")
                _wordnet[key] = split_names(value)
    return _wordnet


def imagenet_names(data):
    """1,001 lists of names in the order of the teacher's outputs (0 = background)."""
    lines = (data / "teacher" / "imagenet_labels.txt").read_text(encoding="utf-8").splitlines()
    return [split_names(line) for line in lines]


def category_names(data):
    """Names of the LVIS, Open Images, Objects365 and COCO lists, LVIS with synonyms."""
    found = []
    for category in json.loads((data / "clip" / "lvis_v1_train_cat_info.json").read_text()):
        for name in category["synonyms"]:
            found.append(re.sub(r"\(.*?\)", " ", name).replace("_", " ").strip().lower())
    with open(data / "clip" / "Objects365_names_fix.csv", encoding="utf-8") as lines:
        for line in lines:
            for name in line.strip().split(",")[-1].split("/"):
                found.append(name.strip().lower())
    return list(dict.fromkeys(n for n in found if n))


def plural(name):
    return name if name.endswith("s") else name + ("es" if name.endswith(("x", "ch", "sh")) else "s")


def templated(rng, names):
    """A caption for a photo of a class; plural now and then."""
    name = names[0] if len(names) == 1 or rng.random() < 0.6 else rng.choice(names)
    if rng.random() < 0.15 and not name.endswith("s"):
        name += "s"
    return rng.choice(TEMPLATES).format(name)


def glove(data):
    """Word list and vectors [n, 100]; the packing is told in DATA/README.md."""
    raw = (data / "clip" / "glove100d-10k-int8.bin").read_bytes()
    count, dimension = struct.unpack_from("<II", raw)
    at, found, vectors = 8, [], np.zeros((count, dimension), np.float32)
    for i in range(count):
        length = raw[at]
        found.append(raw[at + 1 : at + 1 + length].decode("utf-8"))
        at += 1 + length
        (scale,) = struct.unpack_from("<f", raw, at)
        vectors[i] = np.frombuffer(raw, np.int8, dimension, at + 4) * scale
        at += 4 + dimension
    return found, vectors


class Words:
    """The word list of the grounding model: GloVe's words and every word of captions and names."""

    def __init__(self, data, captions):
        known, vectors = glove(data)
        counts = collections.Counter(w for texts in captions.values() for t in texts for w in words_of(t))
        listed = dict.fromkeys(known)
        listed.update(dict.fromkeys(w for w, n in counts.items() if n >= 2))
        for names in imagenet_names(data) + [category_names(data)]:
            listed.update(dict.fromkeys(w for n in names for w in words_of(n)))
        self.words = [w for w in listed if WORD.fullmatch(w)]
        self.number = {w: i + 1 for i, w in enumerate(self.words)}  # 0 = padding
        self.vectors = np.zeros((len(self.words) + 1, vectors.shape[1]), np.float32)
        place = {w: i for i, w in enumerate(known)}
        missing = []
        for word, i in self.number.items():
            for form in (word, word.rstrip("s"), word[:-1], word[:-2], word[:-3]):
                if form in place:
                    self.vectors[i] = vectors[place[form]]
                    break
            else:
                missing.append(word)
        self.without_vector = len(missing)

    def encode(self, text, length=24):
        ids = [self.number[w] for w in words_of(text) if w in self.number][:length]
        return ids + [0] * (length - len(ids))


def seeded(*parts):
    return random.Random("/".join(map(str, parts)))
