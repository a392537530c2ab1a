"""ONNX Runtime settings shared by the face detector and the models."""

import onnxruntime as ort

_threads = 2


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
