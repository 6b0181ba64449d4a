"""The errors that Rubrika raises: each message says what, where, and what to do next."""


class RubrikaError(Exception):
    """Any failure that a user can mend; its text is shown as it is."""


class BundleError(RubrikaError):
    """A folder that is not a tagger, or is not whole."""


class InputError(RubrikaError):
    """An article that cannot be read."""


class AnnotationError(RubrikaError):
    """Annotations that break their own rules."""


class SettingsError(RubrikaError):
    """Training settings that do not exist or do not fit."""


class ThemeError(RubrikaError):
    """A theme that the tagger does not know."""
