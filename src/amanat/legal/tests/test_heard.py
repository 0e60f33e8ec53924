"""Each time that a child has to tell it again asks why; and what falls to the case manager when a lawyer has left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.models import Grant
from amanat.access.policy import Part
from amanat.cases.actions.marking import mark
from amanat.cases.models import EventKind
from amanat.cases.tests.looking import read
from amanat.legal import appointments
from amanat.legal.actions import hearings
from amanat.legal.models import HearingState
from amanat.legal.tests.stood import hearing_in, lawyer_of_the_house, proceeding_on, ruled
from amanat.web.errors import PersonFacingError

pytestmark = pytest.mark.django_db


def test_a_child_that_told_it_before_is_heard_again_only_with_why(browse, actor, cast, case):
    proceeding = proceeding_on(case, cast)
    first, second = (
        hearing_in(proceeding, cast, at=cast.now - timedelta(days=day), already_held=True) for day in (9, 2)
    )
    sent = {"state": "held", "outcome": "Zqheard.", "child_heard": "yes"}
    assert browse("jemal").post(reverse("legal.record_hearing", args=[first]), sent).status_code == 302
    page = browse("jemal").post(reverse("legal.record_hearing", args=[second]), sent).content.decode()
    assert "Write why the child has to tell it again." in page
    assert "Zqheard." in page
    assert (
        browse("jemal").post(reverse("legal.record_hearing", args=[second]), sent | {"child_heard": "no"}).status_code
        == 302
    )
    third = hearing_in(proceeding, cast, at=cast.now - timedelta(days=1), already_held=True)
    assert (
        browse("jemal")
        .post(reverse("legal.record_hearing", args=[third]), sent | {"why_again": "Zqnew judge."})
        .status_code
        == 302
    )
    told = read(browse("jemal"), reverse("legal.proceeding", args=[proceeding]))
    assert "Zqnew judge." in told


def test_an_interview_counts_as_telling_it(actor, cast, case):
    mark(case, EventKind.INTERVIEWED, actor("jemal"), part=Part.FACTS)
    hearing = hearing_in(proceeding_on(case, cast), cast, at=cast.now - timedelta(days=2), already_held=True)
    told = {"state": HearingState.HELD, "outcome": "x", "child_heard": "yes"}
    with pytest.raises(PersonFacingError, match="tell it again"):
        hearings.record_hearing(hearing, actor=actor("jemal"), **told)
    hearings.record_hearing(hearing, actor=actor("jemal"), why_again="The court asks.", **told)


def test_what_the_lawyer_had_to_see_to_is_the_case_managers_once_the_lawyer_has_left(cast, case):
    lawyer_of_the_house(cast, case)
    proceeding = proceeding_on(case, cast, lawyer=cast["selbi"])
    hearing = hearing_in(proceeding, cast)
    ruled(proceeding, cast, "judgment", appeal_by=cast.now.date() + timedelta(days=2))

    def seen_by(name):
        who = cast.actor(name)
        return list(appointments.mine(who)), [one.proceeding for one in appointments.due(who)]

    assert seen_by("selbi") == ([hearing], [proceeding])
    assert seen_by("jemal") == ([], [])
    Grant.objects.filter(membership=cast["selbi"]).update(until=cast.now)
    assert seen_by("selbi") == ([], [])
    assert seen_by("jemal") == ([hearing], [proceeding])
