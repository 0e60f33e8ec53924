"""The age on a file and on a matter: written down, in doubt treated as a child and seen to be, settled without taking anything back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.access.policy import Part, Relation
from amanat.cases import from_elsewhere
from amanat.cases.actions.handing import bring_in
from amanat.cases.models import Case, Event, EventKind
from amanat.identification import ages
from amanat.identification.actions.age import record_age
from amanat.identification.age import Kind, Standing
from amanat.identification.models import AgeRecord
from amanat.identification.tests.screened import matter_of
from amanat.people.clock import stopped
from amanat.vault import erasing
from tests.cast import Cast

Browse = Callable[..., Client]
pytestmark = pytest.mark.django_db
IN_DOUBT = "Treated as a child: the age is in doubt"
UNNAMED: dict[str, Any] = {"names": [], "birth_date": "", "certainty": "unknown"}
DOUBTED = {"doubt": "yes", "reasons": "Coached, it seems."}
CLAIMED = {"least": "19", "who": "Her uncle"} | DOUBTED


def said(row: Any, cast: Cast, by: str, **more: Any) -> AgeRecord:
    given: dict[str, Any] = {
        "kind": Kind.CLAIMED,
        "doubt": True,
        "reasons": "Coached.",
        "least": 19,
        "who": "Her uncle",
    }
    return record_age(row, actor=cast.actor(by), **given | more)


def test_while_it_is_in_doubt_the_head_of_the_file_says_that_a_child_is_before_one(
    register: Callable[..., Case], cast: Cast, browse: Browse
) -> None:
    case, jemal = register(identity=UNNAMED), browse("jemal")
    assert IN_DOUBT not in jemal.get(f"/cases/{case.pk.hex}").content.decode()
    page = jemal.post(f"/cases/{case.pk.hex}/age/claimed", CLAIMED, follow=True).content.decode()
    assert IN_DOUBT in page
    assert "19 years" in page
    file = jemal.get(f"/cases/{case.pk.hex}").content.decode()
    assert IN_DOUBT in file
    assert "Coached, it seems." in file  # a line of the timeline
    assert Event.objects.get(case=case, kind=EventKind.AGE_RECORDED).part == Part.FACTS


def test_a_later_finding_takes_no_protection_back(register: Callable[..., Case], cast: Cast, browse: Browse) -> None:
    case = register(identity=UNNAMED)
    said(case, cast, "jemal")
    later = cast.now + timedelta(days=9)
    given = {
        "kind": Kind.DOCUMENTED,
        "doubt": False,
        "reasons": "The consul confirmed it.",
        "birth_date": date(2005, 2, 1),
    }
    record_age(case, actor=cast.actor("jemal", later), document="passport", who="Merdan, the original", **given)
    with stopped(later):
        known = ages.of(open_file(cast.actor("jemal", later), case))
        jemal = browse("jemal")
    assert [one.found.standing for one in known.periods] == [Standing.TREATED_AS_CHILD, Standing.ADULT]
    assert known.periods[0].since == date(2026, 11, 24)
    page = jemal.get(f"/cases/{case.pk.hex}/age").content.decode()
    assert "Protection given until then stands" in page
    assert "24 November 2026" in page
    assert IN_DOUBT not in jemal.get(f"/cases/{case.pk.hex}").content.decode()
    assert AgeRecord.objects.filter(subject=case.subject).count() == 2


def test_the_birth_date_of_the_identity_counts_for_whoever_sees_it(case: Case, cast: Cast, browse: Browse) -> None:
    said(case, cast, "jemal", doubt=False, reasons="")
    jemal = ages.of(open_file(cast.actor("jemal"), case))
    assert (jemal.found.standing, len(jemal.lines)) == (Standing.TREATED_AS_CHILD, 2)
    page = browse("aman").get(f"/cases/{case.pk.hex}/age").content.decode()
    assert "Its birth date is not counted here." in page
    assert "5 April 2012" not in page


def test_an_assessment_makes_nobody_an_adult_against_the_document_in_the_identity(
    register: Callable[..., Case], cast: Cast
) -> None:
    found: dict[str, Any] = {"kind": Kind.ASSESSED, "assessed": Decimal(21), "margin": Decimal(2), "consent": True}
    for born, standing in {"2012-04-05": Standing.TREATED_AS_CHILD, "2004-04-05": Standing.ADULT}.items():
        case = register(identity=UNNAMED | {"birth_date": born, "certainty": "documented"})
        record_age(case, doubt=False, method="dental", actor=cast.actor("jemal"), **found)
        assert ages.of(open_file(cast.actor("jemal"), case)).found.standing is standing


def test_an_assessment_needs_its_margin_and_whoever_refuses_is_no_adult_by_that(
    register: Callable[..., Case], cast: Cast, browse: Browse
) -> None:
    case, jemal = register(identity=UNNAMED), browse("jemal")
    address = f"/cases/{case.pk.hex}/age/assessed"
    body = {
        "method": "dental",
        "day": "2026-11-20",
        "who": "Dr. Sapar",
        "doubt": "no",
        "consent": "yes",
        "assessed": "19.5",
    }
    assert "Write what was found, and its margin." in jemal.post(address, body).content.decode()
    page = jemal.post(address, body | {"margin": "2"}, follow=True).content.decode()
    assert "19.5 years, 2 more or less" in page
    assert "What was found reaches under 18." in page
    with stopped(cast.now + timedelta(minutes=1)):
        assert "An adult" in jemal.post(address, body | {"margin": "1"}, follow=True).content.decode()
    other, refused = register(identity=UNNAMED), body | {"consent": "no", "margin": "", "assessed": ""}
    page = jemal.post(f"/cases/{other.pk.hex}/age/assessed", refused, follow=True).content.decode()
    assert "No: nothing follows from that" in page
    assert "Nothing says how old this person is." in page


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        ("claimed", DOUBTED | {"who": "Her uncle"}, "Write the age, or the birth date."),
        ("claimed", CLAIMED | {"least": "17", "most": "12"}, "An age lies between 0 and 120 years"),
        ("claimed", CLAIMED | {"least": "", "birth_date": "2027-01-01"}, "This day has not come yet."),
        ("claimed", CLAIMED | {"least": "", "birth_date": "1826-01-01"}, "This is too long ago."),
        ("claimed", CLAIMED | {"least": "", "birth_date": "2011-02-31"}, "Enter a valid date."),
        ("doubt", {"doubt": "yes"}, "Write the reason."),
    ],
)
def test_what_cannot_be_is_told(case: Case, browse: Browse, kind: str, body: dict[str, str], sentence: str) -> None:
    page = browse("jemal").post(f"/cases/{case.pk.hex}/age/{kind}", body).content.decode()
    assert sentence in page
    assert body.get("reasons", "") in page
    assert not AgeRecord.objects.exists()


def test_that_it_is_no_longer_in_doubt_asks_why(register: Callable[..., Case], cast: Cast, browse: Browse) -> None:
    case = register(identity=UNNAMED)
    said(case, cast, "jemal")
    address, jemal = f"/cases/{case.pk.hex}/age/doubt", browse("jemal")
    assert "Write the reason." in jemal.post(address, {"doubt": "no"}).content.decode()
    # No document and no assessment: without a doubt, too, nobody becomes an adult by what was said.
    with stopped(cast.now + timedelta(minutes=1)):
        page = jemal.post(address, {"doubt": "no", "reasons": "She says so herself."}, follow=True).content.decode()
    assert "It was only said." in page


def test_a_health_worker_writes_what_they_found_and_reads_nothing_else(case: Case, cast: Cast, browse: Browse) -> None:
    bring_in(case, to=cast["sona"], relation=Relation.HEALTH_WORKER, reason="Examines her.", actor=cast.actor("jemal"))
    said(case, cast, "jemal", who="Her secret uncle")
    sona, there = browse("sona"), f"/cases/{case.pk.hex}"
    assert sona.get(f"{there}/age").status_code == 403
    page = sona.get(f"{there}/age-found").content.decode()
    assert "What an assessment found" in page
    assert "secret" not in page
    answer = sona.post(f"{there}/age/doubt", DOUBTED)
    assert answer.headers["Location"] == there
    # Whether somebody doubts it they do not read, and so end no doubt unawares.
    assert "Write the reason." in sona.post(f"{there}/age/doubt", {"doubt": "no"}).content.decode()


def test_a_matter_shows_it_first_and_the_case_takes_it_along(
    register: Callable[..., Case], cast: Cast, browse: Browse
) -> None:
    matter, nurana = matter_of(cast), browse("nurana")
    nurana.post(f"/matters/{matter.pk.hex}/age/claimed", CLAIMED)
    assert IN_DOUBT in nurana.get(f"/matters/{matter.pk.hex}").content.decode()
    case = register(by="nurana", identity=UNNAMED)
    from_elsewhere.carry(matter, case, cast.actor("nurana"))
    assert "from a call to a hotline" in nurana.get(f"/cases/{case.pk.hex}/age").content.decode()
    assert IN_DOUBT in nurana.get(f"/cases/{case.pk.hex}").content.decode()
    erasing.erase([case.subject_id], cast.now)
    assert [one.subject_id for one in AgeRecord.objects.all()] == [matter.subject_id]
