"""What Compare is made of: its words, its files, its picture."""

import csv
import io

import numpy as np
import pytest
from compare_photos import ALL_HAPPY, HALVES, ONE_SAD, faces
from PIL import Image, ImageFont
from sklearn.metrics import cohen_kappa_score

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import agreement
from fer_core.registry import MODELS
from fer_core.reports import drawing
from pages.sections.compare import agreement as matrices
from pages.sections.compare import image as poster
from pages.sections.compare import panels, tables
from pages.sections.compare import text as answers


@pytest.mark.parametrize(
    ("yes", "single", "short", "words"),
    [
        ([], "sad", "none fires", "all seven say no"),
        (["sad"], "sad", "one fires", "the same emotion: sad"),
        (["fear"], "sad", "one fires", "its threshold is higher"),
        (["fear", "sad"], "sad", "several fire", "more than one can say yes"),
    ],
)
def test_what_fires_in_words(yes: list[str], single: str, short: str, words: str) -> None:
    told = answers.positive_detectors(yes, single)
    assert told[0] == short
    assert words in told[1]
    assert single in told[1]


@pytest.mark.parametrize(("share", "said"), [(0.25, True), (0.4, False)])
def test_no_skill_is_called_no_skill(
    share: float, said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = {
        "splits": {"PrivateTest": {"accuracy": share, "n": 3589}},
        "no_skill": {"PrivateTest": 0.245},
    }
    monkeypatch.setattr(summaries, "load_summary", lambda variant: results)
    assert bool(answers.baseline_caution(["resnet101"])) == said


def test_kinship_names_those_made_of_others() -> None:
    told = answers.lineage_text(["individual", "stacking", "keras_cnn"])
    assert told.startswith("Stacking is made from")
    assert not answers.lineage_text(["stacking", "keras_cnn"])


def test_kinship_names_those_that_began_as_another() -> None:
    told = answers.lineage_text(["individual", "multiclass", "keras_cnn"])
    assert told.startswith("Individual emotion models learned on from Multi-class CNN's weights")
    assert not answers.lineage_text(["individual", "keras_cnn"])


def test_kinship_names_those_that_another_taught() -> None:
    told = answers.lineage_text(["efficientnet_b5", "resnet101"])
    assert told.startswith("EfficientNet-B5 was taught partly by ResNet-101's answers")
    assert told.endswith("did not learn independently of it.")
    assert not answers.lineage_text(["efficientnet_b5", "keras_cnn"])


def test_kinship_names_those_whose_teacher_another_taught() -> None:
    told = answers.lineage_text(["efficientnet_b5", "multiclass"])
    assert told.startswith("EfficientNet-B5 was taught partly by ResNet-101, and that by Multi-")
    both = answers.lineage_text(["efficientnet_b5", "multiclass", "resnet101"])
    assert "and that by" not in both  # each is said of its own teacher
    assert both.count("was taught partly by") == 2


def test_kinship_names_the_pupils_of_one_teacher_who_is_not_there() -> None:
    told = answers.lineage_text(["efficientnet_b5", "individual"])
    assert told.startswith("EfficientNet-B5 and Individual emotion models were taught partly by R")
    assert told.endswith("did not learn independently of it or of each other.")


def test_when_every_model_differs_it_is_said() -> None:
    [face] = faces([*EMOTIONS, "happy"])
    assert answers.headline(face.consensus, "face 1").startswith("2 of 8 models agree")
    alone = agreement.consensus(EMOTIONS)
    assert answers.headline(alone, "face 1") == "No two of 7 models agree on face 1."


def test_long_names_lose_their_middle() -> None:
    assert answers.shorten("a.png") == "a.png"
    told = answers.shorten(f"{'holiday' * 30}-0042.jpg")
    assert len(told) == answers.MAX_NAME_LENGTH
    assert told.endswith("-0042.jpg")


def test_agreement_as_csv() -> None:
    found = faces(ONE_SAD, ALL_HAPPY)
    pair = [("individual", [0, 1, 1]), ("keras_cnn", [0, 1, 2])]
    general = agreement.pairwise_agreement({name: np.array(told) for name, told in pair})
    text = matrices._pairs_csv(found, list(MODELS), general)
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["first"], row["second"]) == ("individual", "keras_cnn")
    assert float(row["same_answer"]) == pytest.approx(2 / 3, abs=1e-6)
    assert float(row["kappa"]) == pytest.approx(cohen_kappa_score(*[t for _, t in pair]), abs=1e-6)
    assert float(row["your_same_answer"]) == 0.5
    assert (row["n"], row["your_n"]) == ("3", "2")


@pytest.mark.parametrize("count", [1, 6, 90])
def test_the_picture_holds_every_face_and_no_metadata(count: int) -> None:
    data = poster.draw(faces(*[ONE_SAD] * count), ["A note."])
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.info) == ("PNG", {})
    assert not image.getexif()
    assert b"a.png" not in data
    rows = min(count, poster.MAX_ROWS)
    assert image.height > poster.ROW_HEIGHT * rows + poster.HEADER_HEIGHT


def test_the_picture_of_a_whole_picture_has_no_box() -> None:
    found = faces(ONE_SAD, uses_full_image=True)
    assert len(set(poster.draw_boxes(found).get_flattened_data())) == 1
    assert poster.draw(found, [])


def test_no_face_stands_out_unless_chosen() -> None:
    """Every box carries its own number, once."""
    found = faces(ONE_SAD, HALVES)
    made = found[0].photo
    assert made.width is not None
    colours = ["#CCAA22", poster.UNASKED]
    boxes = [face.box for face in made.faces]
    plain = drawing.draw_boxes(made.display_jpeg, made.width, boxes, colours, 2)
    assert poster.draw_boxes(found).tobytes() == plain.tobytes()
    assert poster.draw_boxes(found, 1).tobytes() != plain.tobytes()


def test_the_pictures_font_has_every_letter_it_needs() -> None:
    font = ImageFont.load_default(size=20)
    lacking = bytes(font.getmask("\uffff"))
    names = list(MODELS)
    notes = [panels.accuracy_note(names), *panels.cautions(names), poster.WARNING]
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
    for letter in drawing.replace_no_break_spaces("".join(needed)):
        assert letter == " " or bytes(font.getmask(letter)) != lacking, letter
