"""What every command has in common, those of `training` too: how it ends, how it writes a file."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec

from fer_core.errors import FerError

P = ParamSpec("P")


def report_errors(main: Callable[P, int]) -> Callable[P, int]:
    """Decorator of a command: what the library raises on purpose becomes a line on stderr, and exit
    status 1."""

    @functools.wraps(main)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return main(*args, **kwargs)
        except FerError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1

    return run


@contextmanager
def wrap_write_errors(path: Path) -> Iterator[None]:
    """Around whatever writes the file the person named; raises `FerError` where that fails."""
    try:
        yield
    except OSError as error:
        raise FerError(f"{path} cannot be written: {error.strerror}.") from error
