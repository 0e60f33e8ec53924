"""The first hour: it rings, the mother is advised, the girl is screened, a P1 finds who takes it, a case stands with its clocks.

The operator works in Russian, the one on duty who does not answer in Turkmen, who takes it in Romanian.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import translation

from amanat.access.models import Conflict, Consent
from amanat.cases.actions.consenting import MAY_NOT_BE_TOLD
from amanat.cases.escalating import Escalator
from amanat.cases.happenings import step_label
from amanat.cases.models import Alert, Case, PersonAround
from amanat.hotline.actions import lines
from amanat.hotline.models import Call, CallState
from amanat.hotline.ringing import abandon
from amanat.identification.models import AgeRecord, Screening
from amanat.people.models import DutyPlace, Membership, Role, User
from tests.cast import Cast
from tests.people_at_work import Hand, MovingClock, Seat, moving_clock

if TYPE_CHECKING:
    pass

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlcipher_only]
NUMBER = "+993 65 12 34 56"
MOTHER = "Мать: дочь уезжает в пятницу, паспорт у вербовщика."
MOST_ACTIONS, MOST_LOADS = 25, 6


@pytest.fixture
def clock(cast: Cast) -> Iterator[MovingClock]:
    with moving_clock(cast.now) as clock:
        yield clock


@pytest.fixture
def rings(cast: Cast) -> Callable[[str], None]:
    """A telephone system of the north announces a call."""
    token = lines.add_line(name="Exchange", agency=cast["nurana"].agency, actor=cast.actor("viktor")).token

    def ring(name: str) -> None:
        answer = Client().post(
            "/api/v1/hotline/ring",
            {"call": name, "from": NUMBER, "event": "ring"},
            "application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 202, answer.content

    return ring


@pytest.fixture
def on_duty(cast: Cast) -> None:
    for order, name in enumerate(("jemal", "merdan")):
        DutyPlace.objects.create(agency=cast[name].agency, membership=cast[name], order=order)


@pytest.fixture
def father(cast: Cast) -> Membership:
    """A social worker of the other agency, who is the girl's father."""
    user = User.objects.create_user("batyr", "five calm words for a test", display_name="Batyr Annayew")
    harbour = cast["dowlet"]
    cast["batyr"] = Membership.objects.create(
        user=user, agency=harbour.agency, site=harbour.site, role=Role.SOCIAL_WORKER, since=harbour.since
    )
    return cast["batyr"]


def called_twice_before(rings: Callable[[str], None], clock: MovingClock) -> None:
    """Two days and one day ago she hung up before anybody answered."""
    for name in ("first", "second"):
        rings(name)
        clock.move(seconds=30)
        for call in Call.objects.select_related("matter__agency").filter(state=CallState.RINGING):
            abandon(call, clock.now)
        clock.move(hours=25)


def test_the_whole_hour(
    cast: Cast,
    seat: Seat,
    browse: Callable[..., Client],
    clock: MovingClock,
    rings: Callable[[str], None],
    on_duty: None,
    father: Membership,
) -> None:
    called_twice_before(rings, clock)
    cast.now = clock.now
    nurana, jemal, merdan = (
        sits(seat, *who) for who in (("nurana", "ru", "/hotline"), ("jemal", "tk", "/"), ("merdan", "ro", "/"))
    )
    Hand.actions = Hand.loads = 0

    rings("third")
    nurana.looks_up()
    nurana.page.locator(".ringing").get_by_text(re.compile(r"\b2\b")).wait_for()
    nurana.key_to("a", r"/calls/\w+$")
    assert Call.objects.get(state=CallState.TALKING).operator == cast["nurana"]
    assert nurana.page.locator("#before-heading").inner_text().count("2") == 1

    advises(nurana)
    screens(nurana)
    alerts(nurana)
    operator_sees_the_case(nurana, there=True)

    is_not_answered_and_goes_on(jemal, merdan, clock)
    takes(merdan)
    assert Hand.actions <= MOST_ACTIONS, Hand.actions
    assert Hand.loads <= MOST_LOADS, Hand.loads

    case = Case.objects.get()
    stands_with_its_clocks(merdan, case)
    operator_sees_the_case(nurana, there=False)
    a_suspect_neither_consents_nor_is_told(merdan, case, father)
    finds_nothing(browse("batyr"), case)
    finds_nothing(browse("nurana"), case)


def sits(seat: Seat, name: str, language: str, at: str) -> Hand:
    page = seat(name)
    page.goto(at)
    return Hand(page, language)


def advises(nurana: Hand) -> None:
    """The mother hears what to do before somebody leaves."""
    nurana.write("summary", MOTHER)
    nurana.choose("#id_caller_type", "parent")
    nurana.tick("reasons", "safe_migration")
    nurana.choose("#advice-situation", "documents")
    nurana.page.locator(".advice-card").first.wait_for()
    nurana.press(".advice-card summary")
    nurana.press(".advice-card form button")
    nurana.page.locator("#advice .badge").first.wait_for()


