"""Where a case stands, on its pages: opening, risk, stage, closing, reopening. Each asks for a reason and knows its version."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from amanat.cases.actions import changing, registering, writing
from amanat.cases.models import Case, Event, EventKind, Stage
from amanat.vault.sealing import open_sealed
from tests.cast import NOW


@pytest.fixture
def jemal(browse: Callable[..., Client]) -> Client:
    return browse("jemal")


@pytest.fixture
def opened(case: Case, actor: Any) -> Case:
    """Aylar's case, open since the call."""
    registering.open_case(case, risk="medium", priority="P3", reason="call", actor=actor("jemal"))
    return case


def page_of(case: Case, name: str) -> str:
    return f"/cases/{case.pk.hex}/{name}"


def post(client: Client, case: Case, name: str, **typed: str) -> Any:
    return client.post(page_of(case, name), {"seen": str(case.version), "reason": "as agreed"} | typed)


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def note_of(kind: EventKind, column: str = "note") -> dict[str, str]:
    note: dict[str, str] = open_sealed(Event.objects.get(kind=kind), column)
    return note


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_registered_child_gets_an_open_case(jemal: Client, case: Case) -> None:
    assert post(jemal, case, "open", risk="high", priority="P2")["Location"] == case.get_absolute_url()
    case.refresh_from_db()
    assert (case.stage, case.risk, case.priority) == (Stage.IDENTIFICATION, "high", "P2")


def test_an_open_case_is_not_opened_twice_and_the_page_says_so(jemal: Client, opened: Case) -> None:
    assert "This case is open already." in text(jemal.get(page_of(opened, "open")))
    answer = post(jemal, opened, "open", risk="high", priority="P2")
    assert "This case is open already." in text(answer)


def test_for_a_child_whose_case_is_closed_another_one_begins(jemal: Client, opened: Case, actor: Any) -> None:
    changing.close(opened, why="goals_met", reason="home", actor=actor("jemal"))
    assert "A new one begins beside it" in text(jemal.get(page_of(opened, "open")))
    answer = post(jemal, opened, "open", risk="low", priority="P4")
    other = Case.objects.exclude(pk=opened.pk).get()
    assert answer["Location"] == other.get_absolute_url()
    assert (other.child_id, other.stage) == (opened.child_id, Stage.IDENTIFICATION)


def test_what_each_level_means_and_that_nobody_checked_the_list_is_said(jemal: Client, case: Case) -> None:
    page = text(jemal.get(page_of(case, "open")))
    assert "Danger is likely; the safety plan is reviewed this week." in page
    assert "Nobody has checked the source of this list yet." in page


# --- risk -------------------------------------------------------------------------------------------------------------


def test_risk_and_priority_change_with_a_reason(jemal: Client, opened: Case) -> None:
    assert post(jemal, opened, "risk", risk="critical", priority="P1")["Location"] == opened.get_absolute_url()
    opened.refresh_from_db()
    assert (opened.risk, opened.risk_order, opened.priority) == ("critical", 0, "P1")
    assert note_of(EventKind.RISK_CHANGED) == {"was": "medium", "now": "critical", "priority": "P1"}
    assert note_of(EventKind.RISK_CHANGED, "words") == {"text": "as agreed"}


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("risk", "Choose how great the danger is."),
        ("priority", "Choose how urgent it is."),
        ("reason", "Write the reason. One sentence is enough."),
    ],
)
def test_each_answer_is_needed_and_the_others_are_kept(jemal: Client, opened: Case, missing: str, said: str) -> None:
    typed = {"risk": "critical", "priority": "P1", "reason": "he was seen"} | {missing: ""}
    page = text(post(jemal, opened, "risk", **typed))
    assert said in page
    assert ("he was seen" in page) is (missing != "reason")
    opened.refresh_from_db()
    assert opened.risk == "medium"


def test_a_file_without_a_risk_says_so_and_leads_to_where_it_is_set(
    jemal: Client, case: Case, browse: Callable[..., Client]
) -> None:
    link = f'<a class="chip" href="{page_of(case, "risk")}'
    assert link + '">' in text(jemal.get(case.get_absolute_url()))
    for reader in ("aman", "irina"):  # a supervisor, and a coordinator who has but the code name
        page = text(browse(reader).get(case.get_absolute_url()))
        assert "No risk yet" in page
        assert link not in page
    post(jemal, case, "risk", risk="high", priority="P2")
    assert "No risk yet" not in text(jemal.get(case.get_absolute_url()))


