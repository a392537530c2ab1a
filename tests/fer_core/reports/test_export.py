"""The CSV is safe to open in a spreadsheet."""

import io
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest

from fer_core.reports.export import to_csv, to_xlsx


def test_file_names_cannot_be_formulas() -> None:
    assert to_csv([{"file": "=1"}]) == "file\n'=1\n"
    assert to_csv([{"file": "=1"}], for_spreadsheets=False) == "file\n=1\n"


def test_missing_values_are_empty_and_integers_stay_integers() -> None:
    rows = [{"a": 1, "b": "x, y"}, {"b": 'said "no"', "c": 0.1}, {"a": 3, "c": None}]
    assert to_csv(rows) == 'a,b,c\n1,"x, y",\n,"said ""no""",0.1\n3,,\n'
    assert to_csv(rows, ["c", "a"]) == "c,a\n,1\n0.1,\n,3\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.3"), (1 / 3, "0.333333"), (5.6e-15, "0"), (-1e-9, "0"), (2e-5, "0.00002")],
)
def test_numbers_have_six_decimals_and_no_noise(value: float, text: str) -> None:
    assert to_csv([{"x": np.float64(value)}]) == f"x\n{text}\n"


def test_a_workbook_holds_numbers_as_numbers_and_formulas_as_text() -> None:
    content = to_xlsx([{"file": "=1+1.jpg", "p": 0.25, "n": None}])
    with ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<v>0.25</v>" in sheet
    assert "<f>" not in sheet
    assert "<t>=1+1.jpg</t>" in texts


def test_a_data_frame_is_written_like_its_rows() -> None:
    rows = [{"name": "a", "share": 0.25}, {"name": "b", "share": 0.5}]
    assert to_csv(pd.DataFrame(rows)) == to_csv(rows)
