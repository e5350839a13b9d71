"""The faces of the figures, from Arimo: subset, renamed, without layout tables, every missing glyph one em wide.

    python3 subset.py FOLDER_WITH_ARIMO

Needs fonttools 4.68 and, for the form that browsers read, brotli 1.x.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

NAME = "Restudy Sans"
ASCII = range(0x20, 0x7F)
# Latin-1, Latin Extended-A and the letters of Romanian and Vietnamese horn; Greek; Cyrillic.
LETTERS = [*range(0xA0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x218, 0x21C), *range(0x386, 0x3CF), *range(0x400, 0x460)]
MARKS = [ord(mark) for mark in "–—‘’‚“”„†‡•…‰′″‹›⁰⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉ⁿ€™Ω←↑→↓∂∆∏∑−√∞∫≈≠≤≥◊�"]
FACES = {
    "Regular": [*ASCII, *LETTERS, *MARKS],
    "Bold": [*ASCII, *LETTERS, *MARKS],
    "Italic": [*ASCII, *range(0xA0, 0x100), *MARKS],
}


def make(folder, face, characters):
    font = TTFont(folder / f"Arimo-{face}.ttf", recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = []
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "kern"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    em = font["head"].unitsPerEm
    outline, _ = font["glyf"][".notdef"], font["hmtx"][".notdef"]
    # A box in the middle of an em: what a character that the face lacks is drawn and measured as.
    shift = (em - (outline.xMax - outline.xMin)) // 2 - outline.xMin
    outline.coordinates.translate((shift, 0))
    outline.recalcBounds(font["glyf"])
    font["hmtx"][".notdef"] = (em, outline.xMin)
    names = {1: NAME, 2: face, 3: f"{NAME} {face}", 4: f"{NAME} {face}", 6: f"RestudySans-{face}"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    font.save(f"RestudySans-{face}.ttf")
    font.flavor = "woff2"
    font.save(f"RestudySans-{face}.woff2")


for face, characters in FACES.items():
    make(Path(sys.argv[1]), face, characters)
