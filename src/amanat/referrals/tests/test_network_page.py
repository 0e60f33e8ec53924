"""The network in numbers: each way of a referral is counted once, by whom it left and whom it was asked of."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from amanat.people.models import Membership, Role
from amanat.referrals.actions import answering, serving
from amanat.referrals.actions.following_up import revoke
from amanat.referrals.drawing import drawn
from amanat.referrals.models import Flow
from amanat.referrals.network import Asked, Pair, network
from amanat.referrals.terms import urgency
from amanat.referrals.tests.network import agree, agree_to_all, ask, ask_for_all, fresh, one_sent, sent, third

pytestmark = pytest.mark.django_db


def pair_of(actor, asked: Asked = Asked()) -> Pair:  # noqa: B008
    (pair,) = network(actor, asked).pairs
    return pair


@pytest.fixture
def coordinator(cast, actor):
    return actor("irina")


def test_what_was_sent_accepted_and_done_counts_once_and_in_the_month_in_which_it_was_sent(case, cast, coordinator):
    referral = one_sent(case, cast)
    much_later = cast.now + timedelta(hours=3)
    answering.accept(referral, actor=cast.actor("dowlet", much_later))
    serving.start(fresh(referral), actor=cast.actor("dowlet", much_later))
    serving.finish(fresh(referral), outcome="given", actor=cast.actor("dowlet", much_later))
    pair = pair_of(coordinator)
    assert (pair.sender, pair.to) == (str(case.agency), str(referral.agency))
    assert {name: count for name, count in pair.counts.items() if count} == {
        "sent": 1, "accepted": 1, "on_time": 1, "within_4": 1, "done": 1,
    }  # fmt: skip
    assert pair.half_within == "4 hours"
    assert [count for _need, count in pair.what] == [1]
    assert Flow.objects.get().month == cast.now.date().replace(day=1)


def test_an_answer_after_the_deadline_is_not_in_time(case, cast, coordinator):
    referral = one_sent(case, cast)
    late = cast.now + urgency(referral.urgency).accept + timedelta(minutes=1)
    answering.accept(referral, actor=cast.actor("dowlet", late))
    assert (pair_of(coordinator).counts["accepted"], pair_of(coordinator).counts["on_time"]) == (1, 0)


def test_what_is_open_and_late_now_stands_first(case, cast, coordinator):
    harbour, house = cast["dowlet"].agency, third(cast).agency
    agree(case, harbour, cast, also=[house.pk.hex])
    sent(case, cast, ask(harbour, "shelter", "three_days"), ask(house, "medical", "now"))
    later = cast.actor(coordinator.user.username, cast.now + urgency("now").see + timedelta(minutes=1))
    found = network(later, Asked())
    assert [(pair.to, pair.counts["open"], pair.counts["late"]) for pair in found.pairs] == [
        (str(house), 1, 1),
        (str(harbour), 1, 0),
    ]
    assert [pair.to for pair in found.stuck] == [str(house)]
    assert [way.is_stuck for way in drawn(found.pairs).ways] == [True, False]


def test_one_that_was_revoked_is_open_no_more_and_a_draft_counts_nowhere(case, cast, coordinator):
    referral = one_sent(case, cast)
    revoke(case, referral=referral, words="Her aunt came.", actor=cast.actor("jemal"))
    pair = pair_of(coordinator)
    assert (pair.counts["sent"], pair.counts["revoked"], pair.counts["open"]) == (1, 1, 0)


def test_a_supervisor_sees_only_the_ways_of_their_own_agency(case, cast, actor):
    harbour, house = cast["dowlet"].agency, third(cast).agency
    agree(case, harbour, cast, also=[house.pk.hex])
    sent(case, cast, ask(harbour), ask(house, "medical"))
    third(cast, "guncha", str(house), Role.SUPERVISOR)
    assert [pair.to for pair in network(cast.actor("guncha"), Asked()).pairs] == [str(house)]
    assert len(network(actor("aman"), Asked()).pairs) == 2


def test_a_need_and_a_time_narrow_it_down(case, cast, coordinator):
    one_sent(case, cast, need="shelter")
    assert pair_of(coordinator, Asked(need="shelter")).counts["sent"] == 1
    assert network(coordinator, Asked(need="legal")).pairs == []
    a_year_on = cast.actor(coordinator.user.username, cast.now + timedelta(days=366))
    assert pair_of(a_year_on, Asked("24")).counts["sent"] == 1
    assert pair_of(a_year_on, Asked("3")).counts["sent"] == 0  # still open, and so it shows
    assert Asked.of("99", "nothing") == Asked()


def test_the_page_draws_it_and_says_each_number_in_a_table(case, cast, browse):
    one_sent(case, cast)
    page = browse("irina").get("/network?months=3").content.decode()
    assert '<svg class="network"' in page
    assert re.search(rf'<th scope="row"><span>{case.agency} <svg.*?</svg> {cast["dowlet"].agency}</span></th>', page)
    assert case.child.code_name not in page


def test_an_empty_network_says_when_the_numbers_begin(cast, browse):
    assert "The numbers begin with the first referral" in browse("irina").get("/network").content.decode()


def test_a_need_that_nobody_took_is_where_it_is_stuck(case, cast, actor, browse):
    answering.decline(one_sent(case, cast), reason="no_place", actor=actor("dowlet"))
    assert [network(actor(name), Asked()).untaken for name in ("irina", "aman")] == [1, 1]
    third(cast, "guncha", "Children's House", Role.SUPERVISOR)
    assert network(cast.actor("guncha"), Asked()).untaken == 0
    assert network(actor("irina"), Asked(need="legal")).untaken == 0
    page = browse("irina").get("/network").content.decode()
    assert "1 need that nobody took" in page
    assert 'href="/referrals?whose=every"' in page


def test_a_whole_case_has_no_need_and_is_named_all_the_same(case, cast, coordinator):
    agree_to_all(case, cast["dowlet"].agency, cast)
    sent(case, cast, ask_for_all(cast["dowlet"].agency))
    assert pair_of(coordinator).what == [("The whole case", 1)]


def test_many_referrals_cost_no_more_queries(case, cast, coordinator, django_assert_num_queries):
    one_sent(case, cast)
    Flow.objects.bulk_create(
        Flow(month=cast.now.date().replace(day=1), sender=case.agency, to=other, outside=False, need=need, sent=3)
        for other in Membership.objects.values_list("agency", flat=True).distinct()
        for need in ("legal", "medical", "social")
    )
    with django_assert_num_queries(4):
        network(coordinator, Asked())
