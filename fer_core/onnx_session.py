"""ONNX Runtime's settings, shared by the face detector and the models."""

from typing import Literal

import onnxruntime as ort

from fer_core.errors import FerError

Device = Literal["cpu", "cuda"]
_threads = 2
_providers = ["CPUExecutionProvider"]


def use_onnx_threads(count: int) -> None:
    """Set the number of threads per operator for networks that are loaded from now on.

    Two, the default, answer one caller sooner. Where as many callers as cores predict at the same
    time, one thread each spares a fifth of the processor time.
    """
    global _threads
    _threads = count


def onnx_threads() -> int:
    """The number of threads per operator that is set."""
    return _threads


def use_device(device: Device) -> None:
    """Set where models that are loaded from now on compute; the face detector stays on the CPU.

    Raises:
        FerError: The installed ONNX Runtime knows no CUDA device.
    """
    global _providers
    names = ["CPUExecutionProvider"]
    if device == "cuda":
        names.insert(0, "CUDAExecutionProvider")
        if names[0] not in ort.get_available_providers():
            raise FerError(
                "ONNX Runtime finds no CUDA device: install the package onnxruntime-gpu in place "
                "of onnxruntime, on a machine with an NVIDIA GPU."
            )
    _providers = names


def providers() -> list[str]:
    """ONNX Runtime's names of where models compute, in order of preference."""
    return list(_providers)


def session_options(threads: int | None = None) -> ort.SessionOptions:
    """Session options for CPU inference.

    Args:
        threads: Threads per operator, if not as many as `use_onnx_threads` says.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or _threads
    # Waiting threads sleep instead of spinning: all models share the same few cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # fatal errors only; others are raised as well
    return options
