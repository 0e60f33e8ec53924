"""The pages of conferences: called, read, recorded and printed without a script; each reader their parts, an outsider nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amanat.access import drafts
from amanat.access.models import Draft
from amanat.access.policy import Part
from amanat.cases.actions import writing
from amanat.cases.models import Case, Task, TaskKind
from amanat.referrals.actions.conferring import Added
from amanat.referrals.actions.minuting import Minute, ToDo
from amanat.referrals.models import Conference, Referral
from amanat.referrals.models_conferences import ConferenceState
from amanat.referrals.tests.network import agree
from amanat.referrals.tests.test_conferences import AFTER, call, came_up, record, team
from tests.cast import NOW, Cast

__all__ = ["team"]  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")
POINTS = [Added(part, f"About {part}") for part in (Part.LEGAL_FILE, Part.PSYCHOLOGY_SUMMARY, Part.FACTS)]


@pytest.fixture
def conference(team: Case, cast: Cast) -> Conference:
    return call(team, cast, ["jemal", "ogulgerek", "selbi"], points=POINTS)


def page_of(conference: Conference, name: str = "") -> str:
    return f"{conference.case.get_absolute_url()}/conferences/{conference.pk}{name}"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_one_is_called_on_the_file_and_stands_there(team: Case, cast: Cast, browse: Callable[..., Client]) -> None:
    jemal = browse("jemal")
    address = f"{team.get_absolute_url()}/conferences/call"
    assert "Ogulgerek, psychologist, Northern Network" in read(jemal, address)
    sent: dict[str, Any] = {
        "held_at": "2026-11-25T14:00",
        "place": "Room 4",
        "people": [cast["jemal"].pk, cast["selbi"].pk],
        "seen": 0,
        "point_1": "About the trial",
        "point_1_part": "legal_file",
    }
    wrong = jemal.post(address, sent | {"held_at": "2026-11-13T14:00"}).content.decode()
    assert "This time has passed" in wrong
    assert "About the trial" in wrong
    answer = jemal.post(address, sent, follow=True).content.decode()
    for said in ("The conference is called", "Room 4", "About the trial", "Selbi"):
        assert said in answer
    assert f"/conferences/{Conference.objects.get().pk}" in read(
        jemal, f"{team.get_absolute_url()}?section=conferences"
    )
    assert "conference within a week" in read(browse("selbi"), "/")


def test_a_missing_consent_says_so_and_leads_to_where_it_is_recorded(
    team: Case, cast: Cast, browse: Callable[..., Client]
) -> None:
    sent = {"held_at": "2026-11-25T14:00", "place": "Room 4", "people": [cast["jemal"].pk], "seen": 0}
    sent |= {"agencies": [cast["dowlet"].agency_id], "parts": ["facts"]}
    jemal = browse("jemal")
    page = jemal.post(f"{team.get_absolute_url()}/conferences/call", sent).content.decode()
    assert "A consent is missing. With: Harbour Legal Aid" in page
    assert f"{team.get_absolute_url()}/consents/record" in page
    assert Draft.objects.exists(), "what was typed is there again when they come back"


def test_each_reader_their_parts_and_an_outsider_nothing(conference: Conference, browse: Callable[..., Client]) -> None:
    told = {"jemal": "lpf", "ogulgerek": "pf", "selbi": "l", "aman": "f", "irina": ""}
    about = {"l": "About legal_file", "p": "About psychology_summary", "f": "About facts"}
    for name, parts in told.items():
        page = read(browse(name), page_of(conference))
        assert [code for code, words in about.items() if words in page] == [code for code in about if code in parts], (
            name
        )
        assert ("Room 4" in page) == (name != "irina"), name
    for name in ("dowlet", "merdan", "viktor"):
        assert browse(name).get(page_of(conference)).status_code == 404, name


def test_an_agency_that_is_only_invited_knows_when_and_where_and_no_more(
    team: Case, cast: Cast, browse: Callable[..., Client]
) -> None:
    agree(team, cast["dowlet"].agency, cast, [Part.FACTS, Part.LEGAL_FILE])
    conference = call(team, cast, agencies=[cast["dowlet"].agency], parts=[Part.FACTS], points=POINTS)
    dowlet = browse("dowlet")
    page = read(dowlet, "/conferences")
    for said in (team.child.code_name, "Room 4", "Your agency is invited"):
        assert said in page
    assert "Aylar" not in page
    assert dowlet.get(page_of(conference)).status_code == 404
    assert dowlet.get(team.get_absolute_url()).status_code == 404
    seat = conference.invited.get(membership=None)
    sheet = read(browse("jemal"), page_of(conference, f"/for/{seat.pk}"))
    assert "About facts" in sheet
    for said in ("About legal_file", "About psychology_summary", "Aylar"):
        assert said not in sheet
    assert "Sheet 261124-" in sheet
    Conference.objects.update(state=ConferenceState.HELD)
    assert team.child.code_name not in read(dowlet, "/conferences")


def test_the_sheet_of_a_worker_holds_what_they_see_themselves(
    conference: Conference, cast: Cast, browse: Callable[..., Client]
) -> None:
    seat = conference.invited.get(membership=cast["selbi"])
    sheet = read(browse("jemal"), page_of(conference, f"/for/{seat.pk}"))
    assert "About legal_file" in sheet
    assert "About facts" not in sheet
    assert browse("selbi").get(page_of(conference, f"/for/{seat.pk}")).status_code == 403


def flagged(case: Case, cast: Cast, text: str = "Buy shoes") -> Task:
    """Something that is late."""
    flag = writing.flag(case, text=text, due=NOW + timedelta(hours=1), actor=cast.actor("jemal"))
    Task.objects.filter(pk=flag.pk).update(due=NOW - timedelta(hours=1))
    return flag


def over(conference: Conference) -> Conference:
    """The same, at a time that has passed."""
    Conference.objects.update(held_at=NOW - timedelta(hours=1))
    return conference


def test_minutes_are_written_point_by_point_and_what_is_done_meanwhile_keeps_its_words(
    conference: Conference, cast: Cast, browse: Callable[..., Client]
) -> None:
    flag, jemal = flagged(over(conference).case, cast), browse("jemal")
    key, address = f"p_task-{flag.pk.hex}", page_of(conference, "/record")
    assert f'name="{key}-words"' in read(jemal, address)
    writing.finish_task(flag, actor=cast.actor("jemal"))
    came = {"came": [conference.invited.get(membership=cast["jemal"]).pk.hex]}
    page = jemal.post(address, {"seen": 1, f"{key}-words": "She has none.", f"{key}-becomes": "task"}).content.decode()
    assert "Tick who came: one of them at least." in page
    assert "Write what was decided" in page
    assert "She has none." in page
    decided = {"decision": "Buy two pairs", "becomes": "task", "owner": cast["jemal"].pk.hex, "due": "2026-11-28T10:00"}
    sent: dict[str, Any] = {"seen": 1, f"{key}-words": "She has none."} | came
    sent |= {f"{key}-{name}": told for name, told in decided.items()}
    answer = jemal.post(address, sent, follow=True).content.decode()
    for said in ("The minutes stand in the file", "She has none.", "Buy two pairs", "Say that it is done"):
        assert said in answer
    task = Task.objects.get(kind=TaskKind.DECISION)
    assert page_of(conference) in read(jemal, f"/tasks/{task.pk.hex}/finish")
    assert "recorded already" in jemal.post(address, sent).content.decode()
    assert Task.objects.filter(kind=TaskKind.DECISION).count() == 1


def test_a_point_is_one_line_until_something_is_written_there(
    conference: Conference, cast: Cast, browse: Callable[..., Client]
) -> None:
    flag, jemal = flagged(over(conference).case, cast), browse("jemal")
    address = page_of(conference, "/record")
    assert '<details class="card point" open>' not in read(jemal, address)
    page = jemal.post(address, {"seen": 1, f"p_task-{flag.pk.hex}-words": "She has none."}).content.decode()
    assert page.count('<details class="card point" open>') == 1


def test_nobody_is_ticked_beforehand(conference: Conference, browse: Callable[..., Client]) -> None:
    page = read(browse("jemal"), page_of(over(conference), "/record"))
    assert 'name="came"' in page
    assert not re.search(r'name="came"[^>]*checked', page)


def test_what_nobody_had_foreseen_has_its_part_and_its_referral_leads_back(
    conference: Conference, cast: Cast, browse: Callable[..., Client]
) -> None:
    jemal, address = browse("jemal"), page_of(over(conference), "/record")
    told = {"text": "A bed", "part": "safety", "decision": "Ask the harbour", "becomes": "referral"}
    came = [conference.invited.get(membership=cast["jemal"]).pk.hex]
    sent: dict[str, Any] = {"seen": 1, "came": came} | {f"p_other-1-{name}": text for name, text in told.items()}
    page = jemal.post(address, sent).content.decode()
    for said in ("Say what is needed", "Choose how soon", "Choose whom to ask"):
        assert said in page
    more = {"need": "shelter", "urgency": "today", "agency": cast["dowlet"].agency_id.hex}
    answer = jemal.post(address, sent | {f"p_other-1-{name}": text for name, text in more.items()}, follow=True)
    referral = Referral.objects.get()
    progress = f"{conference.case.get_absolute_url()}/referrals/{referral.pk}"
    assert progress in answer.content.decode()
    assert page_of(conference) in read(jemal, progress)
    assert "Ask the harbour" in read(browse("aman"), page_of(conference))
    assert "Ask the harbour" not in read(browse("selbi"), page_of(conference))


def test_what_was_typed_is_kept_as_a_draft_also_of_what_is_done_by_now(
    conference: Conference, cast: Cast, browse: Callable[..., Client]
) -> None:
    flag, jemal = flagged(over(conference).case, cast), browse("jemal")
    body = QueryDict(
        f"p_task-{flag.pk.hex}-words=Half+a+sentence&p_unmet-x-words=&p_step-none-words=x&p_task-none-words=x"
    )
    drafts.save(cast["jemal"].user, page_of(conference, "/record"), body, NOW)
    writing.finish_task(flag, actor=cast.actor("jemal"))
    assert "Half a sentence" in read(jemal, page_of(conference, "/record"))


def test_it_is_moved_and_cancelled(conference: Conference, cast: Cast, browse: Callable[..., Client]) -> None:
    jemal = browse("jemal")
    page = read(jemal, page_of(conference, "/change"))
    assert "Room 4" in page
    assert "Call the conference" not in page  # it is called already: what is pressed there saves
    sent = {"held_at": "2026-11-26T14:00", "place": "Room 5", "people": [cast["jemal"].pk, cast["selbi"].pk], "seen": 1}
    assert "Room 5" in jemal.post(page_of(conference, "/change"), sent, follow=True).content.decode()
    assert "while you were writing" in jemal.post(page_of(conference, "/change"), sent).content.decode()
    page = jemal.post(
        page_of(conference, "/cancel"), {"seen": 2, "reason": "She is ill."}, follow=True
    ).content.decode()
    assert "She is ill." in page
    assert "cancelled" in read(browse("selbi"), "/conferences")


def test_no_page_asks_the_database_more_than_twelve_times(
    conference: Conference, cast: Cast, browse: Callable[..., Client]
) -> None:
    case, jemal = over(conference).case, browse("jemal")
    for number in range(6):
        flagged(case, cast, f"Task {number}")
    file, here = case.get_absolute_url(), page_of(conference)
    pages = [here, f"{here}/record", f"{here}/change", f"{here}/cancel", f"{file}/conferences/call"]
    pages += [f"{file}?section=conferences", "/conferences", f"{here}/for/{conference.invited.all()[0].pk}"]
    asked = {address: questions(jemal, address) for address in pages}
    writes = [Minute(came_up(), f"Said {number}", "Do", ToDo(cast["jemal"], AFTER)) for number in range(6)]
    record(case, conference, cast, *writes, now=NOW)
    asked["held"] = questions(jemal, here)
    assert {address: len(found) for address, found in asked.items() if len(found) > 12} == {}, asked


def questions(client: Client, address: str) -> list[str]:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return [one["sql"][:200] for one in queries if not one["sql"].startswith(CONTROL)]


def test_one_that_was_held_is_told_of_and_recorded(team: Case, cast: Cast, browse: Callable[..., Client]) -> None:
    jemal, address = browse("jemal"), f"{team.get_absolute_url()}/conferences/call"
    sent = {"held_at": "2026-11-23T14:00", "place": "Room 4", "people": [cast["jemal"].pk], "seen": 0}
    page = jemal.post(address, sent, follow=True).content.decode()
    for said in (
        "was held, no minutes yet",
        "Now write the minutes",
        "Record the minutes",
        "By the clock of Asia/Ashgabat.",
    ):
        assert said in page


def test_before_its_time_it_says_from_when_minutes_can_be_written(
    conference: Conference, browse: Callable[..., Client]
) -> None:
    jemal = browse("jemal")
    for name in ("", "/record"):
        assert "The minutes can be written from then on" in read(jemal, page_of(conference, name))
    assert "no minutes yet" not in read(jemal, page_of(conference))
    Conference.objects.update(called_at=NOW - timedelta(days=2))
    assert "its time has passed, no minutes yet" in read(jemal, page_of(over(conference)))
