"""What the team's pages of a plan show: its rows in words, with comments, reports and what each may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases.record_pages import title_of
from amanat.cases.shown import Badge, case_of, label, spoken
from amanat.cases.shown import Text as Words
from amanat.forms.records import records_of
from amanat.plans import differences, texts, voices
from amanat.plans.forms.rows import OBSERVED
from amanat.plans.models import Party, Plan, PlanRow, RowKind
from amanat.plans.reading import Standing, may_write
from amanat.plans.texts import Row, Text
from amanat.plans.voices import Agreed, Reported, Said
from amanat.web.formats import written

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LEVEL_BADGES = {"high": ("danger", "alert"), "medium": ("warning", ""), "low": ("", "")}
STATE_BADGES = {"draft": "warning", "agreed": "success", "superseded": ""}
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


@dataclass
class Shown:
    """A row on the team's page."""

    row: Row
    report: Reported | None = None
    comments: list[Said] = field(default_factory=list)
    may_write: bool = False
    is_late: bool = False
    under: list[Shown] = field(default_factory=list)

    @property
    def words(self) -> Words:
        return spoken(self.row.get("words"))

    @property
    def own_words(self) -> Words:
        return spoken(self.row.get("own_words"))

    @property
    def domain(self) -> str:
        return label("plan_domain", self.row.get("domain"))

    @property
    def level(self) -> Badge:
        code = self.row.get("level")
        return Badge(label("need_level", code), *LEVEL_BADGES.get(code, ("", "")))

    @property
    def progress(self) -> Badge | None:
        if self.report is None:
            return None
        return Badge(self.report.state, *PROGRESS_BADGES.get(self.report.held["state"], ("", "")))

    @property
    def start(self) -> date | None:
        return day_of(self.row, "start")

    @property
    def end(self) -> date | None:
        return day_of(self.row, "end")

    @property
    def facts(self) -> list[Fact]:
        return [Fact(texts.LABELS[name], said(name, self.row.get(name))) for name in _shown(self.row)]

    @property
    def official(self) -> list[Fact]:
        """Without what is said to the child."""
        names = [name for name in _shown(self.row) if name not in ("phrase", "for_child")]
        return [Fact(texts.LABELS[name], said(name, self.row.get(name))) for name in names]


def _shown(row: Row) -> list[str]:
    return [name for name in texts.FIELDS[row.kind] if row.get(name) and name not in _APART]


def day_of(row: Row, name: str) -> date | None:
    return date.fromisoformat(row.get(name)) if row.get(name) else None


