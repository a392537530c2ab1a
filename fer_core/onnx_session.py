"""How networks run on ONNX Runtime here, the face detector's and the models'."""

import onnxruntime as ort


def session_options(threads: int = 2) -> ort.SessionOptions:
    """How networks run here."""
    chosen = ort.SessionOptions()
    chosen.intra_op_num_threads = threads
    # Waiting threads sleep instead of spinning: eight models share the same few cores.
    chosen.add_session_config_entry("session.intra_op.allow_spinning", "0")
    chosen.log_severity_level = 3
    return chosen
