"""Files on their way out: what came in leaves again, only what was changed here differs; by whom, after what, and in which log."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amanat.access.files import ProofNeeded
from amanat.access.policy import Part
from amanat.audit.models import Entry, Outcome
from amanat.cases.actions.changing import close
from amanat.cases.actions.consenting import record_consent
from amanat.cases.actions.facts import write_facts
from amanat.cases.actions.registering import open_case
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, Sheet
from amanat.exchange import findings
from amanat.exchange.actions import exporting, importing
from amanat.exchange.tests.bringing import looked, taken
from amanat.exchange.work import Work
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused
from tests.cast import NOW

pytestmark = pytest.mark.django_db

HEADERS = [
    "prs_FirstName", "prs_SecondName", "prs_MiddleName", "prs_Birthdate", "prs_Gender", "prs_MobilePhone", "prs_Citizenship",
    "prs_MailingCity", "vic_MethodsOfControl", "vic_AgeWhenTrafficked", "con_Consent", "hte_City", "hte_City_2", "Shoe size",
]  # fmt: skip
ROWS = [
    ["Aylar", "Walkedowa", "Merdanowna", "2011-03-04", "Feminine", "+99312345678", "TM", "Mary",
     "DebtBondage; TakesEarnings", "12", "TRUE", "Mary", "Ashgabat", "=36+1"],
    ["Айлар", "Чарыева", "", "2012-12-31", "NonSpecifiedUnknown", "", "MD; TM", "", "", "", "FALSE", "", "", "-"],
]  # fmt: skip


@pytest.fixture
def manager(browse, actor):
    """Jemal's browser; she has brought the children of `ROWS`."""
    client = browse("jemal")
    held = looked(actor("jemal"), ROWS, HEADERS)
    assert held.whole
    importing.take(held, which="all", actor=actor("jemal"))
    Work().all_of(held)
    return client


@pytest.fixture
def ours(cast):
    return cast["jemal"].agency


@pytest.fixture
def harbour(cast):
    return cast["dowlet"].agency


def sent(client, kind="csv", to="", **more):
    to = to or client.get("/export").context["form"].fields["to"].own
    return client.post("/export", {"which": "all", "to": to, "kind": kind, "reason": "For the court.", **more})


def cases() -> list[Case]:
    return list(Case.objects.select_related("subject", "child__subject", "agency"))


def called(given: str) -> Case:
    return next(case for case in cases() if open_sealed(case.child, "identity")["names"][0]["given"] == given)


def consent(case, to, parts, **more):
    said = {"purpose": "assistance_by_partner", "given_by": "child", "words": "Yes.", "given_on": NOW.date()}
    actor = more.pop("actor")
    return record_consent(case, recipient=to, parts=parts, actor=actor, **said | more)


def table(answer) -> list[dict[str, str]]:
    text = b"".join(answer).decode("utf-8-sig")
    return sorted(csv.DictReader(io.StringIO(text)), key=lambda row: row["prs_FirstName"])


def differences(rows) -> dict[tuple[int, str], tuple[str, str]]:
    """Where a table that came out is unlike the one that was brought, by row and column."""
    found = {}
    for number, (out, came) in enumerate(zip(rows, sorted(ROWS), strict=True)):
        brought_in = dict(zip(HEADERS, came, strict=True))
        for name in set(HEADERS[:-1]) | set(out):
            was = brought_in.get(name.removeprefix("amanat_also: "), "").strip()
            now = out.get(name, "").removeprefix("'")
            if was != now:
                found[number, name] = (was, now)
    return found


# The one exception to "as it came": each file has a stage, so a row that came without a status leaves with that of its stage.
# Whether the file that was brought said so or not can't be told apart afterwards.
STATUS = {(number, "cas_Status"): ("", "Active") for number in range(len(ROWS))}


def test_what_came_in_leaves_as_it_came_but_for_the_status_of_a_row_that_had_none(manager):
    assert differences(table(sent(manager))) == STATUS


def test_only_the_cell_that_was_changed_here_differs(manager, actor):
    write_facts(
        called("Aylar"), section="victim_context", record=1, values={"vic_AgeWhenTrafficked": 13}, actor=actor("jemal")
    )
    assert differences(table(sent(manager))) == STATUS | {(0, "vic_AgeWhenTrafficked"): ("12", "13")}


def test_a_workbook_that_left_makes_nothing_new_when_it_comes_back(manager, actor):
    answer = sent(manager, "xlsx")
    assert answer["Content-Disposition"].startswith('attachment; filename="children.xlsx"')
    held = looked(actor("jemal"), answer.content)
    assert findings.counts(held)["known"] == len(ROWS)
    assert findings.counts(held)["wrong"] == 0


def test_each_child_has_an_entry_that_says_what_for_and_to_whom(manager, ours):
    sent(manager)
    entries = Entry.objects.filter(verb="case.export", outcome=Outcome.DONE).select_related("subject")
    assert {entry.subject_id for entry in entries} == set(Case.objects.values_list("subject", flat=True))
    details = [open_sealed(entry, "details") for entry in entries]
    assert {(told["reason"], told["to"]) for told in details} == {("For the court.", ours.name)}


def test_without_a_reason_nothing_leaves(manager):
    answer = sent(manager, reason=" ")
    assert answer["Content-Type"].startswith("text/html")
    assert not Entry.objects.filter(verb="case.export").exists()


def test_only_those_that_were_ticked_leave(manager):
    one = Case.objects.all()[0]
    assert len(table(sent(manager, which="ticked", cases=[one.pk.hex]))) == 1
    assert "Tick at least one child." in sent(manager, which="ticked").content.decode()


def test_a_fresh_sign_in_stands_before_it(manager, browse):
    stale = browse("jemal", proved=False)
    assert "/account/" in stale.get("/export")["Location"]
    assert "/account/" in sent(stale, to="any")["Location"]


