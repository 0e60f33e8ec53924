"""Errors that a person reads: a sentence, a hint of what to do, and the field it is about. What is missing is `Http404`."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PersonFacingError(Exception):
    """Something a person can understand and act on; forms show it in their error summary.

    Args:
        sentence: what happened, in one plain sentence, translatable.
        hint: what to do now.
        field: the name of the form field that it is about, if it is about one.
    """

    def __init__(self, sentence: str | Promise, hint: str | Promise = "", field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)

    def way(self, back: str) -> str:
        """A link to where it can be mended, from where one comes back to the address `back`; "" where there is none."""
        return ""


class Refused(PersonFacingError):
    """The person may know of the thing, but may not do this to it. (Who may not know of it gets a 404.)"""

    def __init__(self, sentence: str | Promise = "", hint: str | Promise = "", field: str | None = None) -> None:
        usual = "" if sentence else _("If your work needs it, ask your supervisor.")
        super().__init__(sentence or _("You may not do this."), hint or usual, field)


class Stale(PersonFacingError):
    """Somebody changed the same part since it was shown; a form then shows both versions to choose from.

    Args:
        theirs: what is saved now, by form field name, as the form's widgets would send it (a list where several
            boxes can be ticked). Fields that are equal in both versions may be among them.
        version: the version that is saved now, to be sent as `seen` with the choice.
    """

    def __init__(self, theirs: Mapping[str, str | list[str]], version: int | str) -> None:
        super().__init__(
            _("Somebody else changed this while you were writing."),
            _("Nothing is lost. Compare the two versions and choose, then save again."),
        )
        self.theirs = dict(theirs)
        self.version = version
