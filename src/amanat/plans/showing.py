"""What the team's pages of a plan show: its rows in words, with comments, reports and what each may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases.answering import names_of_heads
from amanat.cases.shown import Badge, case_of, label, spoken
from amanat.cases.shown import Text as Words
from amanat.plans import comparing, evidence, presence, reading, texts, voices, waiting
from amanat.plans.comparing import day_of, said
from amanat.plans.evidence import Behind
from amanat.plans.models import Agreement, Party, Plan, PlanRow, RowKind
from amanat.plans.reading import Standing, may_write
from amanat.plans.texts import Row, Text
from amanat.plans.unheard import lacks
from amanat.plans.voices import Agreed, Reported, Said

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LEVEL_BADGES = {"high": ("danger", "alert"), "medium": ("warning", ""), "low": ("", "")}
STATE_BADGES = {"draft": "warning", "agreed": "success", "superseded": "", "dropped": ""}
PROGRESS_BADGES = {
    "reached": ("success", "check"),
    "stuck": ("danger", "alert"),
    "going": ("accent", ""),
    "begun": ("accent", ""),
}
_APART = ("words", "domain", "level", "own_words", "start", "end")  # fields that have a place of their own on the page


@dataclass(frozen=True)
class Fact:
    label: StrOrPromise
    text: Words
    url: str = ""


@dataclass
class Shown:
    """A row on the team's page. `behind`: the assessments that its reader sees."""

    row: Row
    report: Reported | None = None
    comments: list[Said] = field(default_factory=list)
    may_write: bool = False
    is_late: bool = False
    under: list[Shown] = field(default_factory=list)
    behind: Behind = field(default_factory=dict)
    writing: Sequence[str] = ()  # colleagues who are at it just now

    @cached_property
    def words(self) -> Words:
        return spoken(self.row.get("words"))

    @cached_property
    def own_words(self) -> Words:
        return spoken(self.row.get("own_words"))

    @cached_property
    def domain(self) -> str:
        return label("plan_domain", self.row.get("domain"))

    @cached_property
    def level(self) -> Badge:
        code = self.row.get("level")
        return Badge(label("need_level", code), *LEVEL_BADGES.get(code, ("", "")))

    @cached_property
    def progress(self) -> Badge | None:
        if self.report is None:
            return None
        return Badge(self.report.state, *PROGRESS_BADGES.get(self.report.held["state"], ("", "")))

    @cached_property
    def start(self) -> date | None:
        return day_of(self.row, "start")

    @cached_property
    def end(self) -> date | None:
        return day_of(self.row, "end")

    @cached_property
    def facts(self) -> list[Fact]:
        return [self._fact(name) for name in _shown(self.row)]

    def _fact(self, name: str) -> Fact:
        if name == "evidence" and (known := self.behind.get(self.row.get(name))):
            return Fact(texts.LABELS[name], Words(known.title), known.url)
        return Fact(texts.LABELS[name], said(name, self.row.get(name)))

    @cached_property
    def official(self) -> list[Fact]:
        """Without what is said to the child, and without the titles of forms: what was assessed is not the authority's to read."""
        names = [name for name in _shown(self.row) if name not in texts.TO_CHILD]
        return [Fact(texts.LABELS[name], said(name, self.row.get(name))) for name in names]


def _shown(row: Row) -> list[str]:
    return [name for name in texts.FIELDS[row.kind] if row.get(name) and name not in _APART]


def outlined(standing: Standing) -> list[Shown]:
    """The needs that are worked on with their objectives, without what was said beside them: two queries at most."""
    draft = standing.draft is not None
    reports = {} if draft else voices.reports_of(standing.file)
    today = timezone.localdate(standing.file.actor.now)

    def goal(row: Row) -> Shown:
        report, end = reports.get(row.ref), day_of(row, "end")
        late = end is not None and end < today and not (report and report.is_reached)
        return Shown(row, report, is_late=late and not draft)

    needs = texts.outline(standing.newest).needs
    return [Shown(need.row, under=[goal(one.row) for one in need.objectives]) for need in needs]


