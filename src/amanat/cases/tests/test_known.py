"""*Is this child known?* Whole in one's own circle; elsewhere a sentence, twenty times a day, and silence where it protects."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from amanat.access.models import ExistenceAnswer
from amanat.access.policy import Part
from amanat.audit import recording
from amanat.audit.models import Entry, Outcome
from amanat.cases import keyed, known
from amanat.cases.actions import changing, guarding, registering
from amanat.cases.actions.registering import NewChild
from amanat.cases.keyed import Alike
from amanat.cases.known import ANSWERS_A_DAY, SHOWN, answers_left, ask_elsewhere, find_exact, in_own_circle
from amanat.cases.matches import matches_of, what_agrees
from amanat.cases.models import Case
from amanat.cases.tests.looking import counting, last_entry, many, read
from amanat.people.models import Agency, Membership
from amanat.vault import index
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import CONTACTS, HARBOUR, IDENTITY, NORTH

ADDRESS, FIND = "/known", "/find"
TYPED = {"given_name": "Aylar", "family_name": "Caryyewa", "birth_date": "2012-04-05", "reason": "Her aunt called."}
UNKNOWN = TYPED | {"given_name": "Baýram", "family_name": "Hojagulyýew"}
SENTENCE = f"A file may exist. Ask the duty contact of {NORTH}:"


@pytest.fixture
def office_known(db, django_capture_on_commit_callbacks) -> Iterator[None]:
    """As in a process that has written an entry on the office before."""
    with django_capture_on_commit_callbacks(execute=True):
        recording.office_subject()
    yield
    recording.forget_office()


@pytest.mark.django_db
class TestElsewhere:
    def test_one_gets_to_know_whom_to_ask_and_nothing_else(self, browse, case):
        page = browse("dowlet").post(ADDRESS, TYPED).content.decode()
        assert SENTENCE in page
        assert f"Duty desk of {NORTH}" in page
        for kept in (case.child.code_name, case.pk.hex, "Чарыева", "Jemal", "463500"):
            assert kept not in page

    def test_a_child_without_a_file_gets_the_same_page_but_for_the_sentence(self, browse, case):
        found = browse("dowlet").post(ADDRESS, TYPED).content.decode().splitlines()
        nothing = browse("dowlet").post(ADDRESS, UNKNOWN).content.decode().splitlines()
        assert len(found) == len(nothing)
        different = [one for one, other in zip(found, nothing, strict=True) if one != other and "csrf" not in one]
        assert all(SENTENCE in line or "_name" in line or "You can ask" in line for line in different)

    def test_both_answers_cost_the_same_queries(self, browse, case, office_known):
        client = browse("dowlet")
        client.post(ADDRESS, TYPED)
        with counting() as found:
            client.post(ADDRESS, TYPED)
        with counting() as nothing:
            client.post(ADDRESS, UNKNOWN)
        assert len(found) == len(nothing)

    def test_two_files_of_one_agency_are_one_sentence(self, browse, case, register):
        register()
        assert browse("dowlet").post(ADDRESS, TYPED).content.decode().count(SENTENCE) == 1

    def test_a_protected_child_stays_silent(self, actor, browse, case):
        changing.protect(case, protected=True, reason="A threat.", actor=actor("jemal"))
        page = browse("dowlet").post(ADDRESS, TYPED).content.decode()
        assert SENTENCE not in page
        assert "We searched the files of other agencies and found nothing that we may tell." in page

    def test_whoever_is_kept_out_hears_the_same_as_for_nothing(self, cast, actor, browse, case):
        guarding.record_conflict(case, user=cast["dowlet"].user, reason="Cousin.", actor=actor("aman"))
        page = browse("dowlet").post(ADDRESS, TYPED).content.decode()
        assert "We searched the files of other agencies and found nothing that we may tell." in page

    def test_a_file_that_one_sees_without_its_identity_is_told_like_any_other(self, cast, actor, browse, case):
        """Who came in by an emergency is not told more, nor less, than an outsider."""
        from amanat.cases.actions import emergency

        emergency.open_emergency(code_name=case.child.code_name, reason="x", actor=actor("dowlet"))
        assert SENTENCE in browse("dowlet").post(ADDRESS, TYPED).content.decode()


@pytest.mark.django_db
class TestOwnCircle:
    def test_the_answer_is_whole(self, browse, case):
        page = browse("jemal").post(ADDRESS, TYPED).content.decode()
        assert case.child.code_name in page
        assert case.get_absolute_url() in page
        assert SENTENCE not in page

    def test_it_is_found_in_another_script_and_by_phone(self, browse, case):
        other = {"given_name": "Айлар", "family_name": "Чарыева", "birth_date": "2012-04-05", "reason": "x"}
        assert case.child.code_name in browse("jemal").post(ADDRESS, other).content.decode()
        assert (
            case.child.code_name
            in browse("jemal").post(ADDRESS, {"phones": "8 12 46-35-00", "reason": "x"}).content.decode()
        )

    def test_a_look_at_it_stands_in_the_log_of_the_child(self, browse, case):
        browse("jemal").post(ADDRESS, TYPED)
        assert Entry.objects.filter(subject=case.subject, outcome=Outcome.READ, verb="existence.ask").exists()

    def test_a_protected_child_is_whole_for_its_own_circle(self, actor, browse, case):
        changing.protect(case, protected=True, reason="A threat.", actor=actor("jemal"))
        assert case.child.code_name in browse("jemal").post(ADDRESS, TYPED).content.decode()

    def test_it_is_whole_also_when_the_questions_of_the_day_are_used_up(self, cast, browse, case):
        use_up(cast, "jemal")
        page = browse("jemal").post(ADDRESS, TYPED).content.decode()
        assert "You have asked 20 times today." in page
        assert case.child.code_name in page

    def test_a_circle_of_many_namesakes_costs_no_more(self, cast, browse, case, register):
        client = browse("jemal")
        client.post(ADDRESS, TYPED)
        with counting() as one:
            client.post(ADDRESS, TYPED)
        for _ in range(5):
            register()
        with counting() as six:
            client.post(ADDRESS, TYPED)
        assert len(one) == len(six)

    def test_it_is_said_which_parts_agree(self, browse, case):
        page = browse("jemal").post(ADDRESS, TYPED | {"phones": "8 12 46-35-00"}).content.decode()
        assert "phone, name, birth date" in page

    @pytest.mark.parametrize(
        "typed",
        [
            {"given_name": "Aylar", "family_name": "Carıyewa", "birth_date": "2012-04-05"},
            {"given_name": "Айлар", "family_name": "Чарыева", "birth_year": "2013"},
            {"given_name": "Charyeva", "family_name": "Aylar", "birth_year": "2012"},
            {"given_name": "Aylar", "family_name": "Charyyeva"},
            {"given_name": "Aylar", "family_name": "Çaryýewa", "birth_date": "2012-05-04"},
            {"called": "Аýa"},
            {"given_name": "Aýa"},
            {"document_number": "І-АŞ № 123456"},
        ],
        ids=["a slip", "an age", "swapped", "no date", "day and month", "goes by", "goes by, as a name", "document"],
    )
    def test_it_is_found_though_it_is_known_otherwise_or_less_is(self, browse, case, typed):
        page = browse("jemal").post(ADDRESS, typed | {"reason": "x"}).content.decode()
        assert case.child.code_name in page

    def test_a_child_of_whom_only_a_name_is_known_is_found_by_it(self, browse, register):
        case = register(identity={"names": []}, contacts={"called": "Jojuk"})
        assert (
            case.child.code_name in browse("jemal").post(ADDRESS, {"called": "Jojuk", "reason": "x"}).content.decode()
        )

    def test_a_child_of_whom_only_an_age_is_known_is_found_with_the_name(self, browse, register):
        case = register(identity={"names": [{"given": "Ogulnur", "family": "Seýidowa"}], "birth_year": "2014"})
        typed = {"given_name": "Огулнур", "family_name": "Сейидова", "birth_date": "2013-12-30", "reason": "x"}
        assert case.child.code_name in browse("jemal").post(ADDRESS, typed).content.decode()

    def test_nobody_is_found_by_the_year_alone(self, browse, case):
        assert case.child.code_name not in browse("jemal").post(ADDRESS, UNKNOWN).content.decode()

    def test_by_what_stood_there_before_a_correction_it_is_found_and_that_is_said(self, actor, browse, case):
        new = {"names": [{"given": "Leýla", "family": "Hojagulyýewa"}], "birth_date": "2011-02-03"}
        changing.correct(case, part=Part.IDENTITY, value=new, reason="x", actor=actor("jemal"))
        page = browse("jemal").post(ADDRESS, TYPED).content.decode()
        assert case.child.code_name in page
        assert "name, birth date, as it stood there before a correction" in page

    def test_the_likest_stands_first(self, actor, case, register):
        sister = register(identity=IDENTITY | {"names": [{"given": "Aýna", "family": "Çaryýewa"}], "documents": []})
        found = in_own_circle(IDENTITY, CONTACTS, actor("jemal"))
        assert [own.file.row for own in found] == [case, sister]

    @pytest.mark.parametrize(
        ("asked", "reasons"),
        [
            ({"birth_date": "2007-09-17"}, "name, but not the birth date"),
            ({"birth_year": "2017"}, "name, but not the birth date"),
            ({"birth_date": "2012-11-28"}, "name, birth year, but not the birth date"),
            ({"birth_date": "2013-04-05"}, "name, but not the birth date"),
            ({"birth_year": "2012"}, "name, birth year"),
            ({"birth_year": "2013"}, "name, but not the birth date"),
        ],
        ids=["years off", "another age", "another day", "a year off", "the year", "about the next year"],
    )
    @pytest.mark.parametrize("name", [("Aylar", "Caryyewa"), ("Айлар", "Чарыева")])
    def test_the_whole_name_is_told_though_the_birth_differs_and_that_is_said(
        self, browse, case, cast, name, asked, reasons
    ):
        many(cast, 150)
        typed = {"given_name": name[0], "family_name": name[1], "reason": "x"} | asked
        page = browse("jemal").post(ADDRESS, typed).content.decode()
        assert case.child.code_name in page
        assert f"<span>{reasons}</span>" in page

    @pytest.mark.parametrize("name", [("Aylar", "Hojagulyýewa"), ("Maksat", "Çaryýew"), ("Aylar", "")])
    def test_half_a_name_is_not_where_the_birth_differs(self, actor, case, cast, name):
        many(cast, 150)
        asked = {"names": [{"given": name[0], "family": name[1]}], "birth_date": "2007-09-17"}
        assert in_own_circle(asked, {}, actor("jemal")) == []

    def test_of_many_namesakes_the_likest_are_told_and_no_more_than_a_page(self, actor, register):
        name = {"names": [{"given": "Aýgül", "family": "Orazowa"}]}
        registering.register(
            [NewChild(name | {"birth_date": f"2003-01-{day:02}"}) for day in range(1, 26)], actor=actor("jemal")
        )
        right = register(identity=name | {"birth_date": "2012-04-05"}, contacts={})
        found = in_own_circle(name | {"birth_date": "2012-04-05"}, {}, actor("jemal"))
        assert found[0].file.row == right
        assert len(found) == SHOWN

    def test_elsewhere_a_name_with_another_birth_is_no_news(self, actor, case):
        asked = IDENTITY | {"birth_date": "2007-09-17", "documents": []}
        assert in_own_circle(asked, {}, actor("jemal"))
        assert not ask_elsewhere(asked, {}, reason="x", actor=actor("dowlet")).elsewhere

    def test_of_several_children_the_birth_date_of_one_is_enough(self):
        brother, sister = Alike(known.NOBODY, 5, ("family",), True), Alike(known.NOBODY, 20, ("name", "birth_date"))
        assert what_agrees([brother, sister]) == ["name", "family", "birth_date"]
        assert what_agrees([brother]) == ["family", "birth_differs"]

    def test_what_is_enough_among_few_files_is_not_among_many(self, actor, case, monkeypatch):
        """A name without a date is worth a look in one's own circle; among a million files it is no news."""
        asked = {"names": [{"given": "Aylar", "family": "Çaryýewa"}]}
        assert ask_elsewhere(asked, {}, reason="x", actor=actor("dowlet")).elsewhere
        monkeypatch.setattr(index, "subjects", lambda: 10**9)
        assert not ask_elsewhere(asked, {}, reason="x", actor=actor("dowlet")).elsewhere
        assert in_own_circle(asked, {}, actor("jemal"))
        assert ask_elsewhere({}, CONTACTS, reason="x", actor=actor("dowlet")).elsewhere, "a phone tells by itself"

    @pytest.mark.parametrize(("files", "compared"), [(0, 100), (100_000, 100), (316_228, 350), (1_000_000, 600)])
    def test_among_more_files_more_are_compared(self, files, compared, monkeypatch):
        monkeypatch.setattr(index, "subjects", lambda: files)
        assert known.compared() == compared

    def test_only_files_of_the_own_circle_are_opened_for_it(self, actor, case, monkeypatch):
        opened, cards = [], index.cards
        monkeypatch.setattr(index, "cards", lambda some: opened.extend(some) or cards(some))
        assert in_own_circle(IDENTITY, CONTACTS, actor("dowlet")) == []
        assert set(opened) == {keyed.NOBODY}
        assert in_own_circle(IDENTITY, CONTACTS, actor("jemal"))
        assert case.subject.indexed.number in opened


