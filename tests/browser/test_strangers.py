"""What one visitor can do to the others, and learn about them."""

from collections.abc import Iterator

import httpx2
import pytest
from browser import settled
from playwright.sync_api import Page, expect
from stream_client import StreamClient, begin_upload, visit
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_media_file_storage import _calculate_file_id
from websockets.exceptions import ConnectionClosed

from pages.server.message_limit import MAX_FILES, MAX_MESSAGE_BYTES

FILE = {"file": ("a.png", b"\x89PNG" + bytes(1000), "image/png")}


@pytest.fixture
def headers(app: str) -> dict[str, str]:
    return visit(app)


@pytest.fixture
def visitor(app: str, headers: dict[str, str]) -> Iterator[StreamClient]:
    with StreamClient(app, headers) as client:
        yield client


def put(app: str, session: str, headers: dict[str, str]) -> int:
    url = f"{app}/_stcore/upload_file/{session}/file"
    return httpx2.put(url, files=FILE, headers=headers).status_code


def test_the_session_id_alone_resumes_nothing(
    app: str, visitor: StreamClient, headers: dict[str, str]
) -> None:
    session = visitor.run("classify")
    visitor.wait_until_finished()
    forged = {"X-Fer-Browser": "none-"}
    for stranger in ({}, visit(app), forged):
        with StreamClient(app, stranger, resume=session) as client:
            assert client.run() != session
    with StreamClient(app, headers, resume=session) as client:
        assert client.run() == session


def test_a_stranger_uploads_nothing_to_a_session(
    app: str, visitor: StreamClient, headers: dict[str, str]
) -> None:
    session = visitor.run("classify")
    visitor.wait_until_finished()
    assert put(app, session, headers) == 204
    assert put(app, session, visit(app)) == 404


def test_uploads_that_never_come_keep_nobody_out(
    app: str, visitor: StreamClient, headers: dict[str, str]
) -> None:
    session = visitor.run("classify")
    visitor.wait_until_finished()
    stalled = [begin_upload(app, session, headers) for _ in range(150)]  # of 10 MB each
    try:
        assert put(app, session, headers) == 204
    finally:
        for connection in stalled:
            connection.close()


def test_messages_that_no_page_sends_are_ignored(visitor: StreamClient) -> None:
    visitor.run()
    visitor.wait_until_finished()
    for name in ("load_git_info", "clear_cache"):
        message = BackMsg()
        setattr(message, name, True)
        visitor.send(message)
    message = BackMsg()
    message.file_urls_request.request_id = "last"
    message.file_urls_request.file_names.append("a.png")
    visitor.send(message)
    answers: list[str] = []

    def is_last(answer: object) -> bool:
        answers.append(answer.WhichOneof("type"))  # type: ignore[attr-defined]
        return answers[-1] == "file_urls_response"

    assert visitor.wait_for(is_last).file_urls_response.file_urls
    assert "git_info_changed" not in answers


def test_a_message_has_a_limit(visitor: StreamClient) -> None:
    visitor.run()
    visitor.wait_until_finished()
    message = BackMsg()
    message.file_urls_request.request_id = "many"
    message.file_urls_request.file_names.extend([""] * (MAX_FILES + 1))
    visitor.send(message)
    answer = visitor.wait_for(lambda answer: answer.HasField("file_urls_response"))
    assert answer.file_urls_response.error_msg == f"Choose at most {MAX_FILES:,} files at once."
    visitor.send_bytes(bytes(MAX_MESSAGE_BYTES + 1))
    with pytest.raises(ConnectionClosed) as closed:
        visitor.wait_for(lambda _: False)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1009


def test_an_image_is_only_for_the_visitor_who_sees_it_and_goes_with_clear(
    app: str, classify_page: Page
) -> None:
    page = classify_page
    image = page.locator("img[alt^='Face 1 as the model']")
    expect(image).to_be_visible()
    url = app + (image.get_attribute("src") or "").removeprefix(app)
    cookies = {c["name"]: c["value"] for c in page.context.cookies()}
    response = httpx2.get(url, cookies=cookies)
    assert response.status_code == 200
    assert httpx2.get(url).status_code == 404
    assert httpx2.get(url, headers=visit(app)).status_code == 404
    computed = f"{app}/media/{_calculate_file_id(response.content, 'image/jpeg')}.jpg"
    assert httpx2.get(computed, cookies=cookies).status_code == 404

    page.get_by_role("button", name="Clear").click()
    settled(page)
    assert httpx2.get(url, cookies=cookies).status_code == 404


@pytest.fixture
def classify_page(open_tab: object) -> Page:
    """Classify with the sample photo."""
    page: Page = open_tab("/classify")  # type: ignore[operator]
    page.get_by_role("button", name="Try the sample photo").click()
    settled(page)
    return page
