"""What verbs promise beside their main thing: dates of lists, what a child is found by, what is kept of a file that is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from amanat import names
from amanat.access.files import open_file
from amanat.access.models import Grant
from amanat.access.policy import Part, Relation, Verb
from amanat.access.verbs import registered
from amanat.cases.actions import changing, guarding, marking, registering, writing
from amanat.cases.known import cases_with
from amanat.cases.models import Stage
from amanat.cases.tests.looking import bring_in
from amanat.packs.tests.conftest import island  # noqa: F401  (a country pack with a risk of its own)
from amanat.web.errors import PersonFacingError
from tests.cast import CONTACTS

pytestmark = pytest.mark.django_db


def test_a_note_of_last_week_leaves_a_newer_contact_where_it_is(cast, actor, case):
    case.last_contact = timezone.localdate(cast.now - timedelta(days=30))
    case.save(update_fields=["last_contact"])
    for days in (2, 9):
        at = cast.now - timedelta(days=days)
        writing.note(case, part=Part.NARRATIVE, text="Talked.", happened_at=at, actor=actor("jemal"))
    case.refresh_from_db()
    assert case.last_contact == timezone.localdate(cast.now - timedelta(days=2))


def test_a_phone_that_somebody_writes_who_does_not_see_the_identity_finds_the_child(cast, actor, case):
    """No cell of today's table has such a writer; a conflict over the identity makes one."""
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    guarding.record_conflict(case, user=cast["merdan"].user, part=Part.IDENTITY, reason="x", actor=actor("aman"))
    assert not open_file(actor("merdan"), case).sees(Part.IDENTITY)
    new = CONTACTS | {"phones": ["+993 65 112233"]}
    changing.correct(case, part=Part.CONTACTS, value=new, reason="x", actor=actor("merdan"))
    assert cases_with([("phone", names.phone_digits("+993 65 112233"))]).get() == case


def test_a_risk_that_a_country_added_sorts_with_the_most_urgent(actor, case, settings, island):  # noqa: F811
    settings.AMANAT_PACKS = [island.parent / "core", island]
    changing.change_risk(case, risk="storm", priority="P1", reason="x", actor=actor("jemal"))
    assert case.risk_order == 0


def test_lists_put_the_shipped_risks_from_critical_to_none(db):
    assert [marking.risk_order(risk) for risk in ("critical", "high", "medium", "low", "")] == [0, 1, 2, 3, 4]


def test_a_case_that_was_closed_unopened_is_a_registered_one_again(actor, case):
    changing.close(case, why="other", reason="x", actor=actor("jemal"))
    changing.reopen(case, reason="x", actor=actor("jemal"))
    assert case.stage == Stage.REGISTERED


def test_an_opened_one_is_in_assistance_again(actor, case):
    registering.open_case(case, risk="low", priority="P3", reason="x", actor=actor("jemal"))
    changing.close(case, why="other", reason="x", actor=actor("jemal"))
    changing.reopen(case, reason="x", actor=actor("jemal"))
    assert case.stage == Stage.ASSISTANCE


def test_a_closed_case_stays_closed_while_a_newer_one_is_open(actor, case):
    jemal = actor("jemal")
    changing.close(case, why="other", reason="x", actor=jemal)
    newer = registering.open_case(case, risk="low", priority="P3", reason="x", actor=jemal)
    case.refresh_from_db()
    with pytest.raises(PersonFacingError, match="Another case of this child is open"):
        changing.reopen(case, reason="x", actor=jemal)
    changing.close(newer, why="other", reason="x", actor=jemal)
    changing.reopen(case, reason="x", actor=jemal)
    assert not case.is_closed


def test_whoever_may_not_know_of_the_file_leaves_the_circle(cast, actor, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    conflict = guarding.record_conflict(
        case, user=cast["merdan"].user, part=Part.EXISTENCE, reason="x", actor=actor("aman")
    )
    assert conflict.part == ""
    assert not Grant.objects.active(cast.now).filter(membership=cast["merdan"]).exists()


def test_the_registered_verb_for_documents_is_the_one_that_keeps_or_drops_the_sealed_files():
    """Whoever takes verbs from the register (the policy walk, a later importer) gets all of it."""
    assert registered()[Verb.CASE_ATTACH] is writing.attach
