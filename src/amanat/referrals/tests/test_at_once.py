"""Two people on one referral at the same time, each in a connection of their own: one of them is first, the other is told."""

from __future__ import annotations

import pytest

from amanat.access.models import Grant
from amanat.access.policy import Relation
from amanat.cases.models import Case
from amanat.cases.tests.test_at_once import at_once
from amanat.referrals.actions.answering import accept
from amanat.referrals.actions.following_up import revoke
from amanat.referrals.actions.taking_over import take_case
from amanat.referrals.models import Kind, Referral, State
from amanat.referrals.moving import MovedMeanwhile
from amanat.referrals.tests.network import agree, agree_to_all, ask, ask_for_all, fresh, sent, third


@pytest.mark.django_db(transaction=True)
def test_two_transfers_at_once_leave_one_owner_and_a_yes_and_a_revocation_one_state(case: Case, cast) -> None:
    house, harbour = third(cast).agency, cast["dowlet"].agency
    agree_to_all(case, harbour, cast, also=[house.pk.hex])
    asked = sent(case, cast, ask_for_all(harbour)) + sent(case, cast, ask_for_all(house))
    names = ("dowlet", "ayna")
    pages = list(zip(map(fresh, asked), names, strict=True))
    given = at_once([lambda one=one, by=by: take_case(one, to=cast[by], actor=cast.actor(by)) for one, by in pages])
    assert [isinstance(one, MovedMeanwhile) for one in given].count(True) == 1
    [manager] = Grant.objects.active(cast.now).filter(subject=case.subject, relation=Relation.CASE_MANAGER)
    owner = Case.objects.get(pk=case.pk).agency
    assert manager.membership.agency == owner
    assert sorted(Referral.objects.filter(kind=Kind.TRANSFER).values_list("state", flat=True)) == ["done", "revoked"]

    keeper = next(name for name in names if cast[name].agency == owner)
    other = next(name for name in names if name != keeper)
    agree(case, cast[other].agency, cast)
    fresh_case = Case.objects.select_related("subject", "child", "agency").get(pk=case.pk)
    [legal] = sent(fresh_case, cast, ask(cast[other].agency, "legal"), by=keeper)
    page, another = fresh(legal), fresh(legal)
    acts = [
        lambda: accept(page, actor=cast.actor(other)),
        lambda: revoke(another.case, referral=another, words="No more.", actor=cast.actor(keeper)),
    ]
    at_once(acts)  # a yes may come first, then it is revoked; or it comes too late
    assert fresh(legal).state == State.REVOKED
    assert not Grant.objects.active(cast.now).filter(relation=Relation.RECEIVER).exists()
