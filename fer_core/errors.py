"""The library's errors; each message is one sentence for the user: what is wrong or what to do."""

from collections.abc import Iterator
from contextlib import contextmanager


class FerError(Exception):
    """Base class of the errors that the library raises deliberately."""


class UsageError(FerError):
    """The arguments of a command do not fit together, or would overwrite a file."""


class ImageError(FerError):
    """The bytes are not a usable photo."""


class VideoError(FerError):
    """A file is not a usable film, or only up to a damaged place."""


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


class MissingPackageError(FerError, ImportError):
    """A package is missing that an extra of the installation brings."""


@contextmanager
def requires_extra(extra: str, purpose: str) -> Iterator[None]:
    """Raise `MissingPackageError` where an import inside the `with` finds no package.

    Args:
        extra: The extra of `fer-explorer` that brings the package.
        purpose: What needs it, with a verb, such as "Heat maps need".
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0].replace("sklearn", "scikit-learn")
        raise MissingPackageError(
            f"{purpose} {package}: pip install 'fer-explorer[{extra}]'."
        ) from error


@contextmanager
def weights_error(message: str) -> Iterator[None]:
    """Raise `WeightsError(message)` instead of any other error, such as one of ONNX Runtime.

    Its messages name paths and lines of C++ code.
    """
    try:
        yield
    except Exception as error:  # ONNX Runtime raises private types
        raise WeightsError(message) from error
