"""From hand to hand: consent is read and given, three referrals leave at once, and nobody falls between.

The case manager works in Turkmen, the shelter in Russian, the coordinator in English, the agency of the other country in Romanian.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pyrage
import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.access.models import Consent, WithdrawalNotice
from amanat.access.policy import Part
from amanat.cases.models import Case, Task, TaskKind
from amanat.directory.models import Organization, Service, ServiceNeed
from amanat.people.models import Agency, Look, Membership, Role, Site, User
from amanat.referrals.keeping_time import Timekeeper
from amanat.referrals.models import Conference, Referral, State
from amanat.referrals.outside import acknowledging
from amanat.referrals.outside.packet import opened
from amanat.referrals.terms import urgency
from amanat.referrals.tests.test_arrived import packet as entered
from tests.cast import Cast
from tests.people_at_work import Hand, MovingClock, Seat, Workers, moving_clock

if TYPE_CHECKING:
    pass

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlcipher_only, pytest.mark.long]
AGREED = ["facts", "health_alerts"]
LANGUAGES = {"jemal": "tk", "ayna": "ru", "irina": "en", "ion": "ro"}
HOUSE, CENTRE, OTHERS = "Children's House", "Centrul de asistență", "Outsiders"


@pytest.fixture
def clock(cast: Cast) -> Iterator[MovingClock]:
    with moving_clock(cast.now) as clock:
        yield clock


@pytest.fixture
def network(cast: Cast) -> None:
    """A shelter, an agency of another country, somebody who has nothing to do with the child, and a clinic without Amanat."""
    for name, agency, role in (
        ("ayna", HOUSE, Role.SOCIAL_WORKER),
        ("ion", CENTRE, Role.SOCIAL_WORKER),
        ("olga", OTHERS, Role.SOCIAL_WORKER),
    ):
        house, _new = Agency.objects.get_or_create(name=agency, defaults={"kind": "NGO"})
        site = Site.objects.create(agency=house, name=agency, time_zone="Asia/Ashgabat")
        user = User.objects.create_user(name, "x", display_name=name.capitalize())
        cast[name] = Membership.objects.create(user=user, agency=house, site=site, role=role, since=cast["jemal"].since)
    beds = Service.objects.create(
        organization=Organization.objects.create(name=HOUSE, agency=cast["ayna"].agency), name="Beds", sex="girls"
    )
    doctor = Service.objects.create(organization=Organization.objects.create(name="Blue Street Clinic"), name="Doctor")
    for service, need in ((beds, "shelter"), (doctor, "medical")):
        ServiceNeed.objects.create(service=service, code=need)


def test_the_whole_way(
    cast: Cast, case: Case, seat: Seat, browse: Callable[..., Client], clock: MovingClock, network: None
) -> None:
    workers = Workers(seat, browse, cast, clock, LANGUAGES)
    jemal = workers("jemal")
    consent_is_read_and_given(jemal, case, cast)
    three_leave_as_one_response(jemal, case, clock)
    legal, medical, shelter = (
        case.referrals.get(need=need, state=State.SENT) for need in ("legal", "medical", "shelter")
    )
    assert {one.consent_id for one in (legal, medical, shelter)} == {Consent.objects.get().pk}
    assert {one.due_at for one in (legal, medical, shelter)} == {
        clock.now + urgency(one.urgency).see for one in (legal, medical, shelter)
    }
    sees_nothing(workers.client("olga"), case, shelter)

    a_packet_is_acknowledged_by_its_code(jemal, case, medical, clock)
    is_declined_and_escalates(workers, case, legal)
    is_accepted(workers("ayna"), cast, case, shelter, clock)
    sees_nothing(workers.client("olga"), case, shelter)

    a_conference_decides(workers, case)
    passes_to_another_country(workers, case)
    sees_nothing(workers.client("olga"), case, shelter)
    sees_nothing(workers.client("jemal"), case, shelter)

    consent_is_withdrawn_and_shelter_goes_on(workers, case, shelter)
    sees_nothing(workers.client("olga"), case, shelter)


def consent_is_read_and_given(jemal: Hand, case: Case, cast: Cast) -> None:
    """In simple words in the child's language; what was read is kept with it."""
    page, at = jemal.page, case.get_absolute_url()
    page.goto(f"{at}/consents/record")
    _fill_consent(jemal, cast)
    jemal.press("main button[name=look]")
    page.locator("main a[href*='/consents/read?']").first.click()
    page.wait_for_url("**/consents/read?**")
    assert page.locator(".read-out, main [lang]").count()
    jemal.press_to("main a[href*='/consents/record?']", r"/consents/record\?")
    page.locator("[name=words]").fill("Razy. Ejesi hem razy.")
    page.locator("[name=given_by][value=both]").check(force=True)
    jemal.press_to("main form .actions button.button:not([name=look])", r"/consents$")
    consent = Consent.objects.get()
    assert consent.parts == AGREED
    assert HOUSE in jemal.text


