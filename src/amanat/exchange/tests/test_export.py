"""Files on their way out: what came in leaves again, only what was changed here differs; by whom, after what, and in which log."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat.access.files import ProofNeeded
from amanat.audit.models import Entry, Outcome
from amanat.cases.actions.facts import write_facts
from amanat.cases.models import Case
from amanat.exchange import findings
from amanat.exchange.actions import exporting, importing
from amanat.exchange.tests.bringing import looked, taken
from amanat.exchange.work import Work
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused

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


def sent(client, kind="csv", **more):
    return client.post("/export", {"which": "all", "kind": kind, "reason": "For the court.", **more})


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


def test_what_came_in_leaves_as_it_came(manager):
    found = differences(table(sent(manager)))
    assert {key: change for key, change in found.items() if key[1] != "cas_Status"} == {}


def test_only_the_cell_that_was_changed_here_differs(manager, actor):
    case = next(
        case
        for case in Case.objects.select_related("subject", "child__subject", "agency")
        if open_sealed(case.child, "identity")["names"][0]["given"] == "Aylar"
    )
    write_facts(case, section="victim_context", record=1, values={"vic_AgeWhenTrafficked": 13}, actor=actor("jemal"))
    found = {key: change for key, change in differences(table(sent(manager))).items() if key[1] != "cas_Status"}
    assert found == {(0, "vic_AgeWhenTrafficked"): ("12", "13")}


def test_a_workbook_that_left_makes_nothing_new_when_it_comes_back(manager, actor):
    answer = sent(manager, "xlsx")
    assert answer["Content-Disposition"].startswith('attachment; filename="children.xlsx"')
    held = looked(actor("jemal"), answer.content)
    assert findings.counts(held)["known"] == len(ROWS)
    assert findings.counts(held)["wrong"] == 0


def test_each_child_has_an_entry_that_says_what_for(manager):
    sent(manager)
    entries = Entry.objects.filter(verb="case.export", outcome=Outcome.DONE).select_related("subject")
    assert {entry.subject_id for entry in entries} == set(Case.objects.values_list("subject", flat=True))
    assert {open_sealed(entry, "details")["reason"] for entry in entries} == {"For the court."}


def test_without_a_reason_nothing_leaves(manager):
    answer = manager.post("/export", {"which": "all", "kind": "csv", "reason": " "})
    assert answer["Content-Type"].startswith("text/html")
    assert not Entry.objects.filter(verb="case.export").exists()


def test_only_those_that_were_ticked_leave(manager):
    one = Case.objects.all()[0]
    assert len(table(sent(manager, which="ticked", cases=[one.pk.hex]))) == 1
    assert "Tick at least one child." in sent(manager, which="ticked").content.decode()


def test_a_fresh_sign_in_stands_before_it(manager, browse):
    stale = browse("jemal", proved=False)
    assert "/account/" in stale.get("/export")["Location"]
    assert "/account/" in sent(stale)["Location"]


def test_who_is_not_the_case_manager_gets_nothing_out(manager, actor, browse):
    case = Case.objects.select_related("subject", "child", "agency")[0]
    for name in ("merdan", "aman", "kerim"):
        with pytest.raises(Refused):
            exporting.export(case, kind="csv", reason="x", actor=actor(name))
        assert "You are the case manager of no child" in browse(name).get("/export").content.decode()
    with pytest.raises(ProofNeeded):
        exporting.export(case, kind="csv", reason="x", actor=actor("jemal", proved_at=None))


def test_one_child_that_may_not_leave_keeps_all_from_leaving(manager, actor, register):
    foreign = register(by="dowlet")
    own = Case.objects.exclude(pk=foreign.pk).select_related("subject", "child", "agency")[0]
    with pytest.raises(Refused):
        exporting.export(own, siblings=[foreign], kind="csv", reason="x", actor=actor("jemal"))


def test_a_larger_file_asks_no_more_queries(manager, actor):
    def asked() -> int:
        cases = list(exporting.managed(actor("jemal")))
        with CaptureQueriesContext(connection) as captured:
            exporting.export(cases[0], siblings=cases[1:], kind="csv", reason="x", actor=actor("jemal"))
        return len(captured)

    few = asked()
    taken(actor("jemal"), [[f"Given{n}", f"Family{n}", "2010-01-01", "", ""] for n in range(40)])
    assert asked() == few
