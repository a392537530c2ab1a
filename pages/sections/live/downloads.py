"""A recording's files."""

from pages.session.recordings import Recording


def show(recording: Recording) -> None:
    pass
