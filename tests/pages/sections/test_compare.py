"""Compare's texts, files and image."""

import io

import numpy as np
import pytest
from compare_photos import ALL_HAPPY, HALVES, ONE_SAD, N, faces
from PIL import Image, ImageFont
from sklearn.metrics import cohen_kappa_score

from fer_core.artifacts import summaries
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.evaluation import agreement
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.registry import MODELS
from fer_core.reports import drawing, face_boxes
from pages.sections.compare import agreement as matrices
from pages.sections.compare import charts, panels, tables
from pages.sections.compare import image as comparison_image
from pages.sections.compare import text as answers


@pytest.mark.parametrize(
    ("positive", "prediction", "count", "words"),
    [
        ([], "sad", "none says yes", "No score reaches"),
        (["sad"], "sad", "one says yes", "the highest wins: sad"),
        (["fear"], "sad", "one says yes", "so is its threshold"),
        (["fear", "sad"], "sad", "two say yes", "more than one can say yes"),
    ],
)
def test_yes_answers_in_words(positive: list[str], prediction: str, count: str, words: str) -> None:
    heading, explanation = answers.yes_answers(positive, prediction)
    assert heading == count
    assert words in explanation
    assert prediction in explanation


@pytest.mark.parametrize(("share", "said"), [(0.25, True), (0.4, False)])
def test_a_model_at_the_baseline_is_named(
    share: float, said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = {
        "splits": {"PrivateTest": {"accuracy": share, "n": 3589}},
        "no_skill": {"PrivateTest": 0.245},
    }
    monkeypatch.setattr(summaries, "load_summary", lambda variant: results)
    assert bool(answers.baseline_caution(["resnet101"])) == said


def test_lineage_names_ensembles_of_selected_models() -> None:
    sentence = answers.lineage_text(["individual", "stacking", "keras_cnn"])
    assert sentence.startswith("Stacking is an ensemble of other selected models")
    assert not answers.lineage_text(["stacking", "keras_cnn"])


def test_lineage_names_models_started_from_another() -> None:
    sentence = answers.lineage_text(["individual", "multiclass", "keras_cnn"])
    assert sentence.startswith("Individual emotion models started from Multi-class CNN's weights")
    assert not answers.lineage_text(["individual", "keras_cnn"])


def test_lineage_names_students() -> None:
    sentence = answers.lineage_text(["efficientnet_b5", "resnet101"])
    assert sentence.startswith("EfficientNet-B5 was trained partly on ResNet-101's answers")
    assert sentence.endswith("is not independent of it.")
    assert not answers.lineage_text(["efficientnet_b5", "keras_cnn"])


def test_lineage_names_students_of_students() -> None:
    sentence = answers.lineage_text(["efficientnet_b5", "multiclass"])
    assert "answers of ResNet-101, which was trained partly on those of Multi-class CNN" in sentence
    both = answers.lineage_text(["efficientnet_b5", "multiclass", "resnet101"])
    assert "which was trained" not in both  # each sentence names the direct teacher
    assert both.count("was trained partly on") == 2


def test_lineage_names_students_of_an_absent_teacher() -> None:
    sentence = answers.lineage_text(["efficientnet_b5", "individual"])
    assert sentence.startswith(
        "EfficientNet-B5 and Individual emotion models were trained partly on R"
    )
    assert sentence.endswith("are not independent of it or of each other.")


def test_headline_when_every_model_differs() -> None:
    [face] = faces([*EMOTIONS, *["happy"] * (N - 7)])
    assert answers.headline(face.consensus, "face 1").startswith(f"{N - 6} of {N} models agree")
    alone = agreement.consensus(EMOTIONS)
    assert answers.headline(alone, "face 1") == "No two of 7 models agree on face 1."


def test_the_chart_has_every_models_numbers_and_its_answer_in_bold() -> None:
    [face] = faces(ONE_SAD)
    figure = charts.probability_chart(face)
    assert figure.layout.yaxis.ticktext == tuple(model.short_title for model in MODELS.values())
    cells = {(note.y, note.x): note.text for note in figure.layout.annotations[: 7 * N]}
    for row, emotion in enumerate(ONE_SAD):
        for column, name in enumerate(EMOTIONS):
            assert cells[row, column] == ("<b>70</b>" if name == emotion else "5")


def test_long_names_lose_their_middle() -> None:
    assert answers.shorten("a.png") == "a.png"
    name = answers.shorten(f"{'holiday' * 30}-0042.jpg")
    assert len(name) == answers.MAX_NAME_LENGTH
    assert name.endswith("-0042.jpg")


def test_agreement_as_csv() -> None:
    found = faces(ONE_SAD, ALL_HAPPY)
    pair = [("individual", [0, 1, 1]), (list(MODELS)[-1], [0, 1, 2])]
    general = agreement.pairwise_agreement({name: np.array(told) for name, told in pair})
    [row] = matrices._pair_rows(found, list(MODELS), general, committed_set("PrivateTest"))
    assert (row["first"], row["second"]) == ("individual", list(MODELS)[-1])
    assert float(row["same_answer"]) == pytest.approx(2 / 3, abs=1e-6)
    assert float(row["kappa"]) == pytest.approx(cohen_kappa_score(*[t for _, t in pair]), abs=1e-6)
    assert float(row["your_same_answer"]) == 0.5
    assert (row["n"], row["your_n"]) == (3, 2)


@pytest.mark.parametrize("count", [1, 6, 90])
def test_the_png_holds_every_face_and_no_metadata(count: int) -> None:
    data = comparison_image.draw(faces(*[ONE_SAD] * count), ["A note."])
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.info) == ("PNG", {})
    assert not image.getexif()
    assert b"a.png" not in data
    rows = min(count, comparison_image.MAX_ROWS)
    assert image.height > comparison_image.ROW_HEIGHT * rows + comparison_image.HEADER_HEIGHT


