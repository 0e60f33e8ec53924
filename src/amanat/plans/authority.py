"""The plan for the authority: every row in the state's language, with lines to sign on, as a page for paper. It names no child, and
says by which consent it leaves the house: by that one alone, for who else helps the child is not the authority's to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from amanat.access.consents import CARRY_ON
from amanat.access.files import File
from amanat.access.models import Consent
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.queries import consents_on
from amanat.cases.shown import case_of, label
from amanat.plans import reading, showing, texts, voices
from amanat.plans.models import Plan
from amanat.plans.reading import Standing
from amanat.web.formats import written


@dataclass(frozen=True)
class Signer:
    """A line to sign on, with who agreed and when, where that is recorded."""

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


def sheet(request: Request, standing: Standing, plan: Plan, language: str, ground: Ground | None) -> str:
    """HTML for paper. A draft says that it is one."""
    file = request.file
    text = standing.live if plan.is_draft else reading.frozen_text(file, plan)
    with override(language):
        outline = texts.outline(text)
        context: dict[str, Any] = {
            "case": case_of(file),
            "plan": plan,
            "language": language,
            "needs": showing.shown(standing, text, is_draft=plan.is_draft),
            "whole": showing.Shown(outline.whole) if outline.whole else None,
            "digest": texts.digest(text)[:16],
            "signers": signers(file, plan),
            "ground": ground,
            "agency": request.actor.membership.agency,
        }
        return render_to_string("plans/paper_authority.html", context, request)


def signers(file: File, plan: Plan) -> list[Signer]:
    said = voices.agreements_of(file, plan)

    def told(party: str) -> str:
        one = said.get(party)
        if one is None:
            return ""
        name = f"{one.name}, " if one.name else ""
        return f"{name}{one.answer}, {showing.said('start', one.on.isoformat()).text}"

    return [
        Signer(_("Child, name and signature"), told("child")),
        Signer(_("Guardian, name and signature"), told("guardian")),
        Signer(_("Case manager, for the team"), told("team")),
        Signer(_("Supervisor of the agency"), _approved(plan)),
        Signer(_("Authority, name, signature and stamp")),
    ]


def _approved(plan: Plan) -> str:
    if plan.approved_by is None or plan.approved_at is None:
        return ""
    day = showing.said("start", timezone.localdate(plan.approved_at).isoformat()).text
    return f"{plan.approved_by.user.display_name}, {day}"
