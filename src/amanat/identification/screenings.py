"""Screenings of a file as an actor may read them: the finding in words, and what it rests on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amanat import packs
from amanat.access.files import File
from amanat.cases.shown import Text, label, spoken
from amanat.identification import lists, rule
from amanat.identification.models import Screening
from amanat.identification.rule import Answer, Dimension, Finding, Result
from amanat.packs.labels import Label
from amanat.web.formats import written

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COMPARED = 4  # side by side
STRENGTHS: dict[str, StrOrPromise] = {
    "strong": gettext_lazy("strong"),
    "medium": gettext_lazy("medium"),
    "weak": gettext_lazy("weak"),
    "": "",
}
ANSWERS: dict[Answer, StrOrPromise] = {
    Answer.PRESENT: gettext_lazy("there"),
    Answer.ABSENT: gettext_lazy("not there"),
    Answer.UNKNOWN: gettext_lazy("not known"),
}
RULES: dict[rule.Amounts, StrOrPromise] = {
    (2, 0, 0): gettext_lazy("at least two strong indicators"),
    (1, 1, 0): gettext_lazy("one strong indicator and a medium one"),
    (1, 0, 1): gettext_lazy("one strong indicator and a weak one"),
    (0, 3, 0): gettext_lazy("at least three medium indicators"),
    (0, 2, 1): gettext_lazy("two medium indicators and a weak one"),
}
TITLES: dict[Result, StrOrPromise] = {
    Result.POINTS: gettext_lazy("The indicators point to trafficking of a child"),
    Result.OPEN: gettext_lazy("What is known is not enough yet"),
    Result.DOES_NOT: gettext_lazy("By this list the indicators do not point to trafficking"),
}
MEANINGS: dict[Result, StrOrPromise] = {
    Result.POINTS: gettext_lazy(
        "There was an act, and exploitation is positive. For a child that is enough: means need not be shown, and consent does not matter."
    ),
    Result.OPEN: gettext_lazy(
        "If the indicators that are not known yet were there, they would point to trafficking. Ask further."
    ),
    Result.DOES_NOT: gettext_lazy("That indicators are missing proves nothing. The child may still need help."),
    Result.COUNTED: gettext_lazy("Its signs prove nothing, present or absent. They are a reason to ask further."),
}
KINDS = {Result.POINTS: "warning", Result.OPEN: "info", Result.DOES_NOT: "info", Result.COUNTED: "info"}


@dataclass(frozen=True, slots=True)
class SignLine:
    """An indicator that was answered, in words."""

    label: Label
    strength: StrOrPromise
    who: str
    note: Text


@dataclass(frozen=True)
class DimensionShown:
    """A dimension with what the rule says of it, in words."""

    dimension: Dimension
    label: Label
    decides: bool
    present: Sequence[SignLine]
    absent: Sequence[SignLine]

    @property
    def is_untouched(self) -> bool:
        return not (self.decides or self.present or self.absent)

    @property
    def is_open(self) -> bool:
        """Whether what is not known yet could still make it positive."""
        return not self.dimension.positive and self.dimension.could_be

    @property
    def unknown(self) -> int:
        return len(self.dimension.with_answer(Answer.UNKNOWN))

    @property
    def met(self) -> StrOrPromise:
        return RULES[self.dimension.met] if self.dimension.met else ""

    @property
    def missing(self) -> list[str]:
        """Each way in which it would become positive."""
        return [_lacking(way) for way in self.dimension.missing]


@dataclass(frozen=True)
class Screened:
    """A screening that was opened."""

    row: Screening
    content: dict[str, Any]

    @cached_property
    def finding(self) -> Finding:
        answers = {code: Answer(one["is"]) for code, one in self.content["answers"].items()}
        weights = {code: (group, strength) for code, (group, strength) in self.content["weights"].items()}
        return rule.find(weights, answers, self.act)

    @property
    def act(self) -> Answer:
        if self.content["acts"]:
            return Answer.PRESENT
        return Answer.ABSENT if self.content["no_act"] else Answer.UNKNOWN

    @property
    def acts(self) -> list[str]:
        return [label("trafficking_act", code) for code in self.content["acts"]]

    @property
    def title(self) -> Label:
        return Label(self.content["title"])

    @property
    def source(self) -> Label:
        return Label(self.content["source"])

    @property
    def language(self) -> str:
        return packs.current().languages.name(self.content["language"])

    @property
    def note(self) -> Text:
        return spoken(self.content["note"])

    @property
    def reason(self) -> Text:
        return spoken(self.content["reason"])

    @property
    def list_has_changed(self) -> bool:
        return lists.has_changed(self.content)

    @property
    def day(self) -> str:
        """Its date and author, to tell it from others."""
        on = written(timezone.localdate(self.row.happened_at), "SHORT_DATE_FORMAT")
        return f"{on}, {self.row.author.user.display_name}"

    @property
    def says(self) -> StrOrPromise:
        return TITLES.get(self.finding.result) or self._says_count()

    def _says_count(self) -> str:
        asked = self.finding.asked
        told = ngettext("%(present)s of %(asked)s sign is there", "%(present)s of %(asked)s signs are there", asked)
        return told % {"present": self.present, "asked": asked}

    @property
    def means(self) -> StrOrPromise:
        return MEANINGS[self.finding.result]

    @property
    def kind(self) -> str:
        return KINDS[self.finding.result]

    @property
    def present(self) -> int:
        return self.finding.how_many(Answer.PRESENT)

    @property
    def counted(self) -> str:
        return _("%(present)s of %(asked)s are there, %(unknown)s are not known") % {
            "present": self.present,
            "asked": self.finding.asked,
            "unknown": self.finding.how_many(Answer.UNKNOWN),
        }

    @cached_property
    def dimensions(self) -> list[DimensionShown]:
        """What decides stands first."""
        shown = [self._dimension(one) for one in self.finding.dimensions]
        return sorted(shown, key=lambda one: not one.decides)

    @property
    def told(self) -> list[DimensionShown]:
        """What decides, and what somebody answered something of."""
        return [one for one in self.dimensions if not one.is_untouched]

    @property
    def untouched(self) -> list[DimensionShown]:
        return [one for one in self.dimensions if one.is_untouched]

    def _dimension(self, one: Dimension) -> DimensionShown:
        return DimensionShown(
            one,
            lists.group_label(self.content, one.group),
            self.finding.weighs and one.group == rule.EXPLOITATION,
            [self._line(sign) for sign in one.present],
            [self._line(sign) for sign in one.with_answer(Answer.ABSENT)],
        )

    def _line(self, sign: rule.Sign) -> SignLine:
        said = self.content["answers"][sign.code]
        who = said.get("who") or self.content["who"]
        return SignLine(
            lists.label_of(self.content, sign.code),
            STRENGTHS[sign.strength],
            label("screening_source", who),
            spoken(said.get("note", "")),
        )

    def answer(self, code: str) -> Answer:
        said = self.content["answers"].get(code)
        return Answer(said["is"]) if said else Answer.UNKNOWN


def _lacking(way: rule.Amounts) -> str:
    strong, medium, weak = way
    more = [
        ngettext("%(count)s more strong indicator", "%(count)s more strong indicators", strong) % {"count": strong}
        if strong
        else "",
        ngettext("%(count)s more medium indicator", "%(count)s more medium indicators", medium) % {"count": medium}
        if medium
        else "",
        ngettext("%(count)s more weak indicator", "%(count)s more weak indicators", weak) % {"count": weak}
        if weak
        else "",
    ]
    return " + ".join(one for one in more if one)


def rows_of(file: File) -> QuerySet[Screening]:
    """Screenings on a file, in the newest version of each."""
    rows = Screening.objects.filter(subject=file.row.subject_id, newest=True)
    return rows.select_related("author__user", "author__agency")


def on_this(file: File, ref: uuid.UUID) -> Screening | None:
    """A screening on the file, in whatever version; None where it is another's."""
    return Screening.objects.filter(pk=ref, subject=file.row.subject_id).select_related("author__user").first()