@pytest.mark.django_db
class TestManyAtOnce:
    """The dry run of an import."""

    def test_each_child_gets_the_files_that_it_may_have(self, actor, case, register):
        other = register(
            identity={"names": [{"given": "Ogulnur", "family": "Seýidowa"}], "birth_year": "2014"}, contacts={}
        )
        new = [
            NewChild({"names": [{"given": "Огулнур", "family": "Сейидова"}], "birth_year": "2014"}),
            NewChild({"names": [{"given": "Baýram", "family": "Hojagulyýew"}]}),
            NewChild(IDENTITY, CONTACTS),
        ]
        found = matches_of(new, actor("jemal"))
        assert [[match.case for match in some] for some in found] == [[other], [], [case]]
        assert [str(reason) for reason in found[2][0].reasons] == ["document number", "phone", "name", "birth date"]

    def test_of_other_circles_there_is_no_word(self, actor, case):
        assert matches_of([NewChild(IDENTITY, CONTACTS)], actor("dowlet")) == [[]]

    def test_many_rows_cost_no_more_queries_than_few(self, actor, case):
        new = [NewChild(IDENTITY, CONTACTS)]
        with counting() as few:
            matches_of(new * 2, actor("jemal"))
        with counting() as many:
            matches_of(new * 90, actor("jemal"))
        assert len(few) == len(many)

    def test_nothing_to_ask_is_no_question(self, actor):
        assert matches_of([], actor("jemal")) == []


