"""Incidents: what happened stands once, each child's part under the child; nothing is changed; an allegation goes past the house."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import Closed, open_file
from amanat.access.models import Conflict
from amanat.access.policy import Part, Verb
from amanat.audit.models import Entry
from amanat.cases.actions.guarding import ManagerNeeded
from amanat.cases.models import Alert, EventKind
from amanat.cases.timeline import lines
from amanat.centre import incidents
from amanat.centre.actions.incidents import add_to_incident, record_incident
from amanat.centre.erasing import erase
from amanat.centre.models import IncidentAccount, IncidentPart, Tally
from amanat.centre.tests.housed import a_house, girl
from amanat.centre.tests.on_shift import colleague, in_circle, resident
from amanat.vault import erasing
from amanat.vault.models import SubjectKind
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError


@pytest.fixture
def house(cast, case):
    house = a_house(cast)
    resident(cast, case, house)
    in_circle(cast, case)
    return house


@pytest.fixture
def other(cast, house, register):
    other = girl(register)
    resident(cast, other, house)
    in_circle(cast, other)
    return other


def recorded(cast, case, *others, by="bahar", **more):
    told = {
        "kind": "violence",
        "severity": "s2",
        "happened_at": cast.now - timedelta(hours=1),
        "words": "Two girls quarrelled over a phone.",
        "done": "They were parted.",
    }
    return record_incident(case, siblings=others, actor=cast.actor(by), **told | more)


def against(cast, case, *others, **more):
    told = {"kind": "staff", "severity": "s4", "words": "He hit her.", "outside": "The inspectorate, today."}
    return recorded(cast, case, *others, **told | more)


def test_the_common_account_has_a_subject_of_its_own_and_each_childs_part_the_childs(cast, case, other):
    account = recorded(cast, case, other, own="A scratch on the hand.")
    assert account.subject.kind == SubjectKind.SHARED
    mine, hers = IncidentPart.objects.get(case=case), IncidentPart.objects.get(case=other)
    assert open_sealed(mine, "words") == "A scratch on the hand."
    assert not hers.words
    (seen,) = incidents.incidents_of(open_file(cast.actor("jemal"), other))
    assert (seen.kind, seen.first.words.text) == ("Violence between children", "Two girls quarrelled over a phone.")
    assert seen.first.own.text == ""


def test_nothing_is_changed_what_is_new_is_added_to_each_childs_file(cast, case, other):
    account = recorded(cast, case, other)
    add_to_incident(
        other,
        series=account.series,
        adds="corrected",
        severity="s3",
        words="A third girl was there.",
        actor=cast.actor("bahar"),
    )
    (seen,) = incidents.incidents_of(open_file(cast.actor("jemal"), case))
    assert [one.adds for one in seen.accounts] == ["first", "corrected"]
    assert seen.severity.text == "3: grave"
    assert seen.first.words.text == "Two girls quarrelled over a phone."
    add_to_incident(case, series=account.series, adds="closed", words="Spoken through.", actor=cast.actor("jemal"))
    with pytest.raises(PersonFacingError):
        add_to_incident(case, series=account.series, adds="added", words="More.", actor=cast.actor("bahar"))


def kept_out(cast, case, name="bahar"):
    Conflict.objects.create(subject=case.subject, user=cast[name].user, recorded_by=cast["jemal"], recorded_at=cast.now)


def logged(case):
    return Entry.objects.filter(
        subject=case.subject, verb__in=[Verb.INCIDENT_RECORD, Verb.INCIDENT_ADD], outcome="done"
    ).count()


def test_what_is_added_is_marked_and_logged_on_each_file_and_what_is_of_one_child_on_its_own_alone(cast, case, other):
    account = recorded(cast, case, other)
    told = {"series": account.series, "adds": "added", "words": "The glazier came.", "own": "A cut on her foot."}
    add_to_incident(case, actor=cast.actor("bahar"), **told)
    assert [logged(each) for each in (case, other)] == [2, 2]
    assert other.events.filter(kind=EventKind.INCIDENT).count() == 2
    (seen,) = incidents.incidents_of(open_file(cast.actor("jemal"), other))
    assert [one.own.text for one in seen.accounts] == ["", ""]


def test_nothing_is_added_to_the_file_of_a_child_that_the_actor_may_not_know_of(cast, case, other, browse):
    account = recorded(cast, case, other)
    kept_out(cast, other)
    add_to_incident(case, series=account.series, adds="closed", words="Spoken through.", actor=cast.actor("bahar"))
    assert [logged(each) for each in (case, other)] == [2, 1]
    assert other.events.filter(kind=EventKind.INCIDENT).count() == 1
    jemal = cast.actor("jemal")
    (hers,), (mine,) = (incidents.incidents_of(open_file(jemal, each)) for each in (other, case))
    assert (len(hers.accounts), len(mine.accounts)) == (1, 2)
    assert (
        "other child too"
        not in browse("bahar").get(reverse("centre.incident", args=[case, account.series])).content.decode()
    )
    add_to_incident(other, series=account.series, adds="added", words="Her aunt was told.", actor=jemal)
    (mine,) = incidents.incidents_of(open_file(jemal, case))
    assert mine.is_closed, "what is added from another file opens it to nobody again"


def test_erasing_one_child_leaves_the_account_to_the_other_and_the_last_takes_it_along(cast, case, other):
    recorded(cast, case, other)
    for each, left in ((case, 1), (other, 0)):
        assert IncidentAccount.objects.count() == 1
        erase(erasing.Erasing([each.subject_id], cast.now))
        assert IncidentAccount.objects.count() == left


def test_an_allegation_keeps_the_accused_out_of_each_file_and_is_told_to_the_duty_list(cast, case, other):
    ayna = colleague(cast)
    in_circle(cast, case, "ayna")
    against(cast, case, other, accused=ayna.user)
    assert set(Conflict.objects.filter(user=ayna.user, part="").values_list("subject", flat=True)) == {
        case.subject_id,
        other.subject_id,
    }
    assert not open_file(cast.actor("ayna"), case).exists
    assert {alert.kind for alert in Alert.objects.all()} == {"p1"}


def test_an_allegation_is_not_read_by_workers_of_the_centre(cast, case, house):
    account = against(cast, case)
    assert account.part == Part.NARRATIVE
    assert incidents.incidents_of(open_file(cast.actor("bahar"), case)) == []
    assert len(incidents.incidents_of(open_file(cast.actor("jemal"), case))) == 1
    with pytest.raises(PersonFacingError):
        add_to_incident(case, series=account.series, adds="added", words="x", actor=cast.actor("bahar"))
    part = IncidentPart.objects.select_related("shared__subject").get()
    with pytest.raises(Closed):
        open_file(cast.actor("bahar"), case).open(part.shared, "content", via=part)
    assert not Tally.objects.filter(what="incident").exists()
    told = lines(
        open_file(cast.actor("bahar"), case), case.events.select_related("author__user", "author__agency", "shared")
    )
    assert not any("He hit her." in str(line) for line in told)


def test_an_allegation_against_the_case_manager_names_who_takes_over(cast, case, house):
    with pytest.raises(ManagerNeeded):
        against(cast, case, accused=cast["jemal"].user)
    assert not IncidentAccount.objects.exists()
    against(cast, case, accused=cast["jemal"].user, to=cast["merdan"])
    assert not open_file(cast.actor("jemal"), case).exists
    assert len(incidents.incidents_of(open_file(cast.actor("merdan"), case))) == 1


def test_an_allegation_says_where_it_is_reported_and_an_incident_does_not_lie_ahead(cast, case, house):
    with pytest.raises(PersonFacingError) as told:
        against(cast, case, outside="")
    assert told.value.field == "outside"
    with pytest.raises(PersonFacingError):
        recorded(cast, case, happened_at=cast.now + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("more", "alert"), [({"kind": "self_harm"}, "self_harm"), ({"severity": "s4"}, "p1"), ({}, None)]
)
def test_what_is_grave_is_told_to_the_duty_list(cast, case, house, more, alert):
    recorded(cast, case, **more)
    assert [one.kind for one in Alert.objects.all()] == ([alert] if alert else [])


def test_the_pages_record_add_and_show(cast, case, other, browse):
    bahar = browse("bahar")
    record = reverse("centre.record_incident", args=[case])
    assert other.child.code_name in bahar.get(record).content.decode()
    sent = {
        "kind": "damage",
        "severity": "s1",
        "happened_at": "2026-11-24T13:00",
        "words": "A window broke.",
        "done": "Swept up.",
        "others": [other.pk.hex],
    }
    assert bahar.post(record, sent).status_code == 302
    series = IncidentAccount.objects.get().series
    assert "A window broke." in bahar.get(reverse("centre.incidents", args=[other])).content.decode()
    add = reverse("centre.add_to_incident", args=[case, series])
    assert bahar.get(add).status_code == 200
    assert bahar.post(add, {"adds": "added", "words": "The glazier came."}).status_code == 302
    page = bahar.get(reverse("centre.incident", args=[other, series])).content.decode()
    assert "The glazier came." in page
    assert "about 1 other child too" in page
    staff = sent | {"kind": "staff", "words": "He shouted.", "outside": "Inspectorate"}
    told = bahar.post(record, staff, follow=True).content.decode()
    assert "apart from the log" in told
    assert "He shouted." not in told


def test_a_worker_is_not_accused_in_silence_of_another_kind(cast, case, house):
    with pytest.raises(PersonFacingError) as told:
        recorded(cast, case, accused=colleague(cast).user)
    assert told.value.field == "kind"


def test_what_is_counted_stands_by_the_month_not_beside_the_day_of_a_childs_row(cast, case, house):
    recorded(cast, case)
    assert set(Tally.objects.values_list("day", flat=True)) == {cast.now.date().replace(day=1)}


def test_what_turns_out_to_be_one_of_the_gravest_is_told_once(cast, case, house):
    account = recorded(cast, case)
    for words in ("Her arm is broken.", "The doctor says so too."):
        told = {"series": account.series, "adds": "corrected", "severity": "s4", "words": words}
        add_to_incident(case, actor=cast.actor("bahar"), **told)
    assert [one.kind for one in Alert.objects.all()] == ["p1"]
    assert case.events.filter(kind="alert_raised").count() == 1