def _fill_consent(jemal: Hand, cast: Cast) -> None:
    page = jemal.page
    page.locator("[name=purpose][value=referral]").check(force=True)
    page.locator("[name=recipient]").select_option(value=str(cast["dowlet"].agency_id))
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    for name in ("ayna", "ion"):
        page.locator(f"[name=also][value='{cast[name].agency_id}']").check(force=True)
    page.locator("[name=outside]").fill("Blue Street Clinic")
    for part in AGREED:
        page.locator(f"[name=parts][value={part}]").check(force=True)
    page.locator("[name=given_by][value=both]").check(force=True)
    page.locator("[name=words]").fill("Razy.")


def three_leave_as_one_response(jemal: Hand, case: Case, clock: MovingClock) -> None:
    """Medical today, a bed tonight, a lawyer within three days: found, written, and sent with one press."""
    page = jemal.page
    page.goto(f"{case.get_absolute_url()}/referrals/prepare")
    for need, soon in (("medical", "today"), ("shelter", "now"), ("legal", "three_days")):
        page.locator(f"select[name={need}]").select_option(value=soon)
    jemal.press_to("#needs form .actions button", r"/prepare\?")
    while page.locator("#help a.button").count():
        jemal.press_to("#help a.button", r"/referrals/find/")
        if page.locator(".fit form button").count():
            jemal.press_to(".fit form button", r"/prepare\?")
        else:
            page.locator("main a.lone").click()
            page.locator("select[name=agency]").select_option(label="Harbour Legal Aid")
            jemal.press_to("form:has(select[name=agency]) button", r"/prepare\?")
    for need in ("medical", "shelter", "legal"):
        row = case.referrals.get(need=need, state=State.DRAFT)
        page.goto(f"{case.get_absolute_url()}/referrals/{row.pk}/summary")
        page.locator("[name=need]").fill(f"Kömek gerek: {need}.")
        for part in AGREED:
            page.locator(f"[name=parts][value={part}]").check(force=True)
        jemal.press_to("main form .actions button", r"/prepare\?")
    jemal.press_to("#send form button", r"section=referrals")
    assert case.responses.get().referrals.filter(state=State.SENT).count() == 3


def a_packet_is_acknowledged_by_its_code(jemal: Hand, case: Case, medical: Referral, clock: MovingClock) -> None:
    """Sealed to the clinic's key; whoever opens it finds the letter, and the code on it says that it arrived."""
    page, key = jemal.page, pyrage.x25519.Identity.generate()
    page.goto(f"{case.get_absolute_url()}/referrals/{medical.pk}/hand-out")
    page.locator("main [name=language][value=ro]").check(force=True)
    page.locator("[name=call]").fill("+993 12 999999")
    page.locator("[name=how][value=key]").check(force=True)
    page.locator("[name=key]").fill(str(key.to_public()))
    page.locator("[name=compared]").check(force=True)
    jemal.press("main form .actions button")
    page.locator("[name=drawn]").first.wait_for(state="attached")
    code = re.search(r"\b(?:\d{4} ){3}\d{4}\b", jemal.text)
    assert code
    with page.expect_download() as download:
        jemal.press("form:has([name=drawn]) button")
    inside = opened(download.value.path().read_bytes(), identity=str(key))
    assert any(one.name.endswith(".pdf") for one in inside)
    clock.move(minutes=30)
    acknowledging.take(entered(code[0].replace(" ", ""), clock.now))
    medical.refresh_from_db()
    assert (medical.state, medical.due_at) == (State.SEEN, medical.sent_at + urgency("today").accept)


