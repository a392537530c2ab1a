"""Classify every face in a folder of photos and write a CSV table.

    python examples/classify_folder.py PHOTOS answers.csv --model ferplus

One row per face: file, face number, box in pixels, the most probable emotion and all seven
probabilities. Photos that cannot be read are reported and skipped.
"""

import argparse
import csv
import sys
from pathlib import Path

import fer_core as fer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument("--model", choices=fer.list_models(), default="ferplus")
    args = parser.parse_args()

    try:  # "x" never overwrites a file; Excel needs the byte-order mark that utf-8-sig writes
        file = args.table.open("x", newline="", encoding="utf-8-sig")
    except OSError as error:
        parser.error(f"{args.table} cannot be written: {error.strerror}")

    predictor = fer.load_model(args.model)
    with file:
        writer = csv.writer(file)
        writer.writerow(["file", "face", "x", "y", "width", "height", "emotion", *fer.EMOTIONS])
        for path in sorted(path for path in args.folder.iterdir() if path.is_file()):
            try:
                detected = fer.detect_faces(path)
            except fer.ImageError as error:
                print(f"{path.name}: {error}", file=sys.stderr)
                continue
            probabilities = predictor.predict_proba(detected.chips)
            for number, (face, row) in enumerate(
                zip(detected.faces, probabilities, strict=True), 1
            ):
                numbers = [f"{value:.4f}" for value in row]
                emotion = fer.EMOTIONS[row.argmax()]
                writer.writerow([path.name, number, *face.box, emotion, *numbers])


if __name__ == "__main__":
    main()
