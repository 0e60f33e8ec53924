"""What is known of an age as an actor may read it: how somebody stands, since when, and each finding in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.cautions import Caution
from amanat.cases.models import Case
from amanat.cases.shown import Text, label, opened, spoken
from amanat.identification import age
from amanat.identification.age import Because, Found, Kind, Known, Standing
from amanat.identification.models import AgeRecord
from amanat.web.formats import written

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ASKED = "_age"  # of a file of one page
STANDINGS: dict[Standing, StrOrPromise] = {
    Standing.CHILD: gettext_lazy("A child"),
    Standing.TREATED_AS_CHILD: gettext_lazy("Treated as a child: the age is in doubt"),
    Standing.ADULT: gettext_lazy("An adult: that is settled"),
}
REASONS: dict[Because, StrOrPromise] = {
    Because.NOTHING: gettext_lazy("Nothing says how old this person is."),
    Because.DOUBT: gettext_lazy("Somebody wrote that it is in doubt. It stays so until somebody settles it."),
    Because.UNSETTLED: gettext_lazy(
        "It was only said. A document that somebody saw, or an assessment, would settle it."
    ),
    Because.MARGIN: gettext_lazy("What was found reaches under 18."),
    Because.DIFFERS: gettext_lazy("What was said or found since does not agree with it."),
    Because.KNOWN: "",
}
KINDS: dict[Kind, StrOrPromise] = {
    Kind.CLAIMED: gettext_lazy("What was said"),
    Kind.DOCUMENTED: gettext_lazy("What a document shows"),
    Kind.ASSESSED: gettext_lazy("What an assessment found"),
    Kind.DOUBT: gettext_lazy("Whether it is in doubt"),
}


@dataclass(frozen=True)
class Line:
    """One finding in words. `row` is None for what the identity of the file says."""

    kind: Kind
    title: StrOrPromise
    says: str
    facts: list[tuple[StrOrPromise, Text]]
    doubt: bool
    reasons: Text
    row: AgeRecord | None = None
    from_call: bool = False


@dataclass(frozen=True)
class Period:
    since: date
    found: Found

    @property
    def title(self) -> StrOrPromise:
        return STANDINGS[self.found.standing]


@dataclass(frozen=True)
class Age:
    """All that is known of one person's age to the actor. `lines`: the newest first."""

    lines: list[Line]
    known: list[Known]
    today: date
    identity_is_open: bool

    @property
    def is_recorded(self) -> bool:
        return any(line.row for line in self.lines)

    @cached_property
    def found(self) -> Found:
        return age.standing(self.known, self.today)

    @property
    def title(self) -> StrOrPromise:
        return STANDINGS[self.found.standing]

    @property
    def because(self) -> StrOrPromise:
        return REASONS[self.found.because]

    @property
    def is_caution(self) -> bool:
        return self.found.standing is Standing.TREATED_AS_CHILD

    @property
    def in_doubt(self) -> bool:
        return bool(self.known) and self.known[-1].doubt

    @cached_property
    def periods(self) -> list[Period]:
        return [Period(*one) for one in age.periods(self.known, self.today)]

    @property
    def protection_stands(self) -> bool:
        """Whether somebody stood as a child before it was settled that they are an adult."""
        before = [one.found.standing for one in self.periods[:-1]]
        return self.found.standing is Standing.ADULT and any(one is not Standing.ADULT for one in before)


def of(file: File) -> Age:
    """What is known of the age on a file. One query, however often one page asks: head and section say the same."""
    held: Age | None = vars(file).get(ASKED)
    if held is None:
        held = vars(file)[ASKED] = _asked(file)
    return held


def _asked(file: File) -> Age:
    today = timezone.localdate(file.actor.now)
    rows = AgeRecord.objects.filter(subject=file.row.subject_id).select_related("author__user", "author__agency")
    records = [(row, _open(file, row)) for row in rows.order_by("written_at", "id")]
    identity = _identity(file)
    known = [_known(content, timezone.localdate(row.written_at)) for row, content in records]
    lines = [_line(content, row) for row, content in records]
    if identity:
        on = known[0].on if known else today
        first = _known(identity, on)
        known, lines = [first, *known], [_line(identity), *lines]
        if (
            first.settles and records
        ):  # nobody becomes an adult while a document that stands in the identity says otherwise
            known.append(replace(first, on=known[-1].on, doubt=known[-1].doubt, settles=False))
    return Age(lines[::-1], known, today, not isinstance(file.row, Case) or file.sees(Part.IDENTITY))


