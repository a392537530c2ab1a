"""A virtual environment with some of this one's packages, as links: made without a network."""

import importlib.metadata
import os
import subprocess
from pathlib import Path


def link_distribution(name: str, target: Path) -> None:
    """Make an installed package importable from `target` too."""
    distribution = importlib.metadata.distribution(name)
    for top in {file.parts[0] for file in distribution.files or []} - {"..", "__pycache__"}:
        link = target / top
        if not link.exists():
            link.symlink_to(Path(str(distribution.locate_file(top))))


def site_packages(environment: Path) -> Path:
    command = [python(environment), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.check_output(command, text=True).strip())


def python(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