def shown(standing: Standing, text: Text, *, is_draft: bool) -> list[Shown]:
    """The needs of a text with what stands under them; how it goes stands with what was agreed."""
    file = standing.file
    comments: dict[str, list[Said]] = defaultdict(list)
    for one in standing.comments:
        comments[one.row.row_id.hex if one.row.row_id else ""].append(one)
    reports, behind = {} if is_draft else voices.reports_of(file), evidence.behind(file, text)
    here = presence.writing(file) if is_draft else {}
    writes = file.may(Verb.PLAN_WRITE) and not case_of(file).is_closed
    today = timezone.localdate(file.actor.now)

    def made(row: Row, under: Sequence[Shown] = ()) -> Shown:
        report, end = reports.get(row.ref), day_of(row, "end")
        live = standing.by_ref.get(row.ref)
        may = writes and live is not None and may_write(file, live) and (is_draft or row.kind == RowKind.NEED)
        late = end is not None and end < today and not (report and report.is_reached)
        now = here.get(row.ref, ())
        return Shown(row, report, comments[row.ref], may, late and not is_draft, list(under), behind, now)

    found = []
    for need in texts.outline(text).needs:
        goals = [made(one.row, [made(activity) for activity in one.activities]) for one in need.objectives]
        found.append(made(need.row, goals))
    return found


def official(text: Text) -> list[Shown]:
    """The needs of a text with what stands under them, for whoever is no colleague: without what was said beside them."""
    return [
        Shown(need.row, under=[Shown(one.row, under=[Shown(row) for row in one.activities]) for one in need.objectives])
        for need in texts.outline(text).needs
    ]


@dataclass(frozen=True)
class Asked:
    """One side of the agreement. `is_of_now`: what it said is about the draft as it stands."""

    party: Party
    agreed: Agreed | None
    is_of_now: bool

    @property
    def is_missing(self) -> bool:
        return self.agreed is None or not (self.agreed.favours and self.is_of_now)

    @property
    def badge(self) -> Badge:
        if self.agreed is None:
            return Badge(_("not asked yet"), "warning")
        if not self.is_of_now:
            return Badge(_("said of an earlier text: ask again"), "warning", "refresh")
        answer = self.agreed.answer
        if self.agreed.favours:
            return Badge(answer, "success", "check")
        return Badge(answer, "danger" if self.agreed.says(voices.NO) else "warning", "alert")


def _said(standing: Standing, plan: Plan) -> dict[str, Agreed]:
    """As it was frozen; what was said since only where a version came into force without somebody."""
    frozen = reading.frozen_of(standing.file, plan)
    if frozen.said and not plan.allowed_at:
        return {party: Agreed(Agreement(party=party), dict(held)) for party, held in frozen.said.items()}
    return voices.agreements_of(standing.file, plan)


def asked(standing: Standing, plan: Plan, text: Text) -> list[Asked]:
    now, found = texts.digest(text), _said(standing, plan)
    return [Asked(one, found.get(one), one in found and found[one].is_of(now)) for one in Party]


def team_page(file: File) -> dict[str, Any]:
    """The plan that is worked on: the draft, else the version in force; with what was said."""
    standing = Standing(file)
    draft, agreed = standing.draft, standing.agreed
    text, plan = standing.newest, draft or agreed
    outline = texts.outline(text)
    frozen = standing.frozen
    new_needs = [row for ref, row in standing.live.items() if row.kind == RowKind.NEED and row != text.get(ref)]
    return {
        "plan": plan,
        "plans": standing.plans,
        "draft": draft,
        "agreed": agreed,
        "whole": Shown(outline.whole, may_write=_writes_whole(standing)) if outline.whole else None,
        "needs": shown(standing, text, is_draft=draft is not None),
        "new_needs": [Shown(row) for row in new_needs],
        "unanswered": [Shown(row) for row in texts.unanswered(text)] if draft else [],
        "asked": asked(standing, plan, text) if plan else [],
        "state_badge": STATE_BADGES.get(plan.state, "") if plan else "",
        "of_the_whole": [one for one in standing.comments if one.row.row_id is None] if plan else [],
        "reviews": [voices.reviewed(file, one) for one in _last_reviews(agreed)]
        if voices.are_open(file) and not draft
        else [],
        "talks": voices.are_open(file),
        "next_look": standing.next_look,
        "lacks": lacks(frozen.without),
        "ground": spoken(frozen.ground),
        "heads": names_of_heads(file) if waiting.waits(standing) else None,
        "may": may(standing),
    }


