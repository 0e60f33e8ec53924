"""Alerts reach people: told one after the other, taken once, and nothing of the child before that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.models import Grant
from amanat.access.policy import Part, Relation
from amanat.cases import alerts, escalating
from amanat.cases.actions import changing, guarding, handing, writing
from amanat.cases.actions.alerting import TakenMeanwhile, assign_alert, begin_alert, raise_alert, take_alert
from amanat.cases.actions.marking import mark
from amanat.cases.circle import Circle
from amanat.cases.escalating import Escalator
from amanat.cases.models import Alert, AlertKind, Case, EventKind, Task, TaskKind
from amanat.cases.tests.test_at_once import again, at_once
from amanat.office.actions import arranging_duty
from amanat.people import messages, waiting
from amanat.people.clock import stopped
from amanat.people.messages import Reached
from amanat.people.models import Look, Membership, Message
from amanat.people.sending import Ways
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast

Act = Callable[..., Actor]
Browse = Callable[..., Client]
AFTER = timedelta(minutes=5)
P1, SELF_HARM, NEW_CASE = AlertKind.P1, AlertKind.SELF_HARM, AlertKind.NEW_CASE


def on_duty(cast: Cast, *names: str, **more: object) -> None:
    for name in names:
        arranging_duty.add(membership=cast[name], actor=cast.actor("aman"), **more)


def told(alert: Alert) -> list[str]:
    return [one.membership.user.username for one in alerts.told_of(alert)]


def pass_on(moment: datetime) -> None:
    """The clock stands at this moment, and the thread looks once."""
    with stopped(moment):
        Escalator().turn()


@pytest.fixture
def alert(cast: Cast, case: Case, actor: Act) -> Alert:
    """Jemal's: a child in danger. Merdan is on duty, then Nurana."""
    on_duty(cast, "merdan", "nurana")
    return raise_alert(case, kind=P1, words="A man followed from the station.", actor=actor("jemal"))


def read_again(alert: Alert) -> Alert:
    return Alert.objects.select_related("subject", "case__subject", "case__child", "case__agency").get(pk=alert.pk)


