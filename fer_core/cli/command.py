"""Shared by all commands, including those of `training`: how they end."""

import functools
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import ParamSpec

from fer_core.cli.output import is_closed_pipe
from fer_core.errors import FerError, UsageError
from fer_core.text import printable

INTERRUPTED = 130  # exit status after Ctrl-C, as shells give it: 128 + SIGINT
CLOSED_PIPE = 141  # 128 + SIGPIPE

P = ParamSpec("P")


def report_errors(main: Callable[P, int]) -> Callable[P, int]:
    """Decorate a command, so that it ends with an exit status and without a traceback.

    A `FerError` is printed as one line on stderr, status 1, or 2 for a `UsageError`. Ctrl-C is
    status 130. A closed pipe, as after `| head`, ends the command quietly. What the terminal cannot
    show is replaced.
    """

    @functools.wraps(main)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # names with letters that cp1252 lacks
        if sys.stderr is None:  # closed; print would write to stdout instead
            sys.stderr = StringIO()
        try:
            try:
                return main(*args, **kwargs)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()  # here, where a full disk or a closed pipe can be handled
        except FerError as error:
            print(f"error: {printable(str(error))}", file=sys.stderr)
            return 2 if isinstance(error, UsageError) else 1
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)
            return INTERRUPTED
        except OSError as error:
            return _report_os_error(error)

    return run


def _report_os_error(error: OSError) -> int:
    """Report a file or stream that failed; return the exit status."""
    if error.filename is not None:
        print(f"error: {printable(str(error.filename))}: {error.strerror}.", file=sys.stderr)
        return 1
    _discard_output()
    if is_closed_pipe(error):
        return CLOSED_PIPE
    reason = error.strerror or error
    print(f"error: standard output cannot be written: {reason}.", file=sys.stderr)
    return 1


def _discard_output() -> None:
    """Send the rest of the output nowhere, so that Python does not fail again as it ends."""
    with suppress(OSError), Path(os.devnull).open("w", encoding="utf-8") as devnull:
        os.dup2(devnull.fileno(), sys.stdout.fileno())
