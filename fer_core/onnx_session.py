"""ONNX Runtime settings shared by the face detector and the models."""

import onnxruntime as ort


def session_options(threads: int = 2) -> ort.SessionOptions:
    """Session options for CPU inference with `threads` threads per operator."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    # Waiting threads sleep instead of spinning: eight models share the same few cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # fatal errors only; others are raised as well
    return options