def test_a_closed_case_waits_for_no_risk(jemal: Client, case: Case, actor: Any) -> None:
    changing.close(case, why="other", reason="x", actor=actor("jemal"))
    assert "No risk yet" not in text(jemal.get(case.get_absolute_url()))


@pytest.mark.parametrize("asked", ["?risk=-&only=managed", ""])
def test_who_sets_risks_along_a_list_comes_back_to_it(jemal: Client, case: Case, asked: str) -> None:
    listed = jemal.get(f"/cases{asked}").content.decode()
    (way,) = re.findall(rf'<a class="chip" href="({page_of(case, "risk")}[^"]+)">', listed)
    address = unescape(way)
    back = f"/cases{asked}"
    assert f'href="{back}">Cancel' in text(jemal.get(address))
    sent = {"risk": "high", "priority": "P2", "reason": "A call.", "seen": case.version}
    assert jemal.post(address, sent)["Location"] == back


def test_an_address_made_up_as_a_list_leads_to_the_list(jemal: Client, case: Case) -> None:
    sent = {"risk": "high", "priority": "P2", "reason": "A call.", "seen": case.version}
    assert jemal.post(page_of(case, "risk") + "?list=//elsewhere.example/%3Frisk=x", sent)["Location"] == "/cases"


@pytest.fixture
def changed_meanwhile(opened: Case, actor: Any) -> tuple[Case, int]:
    """The case, and the version that jemal's page still shows; she herself has changed it in another tab."""
    seen = opened.version
    changing.change_risk(opened, risk="high", priority="P2", reason="a threat", seen=seen, actor=actor("jemal"))
    return opened, seen


def test_two_changes_at_once_show_both_and_mine_can_win(jemal: Client, changed_meanwhile: tuple[Case, int]) -> None:
    case, seen = changed_meanwhile
    page = text(post(jemal, case, "risk", risk="low", priority="P2", seen=str(seen)))
    assert "Somebody else changed this while you were writing." in page
    assert "keep-risk" in page
    assert "keep-priority" not in page
    choice = {"theirs-risk": "high", "keep-risk": "mine"}
    assert post(jemal, case, "risk", risk="low", priority="P2", **choice).status_code == 302
    case.refresh_from_db()
    assert case.risk == "low"


def test_or_theirs_can_stay(jemal: Client, changed_meanwhile: tuple[Case, int]) -> None:
    case, _seen = changed_meanwhile
    choice = {"theirs-risk": "high", "keep-risk": "theirs"}
    assert post(jemal, case, "risk", risk="low", priority="P1", **choice).status_code == 302
    case.refresh_from_db()
    assert (case.risk, case.priority) == ("high", "P1")


# --- stage ------------------------------------------------------------------------------------------------------------


def test_a_case_moves_to_another_stage(jemal: Client, opened: Case) -> None:
    assert post(jemal, opened, "stage", stage="assistance").status_code == 302
    opened.refresh_from_db()
    assert opened.stage == Stage.ASSISTANCE


def test_closing_and_registering_are_no_stages_to_move_to(jemal: Client, opened: Case) -> None:
    page = text(jemal.get(page_of(opened, "stage")))
    assert 'value="closed"' not in page
    assert 'value="registered"' not in page
    assert "Select a valid choice." in text(post(jemal, opened, "stage", stage="closed"))


def test_the_same_stage_is_no_move(jemal: Client, opened: Case) -> None:
    assert "The case stands at this stage already." in text(post(jemal, opened, "stage", stage="identification"))


def test_a_case_that_is_not_open_says_where_to_open_it(jemal: Client, case: Case) -> None:
    page = text(jemal.get(page_of(case, "stage")))
    assert "Only an open case moves from stage to stage." in page
    assert page_of(case, "open") in page


# --- closing and reopening --------------------------------------------------------------------------------------------


def test_a_case_is_closed_with_why_and_in_words(jemal: Client, opened: Case) -> None:
    assert post(jemal, opened, "close", why="goals_met").status_code == 302
    opened.refresh_from_db()
    assert (opened.stage, opened.closed_at) == (Stage.CLOSED, NOW)
    assert note_of(EventKind.CLOSED, "words") == {"text": "as agreed", "why": "goals_met"}


def test_a_case_with_something_to_do_stays_open_and_the_page_leads_there(
    jemal: Client, opened: Case, actor: Any
) -> None:
    task = writing.flag(opened, text="Call the school.", due=NOW + timedelta(days=1), actor=actor("jemal"))
    page = text(jemal.get(page_of(opened, "close")))
    assert "Call the school." in page
    assert f"/tasks/{task.pk.hex}/finish" in page
    opened.refresh_from_db()
    page = text(post(jemal, opened, "close", why="goals_met", reason="all is well"))
    assert "Something on this case is still to be done." in page
    assert "Finish its flags and tasks first." in page
    assert "all is well" in page
    opened.refresh_from_db()
    assert not opened.is_closed


