"""How far a long command is: a line on stderr, and a summary at the end."""

import sys
import time

from fer_core.text import counted

LOG_SECONDS = 10.0  # between two lines in a log file
TERMINAL_SECONDS = 0.1  # between two changes of the line on a terminal


class Progress:
    """Counts photos and shows them on stderr, in place on a terminal and otherwise as lines."""

    def __init__(self, total: int | None, is_shown: bool, noun: str = "photo") -> None:
        """Begin to count.

        Args:
            total: Photos to classify; None if it is not known.
            is_shown: Whether to print anything.
            noun: What is counted, in the singular.
        """
        self._total, self._is_shown, self._noun = total, is_shown, noun
        self._is_terminal = sys.stderr.isatty()
        self._start = self._last_line = time.monotonic()
        self.done = self.failed = self.faces = 0

    def add(self, faces: int, failed: bool) -> None:
        """Count one photo more."""
        self.done += 1
        self.faces += faces
        self.failed += failed

    def show(self) -> None:
        """Show the count, unless it was shown just before."""
        now = time.monotonic()
        pause = TERMINAL_SECONDS if self._is_terminal else LOG_SECONDS
        if not self._is_shown or (now - self._last_line < pause):
            return
        self._last_line = now
        rate = self.done / max(now - self._start, 1e-6)
        if self._total is None:
            self._print(f"{counted(self.done, self._noun)} · {rate:.1f} per second")
            return
        left = duration((self._total - self.done) / max(rate, 1e-6))
        total = counted(self._total, self._noun)
        self._print(f"{self.done:,} of {total} · {rate:.1f} per second · {left} left")

    def finish(self) -> None:
        """Show the summary."""
        if not self._is_shown:
            return
        seconds = time.monotonic() - self._start
        parts = [f"{counted(self.done, self._noun)}, {counted(self.faces, 'face')}"]
        if self.failed:
            parts.append(f"{self.failed:,} could not be read")
        parts.append(f"{duration(seconds)}, {self.done / max(seconds, 1e-6):.1f} per second")
        self._print(" · ".join(parts))
        self.end_line()

    def end_line(self) -> None:
        """Let what comes next begin on a new line."""
        if self._is_shown and self._is_terminal:
            print(file=sys.stderr)

    def _print(self, text: str) -> None:
        if self._is_terminal:
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr)


def duration(seconds: float) -> str:
    """A time in words, coarser the longer it is: "0.4 s", "12 s", "3 min", "2 h 5 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
