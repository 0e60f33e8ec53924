"""What users of other systems complain of, each as a promise. The numbers are those of the list that issue 8 names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse

from amanat.access.consents import ConsentMissing
from amanat.access.files import open_file
from amanat.access.models import Grant
from amanat.access.pages import registered
from amanat.access.policy import Part, Relation
from amanat.cases.actions import handing
from amanat.cases.actions.consenting import withdraw_consent
from amanat.cases.models import Case
from amanat.cases.tests.docs import attach
from amanat.people.clock import stopped
from amanat.people.models import Look
from amanat.referrals.actions.answering import accept, decline, see
from amanat.referrals.actions.following_up import revoke
from amanat.referrals.actions.preparing import prepare
from amanat.referrals.actions.sending import send
from amanat.referrals.actions.serving import start
from amanat.referrals.actions.taking_over import take_case
from amanat.referrals.keeping_time import Timekeeper
from amanat.referrals.models import IN_HANDS, State
from amanat.referrals.tests.network import (
    agree,
    agree_to_all,
    ask,
    ask_for_all,
    fresh,
    left_to_do,
    one_sent,
    sent,
    third,
    untaken,
)
from amanat.vault import erasing
from amanat.web.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def test_14_follow_up_by_the_recipient_is_no_matter_of_goodwill(case, cast, actor):
    """In every state that waits for the recipient there is a deadline, and past it others hear of it."""
    referral, now = one_sent(case, cast), cast.now
    for go_on in (see, accept, start):
        go_on(fresh(referral), actor=actor("dowlet", now))
        standing = fresh(referral)
        assert standing.state in IN_HANDS
        Look.objects.all().delete()
        now = standing.due_at
        with stopped(now):
            Timekeeper().turn()
        assert {"irina", "jemal", "elena"} <= set(Look.objects.values_list("user__username", flat=True))
        assert fresh(referral).escalated_at == now


def test_15_when_all_decline_the_case_stays_open_and_says_so(case, cast, actor):
    decline(one_sent(case, cast), reason="no_place", actor=actor("dowlet"))
    assert not Case.objects.get(pk=case.pk).is_closed
    assert (untaken(case), [task.owner for task in left_to_do(case)]) == (["shelter"], [cast["jemal"]])


def test_15_a_withdrawn_consent_reaches_the_other_side_at_once(case, cast, actor):
    referral = one_sent(case, cast, need="legal")
    accept(referral, actor=actor("dowlet"))
    Look.objects.all().delete()
    withdraw_consent(case, consent=fresh(referral).consent, reason="No more.", actor=actor("jemal"))
    assert fresh(referral).state == State.REVOKED
    assert Look.objects.filter(user=cast["dowlet"].user).exists()
    assert not open_file(actor("dowlet"), case).exists


def test_28_a_wrong_referral_of_a_colleague_blocks_no_right_one_and_needs_no_administrator(case, cast, actor):
    handing.bring_in(case, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="Helps.", actor=actor("jemal"))
    agree(case, third(cast).agency, cast, also=[cast["dowlet"].agency.pk.hex])
    wrong = prepare(case, asked=[ask(cast["ayna"].agency)], actor=actor("merdan"))
    wrong.case = case
    send(wrong, actor=actor("jemal"))
    [right] = sent(case, cast, ask(cast["dowlet"].agency))
    revoke(case, referral=wrong.referrals.get(), words="Meant for the harbour.", actor=actor("jemal"))
    accept(right, actor=actor("dowlet"))
    assert fresh(right).state == State.ACCEPTED


def test_29_nobody_pulls_a_child_and_two_ways_to_hand_over_leave_one_owner_and_no_old_place(case, cast, actor):
    agree_to_all(case, cast["dowlet"].agency, cast, also=[third(cast).agency.pk.hex])
    harbour, house, shelter = (
        sent(case, cast, one)[0]
        for one in (ask_for_all(cast["dowlet"].agency), ask_for_all(cast["ayna"].agency), ask(cast["ayna"].agency))
    )
    with pytest.raises(Refused):
        take_case(harbour, to=cast["ayna"], actor=actor("ayna"))
    take_case(fresh(harbour), to=cast["dowlet"], actor=actor("dowlet"))
    assert (fresh(house).state, fresh(shelter).state) == (State.REVOKED, State.SENT)
    places = Grant.objects.active(cast.now).filter(subject=case.subject).select_related("membership__agency")
    assert [(place.membership, place.relation) for place in places] == [(cast["dowlet"], Relation.CASE_MANAGER)]
    assert Look.objects.filter(user=cast["jemal"].user).exists()
    decline(fresh(shelter), reason="no_place", actor=actor("ayna"))
    assert [task.owner for task in left_to_do(case)] == [cast["dowlet"]]


def test_30_nothing_is_shared_unless_somebody_agreed_and_the_reason_is_read_where_it_arrives(case, cast, actor):
    with pytest.raises(ConsentMissing):
        one_sent(case, cast, agreed=False)
    assert not case.referrals.filter(state__in=IN_HANDS).exists()
    harbour = cast["dowlet"].agency
    [asked] = sent(case, cast, ask_for_all(harbour)) if agree_to_all(case, harbour, cast) else []
    read = open_file(actor("dowlet"), asked)
    assert read.open(asked, "summary")["need"]
    assert not read.sees(Part.IDENTITY)


def test_an_erased_child_leaves_no_referral(case, cast, actor):
    referral = one_sent(case, cast)
    decline(referral, reason="no_place", actor=actor("dowlet"))
    erasing.erase([case.subject_id], cast.now + timedelta(days=1))
    for rows in (case.referrals, case.responses, case.unmet, referral.steps):
        assert not rows.exists()


def pages_about(case, referral, attachment) -> set[str]:
    """Every page that shows something of the file, its documents and its referrals; what else it names leads nowhere."""
    rows = {"case": case, "referral": referral, "attachment": attachment}
    given = {"uuid": referral.pk, "str": "x", "int": 1, "slug": "x"}
    found = set()
    assert get_resolver().url_patterns  # pages are registered as the addresses are read
    for page in registered():
        if page.loads and set(page.loads) <= set(rows) and page.shows:
            names = [piece.split(">")[0].split(":") for piece in page.route.split("<")[1:]]
            at = {name: rows[name] if name in page.loads else given[kind] for kind, name in names}
            found.add(reverse(page.name, kwargs=at))
    return found


def shown(client, addresses) -> set[str]:
    return {address for address in addresses if client.get(address).status_code != 404}


def test_31_an_agency_without_access_finds_no_page_of_a_file_its_documents_and_referrals(case, cast, browse):
    third(cast)
    referral, attachment = one_sent(case, cast), attach(case, cast)
    pages = pages_about(case, referral, attachment)
    assert shown(browse("dowlet"), pages) == {reverse("referrals.referral", args=[referral])}
    assert shown(browse("ayna"), pages) == set()


@pytest.mark.parametrize("by", ["revoke", "withdraw"])
def test_31_an_agency_is_taken_out_again_and_every_page_of_the_file_ends_at_once(case, cast, browse, actor, by):
    referral, attachment, dowlet = one_sent(case, cast, need="legal"), attach(case, cast), browse("dowlet")
    accept(see(referral, actor=actor("dowlet")), actor=actor("dowlet"))
    before = shown(dowlet, pages_about(case, referral, attachment))
    assert {case.get_absolute_url(), reverse("cases.attachment", args=[attachment])} <= before
    if by == "revoke":
        revoke(case, referral=fresh(referral), words="Another house.", actor=actor("jemal"))
    else:
        withdraw_consent(case, consent=fresh(referral).consent, reason="No more.", actor=actor("jemal"))
    assert shown(dowlet, before) == set()