def test_a_change_elsewhere_in_the_case_is_said_before_it_is_closed(
    jemal: Client, changed_meanwhile: tuple[Case, int]
) -> None:
    case, seen = changed_meanwhile
    page = text(post(jemal, case, "close", why="goals_met", seen=str(seen)))
    assert "Look at what has changed, then send this again." in page
    assert "Compare the two versions" not in page
    case.refresh_from_db()
    assert not case.is_closed


def test_a_closed_case_is_opened_again_where_it_stood(browse: Callable[..., Client], opened: Case, actor: Any) -> None:
    changing.close(opened, why="lost_contact", reason="no answer", actor=actor("jemal"))
    aman = browse("aman")
    assert post(aman, opened, "reopen", why="contact_regained").status_code == 302
    opened.refresh_from_db()
    assert (opened.stage, opened.closed_at) == (Stage.ASSISTANCE, None)
    assert note_of(EventKind.REOPENED, "words") == {"text": "as agreed", "why_again": "contact_regained"}


def test_a_case_in_the_wrong_state_says_so_instead_of_a_form(jemal: Client, opened: Case, actor: Any) -> None:
    assert "This case is open already." in text(jemal.get(page_of(opened, "reopen")))
    changing.close(opened, why="goals_met", reason="home", actor=actor("jemal"))
    assert "This case is closed already." in text(jemal.get(page_of(opened, "close")))


# --- code name and protection -----------------------------------------------------------------------------------------


def test_a_burnt_code_name_is_replaced_and_the_new_one_told(jemal: Client, case: Case) -> None:
    before = case.child.code_name
    page = text(jemal.post(page_of(case, "rename"), {"seen": "1", "reason": "the uncle knows it"}, follow=True))
    case.child.refresh_from_db()
    assert case.child.code_name != before
    assert f"The code name is now {case.child.code_name}." in page


def test_a_child_is_taken_out_of_the_answers_and_put_back(browse: Callable[..., Client], case: Case) -> None:
    for name, answer, expected in (("jemal", "yes", True), ("kerim", "no", False)):
        assert browse(name).post(page_of(case, "protect"), {"protected": answer, "reason": "x"}).status_code == 302
        case.child.refresh_from_db()
        assert case.child.protected is expected


def test_protecting_twice_does_not_take_it_back(jemal: Client, case: Case) -> None:
    for _time in range(2):
        jemal.post(page_of(case, "protect"), {"protected": "yes", "reason": "x"})
    case.child.refresh_from_db()
    assert case.child.protected


def test_an_answer_and_a_reason_are_needed(jemal: Client, case: Case) -> None:
    page = text(jemal.post(page_of(case, "protect"), {}))
    for sentence in ("This field is required.", "Write the reason. One sentence is enough."):
        assert page.count(sentence) == 2  # in the summary and at its field


# --- who, and how much ------------------------------------------------------------------------------------------------

PAGES = ["open", "risk", "stage", "close", "reopen", "rename", "protect"]


@pytest.mark.parametrize("name", PAGES)
def test_an_outsider_finds_none_of_these_pages(browse: Callable[..., Client], opened: Case, name: str) -> None:
    assert browse("dowlet").get(page_of(opened, name)).status_code == 404
    assert post(browse("dowlet"), opened, name).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_title_names_no_child(jemal: Client, opened: Case, name: str) -> None:
    page = text(jemal.get(page_of(opened, name)))
    title = page[page.index("<title>") : page.index("</title>")]
    assert not any(word in title for word in ("Aylar", *opened.child.code_name.split()))


@pytest.mark.parametrize("name", PAGES)
def test_each_page_asks_the_database_little(
    jemal: Client, opened: Case, name: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        assert jemal.get(page_of(opened, name)).status_code == 200


def test_that_nothing_reminds_of_the_first_step_is_said_and_a_flag_offered(jemal: Client, case: Case) -> None:
    for name in ("open", "risk"):
        assert "does not remind you of the first step" in jemal.get(page_of(case, name)).content.decode()
    sent = {"risk": "high", "priority": "P1", "reason": "A call.", "seen": case.version}
    page = jemal.post(page_of(case, "open"), sent, follow=True).content.decode()
    assert f'href="{page_of(case, "flag")}">Raise a flag for the first step' in page
