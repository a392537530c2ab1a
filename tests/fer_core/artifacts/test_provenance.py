"""Provenance never fails: it is only a note beside hours of training."""

import os
import subprocess
from pathlib import Path

import pytest

from fer_core.artifacts import provenance


def test_a_system_that_has_less_is_described_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """As macOS or Windows without git: no affinity, no /proc/cpuinfo."""

    def unavailable(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    monkeypatch.setattr(subprocess, "run", unavailable)
    monkeypatch.setattr(provenance, "Path", lambda name: Path("nowhere"))
    origin = provenance.collect_provenance("cpu")
    assert origin["device"].endswith(", 3 cores")
    assert origin["git_commit"] is None
