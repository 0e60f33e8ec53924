"""Which bed fits a child: by sex, ages, brothers and sisters, whom to keep apart, and what the room is for."""

from __future__ import annotations

import uuid

from hypothesis import given, settings
from hypothesis import strategies as some

from amanat.centre.fitting import BARS, HINTS, Limits, Place, Reason, Who, fit

LIMITS = Limits(mixed_from=7, age_gap=5)
FAMILY = uuid.uuid4()


def child(sex: str = "Feminine", age: int | None = 14, *needs: str, family: uuid.UUID | None = None) -> Who:
    return Who(uuid.uuid4(), sex, age, family, frozenset(needs))


def found(who: Who, **place: object) -> set[Reason]:
    if "mates" in place:
        place = {"near": place["mates"]} | place
    return set(fit(who, Place(**place), LIMITS).reasons)  # type: ignore[arg-type]


def test_an_empty_usual_room_fits():
    assert fit(child(), Place(), LIMITS).fits


def test_girls_and_boys_sleep_apart_from_the_age_that_the_pack_says():
    boy = child("Masculine", 15)
    assert Reason.MIXED in found(child(), mates=(boy,))
    assert Reason.MIXED not in found(child(age=4), mates=(child("Masculine", 5),))
    assert Reason.MIXED in found(child(age=4), mates=(child("Masculine", None),))
    assert Reason.SEX in found(boy, whom="girls")
    assert Reason.ASK_CHILD in found(child("NonConforming"), whom="girls")


def test_brothers_and_sisters_are_put_together_whatever_their_age_and_sex():
    sister, brother = child(family=FAMILY), child("Masculine", 5, family=FAMILY)
    assert found(brother, mates=(sister,)) == {Reason.SIBLING_HERE}
    assert found(brother, near=(sister,)) == {Reason.SIBLING_ELSEWHERE}
    here, there = Place(mates=(sister,), near=(sister,)), Place(near=(sister,))
    assert fit(brother, here, LIMITS).rank < fit(brother, there, LIMITS).rank


def test_ages_far_apart_speak_against_a_room():
    assert Reason.AGE_GAP in found(child(age=8), mates=(child(age=14),))
    assert Reason.AGE_GAP not in found(child(age=9), mates=(child(age=14),))
    assert Reason.AGE_OF_ROOM in found(child(age=9), age_from=10)
    assert Reason.AGE_OF_ROOM in found(child(age=15), age_to=14)
    assert Reason.NO_AGE in found(child(age=None))


def test_what_a_child_needs_the_room_has_to_offer():
    mother = child("Feminine", 16, "baby")
    assert found(mother) == {Reason.NOT_FOR_BABY}
    assert found(mother, purpose="mother_baby") == set()
    assert found(child(), purpose="mother_baby") == {Reason.MOTHERS_ONLY}
    assert found(child("Feminine", 14, "accessible")) == {Reason.NOT_ACCESSIBLE}
    assert found(child("Feminine", 14, "observation")) == {Reason.NOT_OBSERVED}
    assert found(child("Feminine", 14, "infection")) == {Reason.INFECTION}
    assert found(child(), purpose="apart") == {Reason.INFECTED_ROOM}


def test_who_is_kept_apart_or_shares_a_suspect_gets_no_bed_in_the_house():
    other = child()
    place = Place(near=(other,))
    assert fit(child(), place, LIMITS, apart=[other.subject]).is_barred
    assert fit(child(), place, LIMITS, suspects_shared=[other.subject]).is_barred


def test_of_a_child_out_of_whose_file_somebody_is_kept_it_is_only_said_that_the_bed_does_not_fit():
    sister = child(family=FAMILY)
    place = Place(mates=(sister,), near=(sister,))
    asked = {"limits": LIMITS, "unsaid": [sister.subject]}
    assert fit(child(family=FAMILY), place, **asked).reasons == ()
    for why in ("apart", "suspects_shared"):
        told = fit(child(family=FAMILY), place, **asked, **{why: [sister.subject]})
        assert (told.reasons, told.is_barred) == ((Reason.UNSAID,), True)


children = some.builds(
    Who,
    some.uuids(),
    some.sampled_from(["Feminine", "Masculine", "NonConforming", ""]),
    some.none() | some.integers(0, 17),
    some.sampled_from([None, FAMILY]),
    some.frozensets(some.sampled_from(["baby", "accessible", "observation", "infection"])),
)


@given(children, some.lists(children, max_size=4), some.frozensets(some.sampled_from(sorted(BARS))))
@settings(max_examples=60, deadline=None)
def test_a_bar_is_never_passed_and_a_hint_never_speaks_against(who, mates, barred):
    place = Place(mates=tuple(mates), near=tuple(mates), barred=barred)
    told = fit(who, place, LIMITS)
    assert told.is_barred == bool(barred)
    assert not set(told.against) & HINTS
    assert told.fits == (not told.against)
    free = fit(who, Place(mates=tuple(mates), near=tuple(mates)), LIMITS)
    assert free.rank <= told.rank
