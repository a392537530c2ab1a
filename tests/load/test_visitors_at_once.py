"""Twenty sessions at once, and four that wait for a seat: every answer is the right visitor's.

`tests/browser/test_visitors_at_once.py` uses real browsers, but fewer, and all models;
`tests/load/bench.py` measures how long visitors wait.
"""

import asyncio
from pathlib import Path

import pytest
from app_server import serving
from load_client import Visitor
from load_photos import expected_rows, make_photo, read_rows, wrong_rows

from fer_core.evaluation.default_model import default_model_name

SEATS, WAITING = 20, 4
PATIENCE = 150  # s; the machine may be busy
MODEL = default_model_name()

pytestmark = pytest.mark.skipif(MODEL is None, reason="no model is trained yet")


async def visit(url: str, name: str, photo: bytes) -> str:
    """Classify one photo and return the answers as CSV."""
    async with Visitor(url, PATIENCE) as visitor:
        await visitor.open("classify")
        await visitor.upload({name: photo})
        text, image = await visitor.shown_photo()
        assert text == f"Your photo {name}, one face boxed"
        assert image.startswith(b"\xff\xd8")  # JPEG
        table = await visitor.download("Download CSV")
        assert not visitor.errors()
    return table.decode("utf-8-sig")


def test_every_visitor_gets_the_right_answers(tmp_path: Path) -> None:
    photos = {f"visitor-{i:02}.jpg": make_photo(i) for i in range(SEATS + WAITING)}

    async def crowd(url: str) -> list[str]:
        return await asyncio.gather(*(visit(url, *photo) for photo in photos.items()))

    with serving(tmp_path / "log.txt", environment={"FER_VISITORS": str(SEATS)}) as url:
        tables = asyncio.run(crowd(url))
    for (name, photo), table in zip(photos.items(), tables, strict=True):
        assert wrong_rows(table, {name: expected_rows(photo, [str(MODEL)])}) == []
    assert len({table.partition("\n")[2].split(",", 4)[-1] for table in tables}) == len(photos)


def test_a_wrong_answer_is_noticed() -> None:
    correct = "file,face,variant,emotion,happy,ms\na.jpg,1,multiclass,happy,0.9,5\n"
    expected = {"a.jpg": read_rows(correct)}
    assert wrong_rows(correct.replace(",5\n", ",6\n"), expected) == []
    for part, other in (("a.jpg", "b.jpg"), ("0.9", "0.8"), ("a.jpg,1", "a.jpg,2")):
        assert wrong_rows(correct.replace(part, other), expected)
    assert wrong_rows(correct + "a.jpg,2,multiclass,happy,0.9,5\n", expected)
    assert wrong_rows("file,happy\n", expected)
