"""The errors a person sees: each message is one sentence that says what to do or what is wrong."""


class FerError(Exception):
    """Base of everything the library raises on purpose."""


class ImageError(FerError):
    """The bytes are no photo that can be used."""


class WeightsError(FerError):
    """A weights file is damaged or missing."""


class NotTrainedError(WeightsError):
    """The variant exists, but its weights have not been trained yet."""


class DataError(FerError):
    """FER2013, or another file from outside, is missing or is not what it should be."""


class ResultsError(FerError):
    """Committed results are missing or damaged."""


class SettingsError(FerError):
    """An environment variable holds what cannot be meant."""


class UnknownModelError(FerError, ValueError):
    """No variant has that name."""
