"""Provenance: when, where and with which versions a weight, result or measurement was computed."""

import os
import platform
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
    versions = {package: package_version(package) for package in PACKAGES}
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
    return f"{processor_name()}, {core_count()} cores"


def core_count() -> int:
    """The cores that this process may use, or where the system does not tell, those there are."""
    if hasattr(os, "sched_getaffinity"):  # neither on macOS nor on Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor_name() -> str:
    """The processor's marketing name on Linux, elsewhere what the system reports, if anything."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown processor"


def _commit() -> str | None:
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    try:
        process = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:  # git is not installed or must not be started
        return None
    return process.stdout.strip() or None


def package_version(package: str) -> str | None:
    """The installed version of a package; None if it is not installed."""
    try:
        return version(package)
    except ModuleNotFoundError:
        return None
