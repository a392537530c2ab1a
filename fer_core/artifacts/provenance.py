"""Provenance: when, where and with which versions a weight, result or measurement was computed."""

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
    """The current date, git commit, package versions and device."""
    versions = {package: _version(package) for package in PACKAGES}
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "git_commit": _commit(),
        "versions": {package: number for package, number in versions.items() if number},
        "device": device_name(device),
    }


def device_name(device: str) -> str:
    """The name of a device (`cpu` or `cuda`), such as `AMD EPYC, 2 cores`."""
    if device == "cuda":
        import torch

        return torch.cuda.get_device_name()
    return f"{processor_name()}, {len(os.sched_getaffinity(0))} cores"


def processor_name() -> str:
    """The processor's marketing name, if the system reports it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else "unknown processor"


def _commit() -> str | None:
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    try:
        process = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:  # git is not installed
        return None
    return process.stdout.strip() or None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except ModuleNotFoundError:
        return None
