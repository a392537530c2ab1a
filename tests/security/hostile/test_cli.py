"""Hostile files on the command line: one error message each, the valid photo is classified."""

import json
import subprocess
import sys
from pathlib import Path

from corpus import CASES, SELECTED

from fer_core.imaging.sample_photo import sample_photo

ROOT = Path(__file__).parents[3]
SOME = [name for name in SELECTED if CASES[name].expects == "sentence" and "bomb" not in name]


def test_a_folder_of_bad_files_and_one_good_photo(tmp_path: Path) -> None:
    for number, name in enumerate(SOME):
        (tmp_path / f"bad-{number}.jpg").write_bytes(CASES[name].make())
    (tmp_path / "good.png").write_bytes(sample_photo())
    done = subprocess.run(
        [sys.executable, "-m", "fer_core", "classify", tmp_path, "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == ""
    rows = {Path(row["path"]).name: row for row in map(json.loads, done.stdout.splitlines())}
    assert len(rows) == len(SOME) + 1
    good = rows.pop("good.png")
    assert good["error"] is None
    assert len(good["faces"]) == 1
    for row in rows.values():
        assert row["error"].endswith(".")
        assert not row["faces"]
        assert row["width"] is None
