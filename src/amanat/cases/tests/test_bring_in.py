"""Bringing somebody in: colleagues at once, another agency only as far as a consent or a ground reaches."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import translation

from amanat.access.consents import ConsentMissing
from amanat.access.files import open_file
from amanat.access.models import Consent, Grant
from amanat.access.policy import Part, Relation
from amanat.cases.actions import consenting, guarding, handing
from amanat.cases.circle import CannotJoin
from amanat.cases.models import Case
from amanat.cases.tests.looking import counting, read
from amanat.web.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(case: Case) -> str:
    return reverse("cases.bring_in", args=[case])


def of(agency) -> str:
    return f"?agency={agency.pk.hex}"


def test_a_colleague_joins_in_the_place_of_their_role(cast, actor, browse, case, address):
    answer = browse("jemal").post(address, {"to": cast["ogulgerek"].pk, "reason": "Sleeps badly."})
    assert answer.status_code == 302
    assert answer.url == reverse("cases.circle", args=[case])
    assert open_file(actor("ogulgerek"), case).writes(Part.PSYCHOLOGY_NOTES)


def test_a_second_social_worker_joins_as_social_worker_not_as_case_manager(cast, browse, case, address):
    browse("jemal").post(address, {"to": cast["merdan"].pk, "reason": "Visits."})
    assert Grant.objects.get(membership=cast["merdan"]).relation == Relation.SOCIAL_WORKER


def test_roles_without_a_place_in_a_circle_are_not_offered(browse, address):
    page = read(browse("jemal"), address)
    assert "Ogulgerek" in page
    assert "Viktor" not in page  # administrator
    assert "Aman," not in page  # supervisor


def test_whoever_stands_in_the_circle_left_or_is_suspended_is_not_offered(cast, browse, case, address):
    cast["sona"].user.is_active = False
    cast["sona"].user.save()
    cast["bahar"].until = cast.now
    cast["bahar"].save()
    offered = offers(read(browse("jemal"), address))
    assert offered == {"Merdan", "Nurana", "Ogulgerek"}


def test_whoever_is_kept_out_is_not_offered_and_cannot_be_brought_in(cast, actor, browse, case, address):
    guarding.record_conflict(case, user=cast["ogulgerek"].user, reason="Neighbour.", actor=actor("aman"))
    page = read(browse("jemal"), address)
    assert "Ogulgerek" not in offers(page)
    assert "Whoever is kept out of this file is in no list here." in page
    assert browse("jemal").post(address, {"to": cast["ogulgerek"].pk, "reason": "x"}).status_code == 200
    with pytest.raises(CannotJoin):
        handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="x", actor=actor("jemal"))


def test_the_list_says_the_same_about_lists_whether_or_not_somebody_is_kept_out(browse, address):
    assert "Whoever is kept out of this file is in no list here." in read(browse("jemal"), address)


def test_without_consent_the_page_says_what_is_missing_and_leads_there_and_back(cast, actor, browse, case, address):
    harbour = cast["selbi"].agency
    page = read(browse("jemal"), address + of(harbour))
    assert "There is no consent to share this file with Harbour Legal Aid" in page
    back = quote(address + of(harbour))
    record = f"{reverse('cases.record_consent', args=[case])}?agency={harbour.pk.hex}&amp;then={back}"
    assert record in page
    assert "Who joins" not in page
    sent = {
        "purpose": "assistance_by_partner",
        "recipient": harbour.pk,
        "parts": ["legal_file", "legal_status"],
        "given_by": "both",
        "words": "Both said yes.",
        "given_on": "2026-11-24",
    }
    answer = browse("jemal").post(record.replace("&amp;", "&"), sent)
    assert answer.url == address + of(harbour)
    page = read(browse("jemal"), answer.url)
    assert offers(page) == {"Dowlet", "Selbi"}
    browse("jemal").post(answer.url, {"to": cast["selbi"].pk, "reason": "Hearing on Monday."})
    file = open_file(actor("selbi"), case)
    assert [part for part in Part if file.writes(part)] == [Part.LEGAL_FILE, Part.LEGAL_STATUS]


def test_the_page_says_what_those_who_join_will_see(cast, browse, address):
    assert "What they will see" in read(browse("jemal"), address)


def test_a_posted_worker_of_an_agency_without_consent_is_not_brought_in(cast, browse, case, address):
    harbour = cast["selbi"].agency
    answer = browse("jemal").post(address + of(harbour), {"to": cast["selbi"].pk, "reason": "Hearing."})
    assert answer.status_code == 200
    answer = browse("jemal").post(address, {"to": cast["selbi"].pk, "reason": "Hearing."})
    assert answer.status_code == 200
    assert not Grant.objects.filter(membership=cast["selbi"]).exists()


@pytest.mark.parametrize("purpose", ["photo", "statistics"])
def test_a_consent_to_photographs_or_statistics_opens_no_file(cast, actor, case, purpose):
    Consent.objects.create(
        subject=case.subject,
        purpose=purpose,
        recipient=cast["selbi"].agency,
        parts=["legal_file"],
        recorded_by=cast["jemal"],
        given_on=cast.now.date(),
    )
    with pytest.raises(ConsentMissing):
        handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))


def test_a_newer_wider_consent_widens_the_place_when_they_are_brought_in_again(cast, actor, case):
    share(case, cast, actor, [Part.LEGAL_FILE])
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))
    share(case, cast, actor, [Part.LEGAL_FILE, Part.IDENTITY])
    handing.bring_in(case, to=cast["selbi"], relation=Relation.LAWYER, reason="x", actor=actor("jemal"))
    assert open_file(actor("selbi"), case).sees(Part.IDENTITY)
    assert Grant.objects.filter(membership=cast["selbi"], until=None).count() == 1


def share(case, cast, actor, parts):
    consenting.record_consent(
        case,
        purpose="referral",
        recipient=cast["selbi"].agency,
        parts=parts,
        given_by="both",
        words="Yes.",
        given_on=cast.now.date(),
        actor=actor("jemal"),
    )


def test_an_agency_that_does_not_exist_is_404(browse, address):
    assert browse("jemal").get(address, {"agency": "0" * 32}).status_code == 404
    assert browse("jemal").get(address, {"agency": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("aman", 200), ("dowlet", 404), ("viktor", 404), ("irina", 403), ("kerim", 403)]
)
def test_who_may_open_the_page(browse, address, name, status):
    assert browse(name).get(address).status_code == status


def test_a_psychologist_brings_in_nobody(cast, actor, case):
    handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="x", actor=actor("jemal"))
    with pytest.raises(Refused):
        handing.bring_in(case, to=cast["sona"], relation=Relation.HEALTH_WORKER, reason="x", actor=actor("ogulgerek"))


def test_the_page_asks_at_most_twelve_times(cast, browse, address):
    client = browse("jemal")
    read(client, address)
    for query in ("", of(cast["selbi"].agency)):
        with counting() as asked:
            read(client, address + query)
        assert len(asked) <= 12


def offers(page: str) -> set[str]:
    """The names that can be chosen."""
    start = page.index('<select name="to"')
    choices = page[start : page.index("</select>", start)].split("<option")[2:]
    return {choice.split(">")[1].split(",")[0] for choice in choices}


def test_the_timeline_says_the_relation_in_the_language_of_its_reader(cast, actor, browse, case):
    with translation.override("ru"):
        handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="x", actor=actor("jemal"))
    told = read(browse("jemal"), case.get_absolute_url())
    assert "psychologist" in told.lower()
    assert "психолог" not in told.lower()
