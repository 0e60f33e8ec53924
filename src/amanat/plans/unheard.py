"""That a version is in force without somebody's agreement: said on each of its faces, and at the head of the file until they are
asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.files import File
from amanat.cases.cautions import Caution
from amanat.cases.shown import Text as Words
from amanat.cases.shown import case_of, spoken
from amanat.plans import voices
from amanat.plans.models import Party

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_IN_FORCE: Mapping[str, StrOrPromise] = {
    Party.CHILD: gettext_lazy("In force without the child’s agreement"),
    Party.GUARDIAN: gettext_lazy("In force without the guardian’s agreement"),
}
_SAY_NO: Mapping[str, StrOrPromise] = {
    Party.CHILD: gettext_lazy("The child does not agree to the plan in force"),
    Party.GUARDIAN: gettext_lazy("The guardian does not agree to the plan in force"),
}


@dataclass(frozen=True)
class Lack:
    """Whose agreement is missing, and why."""

    party: str
    why: Words

    @property
    def title(self) -> StrOrPromise:
        return _IN_FORCE[self.party]


def lacks(without: Mapping[str, str]) -> list[Lack]:
    """Of a frozen version, the child first."""
    return [Lack(party, spoken(without[party])) for party in Party if party in without]


def unheard(file: File) -> Caution | None:
    """At the head of the file. One query, only where a version came into force so."""
    if case_of(file).is_closed or not getattr(case_of(file), "lacks_a_voice", True):
        return None
    found = voices.unheard(file)
    if not found:
        return None
    first = found[0]
    if first.says(voices.NO):
        return Caution(_SAY_NO[first.row.party], _("Begin a new version, and change it with them."), "plans.plan")
    titles = [str(_IN_FORCE[one.row.party]) for one in found if one.says(voices.NOT_ASKED)]
    return Caution("; ".join(titles), _("Ask as soon as it can be done, and record what they say."), "plans.plan")
