"""The learned model as two files: names in JSON, numbers in numpy's own format. Nothing in it can run code."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import numpy as np

from bot.nlu.heads import Head, Heads
from bot.nlu.representation import Representation

NAMES, NUMBERS = "understanding.json", "understanding.npz"


@dataclass(frozen=True)
class Model:
    """What training learned."""

    representation: Representation
    heads: Heads

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        names = {"grams": list(self.representation.index), "heads": [asdict(head) for head in self.heads.heads]}
        (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        arrays = {
            "idf": self.representation.idf,
            "weights": self.heads.weights,
            "worth": self.heads.worth,
            "bias": self.heads.bias,
        }
        with ZipFile(folder / NUMBERS, "w") as file:
            for name, array in arrays.items():  # as numpy.savez, but for the time of day that it would write into it
                with file.open(ZipInfo(f"{name}.npy"), "w", force_zip64=True) as part:
                    np.lib.format.write_array(part, np.ascontiguousarray(array), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Raises FileNotFoundError where nothing was trained yet."""
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        with np.load(folder / NUMBERS, allow_pickle=False) as numbers:
            representation = Representation({gram: i for i, gram in enumerate(names["grams"])}, numbers["idf"])
            heads = tuple(Head(**{**head, "labels": tuple(head["labels"])}) for head in names["heads"])
            return cls(representation, Heads(heads, numbers["weights"], numbers["worth"], numbers["bias"]))