def is_declined_and_escalates(workers: Workers, case: Case, legal: Referral) -> None:
    """The file says that nobody took it, the coordinator hears of it, and has the code name and no name."""
    dowlet, clock = workers.client("dowlet"), workers.clock
    at = legal.get_absolute_url()
    dowlet.post(f"{at}/see")
    assert dowlet.get(case.get_absolute_url()).status_code == 404
    Look.objects.all().delete()
    legal.refresh_from_db()
    dowlet.post(f"{at}/decline", {"seen": legal.version, "reason": "no_place", "words": "Next week."})
    legal.refresh_from_db()
    assert legal.state == State.DECLINED
    assert {"jemal", "irina"} <= set(Look.objects.values_list("user__username", flat=True))
    [task] = Task.objects.filter(subject=case.subject, kind=TaskKind.NOBODY_TOOK, done_at=None)
    assert task.due == clock.now + urgency("three_days").nobody
    jemal, irina = workers("jemal"), workers("irina")
    jemal.page.goto(f"{case.get_absolute_url()}?section=referrals")
    assert jemal.page.locator("main .notice-error").count() == 1
    irina.page.goto("/referrals")
    assert case.child.code_name in irina.text
    assert "Aylar" not in irina.page.content()


def is_accepted(ayna: Hand, cast: Cast, case: Case, shelter: Referral, clock: MovingClock) -> None:
    """Before the yes she sees the summary alone, after it exactly the parts that were agreed to."""
    page = ayna.page
    page.goto("/referrals")
    assert not open_file(cast.actor("ayna", clock.now), case).exists
    page.goto(shelter.get_absolute_url())
    ayna.press("main form[action$='/see'] button")
    page.get_by_text("Kömek gerek: shelter.").wait_for()
    shelter.refresh_from_db()
    assert (shelter.state, shelter.due_at) == (State.SEEN, shelter.sent_at + urgency("now").accept)
    page.goto(f"{shelter.get_absolute_url()}/accept")
    ayna.press_to("main form .actions button", rf"{shelter.pk.hex}$")
    shelter.refresh_from_db()
    assert (shelter.state, shelter.due_at) == (State.ACCEPTED, clock.now + urgency("now").start)
    seen = {str(part) for part in open_file(cast.actor("ayna", clock.now), case).visible_parts()}
    assert seen == {*AGREED, "existence", "consent", "service_notes"}
    page.goto(f"{shelter.get_absolute_url()}/start")
    ayna.press_to("main form .actions button", rf"{shelter.pk.hex}$")
    page.goto(f"{shelter.get_absolute_url()}/note")
    page.locator("[name=words]").fill("Спит спокойно.")
    ayna.press_to("main form .actions button", rf"{shelter.pk.hex}$")


def a_conference_decides(workers: Workers, case: Case) -> None:
    """What nobody took stands on the agenda by itself; the decision becomes a task."""
    jemal, cast, clock = workers("jemal"), workers.cast, workers.clock
    page, at = jemal.page, case.get_absolute_url()
    page.goto(f"{at}/referrals/{case.referrals.get(need='shelter', state=State.STARTED).pk}")
    assert "Спит спокойно." not in page.content()
    page.goto(f"{at}/conferences/call")
    page.locator("[name=held_at]").fill(f"{clock.now + timedelta(hours=6):%Y-%m-%dT%H:%M}")
    page.locator("[name=place]").fill("4-nji otag")
    page.locator(f"[name=people][value='{cast['jemal'].pk}']").check(force=True)
    jemal.press_to("main form .actions button", r"/conferences/[0-9a-f-]+$")
    conference = Conference.objects.get()
    clock.move(hours=7)
    workers("jemal")
    page.goto(f"{at}/conferences/{conference.pk}/record")
    page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    page.locator("main [name=came]").first.check(force=True)
    page.locator("main [name$='-decision']").first.fill("Başga aklawçy sorarys.")
    page.locator("main [name$='-becomes']").first.select_option(value="task")
    page.locator("main [name$='-owner']").first.select_option(value=cast["jemal"].pk.hex)
    jemal.press_to("main form .actions button", rf"/conferences/{conference.pk}$")
    assert (
        Task.objects.filter(subject=case.subject, owner=cast["jemal"], done_at=None)
        .exclude(kind=TaskKind.NOBODY_TOOK)
        .exists()
    )
    assert "Başga aklawçy sorarys." in jemal.text


