"""The way home: a girl of 14 comes to the crisis centre from an accepted referral, and goes home to her aunt; nobody asks her twice.

What is hers is in Turkmen, the team works in Russian, the partner who referred her and sends the lawyer in Romanian.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import strip_tags

from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.actions import registering
from amanat.cases.models import Case, Task
from amanat.centre.models import House, Shift, Stay, StayState
from amanat.legal.models import Hearing, HearingState, Proceeding
from amanat.monitoring.models import FollowUp
from amanat.plans.models import Plan, PlanRow, PlanState, RowKind
from amanat.referrals.agreeing import WHOLE
from amanat.referrals.models import Conference, Referral
from amanat.referrals.tests.network import ask_for_all, sent
from amanat.web import pdf
from tests.cast import Cast
from tests.people_at_work import Hand, MovingClock, Seat, Workers, moving_clock

if TYPE_CHECKING:
    pass

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlcipher_only, pytest.mark.long]
TEAM, PARTNER, CHILD = "ru", "ro", "tk"
LANGUAGES = {"elena": PARTNER, "selbi": PARTNER}
NEEDS = {
    "ogulgerek": ("psychological", "Плохо спит.", "Говорит сама, 24 ноября."),
    "jemal": ("education", "Пропустила год школы.", "Справка школы."),
    "selbi": ("legal", "Nu este reprezentată în proces.", "Dosarul instanței."),
}
OBJECTIVES = {
    "ogulgerek": ("Спит шесть ночей из семи.", "Дневник сна"),
    "jemal": ("Ходит в школу.", "Девять дней из десяти"),
    "selbi": ("Este reprezentată la fiecare ședință.", "Procesele-verbale"),
}
MAKING = 60_000  # ms within which a paper comes on a busy machine
GOAL, SAID = "Mekdebe gaýdyp, soň aşpez boljak.", "Hawa, razy."
THINGS = ("Torba", "Simkartsyz telefon", "Depder")


@dataclass(frozen=True)
class Document:
    """Who makes it, in which language, where; a sentence of ours and words of theirs that have to stand on it. `to_sign`: read and
    signed by the child, so that no letter on it is of another alphabet."""

    by: str
    language: str
    at: str
    says: str
    words: tuple[str, ...] = ()
    to_sign: bool = False


DOCUMENTS = (
    Document("jemal", CHILD, "consents/{consent}/read?as=pdf", "Consent", to_sign=True),
    Document("bahar", CHILD, "papers/belongings", "List of belongings", THINGS, to_sign=True),
    Document("ogulgerek", TEAM, "empty-forms/cries_8?as=pdf", "form version", ("влияние событий", "Пункт 8: балл")),
    Document("jemal", CHILD, "papers/plan-child", "My plan", (GOAL,), to_sign=True),
    Document("jemal", CHILD, "papers/plan-authority", "Plan of rehabilitation and reintegration", (GOAL,)),
    Document("jemal", TEAM, "papers/conference", "Minutes of a conference", ("Тётю навестит Jemal.",)),
    Document("jemal", TEAM, "papers/child-hand-over", "Record of handing a child over", ("Gözel Çaryýewa",)),
    Document("jemal", TEAM, "papers/follow-up", "Follow-up sheet", ("Mekdep gowy.",)),
    Document("jemal", PARTNER, "papers/journey", "The whole way"),
)
_CYRILLIC = re.compile("[а-яёА-ЯЁ]")


@pytest.fixture(autouse=True)
def packs(settings: Any) -> None:
    """The instruments come from a pack of their own."""
    settings.AMANAT_PACKS = [settings.SHIPPED_PACKS / name for name in ("core", "instruments")]


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each page that a PDF was made of, newest last."""
    pages: list[str] = []
    make = pdf.made

    def made(page: str) -> bytes:
        pages.append(page)
        return make(page)

    monkeypatch.setattr(pdf, "made", made)
    return pages


