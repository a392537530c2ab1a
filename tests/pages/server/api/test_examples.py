"""The examples of docs/api_http.md run as they stand, and what it says of limits is true."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from api_server import TOKEN, serving_api

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.decode import MAX_BYTES
from fer_core.imaging.sample_photo import sample_photo
from pages.runtime.settings import Settings
from pages.server.api.photos import IMAGES, MAX_BODY_BYTES, MAX_PHOTOS

DOC = (Path(__file__).parents[4] / "docs/api_http.md").read_text(encoding="utf-8")


def example(language: str) -> str:
    [code] = re.findall(rf"^```{language}\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)
    return str(code)


@pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet")
def test_both_examples_run(tmp_path: Path) -> None:
    (tmp_path / "first.jpg").write_bytes(sample_photo())
    (tmp_path / "second.jpg").write_bytes(b"no photo")
    commands = [[sys.executable, "-c", example("python")]]
    if shutil.which("curl"):
        commands.append(["bash", "-c", example("bash")])
    printed = []
    with serving_api(tmp_path) as api:
        environment = os.environ | {"FER_URL": api.url, "FER_API_TOKEN": TOKEN}
        for command in commands:
            done = subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
            )
            printed.append(done.stdout)
    assert printed[0].startswith("first.jpg 1 faces\n[")
    assert "'multiclass': 'happy', 'keras_cnn': 'happy'" in printed[0]
    for text in printed[1:]:
        assert [len(photo["faces"]) for photo in json.loads(text)["photos"]] == [1, 0]


def test_the_limits_are_as_documented() -> None:
    text = " ".join(DOC.split())
    for said in (
        f"A photo may have {MAX_BYTES // 2**20} MB and a request {MAX_BODY_BYTES // 2**20} MB.",
        f"`FER_API_REQUESTS` requests ({Settings().api_requests})",
        f"1 to {MAX_PHOTOS} parts",
        *IMAGES,
    ):
        assert said in text
