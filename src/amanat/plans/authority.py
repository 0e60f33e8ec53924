"""The plan for the authority: every row in the state's language, with lines to sign on, as a page for paper. It names no child, and
says by which consent it leaves the house: by that one alone, for who else helps the child is not the authority's to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.consents import CARRY_ON
from amanat.access.files import File
from amanat.access.models import Consent
from amanat.access.policy import Part, Verb
from amanat.cases import papers
from amanat.cases.queries import consents_on
from amanat.cases.shown import label
from amanat.plans import reading, showing, terms, texts, unheard, voices
from amanat.plans.models import Plan
from amanat.plans.reading import Standing
from amanat.web.formats import written

PAPER: Final = "plan-authority"


@dataclass(frozen=True)
class Signer:
    """A line to sign on: which side signs, and what it said and when, where that is recorded. Names are written by hand: the sheet bears
    the code name, and no name that was typed beside it."""

    who: str
    said: str = ""


@dataclass(frozen=True)
class Ground:
    """A consent, or an override, in force that names the plan."""

    row: Consent

    @property
    def ref(self) -> str:
        return self.row.pk.hex

    @property
    def day(self) -> str:
        return written(self.row.given_on, "SHORT_DATE_FORMAT")

    @property
    def why(self) -> str:
        ground = self.row.override_ground
        return label("override_ground", ground) if ground else label("consent_purpose", self.row.purpose)

    @property
    def choice(self) -> str:
        return ", ".join(filter(None, (self.why, str(self.row.recipient or ""), self.day)))

    @property
    def said(self) -> str:
        """What the sheet says of it."""
        told = {"day": self.day, "why": self.why, "number": self.row.number or "–"}
        if self.row.override_ground:
            return _("Handed over without consent, recorded on %(day)s. The ground: %(why)s") % told
        return _("Handed over by consent %(number)s of %(day)s. What it is for: %(why)s") % told


def grounds(file: File) -> list[Ground]:
    """The newest first; one query."""
    if not file.sees(Part.CONSENT):
        return []
    rows = consents_on(file).exclude(purpose=CARRY_ON)
    return [Ground(row) for row in rows if row.holds(file.actor.now) and Part.PLAN in row.parts]


def told(file: File, key: str) -> dict[str, Any] | None:
    """What stands on the sheet, in the active language. `key`: the number of a version and the reference of the consent by which it
    leaves, parted by a point; "" for what holds now, by none. A draft says that it is one."""
    number, _point, ref = key.partition(".")
    standing = Standing(file)
    plan = standing.numbered(number) if number else standing.agreed or standing.draft
    if plan is None:
        return None
    text = standing.text_of(plan)
    outline, frozen = texts.outline(text), reading.frozen_of(file, plan)
    return {
        "plan": plan,
        "needs": showing.official(text),
        "whole": showing.Shown(outline.whole) if outline.whole else None,
        "digest": texts.digest(text)[:16],
        "signers": signers(file, plan),
        "ground": next((one for one in grounds(file) if one.ref == ref), None),
        "lacks": unheard.lacks(frozen.without),
        "why_allowed": frozen.ground,
        "agency": file.actor.membership.agency,
    }


def address(file: File, plan: Plan, ground: Ground | None = None) -> str:
    """Of the page where the sheet is handed out."""
    return papers.address(file, PAPER, f"{plan.number}.{ground.ref if ground else ''}")


def register() -> None:
    papers.register(
        papers.Paper(
            PAPER, gettext_lazy("Plan for the authority"), Part.PLAN, "plans/paper_authority.html", told,
            lambda _file: terms.authority_language(), Verb.PLAN_DRAFT, kept=True,
            in_bundles=False,  # by which consent it leaves is asked of each child
        )
    )  # fmt: skip


def signers(file: File, plan: Plan) -> list[Signer]:
    said = voices.agreements_of(file, plan)

    def answer(party: str) -> str:
        one = said.get(party)
        if one is None:
            return ""
        return _recorded(one.answer, one.on)

    return [
        Signer(_("Child, name and signature"), answer("child")),
        Signer(_("Guardian, name and signature"), answer("guardian")),
        Signer(_("Case manager, for the team"), answer("team")),
        Signer(_("Supervisor of the agency"), _approved(plan)),
        Signer(_("Authority, name, signature and stamp")),
    ]


def _approved(plan: Plan) -> str:
    if plan.approved_by is None or plan.approved_at is None:
        return ""
    return _recorded(plan.approved_by.user.display_name, timezone.localdate(plan.approved_at))


def _recorded(what: str, on: date) -> str:
    return _("Recorded: %(what)s, %(day)s") % {"what": what, "day": written(on, "SHORT_DATE_FORMAT")}
