"""The data protection desk: its numbers are right, its lists name files by code name, its reader stands in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.models import EmergencyAccess, Grant
from amanat.access.policy import Part, Relation
from amanat.audit.models import Pending
from amanat.audit.queries import head
from amanat.audit.sealer import seal_pending
from amanat.cases.actions import consenting, guarding, handing
from amanat.cases.models import Case
from amanat.office import desk as desks
from amanat.office.actions import leaving
from amanat.office.tests.ways import entries_of, read
from amanat.web.errors import Refused
from tests.cast import Cast

Browse = Callable[..., Client]
Act = Callable[..., Actor]


def test_only_a_dpo_has_a_desk(cast: Cast, browse: Browse) -> None:
    for name in cast:
        expected = 200 if name in ("kerim", "maral") else 404
        for address in ("/desk", "/desk/grants", "/desk/roles", "/desk/log", "/desk/verify"):
            assert browse(name).get(address).status_code == expected, (name, address)


def test_an_empty_desk_says_so(cast: Cast, browse: Browse) -> None:
    page = read(browse("kerim"), "/desk")
    for words in ("Nothing is sealed yet.", "Nobody asked.", "None."):
        assert words in page


def test_the_head_and_what_is_not_sealed(cast: Cast, case: Case, actor: Act) -> None:
    desk = desks.Desk(actor("kerim"))
    assert desk.counts().unsealed == Pending.objects.count() > 0
    assert desk.sealing is None
    seal_pending(cast.now)
    guarding.record_conflict(case, user=cast["bahar"].user, reason="A cousin.", actor=actor("jemal"))
    desk = desks.Desk(actor("kerim"))
    assert desk.counts().unsealed == 1
    assert desk.sealing == desks.Sealing(str(head()), cast.now)


def test_the_head_stands_on_the_page(cast: Cast, case: Case, browse: Browse) -> None:
    seal_pending(cast.now)
    page = read(browse("kerim"), "/desk")
    assert f'<code class="head">{head()}</code>' in page


def test_emergency_accesses_stand_there_until_they_are_judged(
    cast: Cast, case: Case, browse: Browse, actor: Act
) -> None:
    access = EmergencyAccess.objects.create(
        subject=case.subject,
        membership=cast["nurana"],
        asked_at=cast.now,
        opened_at=cast.now,
        until=cast.now + timedelta(hours=4),
        details={"reason": "At the border."},
    )
    page = read(browse("kerim"), "/desk")
    assert "open until" in page
    assert f'<a href="{case.get_absolute_url()}">{case.child.code_name}</a>' in page
    access.judged_at = cast.now
    access.save()
    assert desks.Desk(actor("kerim")).emergencies == []


def test_of_a_long_list_the_desk_says_how_many_stand_on_it(cast: Cast, case: Case, browse: Browse) -> None:
    for _access in range(desks.SHOWN + 3):
        EmergencyAccess.objects.create(subject=case.subject, membership=cast["nurana"], asked_at=cast.now, details={})
    page = read(browse("kerim"), "/desk")
    assert '<span class="figure">28 ' in page
    assert "25 of 28 stand here." in page


def test_conflicts_overrides_and_their_grounds(cast: Cast, case: Case, browse: Browse, actor: Act) -> None:
    guarding.record_conflict(case, user=cast["bahar"].user, reason="A cousin.", actor=actor("jemal"))
    override(case, cast, actor("jemal"))
    page = read(browse("kerim"), "/desk")
    for words in ("Bahar", "the whole file", "Harbour Legal Aid", "Life or health is in danger"):
        assert words in page
    assert "A cousin." not in page, "why stands in the file's own log"
    assert "Aylar" not in page


def test_what_is_older_than_thirty_days_has_left_the_desk(cast: Cast, case: Case, actor: Act) -> None:
    guarding.record_conflict(case, user=cast["bahar"].user, reason="A cousin.", actor=actor("jemal"))
    override(case, cast, actor("jemal"))
    later = cast.actor("kerim", cast.now + timedelta(days=31))
    assert (desks.Desk(later).conflicts, desks.Desk(later).overrides) == ([], [])


def test_a_conflict_of_the_dpo_keeps_the_file_off_the_desk_and_out_of_the_figures(
    cast: Cast, case: Case, browse: Browse, actor: Act
) -> None:
    guarding.record_conflict(case, user=cast["kerim"].user, reason="An uncle.", actor=actor("jemal"))
    override(case, cast, actor("jemal"))
    kerim, maral = desks.Desk(actor("kerim")), desks.Desk(actor("maral"))
    assert (len(kerim.conflicts), len(kerim.overrides), kerim.counts().grants) == (0, 0, 0)
    assert (len(maral.conflicts), len(maral.overrides), maral.counts().grants) == (1, 1, 1)
    for address in ("/desk", "/desk/grants", "/desk/log"):
        assert case.child.code_name not in read(browse("kerim"), address)
        assert case.child.code_name in read(browse("maral"), address)


def test_the_figures_count_grants_roles_and_refusals_of_thirty_days(cast: Cast, case: Case, actor: Act) -> None:
    handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="Needed.", actor=actor("jemal"))
    leaving.end_membership(cast["andrei"], reason="Moved.", actor=actor("viktor"))
    with pytest.raises(Refused):
        leaving.suspend(cast["jemal"].user, reason="No.", actor=actor("dowlet"))
    assert desks.Desk(actor("kerim")).counts() == desks.Counts(
        emergencies=0,
        conflicts=0,
        overrides=0,
        grants=2,
        roles_begun=0,
        roles_ended=1,
        refused=1,
        unsealed=Pending.objects.count(),
    )
    Grant.objects.filter(relation=Relation.PSYCHOLOGIST).update(since=cast.now - timedelta(days=31))
    assert desks.Desk(actor("kerim")).counts().grants == 1


def test_every_grant_is_shown_to_the_dpo(cast: Cast, case: Case, browse: Browse, actor: Act) -> None:
    for name, relation in (("ogulgerek", Relation.PSYCHOLOGIST), ("bahar", Relation.CENTRE_WORKER)):
        handing.bring_in(case, to=cast[name], relation=relation, reason="Needed.", actor=actor("jemal"))
    page = read(browse("kerim"), "/desk/grants")
    for words in ("3 places", "Jemal", "Case manager", "Ogulgerek", "Psychologist", "Bahar", case.child.code_name):
        assert words in page


def test_a_grant_by_an_override_of_consent_says_so(cast: Cast, case: Case, browse: Browse, actor: Act) -> None:
    override(case, cast, actor("jemal"))
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="Court.", actor=actor("jemal"))
    assert "by an override of consent" in read(browse("kerim"), "/desk/grants")


def test_roles_that_began_or_ended_are_listed(cast: Cast, browse: Browse, actor: Act) -> None:
    leaving.end_membership(cast["andrei"], reason="Moved.", actor=actor("viktor"))
    page = read(browse("kerim"), "/desk/roles")
    assert "1 change" in page
    assert "Andrei" in page
    assert "ended" in page


def test_each_look_at_the_desk_stands_in_the_log(cast: Cast, browse: Browse) -> None:
    kerim = browse("kerim")
    for address in ("/desk", "/desk/grants", "/desk/roles"):
        read(kerim, address)
    looks = entries_of("look.desk")
    assert [entry.page for entry, _details in looks] == ["office.desk", "office.grants", "office.role_changes"]
    assert {entry.user for entry, _details in looks} == {cast["kerim"].user}


def override(case: Case, cast: Cast, actor: Actor) -> None:
    consenting.override_consent(
        case,
        recipient=cast["selbi"].agency,
        parts=[Part.LEGAL_FILE],
        ground="vital_interest",
        reason="Court.",
        actor=actor,
    )