def test_a_whole_photo_has_no_box() -> None:
    found = faces(ONE_SAD, uses_full_image=True)
    assert len(set(comparison_image.draw_boxes(found).get_flattened_data())) == 1
    assert comparison_image.draw(found, [])


def test_no_box_is_thicker_unless_selected() -> None:
    """Every box carries its own number, once."""
    found = faces(ONE_SAD, HALVES)
    made = found[0].photo
    assert made.width is not None
    colours = [COLOURS["happy"], comparison_image.UNANSWERED_COLOUR]
    boxes = [face.box for face in made.faces]
    plain = face_boxes.draw_boxes(made.display_jpeg, made.width, boxes, colours, 2)
    assert comparison_image.draw_boxes(found).tobytes() == plain.tobytes()
    assert comparison_image.draw_boxes(found, 1).tobytes() != plain.tobytes()


def test_the_font_has_every_letter_of_the_png() -> None:
    font = ImageFont.load_default(size=20)
    lacking = bytes(font.getmask("\uffff"))
    names = list(MODELS)
    notes = [panels.accuracy_note(names), *panels.cautions(names), comparison_image.WARNING]
    needed = set(
        "".join(
            [
                *notes,
                *(variant.title for variant in MODELS.values()),
                *EMOTIONS,
                *map(tables.accuracy_text, names),
            ]
        )
    )
    for letter in drawing.replace_missing_glyphs("".join(needed)):
        assert letter == " " or bytes(font.getmask(letter)) != lacking, letter


def test_identical_answers_have_no_interval_of_kappa() -> None:
    told = {
        "resnet101": np.array([0, 1, 2, 3]),
        "stacking": np.array([0, 1, 2, 3]),
        "multiclass": np.array([0, 1, 2, 2]),
    }
    text = answers.extremes_text(agreement.pairwise_agreement(told), MODELS)
    assert "ResNet-101 and Stacking, kappa 1.000 (same answer" in text
    assert "and Multi-class CNN, kappa 0.667 ± " in text
