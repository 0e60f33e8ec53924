"""Contacts in a crisis that reach the duty list; groups with each child's part apart; what helps by age; the card to carry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat import packs
from amanat.access.files import open_file
from amanat.access.models import Draft
from amanat.access.policy import Part, Relation
from amanat.cases import papers
from amanat.cases.actions import alerting, emergency, persons
from amanat.cases.models import Alert, AlertKind, Task
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.people.models import DutyPlace
from amanat.psychology import cards, reactions, sessions
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


def test_a_crisis_contact_shows_who_took_it_up_from_the_duty_list(browse, cast, case, address):
    DutyPlace.objects.create(agency=case.agency, membership=cast["merdan"], order=1)
    browse("jemal").post(address("record_crisis"), CRISIS | {"danger": "plan"})
    assert "nobody has taken it yet" in read(browse("jemal"), address("crises"))
    alerting.take_alert(Alert.objects.get(), actor=cast.actor("merdan"))
    page = read(browse("jemal"), address("crises"))
    assert "Taken by Merdan" in page
    assert "nobody has taken it yet" not in page


def test_a_child_that_stays_with_a_suspect_is_flagged(browse, case, address, actor):
    browse("jemal").post(address("record_crisis"), CRISIS | {"danger": "none", "with_child": "Батыр Оразов"})
    assert "recorded as a suspect" not in read(browse("jemal"), address("crises"))
    uncle = persons.record_person(case, name="Batyr Orazow", relation="relative", actor=actor("jemal"))
    persons.suspect(case, person=uncle, reason="Took money.", actor=actor("jemal"))
    assert "recorded as a suspect" in read(browse("jemal"), address("crises"))


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


def test_a_draft_of_a_group_is_kept_under_none_of_its_children_and_goes_with_any_of_them(
    browse, cast, case, other, register, address
):
    third = with_psychologist(register(identity=OTHER), cast)
    body = f"course=A+game.&child-{case.pk.hex}-words=Laughed.&child-{other.pk.hex}-words=Got+up."
    psychologist = browse("ogulgerek")
    assert psychologist.post("/draft", {"page": address("record_group"), "body": body}).status_code == 200
    assert Draft.objects.get().subject.kind == SubjectKind.DRAFT
    assert "Got up." in read(psychologist, address("record_group"))
    erasing.erase([third.subject_id], cast.now)
    own = Draft.objects.get().subject_id
    assert own in erasing.erase([other.subject_id], cast.now)
    assert not Draft.objects.exists()


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
    for told in ("My hands go cold.", "Music.", "I go to Bahar.", "Maňa näme kömek edýär", "Aunt Gözel: Comes at once"):
        assert told in card, "in the first language of the child"
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


def test_no_suspect_stands_on_the_card_and_the_page_says_who_was_left_out(browse, cast, case, address, actor):
    fill(case, cast, "safety_plan", PLAN, deep=PEOPLE)
    aunt = persons.record_person(case, name="Гөзел", relation="relative", actor=actor("jemal"))
    assert not Task.objects.filter(part=Part.SAFETY).exists()
    persons.suspect(case, person=aunt, reason="Took money.", actor=actor("jemal"))
    page = read(browse("jemal"), address("safety_card"))
    assert "Recorded as a suspect: Aunt Gözel." in page
    card = page[page.index('class="carried"') :].partition("</section>")[0]
    assert "Gözel" not in card
    assert "My hands go cold." in card
    told = cards.on_paper(open_file(actor("jemal"), case), "")
    assert "Gözel" not in str(told)
    asked = {open_sealed(task, "text") for task in Task.objects.select_related("subject")}
    assert any("take the old card back" in one for one in asked)


def test_the_card_comes_as_a_small_sheet_in_the_childs_language_that_tells_nobody_whose_it_is(cast, case, actor):
    fill(case, cast, "safety_plan", PLAN, deep=PEOPLE)
    file, card = open_file(actor("jemal"), case), papers.named("safety_card")
    sheet = papers.made(file, card, "", "ru")
    assert 'lang="ru"' in sheet
    for told in ("My hands go cold.", "Что мне помогает", "Aunt Gözel: Comes at once"):
        assert told in sheet
    for never in ("463500", "Uncle Serdar.", "Aylar", case.child.code_name, "Northern Network", "apricot", "Jemal"):
        assert never not in sheet
    chosen = papers.made(file, card, "code_word.calms", "ru")
    assert "apricot" in chosen
    assert "My hands go cold." not in chosen


def test_the_way_to_the_small_sheet_takes_along_what_was_chosen(browse, cast, case, address):
    fill(case, cast, "safety_plan", PLAN, deep=PEOPLE)
    jemal = browse("jemal")
    page = read(jemal, address("safety_card"), **{"with": ["calms", "code_word"], "in": "tk"})
    where = reverse("cases.hand_out_paper", args=[case, "safety_card"]) + "?key=calms.code_word"
    assert where in page
    answer = jemal.post(where, {"language": "tk"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert browse("irina").get(where).status_code == 403


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


def test_who_reads_the_card_in_an_emergency_is_not_led_to_a_paper_that_they_may_not_hand_out(
    browse, cast, case, address
):
    fill(case, cast, "safety_plan", PLAN, deep=PEOPLE)
    emergency.open_emergency(code_name=case.child.code_name, reason="She calls.", actor=cast.actor("dowlet"))
    where = reverse("cases.hand_out_paper", args=[case, "safety_card"])
    for name, is_led in (("jemal", True), ("dowlet", False)):
        page = read(browse(name), address("safety_card"))
        assert "My hands go cold." in page
        assert (where in page) is is_led