@pytest.mark.django_db
class TestFromTheFile:
    def test_the_form_begins_with_what_the_file_says(self, browse, case):
        page = read(browse("jemal"), f"/cases/{case.pk.hex}/known")
        for held in ("Aylar", "Çaryýewa", "2012-04-05", "Aýa", "+993 12 463500", "I-AŞ 123456"):
            assert held in page
        assert str(case.child) not in page[page.index("<title") : page.index("</title")]

    def test_its_own_file_is_no_answer_and_that_of_another_agency_is_one_sentence(self, browse, case, register):
        address, typed = f"/cases/{case.pk.hex}/known", TYPED
        assert "No file that you see fits." in browse("jemal").post(address, typed).content.decode()
        register(by="dowlet")
        page = browse("jemal").post(address, typed).content.decode()
        assert f"A file may exist. Ask the duty contact of {HARBOUR}:" in page
        assert NORTH not in page[page.index("Elsewhere") : page.index("Ask again")]

    def test_the_file_leads_there_for_who_may_ask_and_sees_the_identity(self, cast, browse, case):
        address = f"/cases/{case.pk.hex}/known"
        assert address in read(browse("jemal"), case.get_absolute_url())
        for name in ("aman", "irina", "kerim"):
            assert address not in read(browse(name), case.get_absolute_url())

    def test_who_sees_the_file_but_not_the_identity_may_not_begin_with_it(self, actor, browse, case):
        from amanat.cases.actions import emergency

        emergency.open_emergency(code_name=case.child.code_name, reason="x", actor=actor("dowlet"))
        assert browse("dowlet").get(f"/cases/{case.pk.hex}/known").status_code == 403

    def test_after_registering_the_way_there_is_offered(self, browse, cast):
        typed = {"children": "0", "child0-given_name": "Aylar"}
        page = browse("jemal").post("/cases/register", typed, follow=True).content.decode()
        assert "Ask whether other agencies know this child" in page
        assert f"/cases/{Case.objects.get().pk.hex}/known" in page


