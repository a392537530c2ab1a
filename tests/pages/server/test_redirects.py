"""Former addresses lead to the pages of today."""

from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.components.page_links import PAGES
from pages.server.redirects import FORMER_ADDRESSES, REDIRECTS


def test_former_addresses_redirect_with_their_query() -> None:
    client = TestClient(Starlette(routes=REDIRECTS), follow_redirects=False)
    response = client.get("/crowd?split=PublicTest")
    assert response.status_code == 307
    assert response.headers["location"] == "/label_agreement?split=PublicTest"


def test_every_present_address_is_a_page() -> None:
    assert {address.removeprefix("/") for address in FORMER_ADDRESSES.values()} <= set(PAGES)