@pytest.fixture
def clock(cast: Cast) -> Iterator[MovingClock]:
    with moving_clock(cast.now) as clock:
        yield clock


@pytest.fixture
def workers(seat: Seat, browse: Callable[..., Client], cast: Cast, clock: MovingClock) -> Workers:
    return Workers(seat, browse, cast, clock, LANGUAGES, TEAM)


@pytest.fixture
def case(register: Callable[..., Case], cast: Cast) -> Case:
    """Aylar's, at the partner who opened it; the consent to pass it on is recorded."""
    case = register("dowlet")
    registering.open_case(case, risk="high", priority="P2", reason="Adusă de poliție.", actor=cast.actor("dowlet"))
    Consent.objects.create(
        subject=case.subject,
        recipient=cast["jemal"].agency,
        parts=[part for part in Part if part in WHOLE],
        purpose="referral",
        details={"words": SAID},
        recorded_by=cast["dowlet"],
        given_on=cast.now.date(),
    )
    return case


def test_a_girl_of_14_goes_home_to_her_aunt(
    cast: Cast, case: Case, workers: Workers, clock: MovingClock, pressed: list[str]
) -> None:
    [referral] = sent(case, cast, ask_for_all(cast["jemal"].agency), by="dowlet")
    is_accepted(workers, cast, case, referral)
    a_circle_is_made(workers, cast, case)
    a_house_is_ready(workers, cast)
    is_admitted(workers, case)
    two_people_are_written_down(workers, case)
    has_a_first_talk(workers, case)
    is_measured_twice(workers, case)
    the_plan_is_made_together(workers, case)
    the_plan_is_agreed(workers, case)
    the_court_hears_her(workers, cast, case)
    a_conference_is_held(workers, cast, case)
    the_aunt_is_looked_at(workers, case)
    a_solution_is_decided(workers, case)
    goes_home(workers, case)
    is_followed_up(workers, case)
    is_closed(workers, case)
    the_papers_of_the_way(workers, case, pressed)
    case.refresh_from_db()
    assert case.is_closed


# --- she comes -------------------------------------------------------------------------------------------------------


def is_accepted(workers: Workers, cast: Cast, case: Case, referral: Referral) -> None:
    """The partner's supervisor reads in Romanian that it was: of the file nothing is theirs any more."""
    jemal, at = workers("jemal"), referral.get_absolute_url()
    jemal.page.goto(at)
    jemal.press("main form[action$='/see'] button")
    fills(jemal, f"{at}/take-case", to=cast["jemal"].pk)
    case.refresh_from_db()
    assert case.agency == cast["jemal"].agency
    elena = workers("elena")
    elena.page.goto("/referrals?whose=sent&state=over")
    assert elena.page.locator("html").get_attribute("lang") == PARTNER
    told = elena.says("Cases that your agency passed on")
    assert told != "Cases that your agency passed on"
    assert referral.number in elena.page.locator("main section").filter(has_text=told).inner_text()


def a_circle_is_made(workers: Workers, cast: Cast, case: Case) -> None:
    """The centre's own at once, the partner's lawyer by a consent that is read to the child in Turkmen."""
    jemal, at = workers("jemal"), case.get_absolute_url()
    for name in ("bahar", "ogulgerek"):
        fills(jemal, f"{at}/bring-in", to=cast[name].pk, reason="Нужна ребёнку.")
    agrees_to_the_lawyer(jemal, cast, at)
    partner = cast["selbi"].agency_id.hex
    fills(jemal, f"{at}/bring-in?agency={partner}", to=cast["selbi"].pk, reason="Ведёт дело в суде.")