def _open(file: File, row: AgeRecord) -> dict[str, Any]:
    row.subject = file.row.subject
    content: dict[str, Any] = file.open(row, "content")
    return content


def _identity(file: File) -> dict[str, Any] | None:
    """What a child's identity says, as if it were the first finding. Only a document settles anything: no margin stands there."""
    if not isinstance(file.row, Case) or not file.sees(Part.IDENTITY):
        return None
    held = opened(file, Part.IDENTITY)
    year = str(held.get("birth_year", ""))
    if not held.get("birth_date") and not year.isdecimal():
        return None
    documented = held.get("certainty") == "documented"
    return {
        "kind": Kind.DOCUMENTED if documented else Kind.CLAIMED,
        "birth_date": held.get("birth_date", ""),
        "birth_year": "" if held.get("birth_date") else year,
        "certainty": held.get("certainty", ""),
    }


def _known(content: Mapping[str, Any], on: date) -> Known:
    born = _born(content)
    settles = content["kind"] in (Kind.DOCUMENTED, Kind.ASSESSED)
    return Known(on, born, bool(content.get("doubt")), settles and born is not None)


def _born(content: Mapping[str, Any]) -> tuple[date, date] | None:
    if content.get("birth_date"):
        day = date.fromisoformat(content["birth_date"])
        return day, day
    if content.get("birth_year"):
        year = int(content["birth_year"])
        return date(year, 1, 1), date(year, 12, 31)
    if content.get("least") is None:
        return None
    return age.born_between(content["least"], content["most"], date.fromisoformat(content["day"]))


def _line(content: Mapping[str, Any], row: AgeRecord | None = None) -> Line:
    kind = Kind(content["kind"])
    return Line(
        kind,
        KINDS[kind] if row else _("What the identity of the file says"),
        _says(content),
        [(name, text) for name, text in _facts(content) if text.text],
        bool(content.get("doubt")),
        spoken(content.get("reasons", "")),
        row,
        bool(content.get("from_call")),
    )


def _says(content: Mapping[str, Any]) -> str:
    if content.get("birth_date"):
        born = written(date.fromisoformat(content["birth_date"]), "DATE_FORMAT")
        return _("born on %(day)s") % {"day": born}
    if content.get("birth_year"):
        return _("born about %(year)s") % {"year": content["birth_year"]}
    if content.get("assessed") and content.get("consent"):
        return _("%(age)s years, %(margin)s more or less") % {
            "age": Decimal(content["assessed"]),
            "margin": Decimal(content["margin"]),
        }
    least, most = content.get("least"), content.get("most")
    if least is None or most is None:
        return ""
    if least != most:
        return _("%(least)s to %(most)s years") % {"least": least, "most": most}
    return ngettext("%(years)s year", "%(years)s years", least) % {"years": least}


def _facts(content: Mapping[str, Any]) -> Iterable[tuple[StrOrPromise, Text]]:
    if content.get("certainty"):
        yield _("How certain"), Text(label("birth_date_certainty", content["certainty"]))
    if content.get("document"):
        yield _("Document"), Text(label("document_kind", content["document"]))
    if content.get("method"):
        yield _("How it was assessed"), Text(label("age_method", content["method"]))
    if content["kind"] == Kind.ASSESSED:
        yield _("Day of the assessment"), Text(written(date.fromisoformat(content["day"]), "DATE_FORMAT"))
        yield _("Consent"), Text(_("Yes") if content["consent"] else _("No: nothing follows from that"))
    who = {Kind.CLAIMED: _("Who says so"), Kind.DOCUMENTED: _("Who saw it"), Kind.ASSESSED: _("Who assessed it")}
    yield who.get(content["kind"], ""), spoken(content.get("who", ""))
    yield _("Words"), spoken(content.get("words", ""))


def caution(file: File) -> Caution | None:
    """For the head of a child's file."""
    known = of(file)
    if not (known.is_recorded and known.is_caution):
        return None
    return Caution(known.title, known.because, "identification.case_age")


def panel(file: File) -> dict[str, Any] | None:
    """For the head of a matter's page."""
    known = of(file)
    return {"age": known, "matter": file.row} if known.is_recorded and known.is_caution else None