def screens(nurana: Hand) -> None:
    """An act and exploitation: the finding explains itself. She says eighteen and looks younger."""
    nurana.page.locator("h1").click()
    nurana.key_to("q", r"/screenings/new$")
    nurana.tick("acts", "recruited")
    nurana.page.locator("details.signs-group").evaluate_all("all => all.forEach(one => one.open = true)")
    nurana.tick("signs-long_hours", "present")
    nurana.tick("signs-no_school", "present")
    nurana.tick("signs-documents", "present")
    nurana.write("age_said", "18")
    nurana.press("main label[for=id_age_doubt]")
    nurana.write("age_reasons", "Говорит о школе.")
    nurana.press_to("main form .actions button", r"/screenings/[0-9a-f-]+$")
    found = Screening.objects.get()
    assert AgeRecord.objects.get().subject_id == found.subject_id
    assert nurana.says("positive") in nurana.text
    assert (
        nurana.says("This is a finding, no status. Who is a victim is decided by those whom the law names.")
        in nurana.text
    )


def alerts(nurana: Hand) -> None:
    nurana.key_to("p", r"/emergency$")
    assert MOTHER in nurana.page.locator("[name=what_happened]").input_value()
    nurana.press_to("main form .actions button", r"/calls/\w+$")


def operator_sees_the_case(nurana: Hand, *, there: bool) -> None:
    case = Case.objects.get()
    answer = nurana.page.request.get(nurana.page.evaluate("location.origin") + case.get_absolute_url())
    assert answer.status == (200 if there else 404)


def is_not_answered_and_goes_on(jemal: Hand, merdan: Hand, clock: MovingClock) -> None:
    """The first one is told, and does not answer; after five minutes the next one is."""
    alert = Alert.objects.get()
    assert [told.membership.user.username for told in alert.told.order_by("at")] == ["jemal"]
    jemal.looks_up()
    jemal.page.locator("#waiting [data-kind=alert]").wait_for()
    merdan.looks_up()
    clock.move(minutes=4)
    Escalator().turn()
    assert alert.told.count() == 1
    assert merdan.page.locator("#waiting [data-kind=alert]").count() == 0
    clock.move(minutes=1)
    Escalator().turn()
    assert [told.membership.user.username for told in alert.told.order_by("at")] == ["jemal", "merdan"]


def takes(merdan: Hand) -> None:
    merdan.looks_up()
    merdan.page.locator("#waiting [data-kind=alert]").wait_for()
    merdan.press_to("#alerts-now form button", r"/cases/\w+")
    assert Alert.objects.get().taken_by.user.username == "merdan"


def stands_with_its_clocks(merdan: Hand, case: Case) -> None:
    merdan.page.goto(f"{case.get_absolute_url()}?section=steps")
    with translation.override(merdan.language):
        assert {step_label(row.step) for row in case.due_steps.all()} <= set(merdan.text.split("\n"))
    assert {"guardian", "consent", "psychological_contact", "individual_plan"} <= set(
        case.due_steps.values_list("step", flat=True)
    )
    assert Screening.objects.filter(subject=case.subject).count() == 1  # it came along
    assert merdan.says("Treated as a child: the age is in doubt") in merdan.text


def a_suspect_neither_consents_nor_is_told(merdan: Hand, case: Case, father: Membership) -> None:
    """He works in the network under nearly the same name. What his reference would say is refused with a sentence, too."""
    page, at = merdan.page, case.get_absolute_url()
    page.goto(f"{at}/people/add")
    page.locator("[name=name]").fill("Батыр Аннаев")
    page.locator("[name=relation]").select_option(value="father")
    merdan.press_to("main form .actions button", r"/people$")
    merdan.press_to("a[href$='/suspect']", r"/suspect$")
    page.locator(f"[name=worker][value='{father.user.pk.hex}']").check(force=True)
    page.locator("[name=reason]").fill("Fata se teme de el.")
    merdan.press_to("main form .actions button", r"/people$")
    person = PersonAround.objects.get()
    assert Conflict.objects.get(subject=case.subject).user == father.user
    page.goto(f"{at}/consents/record")
    assert "Батыр" not in merdan.text
    page.locator("[name=purpose]").first.check(force=True)
    page.locator("[name=given_by][value=guardian]").check(force=True)
    page.locator("[name=informed]").first.evaluate(f"one => {{ one.value = '{person.pk.hex}'; one.checked = true; }}")
    page.locator("main form .actions button").last.click()
    page.locator(".error-summary, [role=alert]").first.wait_for()
    assert merdan.says(str(MAY_NOT_BE_TOLD)) in merdan.text
    assert not Consent.objects.exists()


def finds_nothing(client: Client, case: Case) -> None:
    assert client.get(case.get_absolute_url()).status_code == 404
    for address in ("/cases", "/find-a-child", "/"):
        assert case.child.code_name not in client.get(address).content.decode()
