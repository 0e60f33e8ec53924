"""Recruiters whom several matters name: marks of what the calls say, and the list of them for the supervisor of the hotline.

What stands in clear is a keyed digest. The words are opened, for whoever sees them, from the calls that a mark was made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file, open_files, visible_to
from amanat.access.policy import Verb
from amanat.cases.shown import Text, spoken
from amanat.hotline import marks
from amanat.hotline.models import Call, Matter, RecruiterMark
from amanat.web.day import Tile
from amanat.web.paging import Page, count_text, keyset_page

NEW_FOR: Final = timedelta(days=7)
SHOWN: Final = 3  # matters of one recruiter


def mark_recruiter(matter: Matter, travel: Mapping[str, Any], at: datetime | None = None) -> None:
    """Remember the recruiter whom travel answers of a matter name. Within the verb that writes them."""
    _keep(matter, dict.fromkeys(marks.recruiters_in(matter.agency, travel), at or matter.last_at))


def remark(matter: Matter, *, actor: Actor) -> None:
    """Let the marks say what the calls of the matter say now, and no more. Within a verb that changed one or took it away."""
    file, named = open_file(actor, matter), dict[bytes, datetime]()
    for call in Call.objects.filter(matter=matter).order_by("rang_at", "id"):
        for digest in marks.recruiters_in(matter.agency, _travel(file, call)):
            named.setdefault(digest, call.rang_at)
    RecruiterMark.objects.filter(matter=matter).exclude(digest__in=list(named)).delete()
    _keep(matter, named)


def _keep(matter: Matter, named: Mapping[bytes, datetime]) -> None:
    kept = [RecruiterMark(matter=matter, agency=matter.agency, digest=digest, at=at) for digest, at in named.items()]
    RecruiterMark.objects.bulk_create(kept, ignore_conflicts=True)


def _travel(file: File, call: Call) -> Mapping[str, Any]:
    call.subject = file.row.subject
    return (file.open(call, "content") or {}).get("travel") or {}


# --- the list -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A name or number that several matters have. `words`: as they are written there, each once; empty where none is open."""

    words: list[Text]
    matters: int
    since: datetime
    last_at: datetime
    newest: list[Matter]
    files: list[File]

    @property
    def is_more(self) -> bool:
        return self.matters > len(self.newest)


def in_several(actor: Actor) -> QuerySet[RecruiterMark]:
    """Of each name or number that at least two matters have which the actor may know of: its newest mark."""
    known = _known(actor)
    same = known.filter(digest=OuterRef("digest"))
    others = same.exclude(matter=OuterRef("matter"))
    later = same.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
    return known.filter(Exists(others), ~Exists(later))


def _known(actor: Actor) -> QuerySet[RecruiterMark]:
    matters = visible_to(actor, Matter.objects.filter(agency=actor.membership.agency))
    return RecruiterMark.objects.filter(agency=actor.membership.agency, matter__in=matters.values("pk"))


def page_of(actor: Actor, cursor: str) -> tuple[Page[Any], list[Line]]:
    """The marks of the page, and what is to be read of each. Seven queries, however many there are."""
    counted = _known(actor).filter(digest=OuterRef("digest")).order_by().values("digest")
    rows: QuerySet[Any] = in_several(actor).annotate(
        matters=Subquery(counted.annotate(n=Count("matter", distinct=True)).values("n")),
        since=Subquery(counted.annotate(first=Min("at")).values("first")),
    )
    page = keyset_page(rows, order=["-at", "-id"], cursor=cursor)
    return page, _lines(actor, page.rows)


def _lines(actor: Actor, rows: Iterable[RecruiterMark]) -> list[Line]:
    rows = list(rows)
    place = Window(RowNumber(), partition_by=F("digest"), order_by=[F("at").desc(), F("pk").desc()])
    found = _known(actor).filter(digest__in=[bytes(row.digest) for row in rows]).annotate(place=place)
    newest: dict[bytes, list[Any]] = {}
    for digest, matter in found.filter(place__lte=SHOWN).order_by("-at", "-pk").values_list("digest", "matter"):
        newest.setdefault(bytes(digest), []).append(matter)
    files = _files(actor, {matter for matters in newest.values() for matter in matters})
    said = _said(files)
    return [_line(row, [files[ref] for ref in newest[bytes(row.digest)]], said) for row in rows]


def _line(row: Any, files: list[File], said: Mapping[tuple[Any, bytes], str]) -> Line:
    digest = bytes(row.digest)
    words = dict.fromkeys(said[file.row.pk, digest] for file in files if (file.row.pk, digest) in said)
    matters = [file.row for file in files if isinstance(file.row, Matter)]
    return Line([spoken(word) for word in words], row.matters, row.since, row.at, matters, files)


def _files(actor: Actor, refs: set[Any]) -> dict[Any, File]:
    rows = visible_to(actor, Matter.objects.filter(pk__in=refs)).select_related("subject", "agency")
    return {file.row.pk: file for file in open_files(actor, rows)}


def _said(files: Mapping[Any, File]) -> dict[tuple[Any, bytes], str]:
    """By matter and digest: the words, as the matter's first call that has them spells them."""
    said: dict[tuple[Any, bytes], str] = {}
    for call in Call.objects.filter(matter__in=list(files)).order_by("rang_at", "id"):
        file = files[call.matter_id]
        if file.opens(call, "content"):
            for digest, words in marks.recruiters_in(file.row.agency, _travel(file, call)).items():
                said.setdefault((call.matter_id, digest), words)
    return said


def tile(actor: Actor) -> Tile | None:
    """On the supervisor's *My day*, where within a week somebody was named again, or for the first time in a second matter."""
    if not actor.may(Verb.LOOK_RECRUITERS):
        return None
    found = in_several(actor).filter(at__gt=actor.now - NEW_FOR)[:1001].count()
    if not found:
        return None
    return Tile(
        count_text(found), _("recruiters named in several matters"), "alert", "hotline.recruiters", kind="warning"
    )
