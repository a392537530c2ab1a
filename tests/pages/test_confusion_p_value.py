"""Confusion matrices: a test of two models only on the split that chose nothing."""

import pytest
from apptest import open_page, text_of

from fer_core.registry import MODELS

PAGE = "pages/confusion.py"


@pytest.mark.parametrize(("split", "tested"), [("PrivateTest", True), ("PublicTest", False)])
def test_only_private_test_gives_a_p_value(split: str, tested: bool) -> None:
    first, second = MODELS["resnet101"], MODELS["multiclass"]
    app = open_page(PAGE, model=first.title, second=second.title, split=split)
    [difference] = [m.value for m in app.markdown if m.value.startswith("Difference in accuracy")]
    assert ("p = " in difference, "chance" in difference) == (tested, tested)
    assert ("No test on PublicTest" in text_of(app)) != tested
