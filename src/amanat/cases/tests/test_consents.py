"""Consent: recorded in the child's words, set aside on a ground, withdrawn at any time; what it opens ends with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.models import Consent, Grant
from amanat.access.policy import Part, Relation
from amanat.cases.actions import consenting, handing
from amanat.cases.actions.facts import write_facts
from amanat.cases.consent_sentences import Covers
from amanat.cases.consent_words import read_out
from amanat.cases.models import Task, TaskKind
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(cast, actor, case):
    """`record(until=…)`: Harbour Legal Aid may see the legal file."""

    def make(**more):
        fields = {
            "purpose": "assistance_by_partner",
            "recipient": cast["selbi"].agency,
            "parts": [Part.LEGAL_FILE],
            "given_by": "both",
            "words": "Hawa, bolýar.",
            "given_on": cast.now.date(),
        }
        return consenting.record_consent(case, **fields | more, actor=actor("jemal"))

    return make


@pytest.fixture
def address(case):
    return reverse("cases.consents", args=[case])


def test_an_empty_list_says_what_that_means(browse, address):
    page = read(browse("jemal"), address)
    assert "No consent is recorded" in page
    assert "nothing of this file is shared outside the agency" in page


@pytest.mark.parametrize("said", [False, True])
def test_a_no_among_the_facts_is_said_to_whoever_sees_consents(said, cast, browse, actor, case, address):
    for section, field in (("consent", "con_Consent"), ("victim_context", "vic_AgreementToManagePersonalData")):
        write_facts(case, section=section, record=1, values={field: said}, actor=actor("jemal"))
    page = read(browse("jemal"), address)
    for asked in ("con_Consent", "vic_AgreementToManagePersonalData"):
        label = packs.current().field(asked).label
        assert (f"“{label}” was answered with no" in page) is not said


def test_a_no_among_the_facts_costs_the_page_few_queries(
    browse, actor, case, address, record, django_assert_max_num_queries
):
    record()
    write_facts(case, section="consent", record=1, values={"con_Consent": False}, actor=actor("jemal"))
    client = browse("jemal")
    with django_assert_max_num_queries(12):
        assert "was answered with no" in read(client, address)


def test_the_list_says_in_words_what_each_consent_is(browse, address, record):
    record(until=None)
    page = read(browse("jemal"), address)
    for told in (
        "Assistance by a partner",
        "in force",
        "Harbour Legal Aid",
        "legal: file",
        "Hawa, bolýar.",
        "Until it is withdrawn.",
    ):
        assert told in page


def test_the_list_shows_withdrawn_and_ended_ones_apart(cast, actor, browse, case, address, record):
    consenting.withdraw_consent(case, consent=record(), reason="No more.", actor=actor("jemal"))
    Consent.objects.filter(pk=record().pk).update(until=cast.now.date() - timedelta(days=1))
    page = read(browse("jemal"), address)
    assert "Not in force any more" in page
    assert "Withdrawn on" in page
    assert "Ended on" in page


def test_a_coordinator_learns_that_there_is_one_and_nothing_else(browse, address, record):
    record()
    page = read(browse("irina"), address)
    assert "You see that there is a consent, not what it says." in page
    for kept in ("Harbour", "Hawa", "legal", "Assistance by a partner"):
        assert kept not in page


def test_the_data_protection_officer_reads_it_and_changes_nothing(browse, case, address, record):
    consent = record()
    page = read(browse("kerim"), address)
    assert "Hawa, bolýar." in page
    assert "Record a consent" not in page
    assert browse("kerim").get(reverse("cases.withdraw_consent", args=[case, consent.pk])).status_code == 403


def test_recording_asks_for_what_a_consent_needs(browse, case):
    answer = browse("jemal").post(reverse("cases.record_consent", args=[case]), {})
    page = answer.content.decode()
    for field in ("id_purpose_0", "id_given_by_0", "id_words", "id_given_on"):
        assert f'href="#{field}"' in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"given_on": "2026-11-25"}, "be dated in the future"),
        ({"given_on": "2026-11-20", "until": "2026-11-19"}, "before the day on which it was given"),
        ({"given_on": "2026-11-20", "until": "2026-11-23"}, "would have ended already"),
        ({"recipient": ""}, "This field is required."),
        ({"parts": []}, "This field is required."),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(cast, browse, case, changed, sentence):
    sent = {
        "purpose": "referral",
        "recipient": str(cast["selbi"].agency.pk),
        "parts": ["identity"],
        "given_by": "both",
        "words": "Yes.",
        "given_on": "2026-11-24",
    }
    page = browse("jemal").post(reverse("cases.record_consent", args=[case]), sent | changed).content.decode()
    assert sentence in page
    assert not Consent.objects.exists()


def test_the_verb_itself_shares_nothing_and_with_nobody(record):
    for changed, sentence in (({"recipient": None}, "Choose the agency"), ({"parts": []}, "Choose at least one part")):
        with pytest.raises(PersonFacingError, match=sentence):
            record(**changed)


def test_photographs_need_no_agency_and_keep_no_parts(browse, case):
    sent = {"purpose": "photo", "given_by": "both", "words": "Yes.", "given_on": "2026-11-24", "parts": ["identity"]}
    assert browse("jemal").post(reverse("cases.record_consent", args=[case]), sent).status_code == 302
    assert Consent.objects.get().parts == []


def test_an_unverified_list_is_marked_as_such(browse, case):
    assert "Nobody has checked the source of this list yet." in read(
        browse("jemal"), reverse("cases.record_consent", args=[case])
    )


def test_sharing_without_consent_needs_a_fresh_sign_in_and_is_flagged_on_the_page(cast, browse, case, address):
    override = reverse("cases.override_consent", args=[case])
    assert browse("jemal", proved=False).get(override).status_code == 302
    sent = {
        "recipient": str(cast["selbi"].agency.pk),
        "parts": ["legal_file"],
        "ground": "mandatory_reporting",
        "reason": "Article 12.",
    }
    assert browse("jemal").post(override, sent).url == address
    page = read(browse("kerim"), address)
    assert "This file is shared with Harbour Legal Aid without consent" in page
    assert "The law obliges us to report" in page


def test_overrides_in_force_are_told_to_other_pages(cast, actor, case, record):
    record()
    fields = {"recipient": cast["selbi"].agency, "parts": [Part.SAFETY], "ground": "vital_interest", "reason": "x"}
    override = consenting.override_consent(case, **fields, actor=actor("jemal"))
    assert consenting.overrides_in_force(case, actor("kerim")) == [override]


def test_an_override_is_flagged_on_the_file_itself(cast, actor, browse, case):
    fields = {"recipient": cast["selbi"].agency, "parts": [Part.SAFETY], "ground": "vital_interest", "reason": "x"}
    override = consenting.override_consent(case, **fields, actor=actor("jemal"))
    flagged = "Shared with Harbour Legal Aid without consent"
    for name in ("jemal", "aman", "kerim"):
        assert flagged in read(browse(name), case.get_absolute_url())
    assert flagged not in read(browse("irina"), case.get_absolute_url())
    consenting.withdraw_consent(case, consent=override, reason="Over.", actor=actor("jemal"))
    assert flagged not in read(browse("jemal"), case.get_absolute_url())


def test_a_withdrawal_takes_the_lawyer_out_at_once(cast, actor, browse, case, record):
    consent = record()
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))
    address = reverse("cases.withdraw_consent", args=[case, consent.pk])
    page = read(browse("jemal"), address)
    assert "These workers leave the circle of care now:" in page
    assert "Selbi" in page
    assert "What runs on for now" not in page
    browse("jemal").post(address, {"reason": "The guardian said no."})
    assert not open_file(actor("selbi"), case).exists


def test_medical_help_runs_on_until_the_safety_decision_and_for_a_day_at_most(cast, actor, browse, case, record):
    nurse = health_worker_of_harbour(cast)
    consent = record(parts=[Part.HEALTH_FILE, Part.HEALTH_ALERTS])
    handing.bring_in(case, to=nurse, relation=Relation.HEALTH_WORKER, reason="x", actor=actor("jemal"))
    address = reverse("cases.withdraw_consent", args=[case, consent.pk])
    page = read(browse("jemal"), address)
    assert "What runs on for now" in page
    assert "decide within 4 hours" in page
    assert "No source that we could check names these two times." in page
    browse("jemal").post(address, {"reason": "The guardian said no."})

    def nurse_at(hours):
        return open_file(Actor.of(nurse, cast.now + timedelta(hours=hours)), case)

    assert nurse_at(0).writes(Part.HEALTH_FILE)
    assert nurse_at(23).writes(Part.HEALTH_FILE)
    assert not nurse_at(24).exists
    task = Task.objects.get(kind=TaskKind.SAFETY_DECISION)
    assert task.owner == cast["jemal"]
    assert task.due == cast.now + timedelta(hours=4)
    assert "without consent" in read(browse("jemal"), reverse("cases.consents", args=[case]))


def test_a_safety_decision_to_end_it_is_taking_the_worker_out(cast, actor, case, record):
    nurse = health_worker_of_harbour(cast)
    consent = record(parts=[Part.HEALTH_FILE])
    grant = handing.bring_in(case, to=nurse, relation=Relation.HEALTH_WORKER, reason="x", actor=actor("jemal"))
    consenting.withdraw_consent(case, consent=consent, reason="No.", actor=actor("jemal"))
    grant.refresh_from_db()
    handing.take_out(case, grant=grant, reason="Moved to another clinic.", actor=actor("jemal"))
    assert not Grant.objects.active(cast.now).filter(membership=nurse).exists()


def test_a_withdrawn_consent_brings_nobody_in(cast, actor, case, record):
    consenting.withdraw_consent(case, consent=record(), reason="No.", actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="no consent"):
        handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))


def test_withdrawing_twice_is_said_in_words(actor, browse, case, record):
    consent = record()
    consenting.withdraw_consent(case, consent=consent, reason="No.", actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="withdrawn before"):
        consenting.withdraw_consent(case, consent=consent, reason="No.", actor=actor("jemal"))
    assert browse("jemal").get(reverse("cases.withdraw_consent", args=[case, consent.pk])).status_code == 302


def test_a_consent_of_another_child_is_404_here(browse, case, register, record):
    other = register()
    assert browse("jemal").get(reverse("cases.withdraw_consent", args=[other, record().pk])).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_ten(browse, address, record):
    client = browse("jemal")
    record()
    read(client, address)
    with counting() as one:
        read(client, address)
    for _ in range(9):
        record()
    with counting() as ten:
        read(client, address)
    assert len(one) == len(ten) <= 12


def health_worker_of_harbour(cast) -> Membership:
    return Membership.objects.create(
        user=cast["tamara"].user, agency=cast["selbi"].agency, role="health_worker", since=cast.now - timedelta(days=1)
    )


def test_the_agency_that_owns_the_file_needs_no_consent(cast, case, record):
    with pytest.raises(PersonFacingError, match="has the file already"):
        record(recipient=case.agency)


def test_a_place_by_consent_is_the_same_after_the_consent_was_recorded_a_second_time(cast, actor, case, record):
    record()
    bring_in(case, cast, "selbi", Relation.LAWYER)
    assert open_file(actor("selbi"), case).writes(Part.LEGAL_FILE)


# --- what carries help on after a withdrawal ---------------------------------------------------------------------------


@pytest.fixture
def nurse(cast, actor, case, record):
    """A nurse of Harbour Legal Aid whose help runs on: the consent that she stood by was withdrawn."""
    member = health_worker_of_harbour(cast)
    consent = record(parts=[Part.HEALTH_FILE, Part.LEGAL_FILE, Part.NARRATIVE])
    handing.bring_in(case, to=member, relation=Relation.HEALTH_WORKER, reason="x", actor=actor("jemal"))
    consenting.withdraw_consent(case, consent=consent, reason="No.", actor=actor("jemal"))
    return member


def carrying_on() -> Consent:
    return Consent.objects.select_related("subject", "recipient").get(purpose="carry_on")


def test_what_carries_help_on_lets_nobody_new_in(cast, actor, browse, case, nurse):
    assert carrying_on().holds(cast.now)
    with pytest.raises(PersonFacingError, match="no consent"):
        handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))
    page = read(browse("jemal"), reverse("cases.bring_in", args=[case]), agency=nurse.agency.pk.hex)
    assert f'value="{cast["selbi"].pk}"' not in page


@pytest.mark.parametrize(
    ("language", "automatic", "why"),
    [
        ("en", "utomatic, until the safety decision", "Consent withdrawn; shelter or medical help goes on"),
        ("ru", "решения о безопасности", "Согласие отозвано; приют или медицинская помощь продолжаются"),
    ],
)
def test_it_is_said_to_be_automatic_in_the_language_of_whoever_reads(
    browse, case, address, nurse, language, automatic, why
):
    client = browse("jemal")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page, file = read(client, address), read(client, case.get_absolute_url())
    assert automatic in page
    assert why in page
    for told in (page, file, read(browse("kerim"), "/desk/consents", which="without")):
        assert "Life or health is in danger" not in told
        assert "Угроза жизни" not in told
    assert why in read(client, reverse("cases.finish_task", args=[Task.objects.get(kind=TaskKind.SAFETY_DECISION)]))


def test_what_carries_help_on_ends_with_the_help(cast, actor, browse, case, address, nurse):
    grant = Grant.objects.active(cast.now).get(membership=nurse)
    handing.take_out(case, grant=grant, reason="Moved to another clinic.", actor=actor("jemal"))
    assert not carrying_on().holds(cast.now)
    page = read(browse("jemal"), address)
    assert page.count("Withdrawn on") == page.count("Ended on") == 1


def test_what_carries_help_on_reaches_no_further_than_the_help_does(nurse):
    assert carrying_on().parts == [Part.HEALTH_FILE]


def test_withdrawing_what_carries_help_on_ends_it_for_good(cast, actor, browse, case, nurse):
    address = reverse("cases.withdraw_consent", args=[case, carrying_on().pk])
    page = read(browse("jemal"), address)
    assert "These workers leave the circle of care now:" in page
    assert "What runs on for now" not in page
    browse("jemal").post(address, {"reason": "She moved to another clinic."})
    assert not open_file(Actor.of(nurse, cast.now), case).exists
    assert Consent.objects.filter(purpose="carry_on").count() == 1
    assert Task.objects.filter(kind=TaskKind.SAFETY_DECISION).count() == 1


def test_help_whose_consent_ran_out_is_not_begun_again_by_a_withdrawal(cast, actor, case, record):
    member = health_worker_of_harbour(cast)
    consent = record(parts=[Part.HEALTH_FILE], until=cast.now.date())
    handing.bring_in(case, to=member, relation=Relation.HEALTH_WORKER, reason="x", actor=actor("jemal"))
    later = cast.now + timedelta(days=3)
    consenting.withdraw_consent(case, consent=consent, reason="No.", actor=actor("jemal", later))
    assert not open_file(Actor.of(member, later), case).exists
    assert not Consent.objects.filter(purpose="carry_on").exists()


def test_a_new_consent_takes_over_from_what_carried_help_on(cast, actor, case, nurse, record):
    record(parts=[Part.HEALTH_FILE])
    handing.bring_in(case, to=nurse, relation=Relation.HEALTH_WORKER, reason="x", actor=actor("jemal"))
    places = Grant.objects.active(cast.now).filter(membership=nurse)
    assert [(place.until, place.consent.purpose) for place in places] == [(None, "assistance_by_partner")]


# --- a place that begins anew -------------------------------------------------------------------------------------------


def test_a_place_taken_again_after_the_consent_ran_out_begins_then(cast, actor, case, record):
    record(until=cast.now.date())
    first = handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))
    later = cast.now + timedelta(days=30)
    record()
    again = handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal", later))
    first.refresh_from_db()
    assert (again.since, again.until) == (later, None)
    assert (first.since, first.until) == (cast.now, later)


def test_a_place_that_comes_to_rest_on_a_wider_consent_begins_anew(cast, actor, case, record):
    record()
    first = handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))
    record(parts=[Part.LEGAL_FILE, Part.IDENTITY])
    later = cast.now + timedelta(days=30)
    again = handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal", later))
    assert (again.pk != first.pk, again.since) == (True, later)


def test_bringing_in_twice_by_the_same_consent_changes_nothing(cast, actor, case, record):
    record()
    first = handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))
    later = actor("jemal", cast.now + timedelta(days=1))
    again = handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=later)
    assert (again, again.since) == (first, cast.now)


@pytest.mark.parametrize("part", sorted(consenting.NOT_TO_SHARE))
def test_neither_that_there_is_a_file_nor_its_log_is_shared_by_a_consent(record, part):
    with pytest.raises(PersonFacingError, match="can't be shared"):
        record(parts=[Part.LEGAL_FILE, part])
    assert not Consent.objects.exists()


def test_an_override_shares_neither_the_consent_nor_the_log(cast, actor, case):
    with pytest.raises(PersonFacingError, match="can't be shared"):
        consenting.override_consent(
            case,
            recipient=cast["selbi"].agency,
            parts=[Part.AUDIT],
            ground="vital_interest",
            reason="A risk to life.",
            actor=actor("jemal"),
        )
    assert not Consent.objects.exists()


@pytest.mark.sqlcipher_only
def test_what_carries_help_on_names_the_agencies_whose_help_runs(cast, actor, case, record):
    nurse, mechanism = health_worker_of_harbour(cast), cast["irina"].agency
    consent = record(recipient=mechanism, also=[nurse.agency], parts=[Part.HEALTH_FILE])
    handing.bring_in(case, to=nurse, relation=Relation.HEALTH_WORKER, reason="x", actor=actor("jemal"))
    consenting.withdraw_consent(case, consent=consent, reason="No.", actor=actor("jemal"))
    assert carrying_on().recipients == {nurse.agency_id}


# --- whoever reads by a consent ---------------------------------------------------------------------------------------


@pytest.fixture
def several(cast, case, record):
    """Selbi of the harbour stands in the circle by a consent that names others as well; another consent is for others alone."""
    mechanism = cast["irina"].agency
    named = f"{cast['selbi'].agency}, {mechanism}, City hospital 2"
    version = read_out(Covers("assistance_by_partner", named, [Part.LEGAL_FILE]), "en").version
    told = {"read_in": "en", "read_version": version}
    record(also=[mechanism], outside="City hospital 2", words="To all three.", **told)
    other = record(recipient=mechanism, parts=[Part.PLAN], words="Only to the mechanism.")
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=cast.actor("jemal"))
    return other


def test_whoever_reads_by_a_consent_sees_that_one_alone_and_no_other_recipient(cast, browse, case, address, several):
    page = read(browse("selbi"), address)
    assert "To all three." in page
    assert "parts of the file: Harbour Legal Aid;" in page
    for kept in ("Only to the mechanism.", "Referral Mechanism", "City hospital 2", "/read"):
        assert kept not in page, kept
    assert browse("selbi").get(reverse("cases.consent_read", args=[case, several.pk])).status_code == 404
    for told in ("Only to the mechanism.", "City hospital 2", "What was read to the child"):
        assert told in read(browse("jemal"), address)


@pytest.mark.sqlcipher_only
def test_nor_do_the_timeline_the_file_and_the_circle_tell_of_the_others(cast, actor, browse, case, several):
    for agency, reason in ((cast["irina"].agency, "A court asked."), (cast["selbi"].agency, "A danger.")):
        consenting.override_consent(
            case, recipient=agency, parts=[Part.SAFETY], ground="vital_interest", reason=reason, actor=actor("jemal")
        )
    page = read(browse("selbi"), case.get_absolute_url())
    assert "with Harbour Legal Aid without consent" in page
    for kept in ("Referral Mechanism", "A court asked.", "Only to the mechanism."):
        assert kept not in page, kept
    assert "Only to the mechanism." in read(browse("jemal"), case.get_absolute_url())


def test_a_consent_counts_for_every_agency_that_it_names(cast, actor, case, record):
    record(recipient=cast["irina"].agency, also=[cast["selbi"].agency])
    assert open_file(actor("selbi"), case).consented == {Part.LEGAL_FILE}
    assert not open_file(actor("jemal"), case).consented
