"""What an erasure takes of a stay: every row of it, and that another child was to be kept apart."""

from __future__ import annotations

from datetime import timedelta

from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.centre import stays
from amanat.centre.actions.leaving import end
from amanat.centre.actions.placing import Arrival
from amanat.centre.actions.staying import extend, go_out, keep_apart
from amanat.centre.erasing import erase
from amanat.centre.models import Absence, Apart, Bed, Exit, Stay, StayBed, Term
from amanat.centre.tests.housed import a_house, a_room, beds_of, girl, stay_of
from amanat.vault.erasing import Erasing


def test_an_erasure_takes_every_row_of_a_stay_and_leaves_house_and_others(cast, case, register):
    beds = beds_of(a_room(cast, a_house(cast)))
    other, actor = girl(register), cast.actor("jemal")
    stay_of(case, beds[0], cast, arrival=Arrival(things=["Coat"]))
    stay_of(other, beds[1], cast)
    keep_apart(other, other_child=case.child.code_name, why="They fought.", actor=actor)
    extend(case, last_day=(cast.now + timedelta(days=40)).date(), ground="plan", words="x", actor=actor)
    go_out(case, where="School", back_by=cast.now + timedelta(hours=1), actor=actor)
    erasing = Erasing([case.subject_id], cast.now)
    erase(erasing)
    gone = {model: model.objects.filter(subject=case.subject_id).count() for model in (Stay, StayBed, Term, Absence)}
    assert set(gone.values()) == {0}
    assert not Apart.objects.exists()
    assert Stay.objects.get().case == other
    assert Bed.objects.count() == 2


def test_who_does_not_see_the_centre_reads_nothing_of_a_stay(cast, case):
    bed = beds_of(a_room(cast, a_house(cast)))[0]
    stay_of(case, bed, cast, arrival=Arrival(["hunger"], words="Shy.", things=["Coat"]))
    end(case, ended_as=Exit.FAMILY, at=cast.now, to="An aunt", returned=[1], actor=cast.actor("jemal"))
    file = open_file(cast.actor("jemal"), case)
    told = stays.earlier(file.only(frozenset({Part.EXISTENCE})))[0]
    assert (told.intake, told.belongings, told.leaving, told.place) == ({}, {}, {}, "")
    assert told.beds[0].place == ""
    assert stays.earlier(file)[0].leaving["to"] == "An aunt"