def agrees_to_the_lawyer(jemal: Hand, cast: Cast, at: str) -> None:
    page = jemal.page
    page.goto(f"{at}/consents/record")
    fill(jemal, "purpose", "assistance_by_partner")
    fill(jemal, "recipient", cast["selbi"].agency_id)
    fill(jemal, "parts", ["identity", "contacts", "facts", "safety", "legal_file", "legal_status", "plan"])
    fill(jemal, "given_by", "both")
    fill(jemal, "words", SAID)
    jemal.press("main button[name=look]")
    page.locator("main a[href*='/consents/read?']").first.click()
    page.wait_for_url("**/consents/read?**")
    assert page.locator(f"main [lang={CHILD}]").count()
    jemal.press_to("main a[href*='/consents/record?']", r"/consents/record\?")
    fill(jemal, "given_by", "both")
    fill(jemal, "words", SAID)
    jemal.press_to("main form .actions button.button:not([name=look])", r"/consents$")


def a_house_is_ready(workers: Workers, cast: Cast) -> None:
    aman, noon = workers("aman"), timezone.localtime(cast.now).replace(hour=12, minute=0)
    fills(aman, "/centre/houses/add", name="Güneşli öý", capacity=8, site=cast["aman"].site_id)
    at = f"/centre/houses/{House.objects.get().pk}"
    room = {"name": "Alma", "floor": 1, "purpose": "usual", "whom": "girls", "age_from": 10, "age_to": 17, "beds": 2}
    fills(aman, f"{at}/rooms/add", **room)
    shift = {"worker": cast["bahar"].pk, "begins_at": noon, "ends_at": noon + timedelta(hours=12)}
    fills(aman, f"{at.replace('/houses', '')}/shifts/add", **shift)


def is_admitted(workers: Workers, case: Case) -> None:
    """Into the bed that is proposed first, by whoever is on."""
    bahar, at = workers("bahar"), case.get_absolute_url()
    bahar.page.goto(f"/centre/shifts/{Shift.objects.get().pk}")
    sends(bahar)
    bahar.page.goto(f"{at}/stay/admit")
    best = bahar.page.locator("main [name=bed]").first.get_attribute("value")
    things = "\n".join(THINGS)
    fills(bahar, f"{at}/stay/admit", bed=best, urgent=["sleep"], words="Спит при свете.", things=things)
    assert Stay.objects.get(case=case).state == StayState.IN


def two_people_are_written_down(workers: Workers, case: Case) -> None:
    jemal, at = workers("jemal"), f"{case.get_absolute_url()}/people/add"
    fills(jemal, at, name="Gözel Çaryýewa", relation="relative", words="Сестра матери, живёт у школы.")
    fills(jemal, at, name="Batyr aga", relation="other", words="Обещал работу.")
    jemal.page.goto(f"{case.get_absolute_url()}/people")
    recruiter = jemal.page.locator("main li.place").filter(has_text="Batyr aga")
    suspect = recruiter.locator("a[href$='/suspect']").get_attribute("href")
    fills(jemal, str(suspect), reason="Увёз её из дома.")


# --- she is helped ---------------------------------------------------------------------------------------------------


def has_a_first_talk(workers: Workers, case: Case) -> None:
    ogulgerek, at = workers("ogulgerek"), case.get_absolute_url()
    fills(
        ogulgerek,
        f"{at}/sessions/record",
        at=timezone.localtime(workers.clock.now),
        attendance="came",
        approach="first_contact",
        language=CHILD,
        choices=["who", "where", "stop"],
        summary="Познакомились. Она выбрала стул у окна.",
        goal=GOAL,
        notes="Только для меня.",
    )
    jemal = workers("jemal")
    jemal.page.goto(f"{at}/sessions")
    assert "Познакомились." in jemal.text
    assert "Только для меня." not in jemal.page.content()


def is_measured_twice(workers: Workers, case: Case) -> None:
    """The same instrument in the same language, two weeks apart: one line with its table, and beside it what a score is not."""
    at = case.get_absolute_url()
    for points in (3, 1):
        workers.clock.move(days=14)
        goes_through(workers("ogulgerek"), f"{at}/forms/cries_8", points)
    ogulgerek = workers("ogulgerek")
    ogulgerek.page.goto(f"{at}/measures")
    assert ogulgerek.page.locator("main table").first.locator("tbody tr").count() == 2
    assert ogulgerek.says("What a score is not") in ogulgerek.text


