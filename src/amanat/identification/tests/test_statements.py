"""The formal status apart from the finding, vulnerability side by side, obstacles with what was tried, interviews that count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.cases import facts
from amanat.cases.actions import persons
from amanat.cases.models import Event, EventKind
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.identification.actions import assessing, interviewing, status
from amanat.identification.models import Statement, StatementKind
from amanat.identification.statements import interviews_before, newest_status, statements_of
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError

pytestmark = pytest.mark.django_db

POSSIBLE, ACTUAL, NOT_ONE = (
    "PossibleVictimOfTrafficking",
    "ActualVictimOfTrafficking",
    "NotAVictimOfTrafficking",
)
DECISION = {
    "status": ACTUAL,
    "decided_by": "Police",
    "agency": "Department of the Interior",
    "person": "A. Orazow",
    "capacity": "investigator",
    "grounds": "Testimony, and the ticket.",
    "documents": "Decision 14",
    "legal_basis": "Article 1",
}
INTERVIEW = {
    "at": "2026-11-23T10:00",
    "place": "Room 3",
    "language": "tk",
    "told_limits": "yes",
    "suspect_near": "no",
    "stopped": "no",
    "agreed": "child",
    "verbatim": "Men gorkýaryn.",
    "interpretation": "Looks at the door all the time.",
}


@pytest.fixture
def address(case):
    def of(page, row=None):
        return reverse(f"identification.{page}", args=[case, row.pk] if row else [case])

    return of


@pytest.fixture
def decide(actor, case):
    def make(code=ACTUAL, on=date(2026, 11, 20), **more):
        return status.decide(case, **DECISION | {"status": code, "on": on} | more, actor=actor("jemal"))

    return make


@pytest.fixture
def said_in_the_facts(actor, case):
    """What the two fields of the standard say now."""

    def read_now():
        file = open_file(actor("jemal"), case)
        values = facts.record_of(file, facts.section_named("victim_context"), 1).values
        return values.get("vic_TraffickingStatus"), values.get("vic_TraffickingStatusDecisionMakingOrg")

    return read_now


# --- status ----------------------------------------------------------------------------------------------------------


def test_a_decision_says_who_when_on_what_and_the_facts_follow(browse, address, said_in_the_facts):
    sent = DECISION | {"on": "2026-11-20", "until": "", "review_by": "2027-05-20"}
    assert browse("jemal").post(address("decide_status"), sent).status_code == 302
    page = read(browse("jemal"), address("status"))
    for told in ("Department of the Interior", "A. Orazow, investigator", "Decision 14", "Article 1", "in force"):
        assert told in page
    assert "A finding is no status" in page
    assert said_in_the_facts() == (ACTUAL, "Police")


def test_an_earlier_decision_stays_and_one_of_an_earlier_day_does_not_take_its_place(
    browse, address, decide, said_in_the_facts
):
    decide(POSSIBLE, date(2026, 10, 1))
    decide(ACTUAL, date(2026, 11, 20))
    decide(NOT_ONE, date(2026, 9, 1))
    page = read(browse("jemal"), address("status"))
    assert (
        page.index("Established: the child was trafficked")
        < page.index("History")
        < page.index("Possible: there are signs")
    )
    assert said_in_the_facts() == (ACTUAL, "Police")
    assert Statement.objects.count() == 3


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"on": "2026-11-25"}, "This day has not come yet."),
        ({"on": "2012-04-04"}, "The child was not born then."),
        ({"until": "2026-11-19"}, "This is before the day of the decision."),
        ({"review_by": "2026-11-19"}, "This is before the day of the decision."),
        ({"on": "31.31.2026"}, "Enter a valid date"),
    ],
)
def test_days_that_cannot_be_are_refused_with_a_sentence_and_nothing_typed_is_lost(browse, address, changed, sentence):
    sent = DECISION | {"on": "2026-11-20"} | changed
    page = browse("jemal").post(address("decide_status"), sent).content.decode()
    assert sentence in page
    assert "Testimony, and the ticket." in page
    assert "a child&#x27;s consent does not count (Palermo Protocol" in page, (
        "at the choice that the child was not trafficked"
    )
    assert "is no ground against" in page
    assert not Statement.objects.exists()


def test_an_appeal_waits_until_a_review_decides_and_what_is_set_aside_is_no_longer_in_the_facts(
    cast, browse, case, address, decide, said_in_the_facts
):
    decided = decide(NOT_ONE)
    filed = {"by": "The child, with the lawyer", "on": "2026-11-22", "words": "The ticket was overlooked."}
    browse("jemal").post(address("appeal_status", decided), filed)
    assert "appealed against" in read(browse("jemal"), address("status"))
    again = browse("jemal").post(address("appeal_status", decided), filed).content.decode()
    assert "An appeal against this status waits already." in again
    looked = {"by": "Head of the department", "on": "2026-11-23", "outcome": "set_aside", "words": "Granted."}
    assert browse("aman").post(address("review_status", decided), looked).status_code == 302
    page = read(browse("jemal"), address("status"))
    assert "set aside" in page
    assert "The ticket was overlooked." in page
    assert "Granted." in page
    assert said_in_the_facts() == (None, None)
    assert "was set aside" in browse("jemal").post(address("appeal_status", decided), filed).content.decode()


def test_a_review_that_lets_it_stand_ends_the_appeal(cast, actor, case, decide, said_in_the_facts):
    decided = decide()
    on = {"on": date(2026, 11, 23), "words": "x"}
    with pytest.raises(PersonFacingError, match="No appeal"):
        status.review(case, status=decided, by="x", outcome="withdrawn", **on, actor=actor("jemal"))
    for hour, outcome in enumerate(("stands", "withdrawn"), 1):
        filed, looked = (actor("jemal", cast.now + timedelta(hours=hour, minutes=minute)) for minute in (0, 30))
        status.appeal(case, status=decided, by="The child", **on, actor=filed)
        status.review(case, status=decided, by="The court", outcome=outcome, **on, actor=looked)
        now = newest_status(statements_of(open_file(actor("jemal"), case)))
        assert not now.is_appealed
        assert not now.is_set_aside
    assert said_in_the_facts() == (ACTUAL, "Police")


def test_the_form_of_the_facts_does_not_ask_for_what_is_decided(browse, case, address):
    form = read(browse("jemal"), reverse("cases.write_facts", args=[case, "victim_context", 1]))
    assert "vic_TraffickingStatus" not in form
    assert address("status") in form


def test_a_status_that_an_import_brought_is_shown_as_no_decision(actor, browse, case, address):
    from amanat.cases.actions.facts import write_facts

    values = {"vic_TraffickingStatus": POSSIBLE}
    write_facts(case, section="victim_context", record=1, values=values, actor=actor("jemal"))
    page = read(browse("jemal"), address("status"))
    assert "The facts say: Possible" in page
    assert "No decision is recorded" in page


# --- vulnerability ---------------------------------------------------------------------------------------------------


def test_assessments_stand_side_by_side_with_the_workers_reason(browse, address):
    first = {"on": "2026-10-01", "level": "high", "reason": "The recruiter calls.", "individual_risk": ["no_documents"]}
    second = {
        "on": "2026-11-20",
        "level": "medium",
        "reason": "Papers are there.",
        "household_protective": ["supportive_home"],
    }
    for sent in (first, second):
        assert browse("jemal").post(address("assess_vulnerability"), sent).status_code == 302
    page = read(browse("jemal"), address("vulnerability"))
    for told in (
        "Has no papers",
        "A home that supports the child",
        "The recruiter calls.",
        "Papers are there.",
        "no source names a number",
    ):
        assert told in page
    assert page.index(">High<") < page.index(">Medium<")
    assert "Nobody has checked the source of this list yet." in page


def test_an_assessment_says_something_and_why(browse, address):
    page = browse("jemal").post(address("assess_vulnerability"), {"on": "2026-11-20", "level": "low", "reason": ""})
    assert "Write the reason." in page.content.decode()
    page = browse("jemal").post(address("assess_vulnerability"), {"on": "2026-11-20", "level": "low", "reason": "x"})
    assert "Choose or write at least one thing" in page.content.decode()


# --- obstacles -------------------------------------------------------------------------------------------------------


def test_an_obstacle_is_open_until_a_response_overcame_it(browse, case, address):
    jemal, section = browse("jemal"), reverse("cases.file", args=[case]) + "?section=identification"
    jemal.post(address("add_obstacle"), {"obstacle": "fear", "words": "Whispers.", "on": "2026-11-20"})
    obstacle = Statement.objects.get()
    assert "A safe place first" in read(jemal, address("obstacles"))
    tried = {"what": "Another room.", "by": "Jemal", "on": "2026-11-21", "result": "helped"}
    jemal.post(address("try_response", obstacle), tried)
    assert "Fear of the trafficker" in read(jemal, section)
    early = jemal.post(address("try_response", obstacle), tried | {"on": "2026-11-19"}).content.decode()
    assert "before the day on which the obstacle was seen" in early
    jemal.post(address("try_response", obstacle), tried | {"result": "overcome"})
    page = read(jemal, address("obstacles"))
    assert "Still in the way" not in page
    assert "Out of the way" in page
    assert "Another room." in page
    assert "Fear of the trafficker" not in read(jemal, section)


# --- interviews ------------------------------------------------------------------------------------------------------


def test_what_was_said_is_kept_apart_from_what_it_may_mean(actor, browse, address):
    answer = browse("jemal").post(address("record_interview"), INTERVIEW)
    interview = Statement.objects.get()
    assert answer.url == address("interview", interview)
    assert open_sealed(interview, "verbatim") == "Men gorkýaryn."
    assert open_sealed(interview, "interpretation") == "Looks at the door all the time."
    page = read(browse("jemal"), answer.url)
    assert page.index("Men gorkýaryn.") < page.index("What the interviewer saw") < page.index("Looks at the door")
    page = read(browse("aman"), answer.url)  # sees facts; the narrative only after a reason
    assert "Room 3" in page
    assert "What was said is closed to you" in page
    assert "gorkýaryn" not in page


def test_the_second_interview_says_why_and_how_often_the_child_has_told_it(browse, address):
    jemal = browse("jemal")
    jemal.post(address("record_interview"), INTERVIEW)
    assert "The child has told it once already" in read(jemal, address("record_interview"))
    assert Statement.objects.count() == 1
    page = jemal.post(address("record_interview"), INTERVIEW).content.decode()
    assert 'href="#id_why_again"' in page
    assert Statement.objects.count() == 1
    jemal.post(address("record_interview"), INTERVIEW | {"why_again": "The prosecutor needs dates."})
    page = read(jemal, address("interviews"))
    assert "interview 2" in page
    assert "The prosecutor needs dates." in page


def test_the_verb_asks_why_too(actor, case, browse, address):
    browse("jemal").post(address("record_interview"), INTERVIEW)
    with pytest.raises(PersonFacingError, match="Write why"):
        interviewing.record_interview(case, **INTERVIEW | {"at": actor("jemal").now}, actor=actor("jemal"))
    assert interviews_before(open_file(actor("jemal"), case)) == 1


def test_a_suspect_is_not_present_and_one_who_was_near_is_said(actor, browse, case, address):
    aunt, uncle = (
        persons.record_person(case, name=name, relation="relative", actor=actor("jemal")) for name in ("Aunt", "Uncle")
    )
    persons.suspect(case, person=uncle, reason="Named by the child.", actor=actor("jemal"))
    page = read(browse("jemal"), address("record_interview"))
    assert aunt.pk.hex in page
    assert uncle.pk.hex not in page
    assert "Recorded as suspects: Uncle" in page
    sent = INTERVIEW | {"present": [aunt.pk.hex, uncle.pk.hex]}
    assert "recorded as a suspect" in browse("jemal").post(address("record_interview"), sent).content.decode()
    told = sent | {"at": actor("jemal").now}
    with pytest.raises(PersonFacingError, match="recorded as a suspect"):
        interviewing.record_interview(case, **told, actor=actor("jemal"))
    sent |= {"present": [aunt.pk.hex], "suspect_near": "yes"}
    page = read(browse("jemal"), browse("jemal").post(address("record_interview"), sent).url)
    assert "Aunt" in page
    assert "A suspect was there, or within hearing" in page


@pytest.mark.parametrize("at", ["2026-11-25T10:00", "2011-01-01T10:00"])
def test_an_interview_that_cannot_have_been_is_refused(browse, address, at):
    page = browse("jemal").post(address("record_interview"), INTERVIEW | {"at": at}).content.decode()
    assert ("This lies in the future" in page) or ("The child was not born then." in page)
    assert not Statement.objects.exists()


# --- the file --------------------------------------------------------------------------------------------------------


@pytest.mark.sqlcipher_only
def test_pages_and_the_section_cost_few_queries_however_much_is_stated(cast, actor, browse, case, address, decide):
    for number in range(26):
        decide(on=date(2026, 10, 1) + timedelta(days=number))
        noted = assessing.note_obstacle(case, obstacle="fear", on=date(2026, 11, 1), actor=actor("jemal"))
    assessing.try_response(
        case, obstacle=noted, what="x", by="x", on=date(2026, 11, 1), result="helped", actor=actor("jemal")
    )
    client = browse("jemal")
    pages = [address(page) for page in ("status", "vulnerability", "obstacles", "interviews", "decide_status")]
    for page in [*pages, reverse("cases.file", args=[case]) + "?section=identification"]:
        with counting() as queries:
            read(client, page)
        assert len(queries) <= 12, (page, len(queries))


def test_lines_stand_in_the_timeline_for_who_sees_the_facts(cast, browse, case, decide):
    from amanat.access.policy import Relation

    decide()
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    file = reverse("cases.file", args=[case])
    assert "Formal status recorded" in read(browse("jemal"), file)
    assert "Formal status recorded" not in read(browse("sona"), file)
    assert Event.objects.filter(kind=EventKind.STATUS_DECIDED).count() == 1
    assert StatementKind.STATUS in set(Statement.objects.values_list("kind", flat=True))
