"""Contacts in a crisis that reach the duty list; groups with each child's part apart; what helps by age; the card to carry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat import packs
from amanat.access.files import open_file
from amanat.access.policy import Relation
from amanat.cases.models import Alert, AlertKind
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.psychology import reactions, sessions
from amanat.psychology.actions import contacts
from amanat.psychology.models import CrisisContact, GroupPart, GroupSession, ProcessNote, Session
from amanat.psychology.tests.helped import fill, held, with_psychologist
from amanat.vault import erasing
from amanat.vault.models import SubjectKind
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused

pytestmark = pytest.mark.django_db
CRISIS = {"at": "2026-11-24T13:00", "way": "there", "what": "Cried, shook.", "done": "Sat down beside her, water."}
OTHER = {"names": [{"given": "Maral", "family": "Orazowa"}], "birth_date": "2011-02-03"}


@pytest.fixture
def case(case, cast):
    return with_psychologist(case, cast)


@pytest.fixture
def other(register, cast):
    return with_psychologist(register(identity=OTHER), cast)


@pytest.fixture
def address(case):
    return lambda page: reverse(f"psychology.{page}", args=[case])


# --- crisis -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("danger", ["words", "plan", "done"])
def test_danger_of_self_harm_is_told_to_the_duty_list_at_once(browse, case, address, danger):
    answer = browse("jemal").post(address("record_crisis"), CRISIS | {"danger": danger})
    assert answer.status_code == 302
    alert = Alert.objects.get()
    assert (alert.kind, alert.taken_at) == (AlertKind.SELF_HARM, None)
    assert "told" in read(browse("jemal"), address("crises"))


@pytest.mark.parametrize("danger", ["none", "unknown"])
def test_a_crisis_without_a_sign_of_it_alerts_nobody(browse, case, address, danger):
    assert browse("jemal").post(address("record_crisis"), CRISIS | {"danger": danger}).status_code == 302
    assert not Alert.objects.exists()


def test_whoever_sees_the_safety_reads_a_crisis_contact(browse, cast, case, address):
    bring_in(case, cast, "bahar", Relation.CENTRE_WORKER)
    browse("bahar").post(address("record_crisis"), CRISIS | {"danger": "none", "with_child": "Bahar"})
    for name in ("jemal", "ogulgerek", "aman"):
        assert "Sat down beside her, water." in read(browse(name), address("crises"))
    assert browse("dowlet").get(address("crises")).status_code == 404


def test_a_crisis_contact_lies_in_the_past(actor, cast, case):
    told = CRISIS | {"at": cast.now + timedelta(hours=1), "danger": "none"}
    with pytest.raises(PersonFacingError, match="in the future"):
        contacts.record_crisis(case, **told, actor=actor("jemal"))
    assert not CrisisContact.objects.exists()


# --- groups -------------------------------------------------------------------------------------------------------------


def group(case, other, cast, **more):
    parts = {
        case.pk.hex: {"attendance": "came", "words": "Laughed twice.", "notes": "My own thought."},
        other.pk.hex: {"attendance": "left_early", "words": "Got up and went."},
    }
    told = {"at": cast.now - timedelta(hours=1), "content": {"theme": "Strong feelings", "course": "A game."}} | more
    return contacts.record_group(case, siblings=[other], parts=parts, actor=cast.actor("ogulgerek"), **told)


def test_a_group_is_recorded_once_and_each_child_has_its_part(browse, cast, case, other, address):
    psychologist = browse("ogulgerek")
    assert "Maral" in read(psychologist, address("record_group"))
    sent = {"at": "2026-11-24T13:00", "theme": "Strong feelings", "course": "A game.", "minutes": "60"}
    for one, words in ((case, "Laughed twice."), (other, "Got up and went.")):
        sent |= {f"child-{one.pk.hex}-attendance": "came", f"child-{one.pk.hex}-words": words}
    answer = psychologist.post(address("record_group"), sent)
    assert answer.status_code == 302, answer.content.decode()
    assert GroupSession.objects.get().subject.kind == SubjectKind.SHARED
    page = read(browse("jemal"), address("groups"))
    for told in ("Strong feelings", "A game.", "Laughed twice.", "60 minutes"):
        assert told in page
    assert "Got up and went." not in page
    assert "Maral" not in page


def test_who_did_not_take_part_has_no_part(browse, cast, case, other, register, address):
    third = with_psychologist(register(identity=OTHER), cast)
    sent = {"at": "2026-11-24T13:00", "theme": "Drawing"}
    sent |= {f"child-{one.pk.hex}-attendance": "came" for one in (case, other)}
    words = {f"child-{third.pk.hex}-words": "Looked on."}
    assert "Say how the child came." in browse("ogulgerek").post(address("record_group"), sent | words).content.decode()
    assert browse("ogulgerek").post(address("record_group"), sent).status_code == 302
    assert set(GroupPart.objects.values_list("case", flat=True)) == {case.pk, other.pk}


def test_notes_about_a_child_in_a_group_are_their_authors(browse, cast, case, other, address):
    group(case, other, cast)
    assert "My own thought." in read(browse("ogulgerek"), address("groups"))
    assert "My own thought." not in read(browse("jemal"), address("groups"))


def test_a_group_has_two_children_and_lies_in_the_past(cast, actor, case, other):
    with pytest.raises(PersonFacingError, match="at least two"):
        contacts.record_group(case, at=cast.now, content={}, parts={}, actor=actor("ogulgerek"))
    with pytest.raises(PersonFacingError, match="in the future"):
        group(case, other, cast, at=cast.now + timedelta(hours=1))
    assert not GroupSession.objects.exists()


def test_nobody_records_a_group_on_a_file_that_is_not_theirs(register, cast, case):
    foreign = register(identity=OTHER)
    with pytest.raises(Refused):
        group(case, foreign, cast)
    assert not GroupSession.objects.exists()


def test_a_group_goes_with_the_last_child_that_took_part(cast, case, other):
    whole = group(case, other, cast)
    erasing.erase([case.subject_id], cast.now)
    assert GroupPart.objects.count() == 1
    assert not ProcessNote.objects.exists()
    gone = erasing.erase([other.subject_id], cast.now)
    assert whole.subject_id in gone
    assert not GroupSession.objects.exists()


def test_an_erasure_takes_every_session_away(cast, case):
    held(case, cast, goal="To swim.", notes="x")
    erasing.erase([case.subject_id], cast.now)
    assert not Session.objects.exists()


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("count", [2, 20])
def test_contacts_and_groups_cost_few_queries(browse, cast, case, other, address, count):
    for number in range(count):
        group(case, other, cast, at=cast.now - timedelta(hours=number + 1))
        told = CRISIS | {"at": cast.now - timedelta(hours=number), "danger": "none"}
        contacts.record_crisis(case, **told, actor=cast.actor("ogulgerek"))
    client = browse("ogulgerek")
    for page in ("groups", "crises", "record_group", "record_crisis", "first_help", "safety_card"):
        with counting() as queries:
            read(client, address(page))
        assert len(queries) <= 12, (page, len(queries))


# --- what helps, by age ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "name"), [(0, "under_6"), (5, "under_6"), (6, "6_11"), (11, "6_11"), (12, "12_17"), (17, "12_17")]
)
def test_each_age_has_its_group(cast, years, name):
    assert reactions.of_age(years).name == name


@pytest.mark.parametrize("years", [None, 18])
def test_an_age_that_nobody_knows_has_none(cast, years):
    assert reactions.of_age(years) is None


def test_a_child_of_fourteen_is_shown_what_is_said_of_adolescents(browse, address):
    page = read(browse("jemal"), address("first_help"))
    assert "This is the age group of this child." in page
    assert "Choice and control in small things" in page
    assert "One calm adult who stays" not in page
    assert "One calm adult who stays" in read(browse("jemal"), address("first_help"), age="all")


def test_what_nobody_checked_is_called_unverified(browse, address):
    page = read(browse("jemal"), address("first_help"))
    checked, unchecked = "do not become less after several weeks", "Several weeks means more than four"
    assert "unverified" not in page[page.index(checked) :][:60]
    assert "unverified" in page[page.index(unchecked) :][:120]


def test_whoever_does_not_see_the_identity_is_shown_all_ages(browse, address):
    page = read(browse("aman"), address("first_help"))
    assert "This is the age group of this child." not in page
    assert "One calm adult who stays" in page


# --- the card ---------------------------------------------------------------------------------------------------------------

PLAN = {
    "made_on": "2026-11-20",
    "threats": "exploiter",
    "risk": "medium",
    "missing": "Jemal calls the police at once.",
    "child_agrees": "yes",
    "review_on": "2026-12-20",
    "signs": "My hands go cold.",
    "calms": "Music.",
    "first_steps": "I go to Bahar.",
    "safe_place": "The school library.",
    "code_word": "apricot",
    "threats_more": "Uncle Serdar.",
}


PEOPLE = {
    "/data/safe_people[1]/person_name": "Aunt Gözel",
    "/data/safe_people[1]/person_reach": "+993 12 463500",
    "/data/safe_people[1]/person_does": "Comes at once",
}


def test_the_card_carries_the_childs_words_and_no_name_of_anybody_dangerous(browse, cast, case, address):
    fill(case, cast, "safety_plan", PLAN, deep=PEOPLE)
    page = read(browse("jemal"), address("safety_card"))
    card = page[page.index('class="carried"') :].partition("</section>")[0]
    for told in ("My hands go cold.", "Music.", "I go to Bahar.", "What helps me", "Aunt Gözel: Comes at once"):
        assert told in card
    for never in (
        "463500",
        "Uncle Serdar.",
        "Aylar",
        case.child.code_name,
        "Northern Network",
        "apricot",
        "library",
        "Confidential",
    ):
        assert never not in card


def test_what_could_harm_stands_on_it_only_when_it_was_chosen_and_in_the_childs_language(browse, cast, case, address):
    fill(case, cast, "safety_plan", PLAN, deep=PEOPLE)
    page = read(browse("jemal"), address("safety_card") + "?in=ru&with=code_word&with=calms")
    card = page[page.index('class="carried"') :].partition("</section>")[0]
    assert 'lang="ru"' in card
    assert "apricot" in card
    assert "My hands go cold." not in card


def test_without_a_plan_there_is_no_card(browse, address):
    assert "There is no safety plan yet" in read(browse("jemal"), address("safety_card"))


def test_sealed_words_of_a_crisis_are_kept_under_the_child(cast, case):
    told = CRISIS | {"at": cast.now, "danger": "none"}
    contact = contacts.record_crisis(case, **told, actor=cast.actor("jemal"))
    assert open_sealed(contact, "content")["what"] == "Cried, shook."
    assert contact.subject_id == case.subject_id
    assert sessions.crises_of(open_file(cast.actor("jemal"), case), "")[1][0].danger is None


def test_a_sign_of_danger_that_nobody_knows_is_not_kept_in_silence(cast, case, actor):
    with pytest.raises(packs.UnknownCode):
        contacts.record_crisis(case, **CRISIS | {"at": cast.now, "danger": "Plan"}, actor=actor("ogulgerek"))
    assert not CrisisContact.objects.exists()
