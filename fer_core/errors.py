"""The library's errors; each message is one sentence for the user: what is wrong or what to do."""

from collections.abc import Iterator
from contextlib import contextmanager


class FerError(Exception):
    """Base class of the errors that the library raises deliberately."""


class UsageError(FerError):
    """The arguments of a command do not fit together, or would overwrite a file."""


class ImageError(FerError):
    """The bytes are not a usable photo."""


class WeightsError(FerError):
    """A weights file is missing or damaged."""


class NotTrainedError(WeightsError):
    """The model is registered, but its weights are missing."""


class DataError(FerError):
    """FER2013 or another external file is missing or not as expected."""


class ResultsError(FerError):
    """Committed results are missing or damaged."""


class SettingsError(FerError):
    """An environment variable has an invalid value."""


class UnknownModelError(FerError, ValueError):
    """No model has this name."""


@contextmanager
def weights_error(message: str) -> Iterator[None]:
    """Raise `WeightsError(message)` instead of any other error, such as one of ONNX Runtime.

    Its messages name paths and lines of C++ code.
    """
    try:
        yield
    except Exception as error:  # ONNX Runtime raises private types
        raise WeightsError(message) from error
