"""A visitor without a browser: speaks to the running app as Streamlit's own page does.

It loads the page, keeps its cookies, opens the websocket, uploads files, waits in the waiting room
if there is no seat, and downloads what the page offers. It draws nothing, so dozens of visitors fit
beside the server on one machine.
"""

import asyncio
import base64
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from types import TracebackType
from typing import Any

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

XSRF_COOKIE = "_streamlit_xsrf"
NO_TOKEN = "PLACEHOLDER_AUTH_TOKEN"  # what Streamlit's page sends before it has a token
#: The photo in the page's HTML; groups are its JPEG in base64 and the text beside it.
SHOWN_PHOTO = re.compile(r'<img src="data:image/jpeg;base64,([^"]+)" alt="(Your photo [^"]*)"')


@dataclass
class Screen:
    """What the page shows: elements by their place, and runs that it asks to be repeated."""

    elements: dict[tuple[int, ...], Element] = field(default_factory=dict)
    repeated: dict[str, float] = field(default_factory=dict)  # fragment id → interval in seconds

    def all(self, kind: str) -> list[Any]:
        """Its elements of one kind, such as "file_uploader", in the order of arrival."""
        elements = self.elements.values()
        return [getattr(e, kind) for e in elements if e.WhichOneof("type") == kind]


class Visitor:
    """One session; use it as an asynchronous context manager.

    Args:
        url: Address of the app.
        patience: Seconds to wait for any one thing before `TimeoutError`.
    """

    def __init__(self, url: str, patience: float) -> None:
        self._url, self._patience = url, patience
        # The server ends idle connections after five seconds; a browser would ask again.
        limits = httpx2.Limits(keepalive_expiry=2)
        self._http = httpx2.AsyncClient(base_url=url, timeout=patience, limits=limits)
        self._socket: ClientConnection | None = None
        self._responses: dict[str, Any] = {}  # request id → the server's response
        self._pages: dict[str, str] = {}  # path → hash
        self._page_hash = self._session_id = ""
        self.screen = Screen()

    @property
    def cookies(self) -> httpx2.Cookies:
        """Its cookies, which may be changed before it opens a page."""
        return self._http.cookies

    async def __aenter__(self) -> "Visitor":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._socket is not None:
            await self._socket.close()
        await self._http.aclose()

    async def open(self, page: str) -> None:
        """Open a page by its path and wait for its upload field, if need be for a seat."""
        for path in (f"/{page}", "/_stcore/health", "/_stcore/host-config"):
            (await self._http.get(path)).raise_for_status()
        cookies = "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())
        self._socket = await connect(
            self._url.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self._url,  # type: ignore[arg-type]
            subprotocols=["streamlit", self._http.cookies.get(XSRF_COOKIE, NO_TOKEN)],  # type: ignore[list-item]
            additional_headers={"Cookie": cookies},
            open_timeout=self._patience,
            max_size=None,
        )
        await self._rerun(ClientState(page_name=page))
        await self._until(lambda: page in self._pages)
        if not self.screen.all("file_uploader"):
            await self.go_to(page)

    async def go_to(self, page: str) -> None:
        """Click on a page in the menu and wait until it has run."""
        self._page_hash = self._pages[page]
        await self._rerun(ClientState())
        await self._until(lambda: bool(self.screen.all("file_uploader")))

    async def upload(self, files: Mapping[str, bytes]) -> None:
        """Choose files, all at once; the page that then runs answers them."""
        uploader = self.screen.all("file_uploader")[-1]
        request = BackMsg()
        request.file_urls_request.request_id = key = uuid.uuid4().hex
        request.file_urls_request.session_id = self._session_id
        request.file_urls_request.file_names.extend(files)
        await self._send(request)
        await self._until(lambda: key in self._responses)
        state = ClientState()
        widget = state.widget_states.widgets.add(id=uploader.id)
        addresses = self._responses.pop(key).file_urls
        for (name, data), address in zip(files.items(), addresses, strict=True):
            await self._put(name, data, address)
            widget.file_uploader_state_value.uploaded_file_info.add(
                name=name, size=len(data), file_id=address.file_id, file_urls=address
            )
        await self._rerun(state)

    async def shown_photo(self) -> tuple[str, bytes]:
        """Wait for an answered photo; return the text beside it and the image itself."""
        await self._until(lambda: bool(self.screen.all("plotly_chart")))
        [(image, text)] = SHOWN_PHOTO.findall(self._html())
        return unescape(text), base64.b64decode(image)

    async def text_with(self, words: str) -> str:
        """Wait until the page's HTML has these words; return all of it."""
        await self._until(lambda: words in self._html())
        return self._html()

    async def download(self, label: str) -> bytes:
        """Click on the last download button with this label and return the file."""
        button = [b for b in self.screen.all("download_button") if b.label == label][-1]
        url = button.url
        if button.deferred_file_id:
            message = BackMsg()
            request = message.backend_operation_request
            request.request_id, request.session_id = uuid.uuid4().hex, self._session_id
            request.deferred_file.file_id = button.deferred_file_id
            await self._send(message)
            await self._until(lambda: request.request_id in self._responses)
            url = self._responses.pop(request.request_id).deferred_file.url
        return (await self._http.get(url)).raise_for_status().content

    def errors(self) -> list[str]:
        """The errors that the page shows."""
        shown = [alert.body for alert in self.screen.all("alert") if alert.format == alert.ERROR]
        return [*shown, *(error.message for error in self.screen.all("exception"))]

    def _html(self) -> str:
        return "".join(html.body for html in self.screen.all("html"))

    async def _put(self, name: str, data: bytes, address: FileURLs) -> None:
        response = await self._http.put(
            address.upload_url,
            files={"file": (name, data, "image/jpeg")},
            headers={"X-Xsrftoken": self._http.cookies.get(XSRF_COOKIE, NO_TOKEN)},
        )
        response.raise_for_status()

    async def _rerun(self, state: ClientState) -> None:
        state.page_script_hash = self._page_hash
        state.context_info.url = self._url
        message = BackMsg()
        message.rerun_script.CopyFrom(state)
        await self._send(message)

    async def _send(self, message: BackMsg) -> None:
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _until(self, ready: Callable[[], bool]) -> None:
        """Take messages until `ready` after a response or at the end of a run of the page."""
        async with asyncio.timeout(self._patience):
            while not (await self._receive() and ready()):
                pass

    async def _receive(self) -> bool:
        """Take one message; True if a response came or a run of the page ended."""
        assert self._socket is not None
        interval = min(self.screen.repeated.values(), default=None)
        try:
            async with asyncio.timeout(interval):
                data = await self._socket.recv()
        except TimeoutError:
            for fragment_id in self.screen.repeated:
                await self._rerun(ClientState(fragment_id=fragment_id, is_auto_rerun=True))
            return False
        assert isinstance(data, bytes)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session_id = message.new_session.initialize.session_id
            if not message.metadata.run.fragment_ids:
                self.screen = Screen()
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
            pages = message.navigation.app_pages
            self._pages = {page.url_pathname: page.page_script_hash for page in pages}
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            place = tuple(message.metadata.delta_path)
            self.screen.elements[place] = message.delta.new_element
        elif kind == "auto_rerun":
            self.screen.repeated[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind in ("file_urls_response", "backend_operation_response"):
            response = getattr(message, kind)
            key = response.response_id if kind == "file_urls_response" else response.request_id
            self._responses[key] = response
            return True
        return kind == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        )
