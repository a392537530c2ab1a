"""An answer of the HTTP API other than 200."""

from collections.abc import Mapping


class ApiError(Exception):
    """Ends a request with a status and one sentence for whoever runs the client."""

    def __init__(
        self, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence
        self.headers = dict(headers or {})