def version_page(standing: Standing, plan: Plan, since: Plan | None) -> dict[str, Any]:
    """A version whole, with who agreed to it, and what is another since an older one."""
    file, text, frozen = standing.file, standing.text_of(plan), reading.frozen_of(standing.file, plan)
    whole = texts.outline(text).whole
    return {
        "plan": plan,
        "plans": standing.plans,
        "since": since,
        "changes": comparing.compared(standing.text_of(since), text) if since else [],
        "whole": Shown(whole) if whole else None,
        "needs": shown(standing, text, is_draft=plan.is_draft),
        "may": {"report": True} if plan == standing.agreed and may(standing)["report"] else {},
        "asked": asked(standing, plan, text),
        "digest": texts.digest(text)[:16],
        "state_badge": STATE_BADGES.get(plan.state, ""),
        "why": spoken(file.open(plan, "why") if plan.why else ""),
        "lacks": lacks(frozen.without),
        "ground": spoken(frozen.ground),
        "why_aside": spoken(frozen.why),
    }


def draft_page(standing: Standing) -> dict[str, Any]:
    """What a supervisor decides on: the draft whole, and what each side said of it."""
    whole = texts.outline(standing.live).whole
    told = {"whole": Shown(whole) if whole else None, "needs": official(standing.live)}
    return told | {"asked": asked(standing, standing.draft, standing.live) if standing.draft else []}


def _writes_whole(standing: Standing) -> bool:
    row = next((one for one in standing.rows if one.kind == RowKind.WHOLE), None)
    return standing.draft is not None and row is not None and may_write(standing.file, row)


def _last_reviews(agreed: Plan | None) -> Sequence[Any]:
    if agreed is None:
        return ()
    return list(agreed.reviews.select_related("author__user").order_by("-at", "-id")[:3])


def may(standing: Standing) -> Mapping[str, bool]:
    """What the actor can do with the plan now."""
    file, draft, agreed = standing.file, standing.draft, standing.agreed
    is_open = not case_of(file).is_closed
    return {
        "begin": is_open and draft is None and file.may(Verb.PLAN_DRAFT),
        "drop": is_open and draft is not None and file.may(Verb.PLAN_DROP),
        "need": is_open and file.may(Verb.NEED_RECORD) and file.writes(Part.PLAN),
        "write": is_open and draft is not None and file.may(Verb.PLAN_WRITE) and file.writes(Part.PLAN),
        "comment": is_open and file.may(Verb.PLAN_COMMENT) and (draft or agreed) is not None,
        "agree": is_open and (draft or standing.lacking) is not None and file.may(Verb.PLAN_AGREE),
        "allow": is_open and draft is not None and file.may(Verb.PLAN_ALLOW),
        "approve": is_open and agreed is not None and agreed.approved_at is None and file.may(Verb.PLAN_APPROVE),
        "report": is_open and agreed is not None and file.may(Verb.PLAN_REPORT),
        "review": is_open and agreed is not None and file.may(Verb.PLAN_REVIEW),
    }


def initial(row: PlanRow, fields: Row) -> dict[str, Any]:
    """What a form of a row begins with."""
    held: dict[str, Any] = dict(fields.fields)
    return held | {"seen": row.version}