class TestTelling:
    def test_the_next_one_is_told_every_five_minutes_until_somebody_takes_it(self, cast: Cast, alert: Alert) -> None:
        assert told(alert) == ["merdan"]
        pass_on(cast.now + AFTER - timedelta(seconds=1))
        assert told(alert) == ["merdan"]
        pass_on(cast.now + AFTER)
        pass_on(cast.now + AFTER)
        assert told(alert) == ["merdan", "nurana"]
        pass_on(cast.now + 2 * AFTER)
        pass_on(cast.now + 3 * AFTER)
        assert told(alert) == ["merdan", "nurana", "aman"]
        take_alert(read_again(alert), actor=cast.actor("nurana", cast.now + 3 * AFTER))
        assert read_again(alert).tell_next_at is None
        pass_on(cast.now + 4 * AFTER)
        assert told(alert) == ["merdan", "nurana", "aman"]

    def test_one_that_cannot_be_told_keeps_no_other_back(
        self, cast: Cast, alert: Alert, register: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = raise_alert(register(), kind=P1, words="", actor=cast.actor("jemal"))
        tell_next = escalating.tell_next

        def failing(one: Alert, now: datetime) -> object:
            if one == alert:
                raise RuntimeError
            return tell_next(one, now)

        monkeypatch.setattr(escalating, "tell_next", failing)
        with pytest.raises(RuntimeError):
            pass_on(cast.now + AFTER)
        assert (told(alert), told(other)) == (["merdan"], ["merdan", "nurana"])

    def test_once_everybody_knows_screens_are_asked_to_look_again(self, cast: Cast, alert: Alert) -> None:
        for times in range(1, 4):
            pass_on(cast.now + times * AFTER)
        Look.objects.all().delete()
        pass_on(cast.now + 4 * AFTER)
        asked = set(Look.objects.values_list("user__username", flat=True))
        assert asked == {"merdan", "nurana", "aman"}

    def test_a_message_leaves_for_each_and_once_everybody_knows_again_for_the_supervisors(
        self, cast: Cast, case: Case, actor: Act
    ) -> None:
        messages.set_ways(Ways(text_command="/bin/true"))
        for name in ("merdan", "nurana", "aman"):
            messages.set_reach(cast[name].user, Reached(phone="+99312463500"))
        on_duty(cast, "merdan", "nurana")
        raise_alert(case, kind=P1, words="Zq", actor=actor("jemal"))
        asked = []
        for times in range(1, 5):
            asked.append(list(Message.objects.values_list("user__username", "kind")))
            Message.objects.all().delete()
            pass_on(cast.now + times * AFTER)
        assert asked == [[(name, "alert")] for name in ("merdan", "nurana", "aman", "aman")]

    def test_without_anybody_on_duty_the_supervisors_are_told_and_whoever_raised_it_reads_so(
        self, cast: Cast, case: Case, browse: Browse
    ) -> None:
        page = browse("jemal").post(f"/cases/{case.pk.hex}/alert", {"kind": "p1", "words": "Zq"}, follow=True)
        assert "Nobody is on duty. The supervisor was told: Aman." in page.content.decode()
        assert told(Alert.objects.get()) == ["aman"]

    def test_with_nobody_at_all_it_waits_says_so_and_reaches_the_next_one_who_comes(
        self, cast: Cast, case: Case, actor: Act
    ) -> None:
        Membership.objects.filter(pk=cast["aman"].pk).update(until=cast.now)
        alert = raise_alert(case, kind=P1, words="", actor=actor("jemal"))
        assert (told(alert), "Call somebody now" in alerts.who_was_told(alert)) == ([], True)
        Membership.objects.filter(pk=cast["aman"].pk).update(until=None)
        pass_on(cast.now + AFTER)
        assert told(alert) == ["aman"]

    def test_leave_and_quiet_hours_are_respected(self, cast: Cast, case: Case, actor: Act) -> None:
        on_duty(cast, "nurana", quiet_from=time(13), quiet_until=time(15))  # in Ashgabat it is 14:00
        on_duty(cast, "jemal")
        merdan = Membership.objects.get(pk=cast["merdan"].pk)
        Membership.objects.filter(pk=cast["jemal"].pk).update(
            away_from=cast.now, away_until=cast.now + timedelta(days=1), deputy=merdan
        )
        handing.bring_in(case, to=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, reason="x", actor=actor("jemal"))
        alert = raise_alert(case, kind=P1, words="", actor=actor("ogulgerek"))
        pass_on(cast.now + AFTER)
        assert told(alert) == ["merdan", "nurana"]
        assert alerts.told_of(alert)[0].instead_of == cast["jemal"]

    def test_whoever_is_kept_out_of_the_file_is_neither_told_nor_shown_it(
        self, cast: Cast, case: Case, actor: Act
    ) -> None:
        on_duty(cast, "merdan", "nurana")
        guarding.record_conflict(case, user=cast["merdan"].user, reason="A cousin.", actor=actor("jemal"))
        alert = raise_alert(case, kind=P1, words="", actor=actor("jemal"))
        assert told(alert) == ["nurana"]
        guarding.record_conflict(case, user=cast["nurana"].user, reason="An aunt.", actor=actor("jemal"))
        assert not alerts.known_to(actor("nurana")).exists()
        assert not waiting.what_waits(cast["nurana"].user, cast.now)

    def test_a_child_in_danger_goes_to_those_who_can_manage_a_case(self, cast: Cast, case: Case, actor: Act) -> None:
        on_duty(cast, "ogulgerek", "merdan")
        assert told(raise_alert(case, kind=P1, words="", actor=actor("jemal"))) == ["merdan"]
        assert told(raise_alert(case, kind=SELF_HARM, words="", actor=actor("jemal"))) == ["ogulgerek"]

    def test_one_that_waits_already_is_the_same_alert_and_both_words_stay(
        self, cast: Cast, case: Case, actor: Act, alert: Alert
    ) -> None:
        assert raise_alert(case, kind=P1, words="Once more.", actor=actor("jemal")) == alert
        lines = case.events.filter(kind=EventKind.ALERT_RAISED).select_related("subject")
        file = open_file(actor("jemal"), case)
        words = {file.open(line, "words")["text"] for line in lines}
        assert words == {"A man followed from the station.", "Once more."}

    def test_it_waits_for_those_who_were_told_and_for_nobody_else(self, cast: Cast, alert: Alert) -> None:
        said = {name: [one.kind for one in waiting.what_waits(cast[name].user, cast.now)] for name in cast}
        assert {name for name, kinds in said.items() if "alert" in kinds} == {"merdan"}


class TestTaking:
    def test_whoever_takes_it_is_the_case_manager_and_the_former_one_stays(
        self, cast: Cast, alert: Alert, actor: Act
    ) -> None:
        take_alert(read_again(alert), actor=actor("merdan"))
        grants = {one.membership.user.username: one.relation for one in Circle(alert.case, actor("merdan")).grants()}
        assert grants == {"merdan": "case_manager", "jemal": "social_worker"}
        assert alert.case.events.filter(kind=EventKind.ALERT_TAKEN).count() == 1

    def test_the_operator_who_opened_the_case_from_a_call_can_open_it_no_longer(
        self, cast: Cast, case: Case, actor: Act
    ) -> None:
        on_duty(cast, "merdan")
        Grant.objects.filter(subject=case.subject).update(membership=cast["nurana"], relation="social_worker")
        mark(case, EventKind.FROM_CALL, actor("nurana"), text="From a call.")
        alert = begin_alert(case, kind=NEW_CASE, words="", actor=actor("nurana"))
        take_alert(read_again(alert), actor=actor("merdan"))
        assert not open_file(actor("nurana"), case).exists
        assert open_file(actor("merdan"), case).writes(Part.IDENTITY)
        assert alerts.find(actor("nurana"), alert.pk).taken_by.user.display_name == "Merdan"

    def test_a_case_manager_who_is_assigned_answers_what_asked_for_one(
        self, cast: Cast, case: Case, actor: Act
    ) -> None:
        on_duty(cast, "merdan")
        Grant.objects.filter(subject=case.subject).update(membership=cast["nurana"], relation="social_worker")
        mark(case, EventKind.FROM_CALL, actor("nurana"), text="From a call.")
        waits, danger = (begin_alert(case, kind=kind, words="", actor=actor("nurana")) for kind in (NEW_CASE, P1))
        handing.assign(case, to=cast["jemal"], reason="x", actor=actor("aman"))
        assert not open_file(actor("nurana"), case).exists
        assert (read_again(waits).taken_by, read_again(waits).tell_next_at) == (cast["jemal"], None)
        assert read_again(danger).taken_at is None

    def test_danger_of_self_harm_brings_its_taker_into_the_circle_and_leaves_the_manager(
        self, cast: Cast, case: Case, actor: Act
    ) -> None:
        on_duty(cast, "ogulgerek")
        alert = raise_alert(case, kind=SELF_HARM, words="", actor=actor("jemal"))
        take_alert(read_again(alert), actor=actor("ogulgerek"))
        grants = {one.membership.user.username: one.relation for one in Circle(case, actor("jemal")).grants()}
        assert grants == {"jemal": "case_manager", "ogulgerek": "psychologist"}

    @pytest.mark.parametrize("name", ["nurana", "jemal", "dowlet", "aman"])
    def test_who_was_not_told_who_raised_it_strangers_and_supervisors_take_none(
        self, cast: Cast, alert: Alert, actor: Act, name: str
    ) -> None:
        read = read_again(alert)
        with pytest.raises(Refused):
            take_alert(read, actor=actor(name))
        assert read_again(alert).taken_at is None

    def test_a_supervisor_gives_it_to_a_colleague_who_hears_of_it(
        self, cast: Cast, alert: Alert, actor: Act, browse: Browse
    ) -> None:
        Membership.objects.filter(pk=cast["nurana"].pk).update(until=cast.now)
        page = browse("aman").post(f"/alerts/{alert.pk}/give", {"to": cast["merdan"].pk}, follow=True)
        assert "Merdan has the alert now." in page.content.decode()
        assert read_again(alert).taken_by == cast["merdan"]
        assert "Handed over to you this week" in browse("merdan").get("/").content.decode()

    def test_who_is_given_one_gets_a_message_although_it_waits_no_more(
        self, cast: Cast, alert: Alert, actor: Act, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        messages.set_ways(Ways(text_command="/bin/true"))
        messages.set_reach(cast["nurana"].user, Reached(phone="+99312463500"))
        assign_alert(read_again(alert), to=cast["nurana"], actor=actor("aman"))
        sent = []
        monkeypatch.setattr(messages.sending, "send_text", lambda _command, to, _text: sent.append(to))
        with stopped(cast.now):
            messages.Messenger().turn()
        assert sent == ["+99312463500"]

    def test_it_is_not_given_to_who_is_away_of_another_role_or_agency_nor_by_another_agency(
        self, cast: Cast, alert: Alert, actor: Act
    ) -> None:
        for name in ("dowlet", "ogulgerek"):
            with pytest.raises(PersonFacingError, match="can't take this alert"):
                assign_alert(read_again(alert), to=cast[name], actor=actor("aman"))
        with pytest.raises(Refused):
            assign_alert(read_again(alert), to=cast["merdan"], actor=actor("elena"))
        assert read_again(alert).taken_at is None

    def test_a_case_that_is_closed_takes_no_alert(self, case: Case, actor: Act) -> None:
        changing.close(case, why="other", reason="x", actor=actor("jemal"))
        with pytest.raises(PersonFacingError, match="closed"):
            raise_alert(case, kind=P1, words="", actor=actor("jemal"))

    def test_a_case_about_which_an_alert_waits_is_not_closed(self, case: Case, actor: Act, alert: Alert) -> None:
        with pytest.raises(PersonFacingError, match="An alert about this case waits"):
            changing.close(case, why="other", reason="x", actor=actor("jemal"))
        take_alert(read_again(alert), actor=actor("merdan"))
        changing.close(again(case), why="other", reason="x", actor=actor("merdan"))

    def test_the_last_task_about_an_answer_ends_the_alert_about_them(self, cast: Cast, case: Case, actor: Act) -> None:
        alert = begin_alert(case, kind=AlertKind.ANSWER, words="", actor=actor("jemal"))
        tasks = [
            writing.add_task(case, TaskKind.FORM_ALERT, "1 Jemal", cast.now, cast["jemal"], actor("jemal"), alert=alert)
            for _time in range(2)
        ]
        for task, by in zip(tasks, (None, cast["jemal"]), strict=True):
            writing.finish_task(Task.objects.get(pk=task.pk), actor=actor("jemal"))
            assert read_again(alert).taken_by == by

    def test_a_task_ends_no_alert_that_it_does_not_lead_to(self, cast: Cast, case: Case, actor: Act) -> None:
        alert = begin_alert(case, kind=AlertKind.ANSWER, words="Not safe there.", actor=actor("jemal"))
        task = writing.add_task(case, TaskKind.FORM_ALERT, "1 Jemal", cast.now, cast["jemal"], actor("jemal"))
        writing.finish_task(Task.objects.get(pk=task.pk), actor=actor("jemal"))
        assert read_again(alert).taken_at is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_has_it_and_the_other_reads_who(cast: Cast, alert: Alert) -> None:
    pass_on(cast.now + AFTER)
    one, other = read_again(alert), read_again(alert)
    given = at_once(
        [
            lambda: take_alert(one, actor=cast.actor("merdan", cast.now + AFTER)),
            lambda: take_alert(other, actor=cast.actor("nurana", cast.now + AFTER)),
        ]
    )
    (late,) = [error for error in given if isinstance(error, Exception)]
    winner = read_again(alert).taken_by
    assert winner is not None
    assert isinstance(late, TakenMeanwhile)
    assert str(late) == f"{winner.user.display_name} has taken this alert already."
    managers = [grant.membership for grant in Circle(again(alert.case), cast.actor("aman", cast.now + AFTER)).grants()]
    assert managers[0] == winner


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_look_at_once_tell_nobody_twice(cast: Cast, alert: Alert) -> None:
    with stopped(cast.now + AFTER):
        given = at_once([Escalator().turn, Escalator().turn])
    assert not [error for error in given if isinstance(error, Exception)]
    assert told(alert) == ["merdan", "nurana"]


class TestPages:
    def test_nothing_of_the_child_stands_anywhere_before_it_is_taken(
        self, cast: Cast, alert: Alert, browse: Browse
    ) -> None:
        merdan = browse("merdan")
        for address in ("/", "/alerts", f"/alerts/{alert.pk}/take"):
            page = merdan.get(address).content.decode()
            assert "A child in danger now (P1)" in page or "a child in danger now (P1)" in page
            assert not [
                word
                for word in ("Aylar", alert.case.child.code_name, "followed from", alert.case_id.hex)
                if word in page
            ]

    def test_one_press_takes_it_and_leads_to_the_file(self, alert: Alert, browse: Browse) -> None:
        answer = browse("merdan").post(f"/alerts/{alert.pk}/take")
        assert answer.headers["Location"] == alert.case.get_absolute_url()
        assert "A man followed" in browse("merdan").get(alert.case.get_absolute_url()).content.decode()

    def test_who_comes_too_late_reads_who_has_it(self, cast: Cast, alert: Alert, actor: Act, browse: Browse) -> None:
        pass_on(cast.now + AFTER)
        nurana = browse("nurana")
        take_alert(read_again(alert), actor=actor("merdan"))
        for page in (nurana.get(f"/alerts/{alert.pk}/take"), nurana.post(f"/alerts/{alert.pk}/take")):
            assert "Merdan has taken this alert already." in page.content.decode()

    def test_it_is_the_first_thing_on_the_supervisors_day(self, alert: Alert, browse: Browse) -> None:
        page = browse("aman").get("/").content.decode()
        assert 0 < page.index("Give it to somebody") < page.index('class="tiles')

    @pytest.mark.parametrize("name", ["nurana", "dowlet", "elena"])
    def test_for_everybody_else_there_is_none(self, alert: Alert, browse: Browse, name: str) -> None:
        client = browse(name)
        assert "child in danger now (P1)" not in client.get("/alerts").content.decode()
        assert client.get(f"/alerts/{alert.pk}/take").status_code == 404
