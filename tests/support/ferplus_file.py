"""Synthetic files in the format of Microsoft's `fer2013new.csv`."""

import csv
from pathlib import Path

from fer_core.datasets.fer2013_ids import FIRST_ROW

#: Microsoft's column order.
HEADER = (
    *("Usage", "Image name", "neutral", "happiness", "surprise", "sadness", "anger"),
    *("disgust", "fear", "contempt", "unknown", "NF"),
)


def write(path: Path, votes: dict[int, dict[str, int]]) -> Path:
    """Write votes by row of fer2013.csv and column; other rows have zeros and no image name."""
    splits = {row: split for split, first in FIRST_ROW.items() for row in range(first, 35887)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval=0)
        writer.writeheader()
        for row in range(35887):
            name = f"fer{row:07d}.png" if row in votes else ""
            writer.writerow({"Usage": splits[row], "Image name": name} | votes.get(row, {}))
    return path
