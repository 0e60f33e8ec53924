"""What is being prepared on a file: the needs, who could help with each, what a receiver would read, which consent is missing."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone

from amanat import packs
from amanat.access.consents import ConsentMissing, Gate
from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.consent_ages import bands_of
from amanat.cases.shown import Badge, age, case_of, label, opened
from amanat.directory import finding
from amanat.directory.finding import Found
from amanat.directory.judging import Wanted
from amanat.directory.nearness import point_of
from amanat.referrals import agreeing, askable, terms
from amanat.referrals.models import Kind, Referral, Response, State
from amanat.referrals.showing import Line, Summary, part_labels, urgency_badge

NEED = "need"
SHELTER = "shelter"


@dataclass(frozen=True, slots=True)
class Need:
    """What is needed how soon, in codes, as it stands in an address."""

    code: str
    urgency: str

    def __str__(self) -> str:
        return f"{self.code}:{self.urgency}"

    @property
    def label(self) -> str:
        return label("service_need", self.code)

    @property
    def badge(self) -> Badge:
        return urgency_badge(self.urgency)


def need_of(word: str) -> Need:
    """Raises:
    Http404: no pack knows the need, or how soon.
    """
    code, _colon, urgency = word.partition(":")
    if code not in packs.current().codes("service_need") or urgency not in terms.urgencies():
        raise Http404
    return Need(code, urgency)


def needs_in(query: QueryDict) -> list[Need]:
    """The needs that the address names; a word that no pack knows counts as none, and of one need the last word counts."""
    needs, urgencies = packs.current().codes("service_need"), terms.urgencies()
    split = [one.partition(":") for one in query.getlist(NEED)]
    found = {code: urgency for code, _colon, urgency in split if code in needs and urgency in urgencies}
    return [Need(code, urgency) for code, urgency in found.items()]


def known_of(file: File) -> dict[str, Any]:
    """What the file says of the child that a summary begins with: age band, sex, languages. Empty where it is closed."""
    if not file.sees(Part.IDENTITY):
        return {}
    identity, today = opened(file, Part.IDENTITY), timezone.localdate(file.actor.now)
    bands = bands_of(identity, today)
    return {
        "age_band": bands[0].name,
        "sex": identity.get("sex", ""),
        "languages": list(identity.get("languages") or []),
        "age": age(identity.get("birth_date", ""), today),
        "has_documents": bool(identity.get("documents")),
    }


_NAMES = ("age", "sex", "language", "region", "open", "free")


@dataclass(frozen=True)
class Looked:
    """What is looked for in the directory, in the words of the address; what it does not say comes from the file."""

    need: Need
    age: str = ""
    sex: str = ""
    language: str = ""
    region: str = ""
    open: str = ""
    free: str = ""

    @classmethod
    def of(cls, need: Need, query: QueryDict, known: Mapping[str, Any]) -> Looked:
        if "filtered" not in query:
            languages = known.get("languages") or [""]
            years = known.get("age")
            return cls(
                need,
                age="" if years is None else str(years),
                sex=known.get("sex", ""),
                language=languages[0],
                open="on" if urgent(need) else "",
                free="on" if need.code == SHELTER else "",
            )
        age, sex, language, region, open_, free = (str(query.get(name, ""))[:40] for name in _NAMES)
        return cls(need, age, sex, language, region, open_, free)

    def found(self, file: File, cursor: str) -> Found:
        now = file.actor.now
        wanted = Wanted(
            need=self.need.code,
            age=int(self.age) if self.age.isdecimal() and len(self.age) < 4 else None,
            sex=self.sex,
            languages=(self.language,) if self.language else (),
            region=self.region if self.region in packs.current().codes("region") else "",
            near=point_of(region=self.region) if self.region else None,
            open_at=now if self.open else None,
            free_places=bool(self.free),
        )
        return finding.find(wanted, now=now, cursor=cursor, services=askable.services(file))

    @property
    def query(self) -> str:
        return urlencode({"filtered": "1"} | {name: getattr(self, name) for name in _NAMES if getattr(self, name)})


def urgent(need: Need) -> bool:
    """Whether it is to happen so soon that it counts who is open now."""
    held = terms.urgencies().get(need.urgency)
    return held is not None and held.order == 0


@dataclass(frozen=True)
class Draft:
    """One that is being prepared: what is still missing of it. `missing` says which consent; `nobody`: no one there can take it."""

    line: Line
    summary: Summary
    missing: ConsentMissing | None
    nobody: bool = False

    @property
    def way(self) -> str:
        """The link to where the missing consent is recorded, and back here."""
        return self.missing.way(page_of(self.line.referral)) if self.missing else ""

    @property
    def is_written(self) -> bool:
        return any(str(self.summary.held.get(name) or "").strip() for name in ("need", "words"))

    @property
    def is_ready(self) -> bool:
        return self.is_written and self.missing is None and not self.nobody

    @property
    def parts(self) -> list[Any]:
        return part_labels(self.line.referral.parts)


def page_of(row: Referral) -> str:
    """Where it is prepared, with what leaves together with it."""
    return f"{reverse('referrals.prepare', args=[row.case])}?response={row.response_id.hex}"


def response_of(file: File, ref: str) -> Response | None:
    """The response that the address names, else the one that was being prepared last, else none.

    Raises:
        Http404: this file has none of that reference.
    """
    rows = Response.objects.filter(case=file.row.pk).select_related("subject")
    if ref:
        row = rows.filter(pk=_uuid(ref)).first()
        if row is None:
            raise Http404
    else:
        row = rows.filter(referrals__state=State.DRAFT).order_by("-made_at").first()
    if row is not None:
        row.case, row.subject = case_of(file), file.row.subject
    return row


def _uuid(ref: str) -> uuid.UUID:
    try:
        return uuid.UUID(ref)
    except ValueError:
        raise Http404 from None


def drafts_of(file: File, response: Response | None) -> list[Draft]:
    """Four queries, however many."""
    if response is None:
        return []
    gate, rows = Gate(case_of(file), file.actor.now), rows_of(file, response)
    able = askable.that_can(file, {row.agency_id for row in rows if row.agency_id})
    return [_draft(file, row, gate, able) for row in rows]


def draft(file: File, ref: uuid.UUID, *, also_past: bool = False) -> Referral | None:
    """One of the drafts of this file; `also_past`: or one that was a draft when its page was shown."""
    row = _drafts(also_past=also_past).filter(pk=ref, case=file.row.pk).first()
    return _held(file, row) if row else None


def draft_of(file: File, row: Referral) -> Draft:
    able = askable.that_can(file, {row.agency_id} if row.agency_id else set())
    return _draft(file, row, Gate(case_of(file), file.actor.now), able)


def rows_of(file: File, response: Response) -> list[Referral]:
    """The most urgent first."""
    rows = [_held(file, row) for row in _drafts().filter(response=response.pk)]
    return sorted(rows, key=lambda row: (_order(row.urgency), row.need, row.number))


def _order(urgency: str) -> int:
    held = terms.urgencies().get(urgency)
    return held.order if held else len(terms.urgencies())


def _drafts(*, also_past: bool = False) -> QuerySet[Referral]:
    rows = Referral.objects.filter(kind=Kind.SERVICE, **{} if also_past else {"state": State.DRAFT})
    return rows.select_related("subject", "agency", "organisation__agency", "service")


def asked_outside(file: File) -> dict[uuid.UUID, str]:
    """The organisations without Amanat that what is being prepared on a file would go to."""
    rows = Referral.objects.filter(case=file.row.pk, state=State.DRAFT, agency=None).select_related("organisation")
    return {row.organisation.pk: str(row.organisation) for row in rows if row.organisation}


def _held(file: File, row: Referral) -> Referral:
    row.case, row.subject = case_of(file), file.row.subject
    return row


def written(file: File, row: Referral) -> dict[str, Any]:
    """What the form of a draft says at first."""
    return dict(file.open(row, "summary") or {}) | {"parts": row.parts, "seen": row.version}


def _draft(file: File, row: Referral, gate: Gate, able: Collection[uuid.UUID]) -> Draft:
    summary, nobody = Summary(file.open(row, "summary") or {}), row.agency_id is not None and row.agency_id not in able
    return Draft(Line(row, file.actor.now), summary, _missing(file, row, gate), nobody)


def _missing(file: File, row: Referral, gate: Gate) -> ConsentMissing | None:
    try:
        agreeing.consent_for(row, file.actor.now, file, gate)
    except ConsentMissing as missing:
        return missing
    return None


def begins_with(file: File, others: Sequence[Referral], again: Referral | None) -> tuple[dict[str, Any], list[Part]]:
    """What a new one says at first: what was asked of somebody who did not take it, else what the file and the others say."""
    if again is not None:
        return dict(file.open(again, "summary") or {}), [Part(part) for part in again.parts]
    known, same = known_of(file), (file.open(others[-1], "summary") or {}) if others else {}
    begun = {name: same.get(name) or known.get(name) or "" for name in ("age_band", "sex", "limits")}
    languages = same.get("languages") or known.get("languages") or []
    return {"need": "", "words": "", "languages": languages} | begun, []