def the_plan_is_made_together(workers: Workers, case: Case) -> None:
    """Each writes their part; of two who write the same, the second one is shown both, and loses no word."""
    at = f"{case.get_absolute_url()}/plan"
    jemal, ogulgerek, selbi = workers("jemal"), workers("ogulgerek"), workers("selbi")
    fills(jemal, f"{at}/begin")
    whole = PlanRow.objects.get(case=case, kind=RowKind.WHOLE)
    fills(jemal, f"{at}/rows/{whole.pk}", goal=GOAL, for_child="Biz saňa kömek edýäris.")
    for name, (domain, words, seen) in NEEDS.items():
        need = {"domain": domain, "level": "high", "words": words, "evidence": "observed", "evidence_words": seen}
        fills(workers(name), f"{at}/needs/add", **need)
    for need, (name, (words, indicator)) in zip(rows(case, RowKind.NEED), OBJECTIVES.items(), strict=True):
        objective = {"words": words, "indicator": indicator, "owner": "social_worker", "end": date(2027, 3, 1)}
        fills(workers(name), f"{at}/{need.pk}/add/objective", phrase="talk", **objective)
    sleep = rows(case, RowKind.OBJECTIVE)[0]
    activity = {"words": "Вечерний ритуал.", "owner": "centre_worker", "end": date(2027, 2, 1), "cost": "200 TMT"}
    fills(ogulgerek, f"{at}/{sleep.pk}/add/activity", **activity)
    two_write_the_same(jemal, ogulgerek, f"{at}/rows/{sleep.pk}")
    fills(selbi, f"{at}/rows/{sleep.pk}/comment", words="De acord.")


def two_write_the_same(jemal: Hand, ogulgerek: Hand, row: str) -> None:
    theirs, mine = "Спит шесть ночей из семи, без лекарств.", "Спит пять ночей из семи."
    ogulgerek.page.goto(row)
    fills(jemal, row, words=theirs)
    fill(ogulgerek, "words", mine)
    sends(ogulgerek)
    assert theirs in ogulgerek.text
    assert ogulgerek.page.locator("main [name=words]").input_value() == mine
    fill(ogulgerek, "keep-words", "mine")
    sends(ogulgerek)
    assert mine in ogulgerek.text


def the_plan_is_agreed(workers: Workers, case: Case) -> None:
    """By child, guardian and team; the child has a plan of her own, in Turkmen."""
    jemal, at = workers("jemal"), f"{case.get_absolute_url()}/plan"
    for party, name in (("child", ""), ("guardian", "Oguljan Çaryýewa"), ("team", "Jemal, Ogulgerek, Selbi")):
        fills(jemal, f"{at}/agree", party=party, answer="yes", name=name, words=SAID)
    fills(workers("aman"), f"{at}/approve")
    assert Plan.objects.get(case=case).state == PlanState.AGREED
    jemal.page.goto(f"{at}/child")
    assert GOAL in jemal.page.locator(f"main [lang={CHILD}]").filter(has=jemal.page.locator("svg")).first.inner_text()
    selbi = workers("selbi")
    selbi.page.goto(at)
    assert OBJECTIVES["selbi"][0] in selbi.text


def the_court_hears_her(workers: Workers, cast: Cast, case: Case) -> None:
    """By video, behind closed doors; the psychologist goes along."""
    selbi, clock = workers("selbi"), workers.clock
    court = {"kind": "criminal", "role": "victim", "body": "Judecătoria Așgabat", "numbers": "1-22/26"}
    fills(selbi, f"{case.get_absolute_url()}/proceedings/open", lawyer=cast["selbi"].pk, **court)
    fills(
        selbi,
        f"/proceedings/{Proceeding.objects.get().pk.hex}/hearings/fix",
        at=timezone.localtime(clock.now + timedelta(days=10)),
        body="Judecătoria Așgabat",
        measures_asked=["video", "closed_session", "no_confrontation"],
        goes_along=cast["ogulgerek"].pk,
    )
    clock.move(days=11)
    hearing = Hearing.objects.get()
    heard = {"state": "held", "outcome": "A fost audiată prin video.", "child_heard": "yes"}
    fills(workers("selbi"), f"/hearings/{hearing.pk.hex}/record", measures_granted=["video", "closed_session"], **heard)
    hearing.refresh_from_db()
    assert hearing.state == HearingState.HELD


