"""*Is this child known?* Whole in one's own circle; elsewhere a sentence, twenty times a day, and silence where it protects."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from amanat.access.models import ExistenceAnswer
from amanat.audit import recording
from amanat.audit.models import Entry, Outcome
from amanat.cases.actions import changing, guarding
from amanat.cases.known import ANSWERS_A_DAY, answers_left, ask_elsewhere, find_exact
from amanat.cases.tests.looking import counting, last_entry, read
from amanat.people.models import Agency, Membership
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import CONTACTS, IDENTITY, NORTH

ADDRESS, FIND = "/known", "/find"
TYPED = {"given_name": "Aylar", "family_name": "Caryyewa", "birth_date": "2012-04-05", "reason": "Her aunt called."}
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
        nothing = browse("dowlet").post(ADDRESS, TYPED | {"birth_date": "2012-04-06"}).content.decode().splitlines()
        assert len(found) == len(nothing)
        different = [one for one, other in zip(found, nothing, strict=True) if one != other and "csrf" not in one]
        assert all(SENTENCE in line or "birth_date" in line or "You can ask" in line for line in different)

    def test_both_answers_cost_the_same_queries(self, browse, case, office_known):
        client = browse("dowlet")
        client.post(ADDRESS, TYPED)
        with counting() as found:
            client.post(ADDRESS, TYPED)
        with counting() as nothing:
            client.post(ADDRESS, TYPED | {"birth_date": "2012-04-06"})
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