@pytest.mark.django_db
class TestLimit:
    def test_the_page_says_how_many_questions_remain(self, browse, case):
        client = browse("dowlet")
        assert "You can ask 20 more times today." in read(client, ADDRESS)
        client.post(ADDRESS, TYPED)
        assert "You can ask 19 more times today." in read(client, ADDRESS)

    def test_every_answer_counts_also_the_empty_one(self, actor, cast):
        ask_elsewhere(IDENTITY, CONTACTS, reason="x", actor=actor("dowlet"))
        assert answers_left(actor("dowlet")) == ANSWERS_A_DAY - 1

    def test_a_question_that_cannot_be_asked_does_not_count(self, browse, actor):
        page = browse("dowlet").post(ADDRESS, {"reason": "x"}).content.decode()
        assert "Write a name and a birth date" in page
        assert answers_left(actor("dowlet")) == ANSWERS_A_DAY

    def test_without_a_reason_there_is_no_answer(self, browse, case):
        page = browse("dowlet").post(ADDRESS, TYPED | {"reason": ""}).content.decode()
        assert SENTENCE not in page
        assert not ExistenceAnswer.objects.exists()

    def test_the_twenty_first_is_refused_in_words_until_a_day_has_passed(self, cast, actor, case):
        use_up(cast, "dowlet")
        with pytest.raises(PersonFacingError, match="20 times today"):
            ask_elsewhere(IDENTITY, CONTACTS, reason="x", actor=actor("dowlet"))
        assert ask_elsewhere(
            IDENTITY, CONTACTS, reason="x", actor=actor("dowlet", cast.now + timedelta(days=1))
        ).elsewhere

    def test_two_memberships_of_one_worker_share_the_limit(self, cast, actor, case):
        use_up(cast, "dowlet")
        second = Membership.objects.create(
            user=cast["dowlet"].user, agency=cast["jemal"].agency, role="social_worker", since=cast.now
        )
        cast["second"] = second
        with pytest.raises(PersonFacingError):
            ask_elsewhere(IDENTITY, CONTACTS, reason="x", actor=actor("second"))

    def test_each_question_stands_in_the_log_with_its_reason(self, actor, case):
        ask_elsewhere(IDENTITY, CONTACTS, reason="Her aunt called.", actor=actor("dowlet"))
        assert Entry.objects.filter(verb="existence.ask", outcome=Outcome.DONE, user=actor("dowlet").user).count() == 1

    @pytest.mark.parametrize("silent", ["told", "protected", "kept out"])
    def test_it_stands_also_in_the_log_of_each_child_that_it_met_told_or_not(self, cast, actor, case, silent):
        if silent == "protected":
            changing.protect(case, protected=True, reason="A threat.", actor=actor("jemal"))
        if silent == "kept out":
            guarding.record_conflict(case, user=cast["dowlet"].user, reason="Cousin.", actor=actor("aman"))
        ask_elsewhere(IDENTITY, CONTACTS, reason="Her aunt called.", actor=actor("dowlet"))
        entry, details = last_entry(case)
        assert (entry.verb, entry.user) == ("existence.ask", cast["dowlet"].user)
        assert details["reason"] == "Her aunt called."

    @pytest.mark.parametrize("name", ["ogulgerek", "aman", "irina", "kerim", "viktor"])
    def test_only_social_workers_and_operators_ask(self, cast, browse, name):
        assert browse(name).get(ADDRESS).status_code == 404
        with pytest.raises(Refused):
            ask_elsewhere(IDENTITY, CONTACTS, reason="x", actor=cast.actor(name))


