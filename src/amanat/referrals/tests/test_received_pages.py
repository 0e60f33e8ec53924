"""The agency that was asked, on its pages: the inbox, opening, answering, receiving; and what nobody else sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amanat.access.consents import CARRY_ON
from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.referrals.actions import answering, serving
from amanat.referrals.models import Referral, State
from amanat.referrals.tests.network import agree, agree_to_all, ask, ask_for_all, fresh, one_sent, sent, third
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
Browse = Callable[..., Client]
INBOX = "/referrals"


@pytest.fixture
def referral(case: Case, cast: Cast) -> Referral:
    return one_sent(case, cast)


def at(referral: Referral, name: str = "referral") -> str:
    return reverse(f"referrals.{name}", args=[referral])


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def accepted(referral: Referral, cast: Cast) -> Referral:
    return answering.accept(answering.see(fresh(referral), actor=cast.actor("dowlet")), actor=cast.actor("dowlet"))


def test_what_came_says_nothing_of_the_child_until_it_is_opened_and_the_sender_sees_that(
    referral: Referral, case: Case, browse: Browse
) -> None:
    dowlet = browse("dowlet")
    assert "You receive no child" in text(dowlet.get(f"{INBOX}?whose=mine"))  # which says nothing of the agency's
    listed = text(dowlet.get(INBOX))
    assert "Shelter" in listed
    assert case.child.code_name not in listed
    page = text(dowlet.get(at(referral)))
    assert "A place to sleep" not in page
    assert "Open the referral" in page
    assert fresh(referral).state == State.SENT  # looking at the page alone does not open it
    dowlet.post(at(referral, "see"))
    page = text(dowlet.get(at(referral)))
    assert "A place to sleep tonight." in page
    assert "Aylar" not in page
    assert case.child.code_name not in page
    progress = text(browse("jemal").get(reverse("referrals.progress", args=[case, referral.pk])))
    assert "It was opened" in progress
    assert "Dowlet, Harbour Legal Aid" in progress


def test_accepted_the_receiver_comes_to_the_files_named_parts_and_a_colleague_does_not(
    referral: Referral, case: Case, browse: Browse
) -> None:
    dowlet = browse("dowlet")
    dowlet.post(at(referral, "see"))
    form = {"seen": fresh(referral).version, "to": referral_worker(dowlet, referral), "comes_at": "2026-11-24T20:00"}
    dowlet.post(at(referral, "accept"), form)
    assert fresh(referral).state == State.ACCEPTED
    page = text(dowlet.get(at(referral)))
    assert case.get_absolute_url() in page
    assert "health: alerts and medicines" in page
    assert dowlet.get(case.get_absolute_url()).status_code == 200
    selbi = browse("selbi")
    assert case.get_absolute_url() not in text(selbi.get(at(referral)))
    assert "Take over from a colleague" in text(selbi.get(at(referral)))
    assert selbi.get(case.get_absolute_url()).status_code == 404


def referral_worker(client: Client, referral: Referral) -> str:
    """What the form proposes: whoever opens it."""
    page = text(client.get(at(referral, "accept")))
    return page.partition('" selected>Dowlet')[0].rpartition('value="')[2]


def test_the_receivers_notes_are_theirs_alone(referral: Referral, case: Case, cast: Cast, browse: Browse) -> None:
    accepted(referral, cast)
    dowlet = browse("dowlet")
    dowlet.post(at(referral, "note"), {"words": "Sleeps badly."})
    assert "Sleeps badly." in text(dowlet.get(at(referral)))
    for name in ("jemal", "irina", "aman"):
        page = browse(name).get(reverse("referrals.progress", args=[case, referral.pk]))
        assert page.status_code == 200
        assert "Sleeps badly." not in text(page)


def test_declining_asks_why_and_leads_back_to_the_list(referral: Referral, browse: Browse) -> None:
    dowlet, form = browse("dowlet"), {"seen": referral.version, "words": "Full."}
    assert "Choose why." in text(dowlet.post(at(referral, "decline"), form))
    answer = dowlet.post(at(referral, "decline"), form | {"reason": "no_place"})
    assert answer["Location"] == INBOX
    assert dowlet.get(at(referral)).status_code == 404


def test_begun_and_done_it_leaves_the_hands_of_the_agency(referral: Referral, cast: Cast, browse: Browse) -> None:
    dowlet = browse("dowlet")
    dowlet.post(at(referral, "start"), {"seen": accepted(referral, cast).version})
    dowlet.post(at(referral, "finish"), {"seen": fresh(referral).version, "outcome": "given"})
    assert fresh(referral).state == State.DONE
    assert "No referral is in your agency" in text(dowlet.get(INBOX))


def test_two_who_answer_at_once_the_second_learns_of_it_and_keeps_what_was_typed(
    referral: Referral, cast: Cast, browse: Browse
) -> None:
    accepted(referral, cast)
    said = text(
        browse("selbi").post(at(referral, "decline"), {"seen": referral.version, "reason": "other", "words": "Typed."})
    )
    assert "Typed." in said
    assert fresh(referral).state == State.ACCEPTED


def test_with_the_yes_to_a_transfer_one_comes_to_the_file(case: Case, cast: Cast, browse: Browse) -> None:
    agree_to_all(case, cast["dowlet"].agency, cast)
    [asked] = sent(case, cast, ask_for_all(cast["dowlet"].agency))
    dowlet = browse("dowlet")
    dowlet.post(at(asked, "see"))
    assert "It asks for the whole case" in text(dowlet.get(at(asked)))
    answer = dowlet.post(at(asked, "take_case"), {"seen": fresh(asked).version, "to": cast["dowlet"].pk})
    assert answer["Location"] == case.get_absolute_url()
    assert "Cases that your agency passed on" in text(browse("aman").get(INBOX, {"whose": "sent", "state": "over"}))


def test_the_coordinator_finds_what_nobody_took_first_and_what_is_late_by_code_name(
    referral: Referral, case: Case, cast: Cast, browse: Browse
) -> None:
    answering.decline(fresh(referral), reason="no_place", actor=cast.actor("dowlet"))
    house = third(cast).agency
    agree(case, house, cast)
    [late] = sent(case, cast, ask(house, "medical", "now"))
    Referral.objects.filter(pk=late.pk).update(due_at=cast.now - timedelta(minutes=1))
    irina = browse("irina")
    page = text(irina.get(INBOX))
    assert page.index("Nobody took these") < page.index("Medical help")
    assert case.child.code_name in page
    assert "Aylar" not in page
    assert "late" in page.partition("Medical help")[2]
    assert "late referral" in text(irina.get("/"))


def test_my_day_says_that_a_referral_waits_and_an_outsider_sees_nothing(
    referral: Referral, case: Case, cast: Cast, browse: Browse
) -> None:
    assert "referral to answer" in text(browse("dowlet").get("/"))
    third(cast)
    ayna = browse("ayna")
    assert "to answer" not in text(ayna.get("/"))
    assert referral.number not in text(ayna.get(INBOX))
    assert ayna.get(at(referral)).status_code == 404
    assert ayna.get(reverse("referrals.progress", args=[case, referral.pk])).status_code == 404


def test_whoever_receives_a_child_learns_nothing_of_what_else_is_asked_for_it(
    referral: Referral, case: Case, cast: Cast, browse: Browse
) -> None:
    house = third(cast).agency
    named = [Part.REFERRAL_SUMMARY, Part.FACTS, Part.HEALTH_ALERTS]
    agree(case, house, cast, parts=named)
    [other] = sent(case, cast, ask(house, "medical", parts=named))
    answering.accept(fresh(other), actor=cast.actor("ayna"))
    ayna = browse("ayna")
    page = text(ayna.get(f"{case.get_absolute_url()}?section=referrals"))
    assert referral.number not in page
    assert ayna.get(reverse("referrals.progress", args=[case, referral.pk])).status_code == 404
    serving.start(fresh(other), actor=cast.actor("ayna"))


def test_the_list_costs_the_same_however_long_it_is(
    referral: Referral, case: Case, cast: Cast, browse: Browse, django_assert_max_num_queries: Callable[..., object]
) -> None:
    dowlet = browse("dowlet")
    needs = ("medical", "legal", "psychological", "documents", "education")
    sent(case, cast, *(ask(cast["dowlet"].agency, need) for need in needs))
    for one in case.referrals.filter(state=State.SENT):
        answering.see(fresh(one), actor=cast.actor("dowlet"))
    with django_assert_max_num_queries(24):  # with the session, what opens and the entries of the log
        assert "6 referrals" in text(dowlet.get(INBOX))


def test_after_the_yes_the_page_speaks_of_what_is_and_no_more_of_what_will_be(
    referral: Referral, cast: Cast, browse: Browse
) -> None:
    dowlet, comes = browse("dowlet"), cast.now + timedelta(hours=2)
    mine = answering.see(fresh(referral), actor=cast.actor("dowlet"))
    assert "What opens with a yes" in text(dowlet.get(at(referral)))
    answering.accept(mine, comes_at=comes, actor=cast.actor("dowlet"))
    page = text(dowlet.get(at(referral)))
    assert "What the receiver sees of the file" in page
    assert "The child comes" in page
    assert "By the clock of Asia/Ashgabat." in page
    for over in ("What opens with a yes", "opens to whoever accepts"):
        assert over not in page
    serving.start(fresh(referral), actor=cast.actor("dowlet", comes))
    page = text(dowlet.get(at(referral)))
    assert "The child was expected" in page
    assert "The child comes" not in page
    assert "A consent to it is recorded." in page
    Consent.objects.update(purpose=CARRY_ON)
    page = text(dowlet.get(at(referral)))
    assert "The consent to it was withdrawn." in page
    assert "A consent to it is recorded." not in page
