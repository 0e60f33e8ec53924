"""Files on their way out: what came in leaves again, only what was changed here differs; by whom, after what, and in which log."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from datetime import timedelta
from functools import partial
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amanat import packs
from amanat.access.files import ProofNeeded
from amanat.access.models import Conflict
from amanat.access.policy import Part
from amanat.audit.models import Entry, Outcome
from amanat.cases import going_out
from amanat.cases.actions.changing import close, reopen
from amanat.cases.actions.consenting import record_consent
from amanat.cases.actions.facts import write_facts
from amanat.cases.actions.handing import hand_over
from amanat.cases.actions.registering import open_case
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, Sheet, Stage
from amanat.exchange import downloads, findings
from amanat.exchange.actions import exporting, importing
from amanat.exchange.tests.books import read
from amanat.exchange.tests.bringing import looked, taken
from amanat.exchange.work import Work
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused
from amanat.web.paging import keyset_page
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


def asked(client, kind="csv", to="", **more):
    """What the page answers to what was filled in: what would leave, or what is missing."""
    to = to or client.get("/export").context["form"].fields["to"].own
    return client.post("/export", {"which": "all", "to": to, "kind": kind, "reason": "For the court.", **more})


def sent(client, kind="csv", to="", **more):
    """The same, looked at and made."""
    answer = asked(client, kind, to, **more)
    return agreed(client, answer) if "looked_at" in answer.content.decode() else answer


def asked_again(answer):
    """All that the page holds which says what would leave."""
    held = defaultdict(list)
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()):
        held[name].append(unescape(value))
    return held


def agreed(client, answer):
    """The button of that page: what it holds is sent back."""
    return client.post("/export", asked_again(answer))


def cases() -> list[Case]:
    return list(Case.objects.select_related("subject", "child__subject", "agency"))


def called(given: str) -> Case:
    return next(case for case in cases() if open_sealed(case.child, "identity")["names"][0]["given"] == given)


def consent(case, to, parts, **more):
    said = {"purpose": "assistance_by_partner", "given_by": "both", "words": "Yes.", "given_on": NOW.date()}
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


def test_what_came_in_leaves_as_it_came(manager):
    assert differences(table(sent(manager))) == {}


def test_a_status_that_no_row_said_leaves_once_the_stage_was_changed_here(manager, actor):
    said = {"reason": "x", "actor": actor("jemal")}
    open_case(called("Aylar"), risk="high", priority="P1", **said)
    assert differences(table(sent(manager))) == {(0, "cas_Status"): ("", "Active")}
    close(called("Айлар"), why="other", **said)
    assert differences(table(sent(manager)))[1, "cas_Status"] == ("", "Closed")
    reopen(called("Айлар"), **said)
    assert called("Айлар").stage == Stage.REGISTERED
    assert differences(table(sent(manager)))[1, "cas_Status"] == ("", "Active")


def test_a_status_that_a_row_said_and_that_of_a_child_registered_here_leave(actor, browse, register):
    rows = [["Aylar", "Active"], ["Merdan", ""], ["Sona", "FollowUp"]]
    held = looked(actor("jemal"), rows, ["prs_FirstName", "cas_Status"])
    importing.take(held, which="all", actor=actor("jemal"))
    Work().all_of(held)
    register(identity={"names": [{"given": "Ýazgül"}]})
    out = [(row["prs_FirstName"], row["cas_Status"]) for row in table(sent(browse("jemal")))]
    assert sorted(out) == sorted([*map(tuple, rows), ("Ýazgül", "Active")])


def test_only_the_cell_that_was_changed_here_differs(manager, actor):
    write_facts(
        called("Aylar"), section="victim_context", record=1, values={"vic_AgeWhenTrafficked": 13}, actor=actor("jemal")
    )
    assert differences(table(sent(manager))) == {(0, "vic_AgeWhenTrafficked"): ("12", "13")}


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
        managed = list(going_out.managed(actor("jemal")))
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


def test_children_without_consent_are_named_before_and_stay_out(manager, actor, harbour):
    aylar, other = called("Aylar"), called("Айлар")
    consent(aylar, harbour, [Part.IDENTITY], actor=actor("jemal"))
    answer = asked(manager, to=harbour.pk)
    told = answer.content.decode().partition("There is no consent to share with")[2].partition("<")[0]
    assert str(other) in told
    assert str(aylar) not in told
    assert not Entry.objects.filter(verb="case.export").exists()
    assert [row["prs_FirstName"] for row in table(agreed(manager, answer))] == ["Aylar"]
    entries = Entry.objects.filter(verb="case.export", outcome=Outcome.DONE)
    assert [entry.subject_id for entry in entries] == [aylar.subject_id]


def test_where_nobody_may_go_the_form_says_so_and_keeps_what_was_typed(manager, harbour):
    answer = asked(manager, to=harbour.pk).content.decode()
    told = answer.partition("There is no consent to share these files with")[2].partition("<")[0]
    assert all(str(case) in told for case in cases())
    assert "For the court." in answer


def test_the_verb_itself_lets_no_child_leave_beside_one_without_consent(manager, actor, harbour):
    aylar, other = called("Aylar"), called("Айлар")
    consent(aylar, harbour, [Part.IDENTITY], actor=actor("jemal"))
    with pytest.raises(exporting.NoConsent, match=str(other)):
        exporting.export(aylar, siblings=[other], to=harbour, kind="csv", reason="x", actor=actor("jemal"))


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


# --- said before -----------------------------------------------------------------------------------------------------


def test_before_anything_leaves_the_page_says_how_many_where_what_and_what_for(manager, actor, cast, harbour):
    for case in cases():
        consent(case, harbour, [Part.IDENTITY, Part.CONTACTS], actor=actor("jemal"))
    one = called("Aylar")
    Conflict.objects.create(
        subject=one.subject, user=cast["jemal"].user, part=Part.CONTACTS, recorded_by=cast["jemal"], recorded_at=NOW
    )
    answer = asked(manager, to=harbour.pk)
    seen = answer.context["leaving"]
    assert (len(seen.cases), seen.staying, seen.whole) == (2, [], "identity")
    assert seen.missing[0] == ("contacts", 0, 1)
    assert seen.missing[1:] == [(part, 2, 0) for part in ("facts", "narrative", "plan", "consent")]
    page = " ".join(answer.content.decode().split())
    for words in (harbour.name, "For the court.", "Table for another system", "of 1 child, because it is not open to you",
                  "of 2 children, because no consent names it", "Never leaves"):  # fmt: skip
        assert words in page
    assert not Entry.objects.filter(verb="case.export").exists()


def test_of_what_stays_in_the_agency_everything_is_said_to_leave(manager):
    seen = asked(manager).context["leaving"]
    assert (seen.missing, seen.outside) == ([], False)


def test_what_changed_since_it_was_looked_at_is_shown_again(manager, actor, harbour):
    for case in cases():
        given = consent(case, harbour, [Part.IDENTITY], actor=actor("jemal"))
    answer = asked(manager, to=harbour.pk)
    given.withdrawn_at = NOW
    given.save()
    again = agreed(manager, answer)
    assert len(again.context["leaving"].staying) == 1
    assert not Entry.objects.filter(verb="case.export").exists()
    assert len(table(agreed(manager, again))) == 1


def test_other_parts_of_the_same_children_are_shown_again_though_the_counts_are_the_same(manager, actor, harbour):
    jemal, aylar, other = actor("jemal"), called("Aylar"), called("Айлар")
    wide = consent(aylar, harbour, [Part.IDENTITY, Part.CONTACTS], actor=jemal)
    consent(aylar, harbour, [Part.IDENTITY], actor=jemal)
    consent(other, harbour, [Part.IDENTITY], actor=jemal)
    answer = asked(manager, to=harbour.pk)
    wide.withdrawn_at = NOW
    wide.save()
    consent(other, harbour, [Part.CONTACTS], actor=jemal)
    again = agreed(manager, answer)
    assert again.context["leaving"].missing == answer.context["leaving"].missing
    assert not Entry.objects.filter(verb="case.export").exists()
    assert [row["prs_MobilePhone"] for row in table(agreed(manager, again))] == ["", ""]


def test_in_another_language_what_was_looked_at_is_the_same(manager, harbour, actor):
    for case in cases():
        consent(case, harbour, [Part.IDENTITY], actor=actor("jemal"))
    answer = asked(manager, to=harbour.pk)
    assert len(table(agreed(speaking(manager, "ru"), answer))) == 2


def test_whoever_was_ticked_leaves_though_another_child_has_taken_their_place_on_the_page(
    manager, monkeypatch, actor, register
):
    monkeypatch.setattr("amanat.exchange.views.exporting.keyset_page", partial(keyset_page, size=2))
    ticked = [called("Aylar").pk.hex, called("Айлар").pk.hex]
    answer = asked(manager, which="ticked", cases=ticked)
    newer = register(by="jemal")
    Case.objects.filter(pk=newer.pk).update(opened_in=newer.opened_in + timedelta(days=40))
    shown = manager.get("/export").context["form"].fields["cases"].choices
    assert [reference for reference, _name in shown if reference in ticked] == [shown[1][0]]
    back = manager.post("/export", dict(asked_again(answer), change="1")).context["form"]
    assert set(ticked) <= {reference for reference, _name in back.fields["cases"].choices}
    assert {row["prs_FirstName"] for row in table(agreed(manager, answer))} == {"Aylar", "Айлар"}


def test_whoever_is_ticked_and_handed_over_meanwhile_stays_and_that_is_shown(manager, actor, cast):
    aylar, other = called("Aylar"), called("Айлар")
    answer = asked(manager, which="ticked", cases=[aylar.pk.hex, other.pk.hex])
    hand_over(aylar, to=cast["merdan"], reason="Leave.", actor=actor("jemal"))
    again = agreed(manager, answer)
    assert [case.pk for case in again.context["leaving"].cases] == [other.pk]
    assert [row["prs_FirstName"] for row in table(agreed(manager, again))] == ["Айлар"]


def test_a_tick_that_is_no_reference_is_refused(manager):
    answer = asked(manager, which="ticked", cases=["1 or 1"])
    assert "cases" in answer.context["form"].errors


def test_what_was_typed_is_kept_until_the_file_was_made(manager):
    assert manager.post("/draft", {"page": "/export", "body": "reason=For+the+court."}).status_code == 200
    answer = asked(manager)
    assert manager.get("/export").context["form"]["reason"].value() == "For the court."
    assert len(table(agreed(manager, answer))) == 2
    assert not manager.get("/export").context["form"]["reason"].value()


def test_whoever_changes_something_finds_all_as_they_left_it(manager):
    page = asked(manager, "semicolons", which="ticked", cases=[called("Aylar").pk.hex], change="1")
    form = page.context["form"]
    assert (form["kind"].value(), form["reason"].value()) == ("semicolons", "For the court.")
    assert form["cases"].value() == [called("Aylar").pk.hex]
    assert not form.errors


def test_the_page_that_says_it_opens_no_name_and_asks_at_most_twelve_queries(manager, actor, harbour):
    for case in cases():
        consent(case, harbour, [Part.IDENTITY], actor=actor("jemal"))
    with CaptureQueriesContext(connection) as captured:
        assert asked(manager, to=harbour.pk).context["leaving"]
    assert len(captured) <= 12
    assert not Entry.objects.filter(page="exchange.export", outcome=Outcome.READ).exists()


# --- for a person's Excel --------------------------------------------------------------------------------------------


def speaking(client, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


@pytest.mark.parametrize(
    ("language", "first"), [("en", "commas"), ("tk", "semicolons"), ("ru", "semicolons"), ("ro", "semicolons")]
)
def test_the_table_for_excel_as_it_is_set_up_where_the_language_is_spoken_is_offered_first(language, first, manager):
    form = speaking(manager, language).get("/export").context["form"]
    assert [kind for kind, _label in form.fields["kind"].choices][:2] == ["xlsx", first]


@pytest.mark.parametrize("kind", ["semicolons", "commas"])
@pytest.mark.parametrize("language", ["en", "tk", "ru", "ro"])
def test_a_table_for_excel_comes_back_with_the_same_values(kind, language, manager, actor):
    by_codes = b"".join(sent(manager))
    in_words = b"".join(sent(speaking(manager, language), kind))
    label = packs.current().field("prs_SecondName").label.text(language)
    assert label in in_words.decode().splitlines()[0].split(downloads.KINDS[kind])
    assert [(row.flat, row.also_with_faults()) for row in read(in_words)] == [
        (row.flat, row.also_with_faults()) for row in read(by_codes)
    ]
    held = looked(actor("jemal"), in_words)
    assert (findings.counts(held)["known"], findings.counts(held)["wrong"]) == (len(ROWS), 0)


# --- two cases of a child, and more than a workbook holds ------------------------------------------------------------


def test_a_child_with_two_cases_leaves_once(case, actor, browse, ours):
    jemal = actor("jemal")
    open_case(case, risk="high", priority="high", reason="x", actor=jemal)
    close(case, why="goals_reached", reason="x", actor=jemal)
    newer = open_case(case, risk="high", priority="high", reason="x", actor=jemal)
    assert list(going_out.managed(jemal)) == [newer]
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