@pytest.mark.django_db(transaction=True)
def test_many_questions_at_once_get_no_more_than_the_limit(cast, case):
    """Each in a connection of its own, all at the last three questions of the day."""
    use_up(cast, "dowlet", but=3)
    answers, begin = [], threading.Barrier(8)

    def ask() -> None:
        try:
            begin.wait()
            answers.append(len(ask_elsewhere(IDENTITY, CONTACTS, reason="x", actor=cast.actor("dowlet")).elsewhere))
        except PersonFacingError:
            answers.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [1, 1, 1, None, None, None, None, None]
    assert ExistenceAnswer.objects.count() == ANSWERS_A_DAY


@pytest.mark.django_db
class TestFindExact:
    def test_the_officer_gets_the_code_name_and_nothing_else(self, browse, case):
        page = browse("kerim").post(FIND, TYPED | {"reason": "The guardian asks."}).content.decode()
        assert case.child.code_name in page
        assert "Чарыева" not in page

    def test_a_name_alone_finds_nothing(self, browse, case):
        page = (
            browse("kerim")
            .post(FIND, {"given_name": "Aylar", "family_name": "Çaryýewa", "reason": "x"})
            .content.decode()
        )
        assert case.child.code_name not in page
        assert "Write a name with the birth date, a phone or a document number." in page

    def test_an_officer_who_is_kept_out_finds_nothing(self, cast, actor, browse, case):
        guarding.record_conflict(case, user=cast["kerim"].user, reason="Cousin.", actor=actor("aman"))
        page = browse("kerim").post(FIND, TYPED).content.decode()
        assert "No file has exactly this identity." in page
        assert case.child.code_name in browse("maral").post(FIND, TYPED).content.decode()

    def test_each_search_stands_in_the_log_of_each_file_found(self, browse, case):
        browse("kerim").post(FIND, TYPED)
        assert Entry.objects.filter(subject=case.subject, verb="file.find_exact", outcome=Outcome.DONE).exists()

    @pytest.mark.parametrize("name", ["jemal", "aman", "irina", "viktor"])
    def test_nobody_else_has_it(self, cast, browse, name):
        assert browse(name).get(FIND).status_code == 404
        with pytest.raises(Refused):
            find_exact(IDENTITY, CONTACTS, reason="x", actor=cast.actor(name))


@pytest.mark.django_db
def test_what_was_asked_stands_in_no_address_and_in_no_title(browse, case):
    answer = browse("jemal").post(ADDRESS, TYPED)
    page = answer.content.decode()
    assert "Aylar" not in page[page.index("<title") : page.index("</title")]
    assert 'method="post"' in page


def use_up(cast, name: str, but: int = 0) -> None:
    ExistenceAnswer.objects.bulk_create(
        ExistenceAnswer(membership=cast[name], at=cast.now) for _ in range(ANSWERS_A_DAY - but)
    )


@pytest.mark.django_db
def test_an_agency_without_a_duty_contact_sends_to_the_supervisor(cast, browse, case):
    Agency.objects.filter(pk=case.agency_id).update(duty_contact="")
    page = browse("dowlet").post(ADDRESS, TYPED).content.decode()
    assert f"The duty contact of {NORTH} is not recorded yet. Ask your supervisor." in page