def a_conference_is_held(workers: Workers, cast: Cast, case: Case) -> None:
    """The plan is its agenda; what was said becomes a task."""
    at, clock, jemal = f"{case.get_absolute_url()}/conferences", workers.clock, workers("jemal")
    people = [str(cast[name].pk) for name in ("jemal", "ogulgerek", "selbi")]
    held_at = timezone.localtime(clock.now + timedelta(hours=6))
    fills(jemal, f"{at}/call", held_at=held_at, place="Комната 4", people=people)
    conference = Conference.objects.get()
    assert OBJECTIVES["jemal"][0] in jemal.text
    clock.move(hours=7)
    jemal = workers("jemal")
    jemal.page.goto(f"{at}/{conference.pk}/record")
    came = jemal.page.locator("main [name=came]").evaluate_all("all => all.map(one => one.value)")
    words = jemal.page.locator("main [name$='-words']").first.get_attribute("name")
    decision = str(words).replace("-words", "-decision")
    said = {str(words): "Обсудили.", decision: "Тётю навестит Jemal."}
    fills(jemal, f"{at}/{conference.pk}/record", came=came, **said)
    assert "Тётю навестит Jemal." in jemal.text


# --- she goes home ---------------------------------------------------------------------------------------------------


def the_aunt_is_looked_at(workers: Workers, case: Case) -> None:
    """After the child was asked; a suspect is not on the list."""
    jemal, at = workers("jemal"), f"{case.get_absolute_url()}/family"
    jemal.page.goto(f"{at}/ask")
    assert "Batyr aga" not in jemal.page.locator("main select[name=person]").inner_text()
    fills(jemal, f"{at}/ask", person=choice(jemal, "person", "Gözel"), answer="yes", words="Daýzamyň ýanyna.")
    jemal.page.goto(at)
    assess = jemal.page.locator("main a[href$='/assess']").first.get_attribute("href")
    home = {"household": "Gözel Çaryýewa", "words": "Дом спокойный, школа рядом.", "result": "safe"}
    fills(jemal, str(assess), willing="yes", able="yes", involved="no", **home)


def a_solution_is_decided(workers: Workers, case: Case) -> None:
    """On its conditions: the determination of her best interests is the form, not a tick."""
    jemal, at = workers("jemal"), case.get_absolute_url()
    goes_through(jemal, f"{at}/forms/best_interests_determination", 0)
    jemal.page.goto(f"{at}/solution/prepare")
    asked = jemal.page.locator("main [name^=proof_]").evaluate_all("all => all.map(one => one.name)")
    told = dict.fromkeys(asked, "Письменно, 20 января.") | {"carer": choice(jemal, "carer", "Gözel")}
    fills(jemal, f"{at}/solution/prepare", kind="reintegration", views="Daýzamyň öýüne.", **told)
    fills(workers("aman"), f"{at}/solution/allow", ground="Бумаги лежат в папке центра.")


