"""The record of handing a child over: written before it leaves, signed by both ends, never to a suspect."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases import papers
from amanat.cases.actions import persons
from amanat.cases.shown import name_of
from amanat.cases.tests.looking import counting, read
from amanat.monitoring import before_leaving, hand_overs, journey
from amanat.monitoring.actions import handing_over
from amanat.monitoring.actions.solving import CarerIsSuspect
from amanat.monitoring.models import HandOver, Solution, SolutionState
from amanat.monitoring.tests.conftest import HANDED, TODAY
from amanat.web.errors import PersonFacingError, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(actor, opened, aunt):
    return handing_over.write(opened, **HANDED, carer=aunt.pk.hex, actor=actor("bahar"))


def sign(case, who, **more):
    return handing_over.sign(case, **{"on": TODAY, "both": True} | more, actor=who)


def test_it_is_signed_once_by_both_ends(actor, opened, written):
    with pytest.raises(PersonFacingError, match="Both ends"):
        sign(opened, actor("bahar"), both=False)
    with pytest.raises(PersonFacingError, match="not come yet"):
        sign(opened, actor("bahar"), on=TODAY + timedelta(days=1))
    assert sign(opened, actor("bahar"), seen=written.number).signed_by == actor("bahar").membership
    with pytest.raises(PersonFacingError, match="signed already"):
        sign(opened, actor("jemal"))


def test_what_is_not_ready_is_named_until_it_is(actor, cast, opened):
    """Also to who sees nothing of the plan."""

    def left():
        return before_leaving.not_ready(open_file(actor("bahar"), opened))

    assert left() == [
        "No durable solution is decided for this child.",
        "No record of handing the child over is written.",
    ]
    common = {"subject": opened.subject, "case": opened, "author": cast["jemal"], "at": cast.now}
    Solution.objects.create(**common, version=1, state=SolutionState.DECIDED, content={"kind": "family"})
    Solution.objects.create(**common, version=2, content={"kind": "family"})
    handing_over.write(opened, **HANDED, actor=actor("bahar"))
    assert left()[1:] == ["The record of handing the child over is not signed."]
    Solution.objects.create(**common, version=3, state=SolutionState.DECIDED, content={"kind": "family"})
    sign(opened, actor("bahar"))
    assert left() == []


def test_a_record_that_nobody_read_is_not_signed(actor, cast, opened, written):
    another = handing_over.write(opened, **HANDED, actor=actor("jemal", cast.now + timedelta(hours=1)))
    with pytest.raises(PersonFacingError, match=another.number):
        sign(opened, actor("bahar"), seen=written.number)
    assert not HandOver.objects.exclude(signed_at=None).exists()


def test_nothing_is_signed_where_nothing_is_written(actor, opened):
    with pytest.raises(PersonFacingError, match="No record"):
        sign(opened, actor("bahar"))


@pytest.mark.parametrize("field", ["to", "escort", "witness"])
def test_no_suspect_receives_the_child_goes_along_or_is_the_witness(actor, opened, uncle, field):
    with pytest.raises(CarerIsSuspect):
        handing_over.write(opened, **HANDED | {field: "Orazow Merdan"}, actor=actor("bahar"))
    with pytest.raises(CarerIsSuspect):
        handing_over.write(opened, **HANDED, carer=uncle.pk.hex, actor=actor("bahar"))
    assert not HandOver.objects.exists()


def test_who_became_a_suspect_since_receives_nobody(actor, browse, opened, aunt, written):
    persons.suspect(opened, person=aunt, reason="She asks for money.", actor=actor("jemal"))
    with pytest.raises(CarerIsSuspect):
        sign(opened, actor("bahar"))
    page = read(browse("jemal"), reverse("monitoring.hand_over", args=[opened]))
    assert "The carer is recorded as a suspect" in page


def test_who_has_the_child_by_a_record_alone_and_becomes_a_suspect_is_a_task(actor, opened, aunt, written):
    persons.suspect(opened, person=aunt, reason="She asks for money.", actor=actor("jemal"))
    assert opened.tasks.filter(done_at=None, owner=actor("jemal").membership).exists()


def test_times_that_cannot_be_are_refused(actor, cast, opened):
    with pytest.raises(PersonFacingError, match="90 days"):
        handing_over.write(opened, **HANDED | {"at": cast.now + timedelta(days=91)}, actor=actor("bahar"))
    with pytest.raises(PersonFacingError, match="not born"):
        handing_over.write(opened, **HANDED | {"at": cast.now - timedelta(days=365 * 30)}, actor=actor("bahar"))


def test_the_psychologist_writes_none(actor, opened):
    with pytest.raises(Refused):
        handing_over.write(opened, **HANDED, actor=actor("ogulgerek"))


def test_only_a_signed_record_is_a_hand_over_on_the_way(actor, cast, opened, written):
    def handed():
        way = journey.journey(open_file(actor("jemal", cast.now + timedelta(hours=2)), opened))
        return sum("handing the child over" in str(one.title) for one in way.hand_overs)

    assert handed() == 0
    sign(opened, actor("bahar"))
    assert handed() == 1


def test_pages_write_and_sign_it(browse, opened, aunt):
    bahar = browse("bahar")
    sent = HANDED | {"at": "2026-11-24T10:00", "carer": aunt.pk.hex}
    assert bahar.post(reverse("monitoring.write_hand_over", args=[opened]), sent).status_code == 302
    at = reverse("monitoring.sign_hand_over", args=[opened])
    signed = {
        "on": "2026-11-24",
        "both": "on",
        "words": "She asked for the doll.",
        "seen": HandOver.objects.get().number,
    }
    assert bahar.post(at, signed).status_code == 302
    address = reverse("monitoring.hand_over", args=[opened])
    page = read(bahar, address)
    for told in ("signed by both", "Guardianship office of Mary", "She asked for the doll.", "A bag, a coat"):
        assert told in page
    with counting() as asked:
        read(bahar, address)
    assert len(asked) <= 12, asked


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Record of handing a child over"),
        ("tk", "Çagany tabşyrmagyň delilnamasy"),
        ("ru", "Акт передачи ребёнка"),
        ("ro", "Proces-verbal de predare a copilului"),
    ],
)
def test_it_stands_on_paper_in_four_languages(actor, opened, written, language, title):
    one = papers.named(hand_overs.PAPER)
    sheet = papers.made(open_file(actor("bahar"), opened), one, "", language)
    assert f'<html lang="{language}">' in sheet
    assert written.number in sheet
    assert "Guardianship office of Mary" in sheet
    if title in dict(titles_known()):
        assert title in sheet


def test_the_paper_names_the_child_to_its_carer_and_bears_no_code_name(actor, opened, written):
    file = open_file(actor("bahar"), opened)
    one = papers.named(hand_overs.PAPER)
    sheet = papers.made(file, one, "", "en")
    assert name_of(file).text in sheet
    assert "Birth date" in sheet
    assert opened.child.code_name not in sheet
    assert opened.child.code_name not in papers.file_name(file, one, "ru")
    assert "Keep it safe." in sheet
    assert "Destroy it" not in sheet


def test_who_may_not_know_the_name_is_told_whom_to_ask(actor, opened, written):
    nameless = open_file(actor("bahar"), opened).only(frozenset(Part) - {Part.IDENTITY})
    with pytest.raises(PersonFacingError, match="names the child"):
        papers.made(nameless, papers.named(hand_overs.PAPER), "", "en")


def titles_known():
    from django.utils.translation import gettext, override

    for code in ("en", "tk", "ru", "ro"):
        with override(code):
            yield gettext("Record of handing a child over"), code


@pytest.mark.parametrize("name", ["place", "by", "by_capacity", "to", "to_capacity"])
@pytest.mark.parametrize("value", ["", "  ", None])
def test_a_record_without_what_the_paper_rests_on_is_refused_with_a_sentence(actor, opened, name, value):
    with pytest.raises(PersonFacingError, match="lacks") as told:
        handing_over.write(opened, **HANDED | {name: value}, actor=actor("bahar"))
    assert told.value.field == name
    told = {key: held for key, held in HANDED.items() if key != name}
    with pytest.raises(PersonFacingError, match="lacks"):
        handing_over.write(opened, **told, actor=actor("bahar"))
    assert not HandOver.objects.exists()


def test_what_the_record_does_not_know_is_not_kept(actor, opened):
    with pytest.raises(TypeError, match="colour"):
        handing_over.write(opened, **HANDED, colour="blue", actor=actor("bahar"))
