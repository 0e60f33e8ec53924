"""A withdrawal reaches each agency that shared in the consent, and the file shows who confirmed it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from amanat.access.models import Consent, WithdrawalNotice
from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry
from amanat.cases.actions import consenting, handing
from amanat.cases.actions.confirming import confirm_withdrawal
from amanat.cases.models import Task
from amanat.cases.tests.looking import read
from amanat.people.models import Agency, Look
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import HARBOUR, MECHANISM

pytestmark = pytest.mark.django_db


@pytest.fixture
def consent(cast, actor, case):
    """Harbour and the mechanism may see the plan; Harbour's lawyer stands in the circle by it."""
    made = consenting.record_consent(
        case,
        purpose="assistance_by_partner",
        recipient=cast["selbi"].agency,
        also=[cast["irina"].agency],
        parts=[Part.PLAN, Part.LEGAL_FILE],
        given_by="both",
        words="Yes.",
        given_on=cast.now.date(),
        actor=actor("jemal"),
    )
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))
    return made


@pytest.fixture
def withdrawn(consent, case, actor):
    Look.objects.all().delete()
    return consenting.withdraw_consent(case, consent=consent, reason="No more.", actor=actor("jemal"))


def notice_for(name):
    return WithdrawalNotice.objects.get(agency__name=name)


def test_complaint_15_a_withdrawn_consent_is_told_to_each_recipient_by_its_number_alone(
    withdrawn, case, browse, actor, cast
):
    assert {notice.agency.name for notice in WithdrawalNotice.objects.all()} == {HARBOUR, MECHANISM}
    assert case.get_absolute_url() not in read(browse("selbi"), "/cases")
    page = read(browse("selbi"), reverse("cases.withdrawals"))
    assert withdrawn.number in page
    assert "you stood by it" in page
    for kept in ("Aylar", "Çaryýewa", case.child.code_name, case.pk.hex, "legal: file", "Assistance", "No more."):
        assert kept not in page, kept
    assert set(Look.objects.values_list("user__username", flat=True)) == {"selbi"}
    answer = browse("selbi").post(reverse("cases.confirm", args=[notice_for(HARBOUR).pk]), {"sure": "on"})
    assert answer.url == reverse("cases.withdrawals")
    page = read(browse("jemal"), reverse("cases.consents", args=[case]))
    assert "Confirmed by Selbi: nothing is used any more" in page
    assert "Has not confirmed yet that nothing is used any more" in page
    assert page.index("Harbour") < page.index("Confirmed by Selbi")


def test_my_day_says_that_something_is_to_be_confirmed_until_somebody_of_the_agency_has(withdrawn, browse, actor):
    for name in ("selbi", "dowlet", "elena"):
        assert "withdrawn consents to confirm" in read(browse(name), "/")
    assert "withdrawn consents to confirm" not in read(browse("jemal"), "/")
    confirm_withdrawal(notice_for(HARBOUR), actor=actor("dowlet"))
    assert "withdrawn consents to confirm" not in read(browse("selbi"), "/")
    assert "Confirmed by Dowlet" in read(browse("selbi"), reverse("cases.withdrawals"), which="confirmed")


def test_where_nobody_stood_by_it_the_supervisor_is_told(cast, actor, case, consent):
    handing.take_out(case, grant=consent.grants.get(), reason="Done.", actor=actor("jemal"))
    consent.grants.all().delete()
    Look.objects.all().delete()
    consenting.withdraw_consent(case, consent=consent, reason="x", actor=actor("jemal"))
    assert set(Look.objects.values_list("user__username", flat=True)) == {"elena"}


def test_a_confirmation_needs_its_tick_and_is_given_once(withdrawn, browse, actor):
    address = reverse("cases.confirm", args=[notice_for(HARBOUR).pk])
    assert "Tick it once it is so." in browse("selbi").post(address, {}).content.decode()
    confirm_withdrawal(notice_for(HARBOUR), actor=actor("selbi"))
    with pytest.raises(PersonFacingError, match="confirmed this already"):
        confirm_withdrawal(notice_for(HARBOUR), actor=actor("dowlet"))
    assert browse("dowlet").get(address).url == reverse("cases.withdrawals")


def test_another_agency_sees_and_confirms_nothing(withdrawn, browse, actor):
    assert withdrawn.number not in read(browse("merdan"), reverse("cases.withdrawals"))
    assert browse("merdan").get(reverse("cases.confirm", args=[notice_for(HARBOUR).pk])).status_code == 404
    with pytest.raises(Refused):
        confirm_withdrawal(notice_for(HARBOUR), actor=actor("merdan"))
    assert not WithdrawalNotice.objects.exclude(confirmed_by=None).exists()
    assert browse("viktor").get(reverse("cases.withdrawals")).status_code == 404


def test_the_log_of_the_child_names_who_confirmed(withdrawn, case, actor):
    confirm_withdrawal(notice_for(HARBOUR), actor=actor("selbi"))
    entry = Entry.objects.get(subject=case.subject, verb="withdrawal.confirm")
    assert entry.user.username == "selbi"


def test_what_shared_nothing_is_told_to_nobody(cast, actor, case):
    photo = consenting.record_consent(
        case,
        purpose="photo",
        recipient=None,
        parts=[],
        given_by="both",
        words="Yes.",
        given_on=cast.now.date(),
        actor=actor("jemal"),
    )
    consenting.withdraw_consent(case, consent=photo, reason="x", actor=actor("jemal"))
    assert not WithdrawalNotice.objects.exists()


def test_the_end_of_an_override_is_told_as_well(cast, actor, case):
    harbour = Agency.objects.get(name=HARBOUR)
    override = consenting.override_consent(
        case, recipient=harbour, parts=[Part.SAFETY], ground="vital_interest", reason="x", actor=actor("jemal")
    )
    consenting.withdraw_consent(case, consent=override, reason="Over.", actor=actor("jemal"))
    assert notice_for(HARBOUR).consent == override == Consent.objects.get()


@pytest.mark.sqlcipher_only
def test_an_organisation_outside_is_told_by_the_case_manager_within_hours(cast, actor, case, browse):
    outside = consenting.record_consent(
        case,
        purpose="referral",
        recipient=None,
        outside="City hospital 2",
        parts=[Part.HEALTH_ALERTS],
        given_by="both",
        words="Yes.",
        given_on=cast.now.date(),
        actor=actor("jemal"),
    )
    consenting.withdraw_consent(case, consent=outside, reason="No.", actor=actor("jemal"))
    task = Task.objects.get(case=case)
    assert (task.owner, task.due, task.part) == (cast["jemal"], cast.now + consenting.DECIDE_WITHIN, Part.CONSENT)
    assert f"Tell City hospital 2 that the consent {outside.number} is withdrawn" in read(
        browse("jemal"), case.get_absolute_url()
    )