def goes_home(workers: Workers, case: Case) -> None:
    """Both ends sign; her things go with her; the bed is free, and who visits her and when is settled."""
    jemal, bahar, at = workers("jemal"), workers("bahar"), case.get_absolute_url()
    jemal.page.goto(f"{at}/hand-over-record/write")
    told = {"place": "Кризисный центр", "by": "Bahar", "by_capacity": "Работник центра", "to": "Gözel Çaryýewa"}
    carer = {"carer": choice(jemal, "carer", "Gözel"), "to_capacity": "Тётя", "belongings": "По описи."}
    fills(jemal, f"{at}/hand-over-record/write", at=timezone.localtime(workers.clock.now), **told, **carer)
    fills(bahar, f"{at}/stay/end", ended_as="family", to="Gözel Çaryýewa")
    for end, name, capacity in (("leaving", "Bahar", "Работник центра"), ("receiving", "Gözel", "Тётя")):
        jemal.page.goto(f"{at}/solution/sign")
        done = jemal.page.locator("main [name=done]").evaluate_all("all => all.map(one => one.value)")
        fills(jemal, f"{at}/solution/sign", end=end, name=name, capacity=capacity, done=done)
    fills(jemal, f"{at}/hand-over-record/signed", both=True)
    assert Stay.objects.get(case=case).state == StayState.ENDED
    assert FollowUp.objects.filter(case=case, over_at=None).count() >= 5


def is_followed_up(workers: Workers, case: Case) -> None:
    """At one month and at three."""
    at = f"{case.get_absolute_url()}/follow-ups"
    for days in (31, 62):
        workers.clock.move(days=days)
        jemal = workers("jemal")
        jemal.page.goto(at)
        due = jemal.page.locator("main a[href$='/record']").first.get_attribute("href")
        fills(jemal, str(due), way="visit", result="safe", words="Всё спокойно.", child_says="Mekdep gowy.")
    assert FollowUp.objects.filter(case=case).exclude(over_at=None).count() == 2


def is_closed(workers: Workers, case: Case) -> None:
    """Asked for by who knows her, approved by the head."""
    jemal, at = workers("jemal"), case.get_absolute_url()
    reviews_it_twice(workers, case)
    jemal = workers("jemal")
    what_was_asked_is_done(workers, case)
    jemal.page.goto(f"{at}/closing/ask")
    met = jemal.page.locator("main [name=met]").evaluate_all("all => all.map(one => one.value)")
    agreed = {"child": "agrees", "guardian": "agrees", "words": SAID}
    fills(jemal, f"{at}/closing/ask", why="goals_met", met=met, **agreed)
    fills(workers("aman"), f"{at}/closing/answer", approved="yes")
    fills(workers("jemal"), f"{at}/close", why="goals_met", reason="Живёт у тёти, ходит в школу.")
    case.refresh_from_db()
    assert case.closed_at


def reviews_it_twice(workers: Workers, case: Case) -> None:
    for days in (0, 30):
        workers.clock.move(days=days)
        told = {"trigger": "rhythm", "good": "Ходит в школу.", "child": "Gowy.", "decision": "goes_on"}
        fills(workers("jemal"), f"{case.get_absolute_url()}/plan/review", **told)


def what_was_asked_is_done(workers: Workers, case: Case) -> None:
    """A suspect was named: whoever has to act was asked to look, and nothing is closed before they did."""
    for task in Task.objects.filter(subject=case.subject, done_at=None).select_related("owner__user"):
        hand = workers(task.owner.user.username)
        hand.page.goto(f"/tasks/{task.pk.hex}/finish")
        if hand.page.locator("main [name=words]").count():
            fill(hand, "words", "Посмотрели.")
        sends(hand)
    assert not Task.objects.filter(subject=case.subject, done_at=None).exists()


def the_papers_of_the_way(workers: Workers, case: Case, pressed: list[str]) -> None:
    """Each in the language of who gets it: what it was pressed of is read."""
    consent = Consent.objects.get(subject=case.subject, purpose="assistance_by_partner").pk
    for one in DOCUMENTS:
        hand, at = workers(one.by), f"{case.get_absolute_url()}/{one.at.format(consent=consent)}"
        assert made(hand, at, one.language).startswith(b"%PDF"), one.at
        reads(pressed[-1], one)


