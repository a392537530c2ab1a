"""Former addresses lead to the pages of today, and routes follow the base path."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit import config

from pages.components.page_links import PAGES
from pages.server import upload_limit
from pages.server.redirects import FORMER_ADDRESSES
from pages.server.routes import routes


@pytest.mark.parametrize("option", ["", "fer", "/fer/", "a/b"])
def test_routes_are_at_the_root_and_below_the_base_path(
    option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_limit, "photo_bytes", lambda: 0)
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", option)
    try:
        client = TestClient(Starlette(routes=routes()), follow_redirects=False)
    finally:
        config.set_option("server.baseUrlPath", before)
    for base in {"", "/" + option.strip("/")} - {"/"}:
        assert "variants_ready" in client.get(f"{base}/health").json()
        response = client.get(f"{base}/crowd?split=PublicTest")
        assert response.status_code == 307
        assert response.headers["location"] == f"{base}/label_agreement?split=PublicTest"


def test_every_present_address_is_a_page() -> None:
    assert {address.removeprefix("/") for address in FORMER_ADDRESSES.values()} <= set(PAGES)
