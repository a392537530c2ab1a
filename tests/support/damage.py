"""Ways to damage a file on disk."""

from collections.abc import Callable
from pathlib import Path

Damage = Callable[[Path], object]
DAMAGES: dict[str, Damage] = {
    "a flipped byte": lambda path: path.write_bytes(_flipped(path.read_bytes())),
    "half of it": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""),
    "other content": lambda path: path.write_bytes(b"<html>404</html>"),
    "another file": lambda path: path.write_bytes(_other(path).read_bytes()),
    "missing": lambda path: path.unlink(),
}


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _other(path: Path) -> Path:
    """Another file, of the same type if possible."""
    others = sorted(p for p in path.parent.iterdir() if p.name != path.name)
    return next((p for p in others if p.suffix == path.suffix), others[0])
