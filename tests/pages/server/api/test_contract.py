"""The running API is as /openapi.json says."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from api_server import AUTHORIZATION, ApiServer, serving_api

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo
from pages.server.api.description import document

pytestmark = pytest.mark.slow
EXAMPLES = 10  # that schemathesis makes up for each address, beside the limits of every value


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    with serving_api(tmp_path_factory.mktemp("api")) as server:
        yield server


def test_made_up_requests_get_the_answers_that_are_described(
    api: ApiServer, tmp_path: Path
) -> None:
    """Right and wrong ones, without a token too: status, headers and content are checked."""
    pytest.importorskip("schemathesis")
    token = f"Authorization: {AUTHORIZATION['Authorization']}"
    options = ["--header", token, "--max-examples", str(EXAMPLES), "--seed", "1", "--no-color"]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{api.url}/openapi.json", *options],
        cwd=tmp_path,  # it keeps its notes there
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert "2 selected / 2 total" in done.stdout  # and /openapi.json itself


@pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet")
def test_what_it_says_about_a_photo_is_as_described(api: ApiServer) -> None:
    answer = api.classify(("a.png", sample_photo()), ("b.txt", b""), query="?model=all").json()
    assert [len(photo["faces"]) for photo in answer["photos"]] == [1, 0]
    [whole] = api.classify(("a.png", sample_photo()), query="?whole_picture=true").json()["photos"]
    described = document("/")
    for photo in (*answer["photos"], whole):
        schema = {"$ref": "#/components/schemas/Photo", "components": described["components"]}
        jsonschema.Draft202012Validator(schema).validate(photo)
