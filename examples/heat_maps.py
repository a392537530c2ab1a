"""Draw where a model found evidence in the largest face of a photo.

    python examples/heat_maps.py photo.jpg why.png --model multiclass --emotion happy

The figure shows photo and face under the heat map. The script also tests the map: it blurs the
hottest fifth of the face and, for comparison, random areas of the same size.
"""

import argparse
from pathlib import Path

import fer_core as fer
from fer_core.explain import METHODS
from fer_core.explain.faithfulness import measure_faithfulness
from fer_core.reports.saliency_figure import draw_figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", type=Path)
    parser.add_argument("figure", type=Path)
    parser.add_argument("--model", choices=fer.list_models(), default="multiclass")
    parser.add_argument("--method", choices=list(METHODS), default="layer_cam")
    parser.add_argument("--emotion", choices=fer.EMOTIONS, help="default: the model's answer")
    args = parser.parse_args()
    if args.figure.exists():
        parser.error(f"{args.figure} exists and would be overwritten")

    detected = fer.detect_faces(args.photo)
    if not detected.faces:
        raise SystemExit(f"no face found in {args.photo}")
    sizes = [face.box[2] * face.box[3] for face in detected.faces]
    largest = sizes.index(max(sizes))
    chip = detected.chips[largest]
    [explanation] = fer.explain(args.model, chip[None], args.emotion, args.method)
    if explanation.flat:
        note = "The map is flat: the evidence is too weak or too evenly spread to show a place."
    else:
        predict = fer.load_model(args.model).predict_proba
        column = fer.EMOTIONS.index(explanation.emotion)
        test = measure_faithfulness(chip, explanation.map, predict, column)
        note = (
            f"Blurring the hottest area lowers the probability by {test.confidence_drop:.0%}, "
            f"random areas of that size by {test.random_drop:.0%}."
        )
    draw_figure(explanation, detected.image, detected.faces[largest], chip, [note]).save(
        args.figure
    )
    print(note)


if __name__ == "__main__":
    main()