def said(name: str, value: str) -> Words:
    """The value of a field in the reader's words."""
    if name in texts.CODES and value:
        return Words(label(texts.CODES[name], value))
    if name in texts.DAYS and value:
        return Words(written(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    if name == "evidence" and value:
        return Words(evidence_said(value))
    return spoken(value)


def evidence_said(value: str) -> str:
    """`record:3` as the form's title with its number, as it was when it was chosen; what was seen has no form."""
    if value == OBSERVED:
        return _("Seen or heard, no form")
    kind, _colon, rest = value.partition(":")
    number, _space, title = rest.partition(" ")
    return _("%(form)s, record %(number)s") % {"form": title, "number": number} if kind == "record" else value


def assessments(file: File) -> list[tuple[str, str]]:
    """The records of forms that the actor sees something of, as choices of what stands behind a need."""
    values = [f"record:{record.number} {title_of(record)}" for record, _more in records_of(file)]
    return [(value, evidence_said(value)) for value in values]


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
    """The needs of a text with what stands under them."""
    file = standing.file
    comments: dict[str, list[Said]] = defaultdict(list)
    for one in standing.comments:
        comments[one.row.row_id.hex if one.row.row_id else ""].append(one)
    reports = voices.reports_of(file)
    writes = file.may(Verb.PLAN_WRITE) and not case_of(file).is_closed
    today = timezone.localdate(file.actor.now)

    def made(row: Row, under: Sequence[Shown] = ()) -> Shown:
        report, end = reports.get(row.ref), day_of(row, "end")
        live = standing.by_ref.get(row.ref)
        may = writes and live is not None and may_write(file, live) and (is_draft or row.kind == RowKind.NEED)
        late = end is not None and end < today and not (report and report.is_reached)
        return Shown(row, report, comments[row.ref], may, late and not is_draft, list(under))

    found = []
    for need in texts.outline(text).needs:
        goals = [made(one.row, [made(activity) for activity in one.activities]) for one in need.objectives]
        found.append(made(need.row, goals))
    return found


@dataclass(frozen=True)
class Asked:
    """One side of the agreement. `is_of_now`: what it said is about the draft as it stands."""

    party: Party
    agreed: Agreed | None
    is_of_now: bool

    @property
    def badge(self) -> Badge:
        if self.agreed is None:
            return Badge(_("not asked yet"), "warning")
        if not self.is_of_now:
            return Badge(_("said of an earlier text: ask again"), "warning", "refresh")
        return Badge(
            self.agreed.answer,
            "success" if self.agreed.favours else "danger",
            "check" if self.agreed.favours else "alert",
        )


def asked(standing: Standing, plan: Plan, text: Text) -> list[Asked]:
    now, found = texts.digest(text), voices.agreements_of(standing.file, plan)
    return [Asked(one, found.get(one), one in found and found[one].is_of(now)) for one in Party]


def team_page(file: File) -> dict[str, Any]:
    """The plan that is worked on: the draft, else the version in force; with what was said."""
    standing = Standing(file)
    draft, agreed = standing.draft, standing.agreed
    text, plan = standing.newest, draft or agreed
    outline = texts.outline(text)
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
        "reviews": [voices.reviewed(file, one) for one in _last_reviews(agreed)],
        "may": may(standing),
    }


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
        "need": is_open and file.may(Verb.NEED_RECORD) and file.writes(Part.PLAN),
        "write": is_open and draft is not None and file.may(Verb.PLAN_WRITE) and file.writes(Part.PLAN),
        "comment": is_open and file.may(Verb.PLAN_COMMENT) and (draft or agreed) is not None,
        "agree": is_open and draft is not None and file.may(Verb.PLAN_AGREE),
        "approve": is_open and agreed is not None and agreed.approved_at is None and file.may(Verb.PLAN_APPROVE),
        "report": is_open and agreed is not None and file.may(Verb.PLAN_REPORT),
        "review": is_open and agreed is not None and file.may(Verb.PLAN_REVIEW),
    }


@dataclass(frozen=True)
class ChangeShown:
    """A row that is another in two versions, in words."""

    change: differences.Change
    domain: str

    @property
    def kind(self) -> str:
        return str(RowKind(self.change.row.kind).label)

    @property
    def title(self) -> Words:
        row = self.change.row
        return spoken(row.get("words")) if row.get("words") else Words(str(self.kind))

    @property
    def fields(self) -> list[tuple[StrOrPromise, list[tuple[str, str]]]]:
        told = []
        for one in self.change.fields:
            before, after = said(one.name, one.before).text, said(one.name, one.after).text
            whole = (
                one.name in texts.CODES or one.name in texts.DAYS
            )  # a code or a day is another one, not another word of it
            pieces = differences.replaced(before, after) if whole else differences.pieces(before, after)
            told.append((texts.LABELS.get(one.name, one.name), pieces))
        return told


def compared(before: Text, after: Text) -> list[ChangeShown]:
    both = {**before, **after}
    return [
        ChangeShown(change, label("plan_domain", texts.domain_of(both, change.row)))
        for change in differences.between(before, after)
    ]


def initial(row: PlanRow, fields: Row) -> dict[str, Any]:
    """What a form of a row begins with."""
    held: dict[str, Any] = dict(fields.fields)
    return held | {"seen": row.version}
