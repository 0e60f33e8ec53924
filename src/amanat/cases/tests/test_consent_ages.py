"""Who has to agree goes by the child's age; in doubt it is a child."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.actions import consenting
from amanat.cases.consent_ages import bands_of
from amanat.cases.tests.looking import read
from amanat.web.errors import PersonFacingError
from tests.cast import IDENTITY, NOW

DAY = NOW.date()


@pytest.mark.parametrize(
    ("identity", "bands"),
    [
        ({"birth_date": "2022-11-25"}, ["under_6"]),
        ({"birth_date": "2020-11-25"}, ["under_6"]),
        ({"birth_date": "2020-11-24"}, ["from_6_to_11"]),
        ({"birth_date": "2012-04-05"}, ["from_12_to_14"]),
        ({"birth_date": "2008-11-25"}, ["from_15_to_17"]),
        ({"birth_date": "2008-11-24"}, ["from_18"]),
        ({"birth_date": "2008-11-24", "certainty": "documented"}, ["from_18"]),
        ({"birth_date": "2008-11-24", "certainty": "claimed"}, ["unknown"]),
        ({"birth_date": "2012-04-05", "certainty": "estimated"}, ["from_12_to_14"]),
        ({"birth_year": "2020"}, ["under_6", "from_6_to_11"]),
        ({"birth_year": "2026"}, ["under_6"]),
        ({"birth_year": "2008"}, ["from_15_to_17", "from_18"]),
        ({"birth_year": "1990", "certainty": "estimated"}, ["unknown"]),
        ({"birth_date": "2027-01-01"}, ["unknown"]),
        ({"birth_date": "2012"}, ["unknown"]),
        ({"birth_date": "", "birth_year": ""}, ["unknown"]),
        ({}, ["unknown"]),
    ],
)
def test_the_band_of_an_age(identity, bands):
    assert [band.name for band in bands_of(identity, DAY)] == bands


@pytest.fixture
def record(cast, actor, register):
    def make(born, given_by, **more):
        case = register(identity=IDENTITY | {"birth_date": born})
        told = {"purpose": "medical", "recipient": cast["selbi"].agency, "parts": [Part.PLAN], "words": "Yes."}
        told |= {"given_by": given_by, "given_on": DAY, "actor": actor("jemal")} | more
        return consenting.record_consent(case, **told)

    return make


@pytest.mark.parametrize(
    ("born", "given_by"),
    [("2022-01-01", "guardian"), ("2022-01-01", "both"), ("2012-04-05", "both"), ("2000-01-01", "child")],
)
def test_who_has_to_agree_does(record, born, given_by):
    assert record(born, given_by).pk


@pytest.mark.parametrize(
    ("born", "given_by", "sentence"),
    [
        ("2022-01-01", "child", "The guardian's consent is missing."),
        ("2017-01-01", "guardian", "The child's own yes is missing."),
        ("2012-04-05", "guardian", "The child's own yes is missing."),
        ("2010-01-01", "child", "The guardian's consent is missing."),
        ("2000-01-01", "guardian", "The child's own yes is missing."),
        ("", "child", "The guardian's consent is missing."),
        ("", "guardian", "The child's own yes is missing."),
        ("", "somebody", "Both are missing"),
    ],
)
def test_a_side_that_is_missing_is_told_and_nothing_is_recorded(record, born, given_by, sentence):
    with pytest.raises(PersonFacingError, match=sentence) as told:
        record(born, given_by)
    assert told.value.field == "given_by"
    assert "on a ground that the law knows" in str(told.value.hint)
    assert not Consent.objects.exists()


def test_the_age_counts_on_the_day_on_which_it_was_given(record):
    assert record("2008-11-24", "both", given_on=date(2026, 11, 23)).pk
    with pytest.raises(PersonFacingError):
        record("2008-11-24", "child", given_on=date(2026, 11, 23))


def test_an_override_needs_neither_of_them_but_a_ground(cast, actor, register):
    case = register(identity=IDENTITY | {"birth_date": ""})
    override = consenting.override_consent(
        case,
        recipient=cast["selbi"].agency,
        parts=[Part.PLAN],
        ground="vital_interest",
        reason="No guardian yet.",
        actor=actor("jemal"),
    )
    assert override.holds(NOW)


def test_the_page_says_what_this_age_asks_for_and_that_nobody_checked_it(browse, case):
    page = read(browse("jemal"), reverse("cases.record_consent", args=[case]))
    assert "12 to 14" in page
    assert "what the child does not want is not shared on the guardian&#x27;s word alone" in page
    assert "Nobody has checked them, nor the ages at which the law of your country lets a child decide." in page