def passes_to_another_country(workers: Workers, case: Case) -> None:
    """Asked for, never pulled: it passes with the yes, and not before."""
    jemal, ion, cast, clock = workers("jemal"), workers("ion"), workers.cast, workers.clock
    page = jemal.page
    _consent_to_all(jemal, case, cast)
    page.goto(f"{case.get_absolute_url()}/transfer")
    page.locator("[name=to]").select_option(value=str(cast["ion"].agency_id))
    page.locator("[name=urgency][value=today]").check(force=True)
    page.locator("[name=need]").fill("Maşgala ol ýerde ýaşaýar.")
    jemal.press_to("main form .actions button", r"section=referrals|/referrals/")
    asked = case.referrals.get(kind="transfer")
    assert (asked.state, asked.due_at) == (State.SENT, clock.now + urgency("today").see)
    case.refresh_from_db()
    assert case.agency == cast["jemal"].agency
    assert not open_file(cast.actor("ion", clock.now), case).exists
    ion.page.goto(asked.get_absolute_url())
    ion.press("main form[action$='/see'] button")
    ion.page.goto(f"{asked.get_absolute_url()}/take-case")
    ion.page.locator("[name=to]").select_option(value=str(cast["ion"].pk))
    ion.press_to("main form .actions button", r"/cases/\w+|/referrals")
    case.refresh_from_db()
    assert case.agency == cast["ion"].agency
    assert open_file(cast.actor("ion", clock.now), case).writes(Part.IDENTITY)


def _consent_to_all(jemal: Hand, case: Case, cast: Cast) -> None:
    """With the case its whole file passes: what the first consent names is not enough."""
    page = jemal.page
    page.goto(f"{case.get_absolute_url()}/consents/record")
    page.locator("[name=purpose][value=referral]").check(force=True)
    page.locator("[name=recipient]").select_option(value=str(cast["ion"].agency_id))
    for part in page.locator("[name=parts]").all():
        part.check(force=True)
    page.locator("[name=given_by][value=both]").check(force=True)
    page.locator("[name=words]").fill("Razy.")
    jemal.press("main button[name=look]")
    page.locator("main a[href*='/consents/read?']").first.click()
    page.wait_for_url("**/consents/read?**")
    jemal.press_to("main a[href*='/consents/record?']", r"/consents/record\?")
    page.locator("[name=given_by][value=both]").check(force=True)
    page.locator("[name=words]").fill("Razy. Ejesi hem razy.")
    jemal.press_to("main form .actions button.button:not([name=look])", r"/consents$")


def consent_is_withdrawn_and_shelter_goes_on(workers: Workers, case: Case, shelter: Referral) -> None:
    """Both sides show it; nobody is put on the street: the shelter goes on until the safety decision, and ends with it."""
    ion, ayna, cast, clock = workers("ion"), workers("ayna"), workers.cast, workers.clock
    given = Consent.objects.get(purpose="referral", recipient=cast["dowlet"].agency)
    ion.page.goto(f"{case.get_absolute_url()}/consents/{given.pk}/withdraw")
    ion.page.locator("[name=reason]").fill("Nu mai vrea.")
    ion.press_to("main form .actions button", r"/consents$")
    assert {notice.agency.name for notice in WithdrawalNotice.objects.select_related("agency")} >= {HOUSE}
    shelter.refresh_from_db()
    assert shelter.state == State.STARTED
    [decision] = Task.objects.filter(subject=case.subject, kind=TaskKind.SAFETY_DECISION, done_at=None)
    assert decision.due == clock.now + timedelta(hours=4)
    assert open_file(cast.actor("ayna", clock.now), case).sees(Part.HEALTH_ALERTS)
    ayna.page.goto("/withdrawals")
    assert given.number in ayna.text
    assert "Aylar" not in ayna.page.content()
    ion.page.goto(f"{case.get_absolute_url()}/consents")
    assert HOUSE in ion.text
    assert ion.says("Has not confirmed yet that nothing is used any more") in ion.text
    clock.move(hours=25)
    while Timekeeper().turn():
        pass
    shelter.refresh_from_db()
    assert shelter.state == State.REVOKED
    assert not open_file(cast.actor("ayna", clock.now), case).exists
    assert Task.objects.filter(subject=case.subject, kind=TaskKind.NOBODY_TOOK, done_at=None).exists()


def sees_nothing(client: Client, case: Case, referral: Referral) -> None:
    """Who has no part in it: not the file, not the referral, not the code name in any list."""
    assert client.get(case.get_absolute_url()).status_code == 404
    assert client.get(referral.get_absolute_url()).status_code == 404
    assert client.get(f"{case.get_absolute_url()}/referrals/{referral.pk}").status_code == 404
    for address in ("/cases", "/referrals", "/conferences", "/withdrawals", "/"):
        assert case.child.code_name not in client.get(address).content.decode(), address
