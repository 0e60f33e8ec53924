"""One child's way through the house, as its workers go it at their browsers; what everybody else sees; what the log says."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from amanat.audit.models import Entry, Outcome
from amanat.audit.sealer import seal_pending
from amanat.audit.verify import verify
from amanat.cases.models import Case
from amanat.cases.tests.docs import MAKER, picture
from amanat.people.invitations import invite
from tests.cast import PASSWORD, Cast
from tests.people_at_work import MovingClock, Worker
from tests.walk_world import SOME_PDF

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.django_db(transaction=True)

CHILDREN = {
    "child0": {
        "given_name": "Aylar",
        "family_name": "Çaryýewa",
        "called": "Aýa",
        "other_given": "Айлар",
        "other_family": "Чарыева",
    },
    "child1": {"given_name": "Maksat", "other_given": "Максат"},
}
CONTACTS = {"child0-phones": "+993 12 463500", "child0-safe_contact": "Only after school."}
NAMES = ("Aylar", "Çaryýewa", "Айлар", "Чарыева", "Maksat", "Максат", "Aýa", "463500")
SHARED_NOTE = "Both came over the border in August."
DANGER = "The recruiter waits at the bus station."
ASTHMA = "Asthma: the blue inhaler is in the bag."
PROTECTED = "Both are recognised as victims since Monday."
PSYCHOLOGY = "Sleeps better since she has her own room."
TOLD = (SHARED_NOTE, DANGER, ASTHMA, PROTECTED, PSYCHOLOGY)


@pytest.fixture
def jemal(cast: Cast, clock: MovingClock, new_context: Callable[..., BrowserContext]) -> Worker:
    """A social worker who was invited: she chooses her password, sets up her app, and signs in with both."""
    user = cast["jemal"].user
    user.set_unusable_password()
    user.save()
    worker = Worker.at(new_context(locale="en-GB"), "jemal", clock)
    worker.begins(invite(user, clock.now), PASSWORD)
    worker.signs_out()
    worker.signs_in(PASSWORD)
    return worker


@pytest.mark.long
def test_a_child_is_assisted_by_those_who_need_to_know_and_by_nobody_else(
    jemal: Worker, worker: Callable[[str], Worker], clock: MovingClock
) -> None:
    aylar, maksat = registers_two_siblings(jemal)
    opens_a_case(jemal, aylar)
    writes_and_attaches(jemal, aylar)

    sona, selbi, ogulgerek = worker("sona"), worker("selbi"), worker("ogulgerek")
    brings_in_colleagues(jemal, aylar)
    brings_in_a_partner(jemal, aylar)
    writes_their_part(sona, aylar, "health_alerts", ASTHMA)
    writes_their_part(selbi, aylar, "legal_status", PROTECTED)
    writes_their_part(ogulgerek, aylar, "psychology_summary", PSYCHOLOGY)
    sees_exactly_their_parts(sona, aylar, seen=(ASTHMA, DANGER), hidden=(SHARED_NOTE, PROTECTED))
    sees_exactly_their_parts(selbi, aylar, seen=(SHARED_NOTE, PROTECTED), hidden=(ASTHMA, PSYCHOLOGY, DANGER))
    sees_exactly_their_parts(ogulgerek, aylar, seen=(SHARED_NOTE, DANGER, ASTHMA, PSYCHOLOGY), hidden=(PROTECTED,))
    downloads_the_documents(ogulgerek, aylar)
    bahar = worker("bahar")
    is_found_to_be_the_suspects_cousin(bahar, jemal, (aylar, maksat))
    merdan = worker("merdan")
    hands_over_before_leave(jemal, merdan, (aylar, maksat))

    visited = [jemal, sona, selbi, ogulgerek, merdan]
    strangers = [jemal, bahar, worker("dowlet"), worker("viktor")]
    for stranger in strangers:
        sees_nothing_at_any_address(stranger, visited, (aylar, maksat))
    irina = worker("irina")
    sees_a_code_name_and_never_a_name(irina, visited, (aylar, maksat))

    nurana, kerim, aman = worker("nurana"), worker("kerim"), worker("aman")
    opens_in_an_emergency(nurana, kerim, aylar)
    sees_four_parts_for_four_hours(nurana, aylar, clock)
    judges(aman, aylar)
    every_look_is_in_a_log_that_verifies(kerim, aylar, [*visited, *strangers[1:], irina, nurana, aman], clock)


# --- the social worker -----------------------------------------------------------------------------------------------


def registers_two_siblings(jemal: Worker) -> tuple[Case, Case]:
    jemal.follows("Register a child")
    jemal.presses("Add a brother or sister")
    jemal.page.get_by_role("region", name="Child 2").wait_for()
    for summary in jemal.page.get_by_text("The name in another script").all():
        summary.click()
    for child, named in CHILDREN.items():
        jemal.fills(**{f"{child}-{field}": text for field, text in named.items()})
    jemal.fills(**CONTACTS)
    jemal.presses("Register")
    jemal.is_told("Registered, with the code names")
    assert "Aylar Çaryýewa" in jemal.heading
    # A brother or sister who has no family name of their own has that of the first child.
    found = sorted(
        Case.objects.select_related("child"), key=lambda case: jemal.page.url.endswith(case.pk.hex), reverse=True
    )
    assert len(found) == 2
    return found[0], found[1]


def opens_a_case(jemal: Worker, case: Case) -> None:
    jemal.follows("Open the case")
    jemal.ticks("risk", "high")
    jemal.ticks("priority", "P2")
    jemal.fills(reason="The school called.")
    jemal.presses("Open the case")
    jemal.is_told("The case is open.")


def writes_and_attaches(jemal: Worker, case: Case) -> None:
    """In Russian: the switch is on every page, and what was written before stays as it was written."""
    jemal.speaks("Русский")
    assert jemal.language == "ru"
    assert "Çaryýewa" in jemal.heading
    note(jemal, case, "facts", SHARED_NOTE, about_siblings=True)
    jemal.speaks("English")
    note(jemal, case, "safety", DANGER)
    attach(jemal, case, "letter.pdf", SOME_PDF)
    attach(jemal, case, "Свидетельство.jpg", picture())


def note(worker: Worker, case: Case, part: str, text: str, *, about_siblings: bool = False) -> None:
    worker.opens(f"/cases/{case.pk.hex}/note")
    if worker.page.locator("main select[name=part] option").count() > 1:
        worker.page.locator("main select[name=part]").select_option(part)
    worker.fills(text=text)
    for box in worker.page.locator("main [name=siblings]").all() if about_siblings else []:
        box.check()
    worker.sends()
    worker.page.wait_for_url(f"**{case.get_absolute_url()}")


def attach(worker: Worker, case: Case, name: str, content: bytes) -> None:
    worker.follows("Attach a document")
    worker.page.locator("main [name=upload]").set_input_files({"name": name, "mimeType": "", "buffer": content})
    worker.page.locator("main select[name=part]").select_option("facts")
    worker.sends()
    worker.is_told("The document is kept, sealed.")


def brings_in_colleagues(jemal: Worker, case: Case) -> None:
    for colleague in ("Sona", "Ogulgerek", "Bahar"):
        jemal.opens(f"/cases/{case.pk.hex}/bring-in")
        jemal.chooses("to", colleague)
        jemal.fills(reason="She is needed.")
        jemal.presses("Bring in")
        jemal.is_told(f"{colleague} stands in the circle of care.")


def brings_in_a_partner(jemal: Worker, case: Case) -> None:
    """The page leads to what is missing, and from there back."""
    jemal.follows("Bring somebody in")
    jemal.follows("Harbour Legal Aid")
    jemal.is_told("There is no consent to share this file with Harbour Legal Aid")
    jemal.follows("Record the consent")
    jemal.ticks("purpose", "assistance_by_partner")
    jemal.ticks("parts", "identity", "facts", "legal_file", "legal_status")
    jemal.ticks("given_by", "both")
    jemal.fills(words="She wants a lawyer, and her mother agrees.")
    jemal.presses("Record the consent")
    jemal.is_told("The consent is recorded.")
    jemal.chooses("to", "Selbi")
    jemal.fills(reason="The trial begins.")
    jemal.presses("Bring in")
    jemal.is_told("Selbi stands in the circle of care.")


# --- the circle of care ----------------------------------------------------------------------------------------------


def writes_their_part(worker: Worker, case: Case, part: str, text: str) -> None:
    worker.opens("/cases")
    worker.follows(re.compile("Aylar Çaryýewa"))
    note(worker, case, part, text)


def sees_exactly_their_parts(worker: Worker, case: Case, *, seen: tuple[str, ...], hidden: tuple[str, ...]) -> None:
    shown = everything_on_the_file(worker, case)
    assert [text for text in seen if text not in shown] == [], worker.name
    assert [text for text in hidden if text in shown] == [], worker.name


def everything_on_the_file(worker: Worker, case: Case) -> str:
    """What stands on the file in all the sections that are offered."""
    worker.opens(case.get_absolute_url())
    shown = worker.text
    for section in worker.page.locator(".file-sections a[href*=section]").evaluate_all(
        "links => links.map(link => link.href)"
    ):
        worker.page.goto(section)
        shown += worker.text
    return shown


def downloads_the_documents(worker: Worker, case: Case) -> None:
    """The working copy of a picture says nothing of who took it where."""
    worker.opens(f"{case.get_absolute_url()}?section=documents")
    links = worker.page.locator(".documents a[href^='/attachments']:not([href*=original])")
    found = [
        worker.page.request.get(address).body() for address in links.evaluate_all("all => all.map(one => one.href)")
    ]
    assert len(found) == 2
    assert SOME_PDF in found
    image = next(content for content in found if content != SOME_PDF)
    assert Image.open(io.BytesIO(image)).size == (40, 30)
    assert MAKER.encode() not in image


def is_found_to_be_the_suspects_cousin(bahar: Worker, jemal: Worker, cases: tuple[Case, Case]) -> None:
    """She has worked for the child and knows all addresses; from the moment that it is recorded she finds nothing."""
    bahar.opens(f"/cases/{cases[0].pk.hex}")
    assert "Aylar" in bahar.heading
    for case in cases:
        jemal.opens(f"/cases/{case.pk.hex}/conflicts")
        jemal.follows("Keep somebody out")
        jemal.fills(name="Bahar", reason="Cousin of the suspect.")
        jemal.page.locator("main select[name=part]").select_option("whole")
        jemal.presses("Keep out")
        jemal.is_told("Bahar")


def hands_over_before_leave(jemal: Worker, merdan: Worker, cases: tuple[Case, Case]) -> None:
    for case in cases:
        jemal.opens(f"/cases/{case.pk.hex}/hand-over")
        jemal.chooses("to", "Merdan")
        jemal.fills(reason="My leave begins on Tuesday.")
        jemal.presses("Hand over")
        jemal.is_told("Merdan is the case manager now.")
    jemal.opens("/leave")
    jemal.fills(away_from="2026-12-01", away_until="2026-12-20")
    jemal.chooses("deputy", "Merdan")
    jemal.presses("Save the leave")
    merdan.opens("/cases")
    merdan.follows(re.compile("Aylar Çaryýewa"))
    assert SHARED_NOTE in everything_on_the_file(merdan, cases[0])
    assert SHARED_NOTE in everything_on_the_file(merdan, cases[1])


# --- everybody else --------------------------------------------------------------------------------------------------


def addresses_of(workers: list[Worker]) -> list[str]:
    """Every address that any of these was shown, in a fixed order."""
    return sorted({path for worker in workers for path in worker.seen if not path.startswith("/account")})


def sees_nothing_at_any_address(stranger: Worker, others: list[Worker], cases: tuple[Case, Case]) -> None:
    of_a_file = re.compile("|".join(case.pk.hex for case in cases))
    secrets = [*NAMES, *TOLD, *(case.child.code_name for case in cases)]
    addresses = addresses_of(others)
    assert sum(bool(of_a_file.search(address)) for address in addresses) > 10
    for address in addresses:
        status, text = stranger.asks_for(address)
        assert status == 404 or not of_a_file.search(address), f"{stranger.name}: {status} at {address}"
        assert [secret for secret in secrets if secret in text] == [], f"{stranger.name} at {address}"


def sees_a_code_name_and_never_a_name(irina: Worker, others: list[Worker], cases: tuple[Case, Case]) -> None:
    irina.opens("/cases")
    irina.follows(cases[0].child.code_name)
    assert irina.heading == cases[0].child.code_name
    for address in addresses_of(others):
        _status, text = irina.asks_for(address)
        assert [secret for secret in (*NAMES, *TOLD) if secret in text] == [], address


# --- an emergency ----------------------------------------------------------------------------------------------------


def opens_in_an_emergency(nurana: Worker, kerim: Worker, case: Case) -> None:
    """A conflict is recorded on the file, so a second person has to agree."""
    assert nurana.asks_for(case.get_absolute_url())[0] == 404
    nurana.opens("/emergency")
    nurana.fills(code_name=case.child.code_name, reason="She calls from a car and is afraid.")
    nurana.presses("Open the file")
    nurana.is_told("A second person has to agree.")
    assert nurana.asks_for(case.get_absolute_url())[0] == 404
    kerim.opens("/emergencies")
    kerim.follows("Agree Nurana")
    kerim.fills(reason="I called back: the danger is real.")
    kerim.sends()
    kerim.is_told("The file is open to Nurana now.")


def sees_four_parts_for_four_hours(nurana: Worker, case: Case, clock: MovingClock) -> None:
    shown = everything_on_the_file(nurana, case)
    for text in ("Aýa", "463500", DANGER, ASTHMA, PROTECTED):
        assert text in shown
    for text in ("Çaryýewa", "Чарыева", "Айлар", SHARED_NOTE, PSYCHOLOGY):
        assert text not in shown
    assert nurana.asks_for(f"/cases/{case.pk.hex}/note")[0] == 403
    clock.move(hours=3, minutes=59)
    nurana.comes_back(PASSWORD)
    assert DANGER in everything_on_the_file(nurana, case)
    clock.move(minutes=1)
    assert nurana.asks_for(case.get_absolute_url())[0] == 404


def judges(aman: Worker, case: Case) -> None:
    aman.comes_back(PASSWORD)
    aman.opens("/emergencies")
    aman.follows("Judge Nurana")
    aman.ticks("judgement", "justified")
    aman.fills(reason="The child was in danger, and it was read for that.")
    aman.presses("Judge and close")
    aman.is_told("The access is judged and closed.")


# --- the log ---------------------------------------------------------------------------------------------------------


def every_look_is_in_a_log_that_verifies(kerim: Worker, case: Case, workers: list[Worker], clock: MovingClock) -> None:
    for worker in workers:
        written = looks_in_the_log(worker)
        assert worker.looks() - written == Counter(), worker.name
    kerim.comes_back(PASSWORD)
    named = who_looked(kerim, case)
    assert named == {worker.name.capitalize() for worker in workers} | {"Kerim"}
    seal_pending(clock.now)
    report = verify(now=clock.now + timedelta(minutes=1))
    assert report.faults == []
    assert report.entries == Entry.objects.count()
    kerim.opens("/desk/verify")
    kerim.presses("Verify now")
    kerim.is_told("The log holds")


def looks_in_the_log(worker: Worker) -> Counter[tuple[str, str]]:
    """How often the log says that this worker was shown a page of a file; by page and file."""
    rows = Entry.objects.filter(user__username=worker.name, outcome=Outcome.READ, subject__kind="child")
    cases = {case.subject_id: case.pk.hex for case in Case.objects.all()}
    return Counter((page, cases[subject]) for page, subject in rows.values_list("page", "subject"))


def who_looked(kerim: Worker, case: Case) -> set[str]:
    """Everybody whom the page names, over all its pages."""
    kerim.opens(f"/cases/{case.pk.hex}/looks")
    named: set[Any] = set()
    while True:
        cells = kerim.page.locator(".looks td[data-label=Who] > span")
        named |= set(cells.evaluate_all("all => all.map(one => one.firstChild.textContent.trim())"))
        older = kerim.page.get_by_role("link", name=re.compile("Next|Older"))
        if not older.count():
            return named
        with kerim.page.expect_navigation():
            older.first.click()
