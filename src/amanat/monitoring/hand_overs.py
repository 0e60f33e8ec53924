"""The record of handing a child over as one actor may read it: who to whom, when, where, with what, and whether both have signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import papers
from amanat.cases.models import Case, Event, EventKind
from amanat.cases.own_sections import identity_facts
from amanat.cases.shown import Text, case_of, spoken
from amanat.cases.shown import opened as part_opened
from amanat.monitoring.models import HandOver
from amanat.monitoring.opening import opened
from amanat.web.errors import PersonFacingError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAPER: Final = "child-hand-over"
NAMING: Final = ("names", "birth_date", "birth_year")  # what of the identity stands on the paper
MOST: Final = 20  # records of a case that its page shows, the newest
# In the order in which they stand on the page and on the paper.
LABELS: Final[Mapping[str, StrOrPromise]] = {
    "place": gettext_lazy("Where"),
    "by": gettext_lazy("Who hands over"),
    "by_capacity": gettext_lazy("For whom, as what"),
    "to": gettext_lazy("Who receives the child"),
    "to_capacity": gettext_lazy("What they are to the child"),
    "identity": gettext_lazy("How they proved who they are"),
    "escort": gettext_lazy("Who goes along"),
    "documents": gettext_lazy("Documents handed over"),
    "medicine": gettext_lazy("Medicine, and how it is given"),
    "belongings": gettext_lazy("Belongings"),
    "advice": gettext_lazy("What the child needs, and whom to call"),
    "words": gettext_lazy("What else was agreed"),
    "witness": gettext_lazy("Witness"),
    "witness_capacity": gettext_lazy("What the witness is"),
}


@dataclass(frozen=True)
class Shown:
    row: HandOver
    content: dict[str, Any]
    signed: dict[str, Any]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.content["at"]) if self.content.get("at") else self.row.at

    @property
    def is_signed(self) -> bool:
        return self.row.signed_at is not None

    @property
    def signed_on(self) -> date | None:
        return date.fromisoformat(self.signed["on"]) if self.signed.get("on") else None

    @property
    def signed_words(self) -> Text:
        return spoken(str(self.signed.get("words", "")))

    @property
    def carer(self) -> str:
        return str(self.content.get("carer", ""))

    @property
    def to(self) -> str:
        return str(self.content.get("to", ""))

    @property
    def facts(self) -> list[tuple[str, Text]]:
        """What is written down, each with its label."""
        return [(str(told), spoken(str(self.content[key]))) for key, told in LABELS.items() if self.content.get(key)]

    @property
    def signers(self) -> list[dict[str, str]]:
        """Lines to sign on."""
        told = [(_("Hands over"), "by"), (_("Receives the child"), "to"), (_("Witness"), "witness")]
        return [{"who": who, "said": str(self.content.get(key, ""))} for who, key in told]


def of_case(file: File) -> list[Shown]:
    """The newest first: one query."""
    rows = HandOver.objects.filter(case=case_of(file)).select_related("author__user", "signed_by__user")
    return [shown(file, row) for row in rows.order_by("-at", "-id")[:MOST]]


def shown(file: File, row: HandOver) -> Shown:
    return Shown(row, opened(file, row), opened(file, row, "signed"))


def since_admission(case: Case) -> QuerySet[HandOver]:
    """The records of the way out that is being prepared: none from before the child was admitted last."""
    later = Event.objects.filter(case=case, kind=EventKind.ADMITTED, written_at__gt=OuterRef("at"))
    return HandOver.objects.filter(~Exists(later), case=case)


def register() -> None:
    papers.register(
        papers.Paper(
            PAPER,
            gettext_lazy("Record of handing a child over"),
            Part.PLAN,
            "monitoring/paper_hand_over.html",
            told,
            in_bundles=False,
            bears=papers.Bears.NAME,
            kept=True,
        )
    )


def told(file: File, key: str) -> Mapping[str, Any] | None:
    """Of the record with this reference, else of the newest. It names the child to whoever takes over its care.

    Raises:
        PersonFacingError: the name of the child is closed to whoever makes it.
    """
    held = of_case(file)
    one = next((one for one in held if not key or one.row.pk.hex == key), None)
    if one is None or not one.content:
        return None
    if not file.sees(Part.IDENTITY):
        raise PersonFacingError(
            _("This paper names the child, whose name is closed to you."), _("Ask the case manager to print it.")
        )
    today = timezone.localdate(file.actor.now)
    known = {key: value for key, value in part_opened(file, Part.IDENTITY).items() if key in NAMING}
    return {"held": one, "child": identity_facts(known, today), "signers": one.signers}
