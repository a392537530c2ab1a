"""SHA-256 of committed files, recorded beside them: `SHA256SUMS` in the format of `sha256sum`.

So `sha256sum -c SHA256SUMS` in `weights/` or `results/` checks them too. Imports no NumPy.
"""

import hashlib
import re
from pathlib import Path

SUMS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_sums(folder: Path) -> dict[str, str]:
    """File name → recorded SHA-256; empty where nothing was recorded yet.

    A line that is none, in a damaged file, is left out: what it stood for counts as changed.
    """
    try:
        lines = (folder / SUMS).read_text(errors="replace").splitlines()
    except OSError:
        return {}
    return {found[2]: found[1] for line in lines if (found := _LINE.fullmatch(line))}


def record(*paths: Path) -> None:
    """Write the files' present SHA-256 into `SHA256SUMS` of their folder."""
    folder = paths[0].parent
    known = read_sums(folder) | {path.name: sha256(path) for path in paths}
    lines = [f"{known[name]}  {name}\n" for name in sorted(known) if (folder / name).is_file()]
    (folder / SUMS).write_text("".join(lines))


def changed(path: Path) -> str:
    """The sentence that says a file is not what was recorded."""
    return (
        f"{path.name} is damaged or was changed (its checksum does not match {SUMS}); "
        "restore it from the repository."
    )
