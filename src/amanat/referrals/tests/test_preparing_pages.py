"""Preparing and sending on the pages, by a browser without JavaScript: several needs, one response, and what a sender sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amanat.access.models import Consent
from amanat.cases.models import Case
from amanat.directory.models import Organization, Service, ServiceNeed
from amanat.people.models import Membership, Role
from amanat.referrals.actions import answering
from amanat.referrals.models import Referral, State
from amanat.referrals.tests.network import agree, agree_to_all, fresh, one_sent
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
Browse = Callable[..., Client]
WRITTEN = {
    "need": "A bed for a girl, tonight.",
    "limits": "Never call home.",
    "languages": ["tk"],
    "parts": ["health_alerts"],
    "seen": 1,
}


@pytest.fixture
def bed(cast: Cast) -> Service:
    """A shelter of the harbour, for girls."""
    harbour = Organization.objects.create(name="Harbour House", agency=cast["dowlet"].agency)
    service = Service.objects.create(organization=harbour, name="Beds", sex="girls", minimum_age=6, maximum_age=17)
    ServiceNeed.objects.create(service=service, code="shelter")
    return service


def there(case: Case, name: str = "prepare", *more: object) -> str:
    return reverse(f"referrals.{name}", args=[case, *more])


def drafts(case: Case) -> list[Referral]:
    return list(case.referrals.filter(state=State.DRAFT).order_by("-need"))


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_several_needs_are_found_written_agreed_to_and_sent_together(
    case: Case, cast: Cast, bed: Service, browse: Browse
) -> None:
    jemal = browse("jemal")
    page = text(jemal.get(there(case), {"shelter": "today", "legal": "three_days"}))
    assert f"{there(case, 'find', 'legal:three_days')}?need=shelter%3Atoday&amp;need=legal%3Athree_days" in page
    at = f"{there(case, 'find', 'shelter:today')}?need=legal:three_days"
    found = text(jemal.get(at))
    assert "Beds" in found
    assert "From 6 to 17 years" in found
    onwards = jemal.post(at, {"service": bed.pk.hex})["Location"]
    assert "legal" in onwards
    assert "shelter" not in onwards.partition("?")[2]
    [shelter] = drafts(case)
    at = f"{there(case, 'ask', 'legal:three_days')}?response={shelter.response_id.hex}"
    jemal.post(at, {"agency": cast["dowlet"].agency_id})
    assert [(one.need, one.to, one.service) for one in drafts(case)] == [
        ("shelter", cast["dowlet"].agency, bed),
        ("legal", cast["dowlet"].agency, None),
    ]
    for need in ("shelter", "legal"):
        draft = next(one for one in drafts(case) if one.need == need)
        jemal.post(there(case, "summary", draft.pk), WRITTEN)
    page = text(jemal.get(there(case)))
    assert page.count("A consent is missing. With: Harbour Legal Aid.") == 2
    assert reverse("cases.record_consent", args=[case]) in page
    refused = text(jemal.post(f"{there(case)}?response={shelter.response_id.hex}"))
    assert "A consent is missing" in refused
    assert len(drafts(case)) == 2
    agree(case, cast["dowlet"].agency, cast)
    sent = jemal.post(f"{there(case)}?response={shelter.response_id.hex}", follow=True)
    assert "It is sent." in text(sent)
    assert {one.state for one in case.referrals.exclude(state=State.DISCARDED)} == {State.SENT}
    assert case.responses.exclude(sent_at=None).count() == 1


def test_a_draft_begins_with_what_the_file_says_and_can_be_taken_out(case: Case, bed: Service, browse: Browse) -> None:
    jemal = browse("jemal")
    jemal.post(there(case, "find", "shelter:now"), {"service": bed.pk.hex})
    [draft] = drafts(case)
    form = text(jemal.get(there(case, "summary", draft.pk)))
    assert 'value="from_12_to_14" selected' in form
    assert 'value="Feminine" selected' in form
    jemal.post(there(case, "leave_out", draft.pk))
    assert drafts(case) == []
    assert "There is nothing to send" in text(jemal.post(there(case)))


def test_what_is_written_in_one_draft_leaves_every_row_as_it_is(
    case: Case, cast: Cast, bed: Service, browse: Browse
) -> None:
    jemal = browse("jemal")
    jemal.post(there(case, "find", "shelter:now"), {"service": bed.pk.hex})
    jemal.post(there(case, "ask", "legal:today"), {"agency": cast["dowlet"].agency_id})
    before = {one.pk: (one.number, one.since, one.made_at) for one in drafts(case)}
    shelter, legal = drafts(case)
    cast.now += timedelta(minutes=5)
    later = browse("jemal")
    later.post(there(case, "summary", shelter.pk), WRITTEN)
    assert {one.pk: (one.number, one.since, one.made_at) for one in drafts(case)} == before
    later.post(there(case, "leave_out", legal.pk))
    assert [one.pk for one in drafts(case)] == [shelter.pk]
    assert case.referrals.count() == 2
    assert fresh(shelter).parts == ["health_alerts"]


def test_a_second_tab_that_keeps_a_draft_is_shown_both_and_after_it_was_taken_out_loses_nothing(
    case: Case, bed: Service, browse: Browse
) -> None:
    jemal = browse("jemal")
    jemal.post(there(case, "find", "shelter:now"), {"service": bed.pk.hex})
    at = there(case, "summary", drafts(case)[0].pk)
    jemal.post(at, WRITTEN)
    late = WRITTEN | {"need": "Two beds, with her sister."}
    page = text(jemal.post(at, late))
    assert "Somebody else changed this" in page
    assert "A bed for a girl, tonight." in page
    assert "Two beds, with her sister." in page
    assert 'name="keep-need"' in page
    assert 'name="keep-limits"' not in page
    assert 'name="keep-parts"' not in page
    jemal.post(there(case, "leave_out", drafts(case)[0].pk))
    page = text(jemal.post(at, late))
    assert "is in another state now: not sent" in page
    assert "Two beds, with her sister." in page
    assert jemal.get(at).status_code == 404


def test_what_names_the_child_is_told_with_whom_it_was_for_and_stays(
    case: Case, cast: Cast, bed: Service, browse: Browse
) -> None:
    agree(case, cast["dowlet"].agency, cast)
    jemal = browse("jemal")
    jemal.post(there(case, "find", "shelter:now"), {"service": bed.pk.hex})
    jemal.post(there(case, "summary", drafts(case)[0].pk), WRITTEN | {"need": "Aylar needs a bed."})
    page = text(jemal.post(there(case)))
    assert "Shelter, Harbour Legal Aid: The summary names the child" in page
    assert len(drafts(case)) == 1


def test_nothing_chosen_and_a_word_that_no_pack_knows_are_told_or_count_as_none(case: Case, browse: Browse) -> None:
    jemal = browse("jemal")
    assert jemal.get(there(case, "find", "shelter:never")).status_code == 404
    for page in ("find", "ask"):
        assert "Choose whom to ask." in text(jemal.post(there(case, page, "shelter:now"), {}))
    assert jemal.get(f"{there(case)}?response=nonsense").status_code == 404


def test_a_social_worker_prepares_and_the_case_manager_sends(
    case: Case, cast: Cast, bed: Service, browse: Browse
) -> None:
    from amanat.access.policy import Relation
    from amanat.cases.actions import handing

    handing.bring_in(
        case, to=cast["merdan"], relation=Relation.SOCIAL_WORKER, reason="Helps.", actor=cast.actor("jemal")
    )
    merdan = browse("merdan")
    merdan.post(there(case, "find", "shelter:now"), {"service": bed.pk.hex})
    assert "The case manager sends it." in text(merdan.get(there(case)))
    assert len(drafts(case)) == 1
    assert "Send all" in text(browse("jemal").get(there(case)))


def test_after_a_no_the_case_says_that_nobody_took_it_and_the_next_is_asked_with_the_same_words(
    case: Case, cast: Cast, bed: Service, browse: Browse
) -> None:
    referral = one_sent(case, cast)
    answering.decline(fresh(referral), reason="no_place", words="Next week.", actor=cast.actor("dowlet"))
    jemal = browse("jemal")
    section = text(jemal.get(f"{case.get_absolute_url()}?section=referrals"))
    assert "Nobody took this: Shelter" in section
    page = text(jemal.get(there(case, "progress", referral.pk)))
    assert "No free place" in page
    assert "Next week." in page
    assert f"again={referral.pk.hex}" in page
    query = f"response={referral.response_id.hex}&again={referral.pk.hex}"
    jemal.post(f"{there(case, 'find', 'shelter:today')}?{query}", {"service": bed.pk.hex})
    [draft] = drafts(case)
    assert draft.response_id == referral.response_id
    assert "A place to sleep tonight." in text(jemal.get(there(case)))


def test_the_whole_case_is_asked_for_only_with_a_consent_and_nothing_passes(
    case: Case, cast: Cast, browse: Browse
) -> None:
    jemal, harbour = browse("jemal"), cast["dowlet"].agency
    asked = {"to": harbour.pk, "urgency": "planned", "need": "The family lives there."}
    page = text(jemal.post(there(case, "transfer"), asked))
    assert "A consent is missing." in page
    assert "The family lives there." in page
    assert not case.referrals.exists()
    agree(case, harbour, cast)
    assert "A consent is missing." in text(jemal.post(there(case, "transfer"), asked))
    agree_to_all(case, harbour, cast)
    jemal.post(there(case, "transfer"), asked)
    [referral] = case.referrals.all()
    assert (referral.kind, referral.state) == ("transfer", State.SENT)
    case.refresh_from_db()
    assert case.agency == cast["jemal"].agency


def test_what_an_office_without_amanat_says_is_noted_with_its_reason(case: Case, cast: Cast, browse: Browse) -> None:
    from amanat.referrals.tests.network import ask, sent

    clinic = Organization.objects.create(name="Blue Street Clinic")
    agree(case, None, cast, also=[Consent.OUTSIDE], details={"outside": clinic.name})
    [referral] = sent(case, cast, ask(clinic, "medical"))
    jemal, at = browse("jemal"), there(case, "follow_up", referral.pk)
    told = {"seen": referral.version, "move": "decline", "words": "Doctor away."}
    assert "Choose one of the list." in text(jemal.post(at, told))
    jemal.post(at, told | {"reason": "no_staff"})
    assert fresh(referral).state == State.DECLINED
    page = text(jemal.get(there(case, "progress", referral.pk)))
    assert "By phone: they decline" in page
    assert "Doctor away." in page


def test_an_agency_where_nobody_can_take_it_is_told_and_not_offered(
    case: Case, cast: Cast, bed: Service, browse: Browse
) -> None:
    harbour, jemal = cast["dowlet"].agency, browse("jemal")
    jemal.post(there(case, "find", "shelter:now"), {"service": bed.pk.hex})
    assert "Nobody there can take it" not in text(jemal.get(there(case)))
    Membership.objects.filter(agency=harbour, role__in=set(Role) - {Role.SUPERVISOR}).update(until=cast.now)
    found = text(jemal.get(there(case, "find", "shelter:now")))
    assert "Nobody there can take it at present" in found
    assert "Choose this service" not in found
    assert "Nobody there can take it at present" in text(jemal.get(there(case)))
    for name, more in (("ask", ["legal:today"]), ("transfer", [])):
        page = text(jemal.get(there(case, name, *more)))
        assert f"Nobody there can take it at present: {harbour}" in page.replace("</svg>", "")
        assert f'value="{harbour.pk}"' not in page