def made(hand: Hand, at: str, language: str) -> bytes:
    """By the page where it is handed out; what has no such page comes at once."""
    if "as=pdf" in at:
        return hand.page.request.get(at, timeout=MAKING).body()
    hand.page.goto(at)
    fill(hand, "language", language)
    with hand.page.expect_download(timeout=MAKING) as download:
        hand.page.locator("main form[method=post] .actions button").first.click(no_wait_after=True)
    return download.value.path().read_bytes()


def reads(page: str, one: Document) -> None:
    assert f'<html lang="{one.language}">' in page, one.at
    text = strip_tags(page.split("</head>")[1])
    with translation.override(one.language):
        said = translation.gettext(one.says)
    assert said != one.says, f"{one.says} has no words in {one.language}"
    for words in (said, *one.words):
        assert words in text, f"{one.at}: {words}"
    if one.to_sign:
        assert not _CYRILLIC.search(text), f"{one.at}: {_CYRILLIC.findall(text)}"


# --- on any page -----------------------------------------------------------------------------------------------------


def rows(case: Case, kind: RowKind) -> list[PlanRow]:
    return list(PlanRow.objects.filter(case=case, kind=kind).order_by("place"))


def choice(hand: Hand, name: str, text: str) -> str:
    """The value of the one choice of a list in which `text` stands."""
    found = hand.page.locator(f"main select[name={name}] option").filter(has_text=text)
    return str(found.first.get_attribute("value"))


def fills(hand: Hand, path: str, **fields: object) -> None:
    """A page's form by the names of its fields, which no language changes, and its own button."""
    hand.page.goto(path)
    assert hand.page.locator("html").get_attribute("lang") == hand.language
    assert hand.page.locator("main form[method=post]").count(), f"no form at {path}: {hand.text}"
    hand.page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    for name, value in fields.items():
        fill(hand, name, value)
    before = hand.page.url
    sends(hand)
    assert hand.page.url != before, f"{path}: {hand.page.locator('main').inner_text()}"


def sends(hand: Hand) -> None:
    """The form of the page, by its own button."""
    with hand.page.expect_navigation():
        hand.page.locator("main form[method=post] .actions button:not([name=look])").first.click()


def fill(hand: Hand, name: str, value: object) -> None:
    where = hand.page.locator(f"main [name='{name}']")
    kind = where.first.evaluate("one => one.tagName == 'INPUT' ? one.type : one.tagName")
    if value is True:
        where.check(force=True)
    elif kind in ("radio", "checkbox"):
        for one in value if isinstance(value, list) else [value]:
            hand.page.locator(f"main [name='{name}'][value='{one}']").check(force=True)
    elif kind == "SELECT":
        where.select_option(value=str(value))
    else:
        where.fill(as_typed(value))


def as_typed(value: object) -> str:
    """A day or a moment as a field of it takes it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M}"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


def goes_through(hand: Hand, path: str, points: int) -> None:
    """A form of the pack, screen by screen: of answers that have an order always the same; no, where that is an answer. What an answer
    asks more is answered when the form comes back with it."""
    page = hand.page
    page.goto(path)
    times: Counter[str] = Counter()
    while "/forms/" in page.url:
        answers_all(hand, points)
        times[page.url] += 1
        assert times[page.url] <= 2, page.locator("main").inner_text()
        sends(hand)


def answers_all(hand: Hand, points: int) -> None:
    form = hand.page.locator("main form").last
    names = "all => [...new Set(all.map(one => one.name))]"
    values = "all => all.map(one => one.value).filter(Boolean)"
    for name in form.locator("input[type=radio]").evaluate_all(names):
        offered = form.locator(f"[name='{name}']").evaluate_all(values)
        wished = next((one for one in (TEAM, "no") if one in offered), offered[min(points, len(offered) - 1)])
        fill(hand, name, wished)
    for name in form.locator("input[type=checkbox]").evaluate_all(names):
        form.locator(f"[name='{name}']").first.check(force=True)
    for number in form.locator("[inputmode=numeric]").all():
        number.fill("14")
    for text in form.locator("textarea:visible, input[type=text]:not([inputmode]):visible").all():
        text.fill("Да.")
