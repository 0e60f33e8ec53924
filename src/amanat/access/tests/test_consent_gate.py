"""The gate of consent: nothing is shared by default, what is missing is named, and the way to record it leads back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import pytest
from django.urls import reverse

from amanat.access.consents import ConsentMissing, Gate
from amanat.access.policy import Part, Relation
from amanat.cases.actions import consenting, handing
from amanat.people.models import Agency
from tests.cast import HARBOUR, MECHANISM

pytestmark = pytest.mark.django_db
WANTED = [Part.LEGAL_FILE, Part.PLAN]


@pytest.fixture
def harbour(cast) -> Agency:
    return cast["selbi"].agency


@pytest.fixture
def record(cast, actor, case, harbour):
    def make(**more):
        told = {"purpose": "referral", "recipient": harbour, "parts": WANTED, "given_by": "both", "words": "Yes."}
        return consenting.record_consent(case, **told | {"given_on": cast.now.date()} | more, actor=actor("jemal"))

    return make


def test_complaint_30_not_allowed_is_the_default_and_without_a_consent_nothing_is_shared(
    cast, actor, browse, case, harbour
):
    assert Gate(case, cast.now).recipients() == set()
    with pytest.raises(ConsentMissing) as missing:
        Gate(case, cast.now).require(harbour, WANTED, "referral")
    assert missing.value.missing_parts == [Part.LEGAL_FILE, Part.PLAN]
    with pytest.raises(ConsentMissing):
        handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))
    assert browse("selbi").get(case.get_absolute_url()).status_code == 404


def test_what_a_consent_does_not_name_is_said_by_purpose_recipient_and_part(case, cast, harbour, record):
    record(parts=[Part.PLAN])
    with pytest.raises(ConsentMissing) as missing:
        Gate(case, cast.now).require(harbour, WANTED, "referral")
    assert missing.value.missing_parts == [Part.LEGAL_FILE]
    assert str(missing.value) == (
        "A consent is missing. With: Harbour Legal Aid. What it is for: Referral to another agency. "
        "Parts that it does not name: legal: file."
    )


def test_each_purpose_needs_a_consent_of_its_own(case, cast, harbour, record):
    consent = record()
    assert Gate(case, cast.now).require(harbour, WANTED, "referral") == consent
    with pytest.raises(ConsentMissing):
        Gate(case, cast.now).require(harbour, [Part.PLAN], "medical")


def test_an_override_counts_for_its_parts_whatever_the_purpose(case, cast, actor, harbour):
    override = consenting.override_consent(
        case, recipient=harbour, parts=[Part.PLAN], ground="vital_interest", reason="x", actor=actor("jemal")
    )
    assert Gate(case, cast.now).require(harbour, [Part.PLAN], "medical") == override


def test_of_several_the_narrowest_that_is_enough_counts_and_a_ground_only_where_none_is(
    case, cast, actor, harbour, record
):
    record(parts=[*WANTED, Part.IDENTITY, Part.FACTS])
    narrow = record(parts=[*WANTED, Part.IDENTITY])
    consenting.override_consent(
        case, recipient=harbour, parts=WANTED, ground="vital_interest", reason="x", actor=actor("jemal")
    )
    assert Gate(case, cast.now).require(harbour, WANTED, "referral") == narrow


def test_one_consent_counts_for_every_agency_that_it_names_and_for_one_outside(case, cast, harbour, record):
    consent = record(also=[cast["irina"].agency], outside="City hospital 2")
    gate = Gate(case, cast.now)
    for recipient in (harbour, cast["irina"].agency, None):
        assert gate.require(recipient, WANTED, "referral") == consent
    assert {Agency.objects.get(pk=pk).name for pk in gate.recipients()} == {HARBOUR, MECHANISM}
    with pytest.raises(ConsentMissing):
        gate.require(cast["jemal"].agency, WANTED, "referral")


def test_an_outside_organisation_needs_to_be_named(case, cast, record):
    record()
    with pytest.raises(ConsentMissing, match="outside the network"):
        Gate(case, cast.now).require(None, WANTED, "referral")


def test_a_withdrawn_consent_counts_no_more(case, cast, actor, harbour, record):
    consenting.withdraw_consent(case, consent=record(), reason="x", actor=actor("jemal"))
    with pytest.raises(ConsentMissing):
        Gate(case, cast.now).require(harbour, WANTED, "referral")


def test_the_way_opens_the_form_filled_in_and_leads_back(browse, case, cast, harbour):
    with pytest.raises(ConsentMissing) as missing:
        Gate(case, cast.now).require(harbour, WANTED, "referral")
    way = missing.value.way("/cases/x?y=1&z=2").split('"')[3].replace("&amp;", "&")
    assert urlparse(way).path == reverse("cases.record_consent", args=[case])
    assert parse_qs(urlparse(way).query) == {
        "agency": [harbour.pk.hex],
        "purpose": ["referral"],
        "parts": ["legal_file,plan"],
        "then": ["/cases/x?y=1&z=2"],
    }
    page = browse("jemal").get(way).content.decode()
    for ticked in ('value="referral" ', 'value="legal_file" ', 'value="plan" '):
        piece = page[page.index(ticked) :]
        assert "checked" in piece[: piece.index(">")], ticked
    assert "/cases/x?y=1&amp;z=2" in page


def test_a_page_whose_verb_lacks_a_consent_links_to_it_and_keeps_what_was_typed(
    browse, case, cast, harbour, monkeypatch
):
    """As when the consent is withdrawn between the page and what is sent from it."""
    monkeypatch.setattr(Gate, "recipients", lambda _gate: {harbour.pk})
    monkeypatch.setattr("amanat.cases.views.circle._reaches", lambda *_given: [])
    here = f"{reverse('cases.bring_in', args=[case])}?agency={harbour.pk.hex}"
    jemal = browse("jemal")
    page = jemal.post(here, {"to": cast["selbi"].pk, "reason": "Hearing on Monday."}).content.decode()
    assert "There is no consent to share this file with Harbour Legal Aid." in page
    way = re.search(r'class="lone" href="([^"]*consents/record[^"]*)"', page)[1].replace("&amp;", "&")
    assert parse_qs(urlparse(way).query)["then"] == [here]
    assert "Hearing on Monday." in jemal.get(here).content.decode(), "the draft"


@pytest.mark.parametrize("then", ["//evil.example/x", "https://evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_the_way_back_never_leads_elsewhere(browse, case, then):
    page = browse("jemal").get(reverse("cases.record_consent", args=[case]), {"then": then}).content.decode()
    leads = re.findall(r'href="([^"]*)"', page)
    assert not [href for href in leads if "evil" in href or "alert(" in href]


def test_what_makes_no_sense_in_an_address_is_left_out(browse, case):
    asked = {"purpose": "fun", "parts": "audit,nothing,plan", "until": "soon", "given_by": "x", "read_in": "xx"}
    page = browse("jemal").get(reverse("cases.record_consent", args=[case]), asked).content.decode()
    assert re.findall(r'value="(\w*)"[^>]* checked', page) == ["plan", ""]  # and that nothing was read out
