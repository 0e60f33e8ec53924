"""The circle of care as a page: who stands in it, by what, and what each of them sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.models import Grant
from amanat.access.policy import Part, Relation
from amanat.cases.actions import consenting, emergency, guarding, handing
from amanat.cases.tests.looking import bring_in, counting, read

pytestmark = pytest.mark.django_db


def test_everybody_in_the_circle_sees_who_stands_in_it(cast, browse, case):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    page = read(browse("ogulgerek"), reverse("cases.circle", args=[case]))
    for name in ("Jemal", "Ogulgerek"):
        assert name in page
    assert "Case manager" in page
    assert "Psychologist" in page


def test_it_says_in_words_what_each_of_them_sees(cast, browse, case):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    page = read(browse("jemal"), reverse("cases.circle", args=[case]))
    assert "psychology: process notes, psychology: summary and scores" in page


def test_a_place_by_consent_names_the_consent_and_only_its_parts(cast, actor, browse, case):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=[Part.LEGAL_FILE])
    page = read(browse("jemal"), reverse("cases.circle", args=[case]))
    assert "By a consent given on" in page
    assert "<dd>Existence, stage, lateness, legal: file, consent.</dd>" in page


def test_whoever_reads_by_a_consent_learns_who_stands_there_and_not_what_each_of_them_sees(cast, browse, case):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=[Part.LEGAL_FILE])
    page = read(browse("selbi"), reverse("cases.circle", args=[case]))
    assert "Who works for this child, and since when." in page
    assert "Jemal" in page
    assert "What they see" not in page
    for name in ("jemal", "aman"):
        assert "What they see" in read(browse(name), reverse("cases.circle", args=[case]))


def test_a_place_without_consent_is_flagged_with_its_ground(cast, actor, browse, case):
    consenting.override_consent(
        case,
        recipient=cast["selbi"].agency,
        parts=[Part.LEGAL_FILE],
        ground="vital_interest",
        reason="Threats.",
        actor=actor("jemal"),
    )
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="Hearing.", actor=actor("jemal"))
    page = read(browse("jemal"), reverse("cases.circle", args=[case]))
    assert "without consent" in page
    assert "Life or health is in danger" in page


def test_whoever_reads_by_a_consent_learns_not_by_what_those_of_other_agencies_stand_there(cast, actor, browse, case):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=[Part.LEGAL_FILE])
    override = consenting.override_consent(
        case,
        recipient=cast["irina"].agency,
        parts=[Part.PLAN],
        ground="vital_interest",
        reason="Threats.",
        actor=actor("jemal"),
    )
    told = {"subject": case.subject, "membership": cast["irina"], "since": cast.now, "consent": override}
    Grant.objects.create(**told, relation=Relation.SOCIAL_WORKER.value)
    page = read(browse("selbi"), reverse("cases.circle", args=[case]))
    assert "Irina" in page
    assert page.count("By a consent given on") == 1
    assert "Life or health is in danger" not in page
    assert "Life or health is in danger" in read(browse("jemal"), reverse("cases.circle", args=[case]))


def test_whoever_is_away_is_shown_with_their_deputy(cast, browse, case):
    jemal = cast["jemal"]
    jemal.deputy, jemal.away_from = cast["merdan"], cast.now - timedelta(days=1)
    jemal.away_until = cast.now + timedelta(days=5)
    jemal.save()
    page = read(browse("merdan"), reverse("cases.circle", args=[case]))
    assert "on leave" in page
    assert "Merdan stands in." in page


def test_an_emergency_access_stands_on_the_page_while_it_is_open(cast, actor, browse, case):
    emergency.open_emergency(code_name=case.child.code_name, reason="Danger.", actor=actor("dowlet"))
    page = read(browse("jemal"), reverse("cases.circle", args=[case]))
    assert "Open in an emergency" in page
    assert "Dowlet" in page


def test_only_whoever_may_change_the_circle_is_offered_to(cast, browse, case):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    take_out = reverse("cases.take_out", args=[case, cast["ogulgerek"].pk])
    assert take_out in read(browse("jemal"), reverse("cases.circle", args=[case]))
    assert take_out not in read(browse("ogulgerek"), reverse("cases.circle", args=[case]))


def test_a_coordinator_learns_the_agency_and_not_who_assists(browse, case):
    page = read(browse("irina"), reverse("cases.circle", args=[case]))
    assert "This file belongs to Northern Network" in page
    assert "Duty desk of Northern Network" in page
    assert "Jemal" not in page


def test_the_data_protection_officer_who_answers_for_the_log_learns_who_assists(browse, case):
    assert "Jemal" in read(browse("kerim"), reverse("cases.circle", args=[case]))


def test_a_conflict_shows_nowhere_in_the_circle(cast, actor, browse, case):
    before = read(browse("jemal"), reverse("cases.circle", args=[case]))
    guarding.record_conflict(case, user=cast["merdan"].user, reason="Cousin.", actor=actor("aman"))
    assert strip(read(browse("jemal"), reverse("cases.circle", args=[case]))) == strip(before)


def strip(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_circle_of_many_costs_as_much_as_a_circle_of_one(cast, browse, case):
    client, address = browse("jemal"), reverse("cases.circle", args=[case])
    read(client, address)
    with counting() as one:
        read(client, address)
    for name in ("ogulgerek", "bahar", "sona", "selbi"):
        bring_in(case, cast, name, Relation(cast[name].role))
    with counting() as five:
        read(client, address)
    assert len(one) == len(five) <= 12
    assert Grant.objects.filter(until=None).count() == 5