def test_who_is_not_the_case_manager_gets_nothing_out(manager, actor, browse, ours):
    case = Case.objects.select_related("subject", "child", "agency")[0]
    for name in ("merdan", "aman", "kerim"):
        with pytest.raises(Refused):
            exporting.export(case, to=ours, kind="csv", reason="x", actor=actor(name))
        assert "You are the case manager of no child" in browse(name).get("/export").content.decode()
    with pytest.raises(ProofNeeded):
        exporting.export(case, to=ours, kind="csv", reason="x", actor=actor("jemal", proved_at=None))


def test_one_child_that_may_not_leave_keeps_all_from_leaving(manager, actor, register, ours):
    foreign = register(by="dowlet")
    own = Case.objects.exclude(pk=foreign.pk).select_related("subject", "child", "agency")[0]
    with pytest.raises(Refused):
        exporting.export(own, siblings=[foreign], to=ours, kind="csv", reason="x", actor=actor("jemal"))


@pytest.mark.parametrize("own", [True, False])
def test_a_larger_file_asks_no_more_queries(own, manager, actor, ours, harbour):
    to = ours if own else harbour

    def asked() -> int:
        managed = list(exporting.managed(actor("jemal")))
        for case in managed if not own else []:
            consent(case, harbour, [Part.IDENTITY], actor=actor("jemal"))
        with CaptureQueriesContext(connection) as captured:
            exporting.export(managed[0], siblings=managed[1:], to=to, kind="csv", reason="x", actor=actor("jemal"))
        return len(captured)

    few = asked()
    taken(actor("jemal"), [[f"Given{n}", f"Family{n}", "2010-01-01", "", ""] for n in range(40)])
    assert asked() == few


# --- to another agency -----------------------------------------------------------------------------------------------


def test_another_agency_gets_only_the_parts_that_a_consent_names_for_it(manager, actor, harbour):
    for case in cases():
        consent(case, harbour, [Part.IDENTITY], actor=actor("jemal"))
    first, _second = table(sent(manager, to=harbour.pk))
    assert (first["prs_FirstName"], first["prs_Birthdate"]) == ("Aylar", "2011-03-04")
    kept = {"prs_MobilePhone", "vic_MethodsOfControl", "con_Consent", "hte_City", "cas_Status"}
    assert {first[name] for name in kept} == {""}
    assert not [name for name in first if name.startswith("amanat_also")]


def test_a_child_without_consent_keeps_all_from_leaving_and_is_named(manager, actor, harbour):
    aylar, other = called("Aylar"), called("Айлар")
    consent(aylar, harbour, [Part.IDENTITY], actor=actor("jemal"))
    answer = sent(manager, to=harbour.pk).content.decode()
    assert "There is no consent to share these files with" in answer
    told = answer.partition("There is no consent to share these files with")[2].partition("<")[0]
    assert str(other) in told
    assert str(aylar) not in told
    assert not Entry.objects.filter(verb="case.export", outcome=Outcome.DONE).exists()


@pytest.mark.parametrize("what", ["ended", "withdrawn", "for another agency", "for photographs"])
def test_a_consent_that_does_not_hold_opens_nothing(what, case, actor, cast, harbour):
    jemal = actor("jemal")
    said = {"purpose": "photo"} if what == "for photographs" else {}
    to = cast["irina"].agency if what == "for another agency" else harbour
    given = consent(case, to, [Part.IDENTITY], actor=jemal, **said)
    if what == "ended":
        given.until = NOW.date() - timedelta(days=1)
    if what == "withdrawn":
        given.withdrawn_at = NOW
    given.save()
    with pytest.raises(exporting.NoConsent):
        exporting.export(case, to=harbour, kind="csv", reason="x", actor=jemal)


def test_to_whom_it_went_stands_in_the_log_of_the_child(case, actor, browse, harbour):
    jemal = actor("jemal")
    consent(case, harbour, [Part.IDENTITY], actor=jemal)
    exporting.export(case, to=harbour, kind="csv", reason="For the lawyer.", actor=jemal)
    assert f"→ {harbour.name}" in browse("jemal").get(reverse("cases.who_looked", args=[case])).content.decode()


def test_where_it_goes_must_be_said(manager):
    answer = manager.post("/export", {"which": "all", "kind": "csv", "reason": "x"})
    assert answer["Content-Type"].startswith("text/html")
    assert not Entry.objects.filter(verb="case.export").exists()


# --- two cases of a child, and more than a workbook holds ------------------------------------------------------------


def test_a_child_with_two_cases_leaves_once(case, actor, browse, ours):
    jemal = actor("jemal")
    open_case(case, risk="high", priority="high", reason="x", actor=jemal)
    close(case, why="goals_reached", reason="x", actor=jemal)
    newer = open_case(case, risk="high", priority="high", reason="x", actor=jemal)
    assert list(exporting.managed(jemal)) == [newer]
    exported = exporting.export(case, siblings=[newer], to=ours, kind="csv", reason="x", actor=jemal)
    assert [row["cas_Status"] for row in exported.rows] != ["Closed"]
    assert len(table(sent(browse("jemal")))) == 1


def test_more_columns_than_a_workbook_has_are_told_on_the_page(case, actor, browse):
    Sheet.objects.create(
        subject=case.subject,
        child=case.child,
        section=ALSO_IN_THE_SOURCE,
        record=1,
        part=Part.NARRATIVE,
        changed_by=actor("jemal").membership,
        changed_at=NOW,
        values={f"Header {number}": "x" for number in range(1100)},
    )
    assert "Bring out fewer children at once" in sent(browse("jemal"), "xlsx").content.decode()
    assert len(table(sent(browse("jemal")))) == 1
