"""A suspect or somebody accused reaches who has to act, whatever the one who reports it may see, and tells that one nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.models import Conflict
from amanat.access.policy import Part, Relation
from amanat.cases.actions import persons
from amanat.cases.models import Alert, Task, TaskKind
from amanat.cases.tests.looking import bring_in, read
from amanat.legal.actions import detention, proceedings
from amanat.legal.models import ChildRole, Custody, ProceedingKind
from amanat.legal.tests.stood import COURT, lawyer_of_the_house, proceeding_on
from amanat.vault.sealing import open_sealed

pytestmark = pytest.mark.django_db


@pytest.fixture
def aunt(actor, case):
    return persons.record_person(case, name="Maral Çaryýewa", relation="relative", actor=actor("jemal"))


def flags(cast, name):
    """What somebody has to look at, by the part under which it stands."""
    rows = Task.objects.filter(owner=cast[name], kind=TaskKind.FLAG, done_at=None).select_related("subject")
    return [(row.part, open_sealed(row, "text")) for row in rows]


def suspected(case, person, actor, by):
    return persons.suspect(case, person=person, reason="Zqseen with him.", actor=actor(by))


# --- a person around the child is a suspect --------------------------------------------------------------------------


def test_a_supervisor_who_sees_no_legal_file_reports_the_guardian_and_manager_and_lawyer_have_to_act(
    browse, cast, actor, case, aunt
):
    lawyer_of_the_house(cast, case)
    proceeding_on(case, cast, guardian=aunt.pk.hex)
    suspected(case, aunt, actor, by="aman")
    for name in ("jemal", "selbi"):
        [(part, text)] = flags(cast, name)
        assert part == Part.LEGAL_FILE
        assert "The guardian in proceedings may no longer be trusted" in text
        assert "guardian in proceedings" in read(browse(name), reverse("cases.my_day"))


def test_a_guardian_whose_name_a_lawyer_wrote_who_knows_nobody_around_the_child_is_found_as_well(
    cast, actor, case, aunt
):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=frozenset({Part.LEGAL_FILE, Part.LEGAL_STATUS}))
    proceeding_on(case, cast, by="selbi", guardian_name="Çaryýewa Maral, the aunt")
    suspected(case, aunt, actor, by="aman")
    assert [part for part, _text in flags(cast, "jemal")] == [Part.LEGAL_FILE]


def test_who_reported_it_reads_of_no_flag_in_a_part_that_is_closed_to_them(browse, cast, actor, case, aunt):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    proceeding_on(case, cast, guardian=aunt.pk.hex)
    suspected(case, aunt, actor, by="merdan")
    assert len(flags(cast, "jemal")) == 1
    page = read(browse("merdan"), case.get_absolute_url())
    assert "guardian in proceedings" not in page
    assert "Finish" not in page
    assert "guardian in proceedings" not in read(browse("merdan"), reverse("cases.my_day"))
    assert "guardian in proceedings" in read(browse("jemal"), case.get_absolute_url())


def test_what_a_conflict_hides_from_the_reporter_is_found_all_the_same(cast, actor, case, aunt):
    proceeding_on(case, cast, guardian=aunt.pk.hex)
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    for part in (Part.PLAN, Part.CENTRE, Part.CONSENT):
        Conflict.objects.create(
            subject=case.subject, user=cast["merdan"].user, part=part, recorded_by=cast["aman"], recorded_at=cast.now
        )
    suspected(case, aunt, actor, by="merdan")
    assert [part for part, _text in flags(cast, "jemal")] == [Part.LEGAL_FILE]


def test_who_is_on_in_the_centre_and_the_manager_hear_of_every_suspect(browse, cast, actor, case, aunt):
    bring_in(case, cast, "bahar", Relation.CENTRE_WORKER)
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    suspected(case, aunt, actor, by="merdan")
    for name in ("bahar", "jemal"):
        [(part, text)] = flags(cast, name)
        assert part == Part.SAFETY
        assert "recorded as a suspect now" in text
        assert "Maral" not in text
    assert flags(cast, "merdan") == []


def test_the_case_manager_who_reports_it_is_not_told_of_their_own_report(cast, actor, case, aunt):
    suspected(case, aunt, actor, by="jemal")
    assert flags(cast, "jemal") == []


# --- somebody accused ------------------------------------------------------------------------------------------------


@pytest.fixture
def accused(cast, actor, case):
    def make(who, by="jemal", **more):
        since = cast.now - timedelta(hours=1)
        return detention.record_detention(case, custody=Custody.RELEASED, who=who, since=since, actor=actor(by), **more)

    return make


@pytest.mark.parametrize("who", ["Марал Чарыева", "Somebody; maral çaryýewa"])
def test_an_accused_of_the_name_of_somebody_around_the_child_is_flagged_in_whatever_script(
    cast, case, aunt, accused, who
):
    accused(who)
    [(part, text)] = flags(cast, "jemal")
    assert part == Part.SAFETY
    assert "may be a person around the child" in text
    assert Alert.objects.count() == 1  # and the duty list hears of it as of any


def test_somebody_else_is_no_flag_and_a_suspect_is_known_already(cast, actor, case, aunt, accused):
    accused("The man from the shop")
    assert flags(cast, "jemal") == []
    suspected(case, aunt, actor, by="jemal")
    accused("Maral Çaryýewa")
    assert flags(cast, "jemal") == []


def test_who_it_is_can_be_chosen_where_the_file_calls_them_otherwise(browse, cast, case, aunt):
    sent = {"who": "The aunt", "person": aunt.pk.hex, "custody": "released", "since": "2026-11-24T13:00"}
    assert "Is it somebody around the child?" in read(browse("jemal"), reverse("legal.record_detention", args=[case]))
    assert browse("jemal").post(reverse("legal.record_detention", args=[case]), sent).status_code == 302
    assert len(flags(cast, "jemal")) == 1


def test_a_guardian_who_is_accused_is_flagged_when_it_is_written(cast, actor, case, aunt):
    told = COURT | {"kind": ProceedingKind.CRIMINAL, "role": ChildRole.VICTIM, "guardian": aunt.pk.hex}
    proceeding = proceeding_on(case, cast, guardian=aunt.pk.hex)
    assert flags(cast, "jemal") == []
    told["accused"] = "Maral Charyeva"
    proceedings.change_proceeding(proceeding, state="running", actor=actor("jemal"), **told)
    [(_part, text)] = flags(cast, "jemal")
    assert "may be the guardian of the child" in text
    proceedings.change_proceeding(proceeding, state="running", actor=actor("jemal"), **told)
    assert len(flags(cast, "jemal")) == 1  # nothing of it has changed


def test_a_guardian_who_is_a_suspect_is_called_one_beside_the_proceedings(browse, cast, actor, case, aunt):
    proceeding = proceeding_on(case, cast, guardian=aunt.pk.hex)
    suspected(case, aunt, actor, by="jemal")
    assert "is a suspect now: ask for another guardian" in read(
        browse("jemal"), reverse("legal.proceeding", args=[proceeding])
    )
