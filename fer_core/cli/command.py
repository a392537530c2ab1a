"""Shared by all commands, including those of `training`: error reporting and file writing."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec

from fer_core.errors import FerError

P = ParamSpec("P")


def report_errors(main: Callable[P, int]) -> Callable[P, int]:
    """Decorate a command: print a `FerError` as one line on stderr and return exit status 1."""

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
    """Context for writing a file that the user named: re-raise an `OSError` as a `FerError`."""
    try:
        yield
    except OSError as error:
        raise FerError(f"{path} cannot be written: {error.strerror}.") from error
