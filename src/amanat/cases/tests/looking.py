"""What the tests of the pages share: a written-on file, many children at once, and the queries of a page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry
from amanat.cases.actions import consenting, handing, registering, writing
from amanat.cases.actions.registering import NewChild
from amanat.cases.models import Case, Task
from amanat.vault.sealing import open_sealed
from tests.cast import Cast

NOTES = {
    Part.REFERRAL_SUMMARY: "Needs a place to sleep, urgent, speaks Turkmen.",
    Part.CONTACTS: "The aunt lives behind the bakery.",
    Part.SAFETY: "The recruiter knows the address.",
    Part.FACTS: "Worked in a shop across the border.",
    Part.NARRATIVE: "Рассказывает спокойно, говорит коротко.",
}
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def write_on(case: Case, cast: Cast) -> None:
    """Open the case; notes in five parts by jemal, a psychologist with notes of her own, a late flag and one to come."""
    jemal = cast.actor("jemal")
    registering.open_case(case, risk="high", priority="P2", reason="A call from school.", actor=jemal)
    for part, text in NOTES.items():
        writing.note(case, part=part, text=text, actor=jemal)
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    ogulgerek = cast.actor("ogulgerek")
    writing.note(case, part=Part.PSYCHOLOGY_NOTES, text="A process note of her own.", actor=ogulgerek)
    writing.note(case, part=Part.PSYCHOLOGY_SUMMARY, text="Sleeps better.", actor=ogulgerek)
    make_late(writing.flag(case, text="Call the school.", due=cast.now, actor=jemal), cast.now - timedelta(days=1))
    writing.flag(case, text="Bring winter shoes.", due=cast.now + timedelta(days=2), actor=jemal)


def make_late(task: Task, due: datetime) -> None:
    """As if the days since had passed: a verb takes no flag that is late already."""
    Task.objects.filter(pk=task.pk).update(due=due)
    Case.objects.filter(pk=task.case_id).update(next_due=due)


EVERYTHING = frozenset(Part) - consenting.NOT_TO_SHARE


def bring_in(case: Case, cast: Cast, name: str, relation: Relation, *, parts: Collection[Part] = EVERYTHING) -> None:
    """Into the circle; somebody of another agency by a consent that names the parts."""
    if cast[name].agency_id != case.agency_id:
        consenting.record_consent(
            case,
            purpose="assistance_by_partner",
            recipient=cast[name].agency,
            parts=sorted(parts),
            given_by="both",
            words="Yes.",
            given_on=cast.now.date(),
            actor=cast.actor("jemal"),
        )
    handing.bring_in(case, to=cast[name], relation=relation, reason="Needed.", actor=cast.actor("jemal"))


def many(cast: Cast, count: int) -> list[Case]:
    """Children that jemal manages, with names in an order of their own."""
    names = [f"Name{place * 7919 % count:04d}" for place in range(count)]
    children = [NewChild({"names": [{"given": name, "family": "Test"}]}, risk="low") for name in names]
    return registering.register(children, actor=cast.actor("jemal"))


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements run inside, without those that only begin or end transactions."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(CONTROL)]


def read(client: Client, address: str, **query: str) -> str:
    """The page, which must be there."""
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def last_entry(case: Case) -> tuple[Entry, dict[str, Any]]:
    """The newest line of the log about a case's child, and its details."""
    entries = list(Entry.objects.select_related("subject").filter(subject=case.subject))
    entry = entries[-1]
    return entry, open_sealed(entry, "details") or {}
