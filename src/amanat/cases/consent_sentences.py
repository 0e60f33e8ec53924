"""What a consent covers, as one sentence in a reader's language.

Names of agencies, purposes and parts stand after a colon, in their own form: no language has to bend a word that a pack or a person wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from amanat.access.consents import CARRY_ON
from amanat.access.labels import PART_LABELS
from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.shown import label
from amanat.people.models import Agency
from amanat.web.formats import written

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SHARED: Final[dict[str, StrOrPromise]] = {
    "both": gettext_lazy("The child and the guardian agree that others see parts of the file: %(agency)s"),
    "child": gettext_lazy("The child agrees that others see parts of the file: %(agency)s"),
    "guardian": gettext_lazy("The guardian agrees that others see parts of the file: %(agency)s"),
    "": gettext_lazy("Others see parts of the file: %(agency)s"),
}
_ALLOWED: Final[dict[str, StrOrPromise]] = {
    "both": gettext_lazy("The child and the guardian agree to this: %(purpose)s"),
    "child": gettext_lazy("The child agrees to this: %(purpose)s"),
    "guardian": gettext_lazy("The guardian agrees to this: %(purpose)s"),
    "": gettext_lazy("It is agreed to this: %(purpose)s"),
}

# Parts that hold more than their name says.
_NAMED: Final[dict[Part, StrOrPromise]] = {
    Part.PLAN: gettext_lazy("plan (with what it says of feelings, health and family)"),
}


@dataclass(frozen=True, slots=True)
class Covers:
    """What one consent covers; names of parts as they are stored, `until` as it is written in a note: 2026-12-31 or ""."""

    purpose: str
    agency: str = ""  # the names of all who may see it
    parts: Sequence[str] = ()
    given_by: str = ""
    until: str = ""
    ground: str = ""

    @classmethod
    def of(cls, consent: Consent, details: Mapping[str, Any], others: Sequence[Agency] = ()) -> Covers:
        """`details`: as far as they are open to the reader. `others`: the agencies that it names besides its recipient."""
        named = [consent.recipient, *others, details.get("outside")]
        return cls(
            consent.purpose,
            ", ".join(str(one) for one in named if one),
            tuple(consent.parts),
            str(details.get("given_by", "")),
            consent.until.isoformat() if consent.until else "",
            consent.override_ground,
        )

    def noted(self) -> dict[str, Any]:
        """For the timeline, in no language."""
        return {name: list(held) if name == "parts" else held for name, held in asdict(self).items() if held}

    def sentence(self, language: str | None = None) -> str:
        with override(language or get_language()):
            return "; ".join(self._pieces()) + "."

    def last_day(self, language: str | None = None) -> str:
        with override(language or get_language()):
            return written(date.fromisoformat(self.until), "SHORT_DATE_FORMAT") if self.until else ""

    def _pieces(self) -> list[str]:
        purpose = _small(label("consent_purpose", self.purpose))
        told = {"agency": self.agency}
        if not self.parts:
            head, with_whom = str(_ALLOWED[_known(self.given_by)]), _("the agency: %(agency)s") % told
            return [head % {"purpose": purpose}, *([with_whom] if self.agency else []), self._until()]
        if self.ground:
            head = _("Others see parts of the file without consent: %(agency)s") % told
            why = self._why()
        else:
            head = str(_SHARED[_known(self.given_by)]) % told
            why = _("what it is for: %(purpose)s") % {"purpose": purpose}
        named = ", ".join(str(_NAMED.get(Part(part), PART_LABELS[Part(part)])) for part in self.parts)
        return [head, why, _("the parts: %(parts)s") % {"parts": named}, self._until()]

    def _why(self) -> str:
        if self.purpose == CARRY_ON:
            return _("automatic, until the safety decision")
        return _("the ground: %(ground)s") % {"ground": _small(label("override_ground", self.ground))}

    def _until(self) -> str:
        if not self.until:
            return _("until it is taken back")
        return _("the last day: %(day)s") % {"day": self.last_day()}


def _known(given_by: str) -> str:
    return given_by if given_by in _SHARED else ""


def _small(text: str) -> str:
    """A label inside a sentence begins small, but for an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
