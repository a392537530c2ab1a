"""Where and with what something was computed: goes beside every weight, result and measurement."""

import os
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = (
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "scikit-learn",
    "torch",
    "timm",
    "keras",
    "tensorflow",
    "tensorflow-cpu",
)


def collect_provenance(device: str) -> dict[str, Any]:
    """Date, commit, package versions and device of this moment."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "git_commit": _commit(),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
        "device": device_name(device),
    }


def device_name(device: str) -> str:
    """E.g. `AMD EPYC, 2 cores` or the GPU's own name."""
    if device == "cuda":
        import torch

        return torch.cuda.get_device_name()
    return f"{processor_name()}, {len(os.sched_getaffinity(0))} cores"


def processor_name() -> str:
    """The processor's marketing name where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def _commit() -> str | None:
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:  # no git here
        return None
    return done.stdout.strip() or None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except ModuleNotFoundError:
        return None
