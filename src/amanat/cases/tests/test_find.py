"""Finding a child: by what one sees and by nothing else, in any script and order, at what cost, and with a way back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client

from amanat.access import leafing
from amanat.access.actor import Actor
from amanat.access.models import Consent, Draft
from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry, Outcome
from amanat.cases import searches
from amanat.cases.actions import changing, emergency, guarding, registering
from amanat.cases.actions.registering import NewChild
from amanat.cases.find import SHOWN, Asked, Found, find
from amanat.cases.folded import Kept, Shelf, fold_contacts, fold_identity, shelf
from amanat.cases.meeting import By, Question
from amanat.cases.models import Case, Child, Stage
from amanat.cases.tests.looking import bring_in, counting, last_entry, many, read
from amanat.people.models import Session
from amanat.vault import keys
from amanat.vault.models import Subject
from tests.cast import CONTACTS, IDENTITY, Cast

pytestmark = pytest.mark.django_db
Act = Callable[..., Actor]
Browse = Callable[..., Client]
ADDRESS = "/find-a-child"
BY_HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    shelf.forget()
    yield
    shelf.forget()


def names(found: Found) -> list[str]:
    return [one.line.name.text if one.line.name else one.line.code_name for one in found.lines]


def type_in(client: Client, text: str, **fields: str) -> str:
    """What comes while somebody types."""
    answer = client.post(ADDRESS, {"text": text, **fields}, headers=BY_HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


# --- what meets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("Aylar", By.NAME),
        ("ayl", By.NAME),
        ("Айлар", By.NAME),
        ("чары", By.NAME),
        ("Charyeva", By.NAME),
        ("caryyewa aylar", By.NAME),
        ("Aýa", By.CALLED),
        ("463500", By.PHONE),
        ("46-35", By.PHONE),
        ("+993 12 463500", By.PHONE),
        ("8 12 46 35 00", By.PHONE),
        ("I-AŞ 123456", By.DOCUMENT),
        ("123456", By.DOCUMENT),
        ("іаş123456", By.DOCUMENT),
    ],
)
def test_a_child_is_met_by_any_part_in_any_script_and_order(text: str, by: By) -> None:
    met = Question(text).meets("Lotos Kompas", fold_identity(IDENTITY), fold_contacts(CONTACTS))
    assert met is not None
    assert by in met.by


@pytest.mark.parametrize(
    "text", ["lotos", "kompas lot", "LOTOS KOMPAS", "лотос компас", "Компас", "лот", "Lotoş Kömpas", "Lótos Cómpas"]
)
def test_a_code_name_is_met_by_its_parts(text: str) -> None:
    met = Question(text).meets("Lotos Kompas", fold_identity({}), fold_contacts({}))
    assert met is not None
    assert met.by == (By.CODE_NAME,)


@pytest.mark.parametrize("text", ["Maksat", "Aylar Maksat", "99", "463599", "zzz", "I-AŞ 654321"])
def test_every_word_has_to_meet_something(text: str) -> None:
    assert Question(text).meets("Lotos Kompas", fold_identity(IDENTITY), fold_contacts(CONTACTS)) is None


@pytest.mark.parametrize("text", ["", "  ", ".,;", "—"])
def test_no_words_are_no_question(text: str) -> None:
    assert not Question(text)


def test_words_may_meet_different_parts() -> None:
    met = Question("чарыева 463500 lotos").meets("Lotos Kompas", fold_identity(IDENTITY), fold_contacts(CONTACTS))
    assert met is not None
    assert met.by == (By.NAME, By.CODE_NAME, By.PHONE)


def test_the_best_stands_first(actor: Act) -> None:
    given = ["Ayna", "Aynabat", "Maýna", "Guzel"]
    registering.register([NewChild({"names": [{"given": name}]}) for name in given], actor=actor("jemal"))
    assert names(find(actor("jemal"), Asked("Ayna")))[:2] == ["Ayna", "Aynabat"]


def test_among_equals_open_cases_come_before_closed_ones(actor: Act) -> None:
    old, new = registering.register([NewChild({"names": [{"given": "Ayna"}]})] * 2, actor=actor("jemal"))
    Case.objects.filter(pk=old.pk).update(stage=Stage.CLOSED)
    assert [one.line.case.pk for one in find(actor("jemal"), Asked("Ayna")).lines] == [new.pk, old.pk]


# --- who sees what ---------------------------------------------------------------------------------------------------


def test_nobody_finds_what_they_may_not_know_of(case: Case, actor: Act) -> None:
    for name in ("dowlet", "merdan", "ogulgerek", "elena"):
        for text in ("Aylar", case.child.code_name, "463500"):
            assert find(actor(name), Asked(text)) == Found(), (name, text)


def test_whoever_sees_code_names_finds_by_code_name_alone(case: Case, actor: Act) -> None:
    for name in ("aman", "irina", "kerim"):
        for text in ("Aylar", "Айлар", "Aýa", "463500", "123456"):
            assert find(actor(name), Asked(text)).count == 0, (name, text)
        found = find(actor(name), Asked(case.child.code_name.split()[0]))
        assert names(found) == [case.child.code_name]
        assert not found.lines[0].line.file.looked


def test_somebody_elses_search_opens_nothing_for_whoever_sees_less(case: Case, cast: Cast, actor: Act) -> None:
    """What jemal's search has opened lies in the process; irina's must not meet it."""
    assert find(actor("jemal"), Asked("Aylar")).count == 1
    assert find(actor("irina"), Asked("Aylar")).count == 0
    guarding.record_conflict(case, user=cast["jemal"].user, part="identity", reason="x", actor=actor("aman"))
    assert find(actor("jemal"), Asked("Aylar")).count == 0
    assert find(actor("jemal"), Asked("Aýa")).count == 1


def test_in_an_emergency_the_name_that_the_child_goes_by_and_phones_are_found(case: Case, actor: Act) -> None:
    emergency.open_emergency(code_name=case.child.code_name, reason="x", actor=actor("dowlet"))
    assert find(actor("dowlet"), Asked("Aylar")).count == 0
    assert names(find(actor("dowlet"), Asked("Aýa"))) == ["Aýa"]
    assert find(actor("dowlet"), Asked("463500")).count == 1
    assert find(actor("dowlet", actor("dowlet").now + timedelta(hours=5)), Asked("463500")).count == 0


def test_a_consent_that_names_the_identity_alone_lets_nobody_find_by_phone(case: Case, cast: Cast, actor: Act) -> None:
    bring_in(case, cast, "selbi", Relation.LAWYER)
    assert find(actor("selbi"), Asked("463500")).count == 1
    Consent.objects.filter(subject=case.subject).update(parts=["identity"])
    assert find(actor("selbi"), Asked("Aylar")).count == 1
    assert find(actor("selbi"), Asked("463500")).count == 0


def correct(case: Case, actor: Actor, **identity: object) -> None:
    changing.correct(case, part=Part.IDENTITY, value=identity, reason="A paper came.", actor=actor)


OGULNAR = [{"given": "Ogulnar", "family": "Çaryýewa"}]


@pytest.mark.parametrize("opened_before", [True, False])
def test_a_corrected_name_is_found_and_the_former_one_as_such(case: Case, actor: Act, opened_before: bool) -> None:
    if opened_before:
        assert find(actor("jemal"), Asked("Ogulnar")).count == 0
    correct(case, actor("jemal"), names=OGULNAR)
    for text, by in (
        ("Ogulnar", (By.NAME,)),
        ("Caryyewa", (By.NAME,)),
        ("Айлар", (By.FORMER_NAME,)),
        ("aylar caryyewa", (By.NAME, By.FORMER_NAME)),
    ):
        (found,) = find(actor("jemal"), Asked(text)).lines
        assert (found.by, found.line.name and found.line.name.text) == (by, "Ogulnar Çaryýewa"), text
    correct(case, actor("jemal"), names=[{"given": "Ogulnur", "family": "Çaryýewa"}])
    assert [find(actor("jemal"), Asked(text)).lines[0].by for text in ("Aylar", "Ogulnar")] == [(By.FORMER_NAME,)] * 2


def test_a_name_that_stayed_is_not_a_former_one(case: Case, actor: Act) -> None:
    correct(case, actor("jemal"), **IDENTITY | {"birth_date": "2011-04-05"})
    assert find(actor("jemal"), Asked("Айлар")).lines[0].by == (By.NAME,)


def test_a_present_name_comes_before_a_former_one(actor: Act) -> None:
    named = [{"names": [{"given": name}]} for name in ("Ayna", "Ayna")]
    once, now = registering.register([NewChild(identity) for identity in named], actor=actor("jemal"))
    correct(once, actor("jemal"), names=[{"given": "Maral"}])
    assert [one.line.case for one in find(actor("jemal"), Asked("Ayna")).lines] == [now, once]


def test_a_former_name_is_found_by_nobody_who_does_not_see_who_the_child_is(case: Case, cast: Cast, actor: Act) -> None:
    correct(case, actor("jemal"), names=OGULNAR)
    assert find(actor("jemal"), Asked("Aylar")).count == 1
    assert find(actor("irina"), Asked("Aylar")).count == 0
    emergency.open_emergency(code_name=case.child.code_name, reason="x", actor=actor("dowlet"))
    assert find(actor("dowlet"), Asked("Aylar")).count == 0
    guarding.record_conflict(case, user=cast["jemal"].user, part="identity", reason="x", actor=actor("aman"))
    assert find(actor("jemal"), Asked("Aylar")).count == 0


def test_a_former_name_is_told_as_one_and_the_look_stands_in_the_log(case: Case, actor: Act, browse: Browse) -> None:
    correct(case, actor("jemal"), names=OGULNAR)
    told = type_in(browse("jemal"), "Айлар")
    assert "<span>Former name</span>" in told
    look, details = last_entry(case)
    assert (look.outcome, look.page, Part.IDENTITY in details["parts"]) == (Outcome.READ, "cases.find_child", True)


def test_who_was_erased_is_not_found(case: Case, cast: Cast, actor: Act) -> None:
    assert find(actor("jemal"), Asked("Aylar")).count == 1
    Subject.objects.filter(pk=case.subject_id).update(erased_at=cast.now, wrapped_key=b"")
    assert find(actor("jemal"), Asked("Aylar")) == Found()


# --- what is kept in the process -------------------------------------------------------------------------------------


def test_nothing_is_kept_when_the_keys_are_gone(case: Case, actor: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    find(actor("jemal"), Asked("Aylar"))
    assert len(shelf) == 1
    monkeypatch.setattr(keys, "_held", None)
    with pytest.raises(keys.Locked):
        shelf.held()
    assert len(shelf) == 0


def test_other_keys_begin_with_nothing(case: Case, actor: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    find(actor("jemal"), Asked("Aylar"))
    monkeypatch.setattr(keys, "_held", keys.Keyring(dict(keys.keyring().keys)))
    assert len(shelf.held()) == 0


def test_no_more_is_kept_than_there_is_room_for(cast: Cast) -> None:
    small = Shelf(most=3)
    small.held()
    for number in range(5):
        small.put({str(number): Kept(1, fold_identity(IDENTITY))})
    assert sorted(small.held()) == ["2", "3", "4"]


# --- more files than can be looked through ---------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leafing, "UP_TO", 3)


def test_among_too_many_whole_numbers_and_code_names_are_found(few: None, cast: Cast, case: Case, actor: Act) -> None:
    many(cast, 5)
    Child.objects.filter(pk=case.child_id).update(code_name="Kvarts Teatru 47")
    for text in ("+993 12 463500", "I-AŞ 123456", "KVARTS teatru 47", "кварц  театру 47"):
        found = find(actor("jemal"), Asked(text))
        assert found.too_many
        assert names(found) == ["Aylar Çaryýewa"], text
    for text in ("Aylar", "кварц", "театру кварц 47", "кварц театру 47 48"):
        assert find(actor("jemal"), Asked(text)).count == 0, text
    assert find(actor("irina"), Asked("+993 12 463500")).count == 0, "a number tells nothing to whoever does not see it"


def test_a_second_part_narrows_them_down(few: None, cast: Cast, case: Case, actor: Act) -> None:
    many(cast, 5)
    Case.objects.filter(pk=case.pk).update(stage=Stage.ASSISTANCE, risk="high", opened_in="2026-03-01")
    for narrowed in (Asked("Ayl", stage="assistance"), Asked("Ayl", risk="high"), Asked("Ayl", opened="2026-03")):
        found = find(actor("jemal"), narrowed)
        assert (found.count, found.too_many) == (1, False)
    assert find(actor("jemal"), Asked("Ayl", risk="low")).too_many


def test_the_page_asks_for_it(few: None, cast: Cast, browse: Browse) -> None:
    many(cast, 5)
    page = read(browse("jemal"), ADDRESS)
    assert "You may know of more than 5,000 files." in page
    assert "<details open>" in page
    assert "Narrow it down" in type_in(browse("jemal"), "Name")


# --- the page --------------------------------------------------------------------------------------------------------


def test_as_one_types_the_lines_come_alone(case: Case, browse: Browse) -> None:
    told = type_in(browse("jemal"), "ayl")
    assert "Aylar Çaryýewa" in told
    assert case.get_absolute_url() in told
    assert "1 file fits." in told
    assert "<html" not in told


def test_the_name_by_which_it_was_found_is_told(case: Case, browse: Browse) -> None:
    assert "<span>Phone</span>" in type_in(browse("jemal"), "463500")
    assert "<span>The name the child goes by</span>" in type_in(browse("jemal"), "aýa")


def test_without_javascript_the_way_back_leads_to_what_was_looked_for(case: Case, browse: Browse) -> None:
    client = browse("jemal")
    answer = client.post(ADDRESS, {"text": "Айлар", "risk": ""})
    assert re.fullmatch(r"/find-a-child\?search=[0-9a-f]{32}", answer["Location"])
    for _again in range(2):
        page = read(client, answer["Location"])
        assert 'value="Айлар"' in page
        assert "Aylar Çaryýewa" in page


def test_words_stand_in_no_address_and_no_title(case: Case, browse: Browse) -> None:
    client = browse("jemal")
    for answer in (client.post(ADDRESS, {"text": "Aylar"}), client.post(ADDRESS, {"text": "Aylar"}, headers=BY_HTMX)):
        assert "ylar" not in answer.get("Location", "") + answer.get("HX-Replace-Url", "")
    page = read(client, client.post(ADDRESS, {"text": "Aylar"})["Location"])
    assert "Aylar" not in page.split("</title>")[0]


def test_typing_on_keeps_one_search_and_the_caseload_leads_back_to_it(case: Case, browse: Browse) -> None:
    client = browse("jemal")
    first = client.post(ADDRESS, {"text": "Ay", "at": "cases"}, headers=BY_HTMX)["HX-Replace-Url"]
    assert first.startswith("/cases?search=")
    reference = first.split("=")[1]
    again = client.post(ADDRESS, {"text": "Ayl", "at": "cases", "search": reference}, headers=BY_HTMX)
    assert again["HX-Replace-Url"] == first
    assert len(client.session[searches.NAME]) == 1
    page = client.get(first, follow=True).content.decode()
    assert 'value="Ayl"' in page


def test_the_last_few_searches_are_kept_and_those_of_others_are_not_ours(case: Case, browse: Browse) -> None:
    client = browse("jemal")
    ways = [client.post(ADDRESS, {"text": f"Aylar {number}"})["Location"] for number in range(searches.KEPT + 1)]
    assert 'value="Aylar 1"' in read(client, ways[1])
    assert "Aylar" not in read(client, ways[0])
    assert "Aylar" not in read(browse("merdan"), ways[1])


def test_a_search_lies_sealed(case: Case, browse: Browse) -> None:
    browse("jemal").post(ADDRESS, {"text": "Aylar"})
    assert all(b"Aylar" not in bytes(session.sealed) for session in Session.objects.all())
    assert not Draft.objects.exists()


def test_nothing_found_offers_to_register_and_to_ask(case: Case, cast: Cast, browse: Browse) -> None:
    told = type_in(browse("jemal"), "Nobody")
    assert "No file that you see fits" in told
    assert 'href="/cases/register"' in told
    assert 'href="/known"' in told
    told = type_in(browse("ogulgerek"), "Nobody")
    assert "No file that you see fits" in told
    assert "/cases/register" not in told
    assert "/known" not in told


def test_words_that_are_too_long_are_said_to_be(case: Case, browse: Browse) -> None:
    page = browse("jemal").post(ADDRESS, {"text": "x" * 121}).content.decode()
    assert "Please look at this again" in page


@pytest.mark.parametrize("name", ["viktor", "andrei", "tamara"])
def test_for_who_never_sees_a_file_there_is_nothing_to_find(name: str, case: Case, browse: Browse) -> None:
    assert browse(name).get(ADDRESS).status_code == 404
    assert browse(name).post(ADDRESS, {"text": "Aylar"}, headers=BY_HTMX).status_code == 404


def test_no_more_than_a_page_is_shown_and_the_rest_is_said_to_be_there(cast: Cast, browse: Browse) -> None:
    many(cast, SHOWN + 3)
    told = type_in(browse("jemal"), "Name")
    assert told.count('<th scope="row">') == SHOWN
    assert "28 files fit." in told
    assert "The first 25 stand here. Type more to see the others." in told


# --- the log ---------------------------------------------------------------------------------------------------------


def test_each_file_that_was_shown_by_name_has_the_look_in_its_log(cast: Cast, case: Case, browse: Browse) -> None:
    others = many(cast, 3)
    type_in(browse("jemal"), "aylar")
    looks = Entry.objects.filter(outcome=Outcome.READ, page="cases.find_child")
    assert [look.subject_id for look in looks] == [case.subject_id], "what was only leafed through was not looked at"
    type_in(browse("jemal"), "Test")
    assert looks.filter(subject__in=[other.subject for other in others]).count() == 3


def test_a_line_by_code_name_is_no_look(case: Case, browse: Browse) -> None:
    assert case.child.code_name in type_in(browse("irina"), case.child.code_name)
    assert not Entry.objects.filter(outcome=Outcome.READ, subject=case.subject).exists()


# --- what it costs ---------------------------------------------------------------------------------------------------


def test_the_cost_does_not_grow_with_the_files(cast: Cast, browse: Browse) -> None:
    client = browse("jemal")
    many(cast, 30)
    type_in(client, "Name")
    with counting() as few:
        type_in(client, "Name")
    many(cast, 270)
    with counting() as cold:
        type_in(client, "Name")
    with counting() as more:
        type_in(client, "Name")
    assert len(more) == len(few) <= 12
    assert len(cold) == len(few) + 1


def test_former_names_cost_one_query_more_the_first_time_and_none_where_nothing_was_corrected(
    cast: Cast, actor: Act
) -> None:
    def queries() -> int:
        with counting() as asked:
            find(actor("jemal"), Asked("Name"))
        return len(asked)

    cases = many(cast, 9)
    cold, warm = queries(), queries()
    for case in cases[:5]:
        correct(case, actor("jemal"), names=OGULNAR)
    assert (queries(), queries()) == (cold + 1, warm)


def test_the_page_itself_opens_nothing(cast: Cast, browse: Browse) -> None:
    many(cast, 30)
    client = browse("jemal")
    read(client, ADDRESS)
    with counting() as asked:
        assert "Looks through 30 files that you see." in read(client, ADDRESS)
    assert len(asked) <= 12
    assert len(shelf) == 0


def test_a_protected_child_is_found_by_its_own_circle(case: Case, actor: Act) -> None:
    changing.protect(case, protected=True, reason="A threat.", actor=actor("jemal"))
    assert find(actor("jemal"), Asked("Aylar")).count == 1