def versions_of(file: File, screening: Screening) -> QuerySet[Screening]:
    rows = Screening.objects.filter(subject=file.row.subject_id, series=screening.series)
    return rows.select_related("author__user", "author__agency").order_by("-version")


def opened(file: File, rows: Iterable[Screening]) -> list[Screened]:
    done = []
    for row in rows:
        row.subject = file.row.subject
        done.append(Screened(row, file.open(row, "content")))
    return done


@dataclass(frozen=True)
class Compared:
    """A line of the table in which screenings stand side by side: an indicator, and how each of them answered it."""

    label: Label
    answers: Sequence[tuple[Screened, Answer, StrOrPromise]]


def side_by_side(screened: Sequence[Screened]) -> list[Compared]:
    """The indicators that one of these screenings by the same list found there, and how the others answered them."""
    codes = dict.fromkeys(code for one in screened for code in one.content["weights"])
    found = [code for code in codes if any(one.answer(code) is Answer.PRESENT for one in screened)]
    return [
        Compared(
            lists.label_of(screened[0].content, code),
            [(one, one.answer(code), ANSWERS[one.answer(code)]) for one in screened],
        )
        for code in found
    ]


def comparable(screened: Sequence[Screened]) -> list[Screened]:
    """The newest screenings by one list, of which there are several; the oldest first."""
    by_list: dict[str, list[Screened]] = {}
    for one in screened:
        by_list.setdefault(one.content["list"], []).append(one)
    several = next((same for same in by_list.values() if len(same) > 1), [])
    return several[:COMPARED][::-1]
