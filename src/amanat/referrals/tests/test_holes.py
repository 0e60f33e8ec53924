"""Ways around what was promised: a closed case, a file that passed on meanwhile, who is told when nobody is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from amanat.access import verbs
from amanat.access.consents import ConsentMissing
from amanat.access.models import Consent, Grant
from amanat.access.policy import Part, Relation, Verb
from amanat.audit.models import Entry
from amanat.cases.actions import changing, consenting
from amanat.cases.models import Case, Task
from amanat.people import messages
from amanat.people.models import Look, Membership, Message, Outlet, Reach
from amanat.referrals.actions import sending
from amanat.referrals.actions.answering import accept, decline, take_over
from amanat.referrals.actions.following_up import revoke
from amanat.referrals.actions.handing_out import hand_out
from amanat.referrals.actions.preparing import prepare
from amanat.referrals.actions.serving import start
from amanat.referrals.actions.taking_over import take_case
from amanat.referrals.inbox import taken_back
from amanat.referrals.models import Referral, State
from amanat.referrals.models_outside import How, Outgoing
from amanat.referrals.outside import codes
from amanat.referrals.telling import answers_for
from amanat.referrals.tests import outside
from amanat.referrals.tests.network import agree, ask, ask_for_all, fresh, left_to_do, one_sent, sent
from amanat.web.errors import PersonFacingError, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
organisation = outside.organisation


@pytest.fixture
def referral(case, cast) -> Referral:
    return one_sent(case, cast)


def whole_case(case: Case, cast: Any) -> Referral:
    everything = [part for part in Part if part not in consenting.NOT_TO_SHARE]
    agree(case, cast["dowlet"].agency, cast, parts=everything)
    return sent(case, cast, ask_for_all(cast["dowlet"].agency))[0]


def test_a_case_is_not_closed_over_what_is_asked_for_the_child(case, cast, actor, referral):
    with pytest.raises(PersonFacingError, match=referral.number):
        changing.close(case, why="goals_met", reason="Done.", actor=actor("jemal"))
    revoke(case, referral=fresh(referral), words="A family was found.", actor=actor("jemal"))
    Task.objects.update(done_at=cast.now)
    changing.close(case, why="goals_met", reason="Done.", actor=actor("jemal"))
    assert case.is_closed


def test_on_a_closed_case_nothing_is_accepted_or_begun(case, cast, actor, referral):
    Case.objects.filter(pk=case.pk).update(stage="closed")
    with pytest.raises(PersonFacingError, match="closed"):
        accept(fresh(referral), actor=actor("dowlet"))
    Case.objects.filter(pk=case.pk).update(stage="registered")
    accept(fresh(referral), actor=actor("dowlet"))
    Case.objects.filter(pk=case.pk).update(stage="closed")
    with pytest.raises(PersonFacingError, match="closed"):
        start(fresh(referral), actor=actor("dowlet"))


def test_who_takes_over_unasked_says_why_and_the_colleague_and_the_supervisor_hear(case, cast, actor, referral):
    accept(referral, actor=actor("dowlet"))
    with pytest.raises(PersonFacingError, match="Write why"):
        take_over(fresh(referral), words=" ", actor=actor("selbi"))
    Outlet.objects.create(pk=1, sealed=b"")
    for name in ("dowlet", "elena"):
        Reach.objects.create(user=cast[name].user, sealed=b"")
    Look.objects.all().delete()
    Message.objects.all().delete()
    take_over(fresh(referral), words="She is on leave.", actor=actor("selbi"))
    assert {"dowlet", "elena", "jemal"} <= set(Look.objects.values_list("user__username", flat=True))
    told = Message.objects.filter(kind=messages.GIVEN).values_list("user__username", flat=True)
    assert set(told) == {"dowlet", "elena"}


def test_the_deputy_of_who_is_on_leave_takes_over_without_a_word(case, cast, actor, referral):
    accept(referral, actor=actor("dowlet"))
    leave = {"deputy": cast["selbi"], "away_from": cast.now, "away_until": cast.now + timedelta(days=3)}
    Membership.objects.filter(pk=cast["dowlet"].pk).update(**leave)
    take_over(fresh(referral), actor=actor("selbi"))
    assert fresh(referral).receiver == cast["selbi"]


def between(monkeypatch: pytest.MonkeyPatch, verb: Verb, act: Any) -> None:
    """Somebody else is faster, between the policy and the lock."""
    check = verbs._check

    def checked(name: Verb, by: Any, targets: Any) -> None:
        check(name, by, targets)
        if name is verb and (todo := acts.pop() if acts else None):
            todo()

    acts = [act]
    monkeypatch.setattr(verbs, "_check", checked)


def test_what_passed_to_another_agency_meanwhile_is_not_asked_for_again(case, cast, actor, monkeypatch):
    asked = whole_case(case, cast)
    response = prepare(case, asked=[ask(cast["dowlet"].agency)], actor=actor("jemal"))
    response.case = case
    page = fresh(asked)
    between(monkeypatch, Verb.REFERRAL_SEND, lambda: take_case(page, to=cast["dowlet"], actor=actor("dowlet")))
    with pytest.raises(Refused):
        sending.send(response, actor=actor("jemal"))


@pytest.mark.parametrize("what", ["revoke", "withdraw"])
def test_who_held_the_file_before_it_passed_on_ends_nothing_of_it(case, cast, actor, what, referral):
    asked = whole_case(case, cast)
    page = Case.objects.select_related("subject", "child", "agency").get(pk=case.pk)
    take_case(fresh(asked), to=cast["dowlet"], actor=actor("dowlet"))
    consent = Consent.objects.filter(subject=case.subject).first()
    aman = actor("aman")
    acts = {
        "revoke": lambda: revoke(page, referral=fresh(referral), words="Not safe there.", actor=aman),
        "withdraw": lambda: consenting.withdraw_consent(page, consent=consent, reason="No.", actor=aman),
    }
    with pytest.raises(Refused):
        acts[what]()
    assert Entry.objects.filter(outcome="refused", user=cast["aman"].user).exists()


def test_a_letter_goes_out_by_the_consent_as_it_stands_now_and_names_what_it_says(case, cast, organisation, actor):
    row = outside.referral.__wrapped__(cast, case, organisation)
    told: dict[str, Any] = {"how": How.LETTER, "language": "ru", "actor": actor("jemal")}
    hand_out(case, referral=row, names_child=True, code=codes.new_code(), **told)
    assert Outgoing.objects.get().parts == [Part.IDENTITY]
    assert row.consent is not None  # read before it was withdrawn
    Consent.objects.update(withdrawn_at=cast.now)
    with pytest.raises(PersonFacingError, match="no consent any more"):
        hand_out(case, referral=row, code=codes.new_code(), **told)


def test_what_nobody_took_tells_no_receiver_whom_else_was_asked(case, cast, actor, referral):
    decline(referral, reason="no_place", actor=actor("dowlet"))
    assert {task.part for task in left_to_do(case)} == {Part.REFERRAL_SUMMARY}


def test_where_there_is_no_manager_the_supervisor_answers_not_who_sent_it_and_left(case, cast, actor, referral):
    assert answers_for(fresh(referral), cast.now) == cast["jemal"]
    Grant.objects.filter(relation=Relation.CASE_MANAGER).update(until=cast.now)
    assert answers_for(fresh(referral), cast.now) == cast["aman"]
    Grant.objects.filter(relation=Relation.CASE_MANAGER).update(until=None)
    Membership.objects.filter(pk=cast["jemal"].pk).update(until=cast.now)
    assert answers_for(fresh(referral), cast.now) == cast["aman"]


def test_for_a_manager_on_leave_the_deputy_hears(case, cast, actor, referral):
    leave = {"deputy": cast["merdan"], "away_from": cast.now, "away_until": cast.now + timedelta(days=3)}
    Membership.objects.filter(pk=cast["jemal"].pk).update(**leave)
    Look.objects.all().delete()
    decline(referral, reason="no_place", actor=actor("dowlet"))
    assert Look.objects.filter(user=cast["merdan"].user).exists()


def test_who_was_asked_gets_no_link_to_the_senders_file(case, cast, actor, referral, browse):
    Consent.objects.update(withdrawn_at=cast.now)
    with pytest.raises(ConsentMissing, match="consent is missing") as missing:
        accept(fresh(referral), actor=actor("dowlet"))
    assert (missing.value.way("/"), "sent it" in str(missing.value.hint)) == ("", True)
    form = {"seen": referral.version, "to": cast["dowlet"].pk}
    page = browse("dowlet").post(reverse("referrals.accept", args=[referral]), form).content.decode()
    assert "Ask whoever sent it" in page
    assert case.pk.hex not in page
    assert str(case.pk) not in page


def test_what_was_taken_back_says_so_and_why_for_some_days_and_nothing_of_the_child(
    case, cast, actor, referral, browse
):
    with pytest.raises(PersonFacingError, match="names the child"):
        revoke(case, referral=fresh(referral), words="Aylary enesi aldy.", actor=actor("jemal"))
    revoke(case, referral=fresh(referral), words="A family was found.", actor=actor("jemal"))
    page = browse("dowlet").get("/referrals").content.decode()
    assert "A family was found." in page
    assert referral.number in page
    assert "A place to sleep" not in page
    assert case.child.code_name not in page
    assert browse("dowlet").get(reverse("referrals.referral", args=[referral])).status_code == 404
    assert taken_back(actor("selbi")) != []
    assert taken_back(actor("ogulgerek")) == []
    assert taken_back(actor("dowlet", cast.now + timedelta(days=8))) == []


def test_what_was_never_sent_is_not_said_to_have_been_taken_back(case, cast, actor):
    prepare(case, asked=[ask(cast["dowlet"].agency)], actor=actor("jemal"))
    [draft] = Referral.objects.all()
    revoke(case, referral=fresh(draft), words="Not needed.", actor=actor("jemal"))
    assert fresh(draft).state == State.DISCARDED
    assert taken_back(actor("dowlet")) == []
