"""The networks' files can be downloaded, and no other file."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from fer_core.artifacts import weights_file
from fer_core.artifacts.store import artifacts
from fer_core.registry import MODELS, list_networks
from pages.server.routes import routes


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


@pytest.mark.parametrize("name", list_networks())
def test_a_network_has_its_graph_and_its_weights(client: TestClient, name: str) -> None:
    for path in weights_file.files(MODELS[name]):
        response = client.get(f"/models/{path.name}")
        assert response.content == path.read_bytes()
        assert f'filename="{path.name}"' in response.headers["content-disposition"]


@pytest.mark.parametrize("file", ["SHA256SUMS", "stacking.json", "..%2f..%2fREADME.md", "x.onnx"])
def test_other_files_are_not_sent(client: TestClient, file: str) -> None:
    assert (artifacts().weights / "SHA256SUMS").is_file()
    assert client.get(f"/models/{file}").status_code == 404
