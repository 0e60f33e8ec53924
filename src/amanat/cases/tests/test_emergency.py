"""Emergency access: four parts for four hours, never a way to find out whether there is a file, always judged by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.models import EmergencyAccess, Grant
from amanat.access.policy import Part
from amanat.audit.models import Entry, Outcome
from amanat.cases.actions import emergency, guarding
from amanat.cases.actions.emergency import NothingFound
from amanat.cases.models import Event, EventKind
from amanat.cases.tests.looking import counting, read
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import IDENTITY

pytestmark = pytest.mark.django_db
ADDRESS, LIST = "/emergency", "/emergencies"
FOUR_HOURS = timedelta(hours=4)
REASON = "She calls from the street, he is there."


def ask(cast, case, by="dowlet", now=None):
    return emergency.open_emergency(code_name=case.child.code_name, reason=REASON, actor=cast.actor(by, now))


def keep_out(cast, case, name="merdan"):
    return guarding.record_conflict(case, user=cast[name].user, reason="Cousin.", actor=cast.actor("kerim"))


def test_the_page_says_what_opens_for_how_long_and_that_it_is_judged(browse):
    page = read(browse("dowlet"), ADDRESS)
    for told in (
        "Contacts, safety, health: alerts and medicines, legal: status.",
        "4 hours",
        "is in the log",
        "judges whether it was right",
    ):
        assert told in page


def test_by_code_name_the_file_opens_to_read_for_four_hours(cast, actor, browse, case):
    answer = browse("dowlet").post(ADDRESS, {"code_name": f"  {case.child.code_name.upper()} ", "reason": REASON})
    assert answer.url == case.get_absolute_url()
    file = open_file(actor("dowlet"), case)
    assert file.visible_parts() == [Part.EXISTENCE, Part.CONTACTS, Part.SAFETY, Part.HEALTH_ALERTS, Part.LEGAL_STATUS]
    assert not any(map(file.writes, Part))
    assert open_file(actor("dowlet", cast.now + FOUR_HOURS - timedelta(seconds=1)), case).exists
    assert not open_file(actor("dowlet", cast.now + FOUR_HOURS), case).exists


@pytest.mark.parametrize(
    "typed",
    [
        {"given_name": "Айлар", "family_name": "Чарыева", "birth_date": "2012-04-05"},
        {"phones": "+993 12 46-35-00"},
        {"document_number": "i-aş 123456"},
    ],
)
def test_by_exact_identity_it_opens_in_any_script(browse, case, typed):
    assert browse("dowlet").post(ADDRESS, typed | {"reason": REASON}).url == case.get_absolute_url()


def test_a_name_alone_is_no_exact_identity(browse, case):
    page = (
        browse("dowlet")
        .post(ADDRESS, {"given_name": "Aylar", "family_name": "Çaryýewa", "reason": REASON})
        .content.decode()
    )
    assert "or a name with the birth date, a phone or a document number" in page
    assert not EmergencyAccess.objects.exists()


def test_a_familys_phone_opens_nothing_but_with_the_birth_date_it_does(browse, case, register):
    register(identity={"names": [{"given": "Begenç", "family": "Çaryýew"}], "birth_date": "2014-01-01"})
    phone = {"phones": "+993 12 463500", "reason": REASON}
    assert "No file was found." in browse("dowlet").post(ADDRESS, phone).content.decode()
    named = {"given_name": "Aylar", "family_name": "Çaryýewa", "birth_date": "2012-04-05"}
    assert browse("dowlet").post(ADDRESS, phone | named).url == case.get_absolute_url()


def test_nothing_found_several_found_and_kept_out_are_one_page(cast, browse, case):
    keep_out(cast, case, "dowlet")
    kept_out = browse("dowlet").post(ADDRESS, {"code_name": case.child.code_name, "reason": REASON})
    nothing = browse("nurana").post(ADDRESS, {"code_name": case.child.code_name[:-1] + "q", "reason": REASON})
    assert "No file was found." in nothing.content.decode()
    assert said(kept_out) == said(nothing)
    assert len(said(kept_out)) > 3


def said(answer) -> list[str]:
    """The main part of the page without what the worker typed and is called."""
    page = answer.content.decode()
    lines = page[page.index("<main") : page.index("</aside>")].splitlines()
    return [line for line in lines if 'name="code_name"' not in line and "csrf" not in line]


def test_tries_without_a_result_are_few_a_day_and_all_in_the_log(cast, browse, case):
    client = browse("dowlet")
    assert "you can try 10 more times today" in read(client, ADDRESS)
    for _ in range(emergency.TRIES_A_DAY):
        client.post(ADDRESS, {"code_name": "Wrong name", "reason": REASON})
    assert "you can try 0 more times today" in read(client, ADDRESS)
    page = client.post(ADDRESS, {"code_name": case.child.code_name, "reason": REASON}).content.decode()
    assert "You have tried too often today." in page
    assert not EmergencyAccess.objects.exists()
    assert Entry.objects.filter(verb="emergency.open", outcome=Outcome.REFUSED).count() == emergency.TRIES_A_DAY
    later = cast.now + timedelta(days=1)
    assert ask(cast, case, now=later).opened_at == later


def test_a_try_of_somebody_who_is_kept_out_stands_in_the_log_of_that_file(cast, case):
    keep_out(cast, case, "dowlet")
    with pytest.raises(NothingFound):
        ask(cast, case)
    entry = Entry.objects.get(verb="emergency.open", outcome=Outcome.REFUSED)
    assert (entry.subject_id, entry.user) == (case.subject_id, cast["dowlet"].user)


def test_opening_stands_in_the_log_of_the_file(cast, case):
    ask(cast, case)
    assert Entry.objects.get(verb="emergency.open", outcome=Outcome.DONE).subject_id == case.subject_id


def test_the_circle_sees_it_at_once(cast, actor, case):
    ask(cast, case)
    event = Event.objects.select_related("subject").get(kind=EventKind.EMERGENCY)
    assert open_file(actor("jemal"), case).open(event, "note") == {"text": REASON}


def test_pressing_twice_opens_once(cast, case):
    assert ask(cast, case).pk == ask(cast, case).pk
    assert Grant.objects.filter(relation="emergency").count() == 1


def test_where_a_conflict_is_recorded_it_waits_and_does_not_say_about_whom(cast, actor, browse, case):
    keep_out(cast, case)
    answer = browse("dowlet").post(ADDRESS, {"code_name": case.child.code_name, "reason": REASON})
    assert answer.url == reverse("cases.emergency")
    page = read(browse("dowlet"), ADDRESS)
    assert "You wait for a second person" in page
    assert "Merdan" not in page
    assert case.child.code_name not in page
    assert "conflict" not in page
    assert not open_file(actor("dowlet"), case).exists


def test_the_second_person_lets_them_in(cast, actor, browse, case):
    keep_out(cast, case)
    access = ask(cast, case)
    assert REASON in read(browse("aman"), LIST)
    address = reverse("cases.second_emergency", args=[access.pk])
    assert "is the danger real" in read(browse("aman"), address)
    assert browse("aman").post(address, {"reason": "Called back."}).url == LIST
    assert open_file(actor("dowlet"), case).sees(Part.CONTACTS)
    access.refresh_from_db()
    assert access.second == cast["aman"]
    assert access.until == cast.now + FOUR_HOURS
    assert Entry.objects.get(verb="emergency.second", outcome=Outcome.DONE).subject_id == case.subject_id


def test_the_data_protection_officer_can_be_the_second_person(cast, actor, browse, case):
    keep_out(cast, case)
    access = ask(cast, case)
    page = read(browse("kerim"), LIST)
    assert REASON not in page  # by code name only; the reason stands in the log
    browse("kerim").post(reverse("cases.second_emergency", args=[access.pk]), {"reason": "Called back."})
    assert open_file(actor("dowlet"), case).exists


def test_whoever_may_not_know_of_the_file_is_no_second_person(cast, actor, browse, case):
    keep_out(cast, case)
    access = ask(cast, case)
    address = reverse("cases.second_emergency", args=[access.pk])
    assert browse("elena").get(address).status_code == 404
    assert case.child.code_name not in read(browse("elena"), LIST)
    with pytest.raises(Refused):
        emergency.second_emergency(access, reason="x", actor=actor("elena"))


def test_the_person_in_conflict_and_who_asked_are_no_second_person(cast, actor, browse, case):
    keep_out(cast, case, "aman")
    access = ask(cast, case)
    assert case.child.code_name not in read(browse("aman"), LIST)
    assert browse("aman").get(reverse("cases.second_emergency", args=[access.pk])).status_code == 404
    with pytest.raises(Refused):
        emergency.second_emergency(access, reason="x", actor=actor("aman"))
    own = ask(cast, case, by="elena")
    with pytest.raises(Refused):
        emergency.second_emergency(own, reason="x", actor=actor("elena"))


def test_two_who_agree_at_once_open_it_once(cast, actor, case):
    keep_out(cast, case)
    first, again = ask(cast, case), ask(cast, case)
    emergency.second_emergency(first, reason="x", actor=actor("aman"))
    with pytest.raises(PersonFacingError, match="does not wait any more"):
        emergency.second_emergency(again, reason="x", actor=actor("kerim"))
    assert Grant.objects.filter(relation="emergency").count() == 1


def test_who_waited_four_hours_has_to_ask_again(cast, actor, case):
    keep_out(cast, case)
    access = ask(cast, case)
    with pytest.raises(PersonFacingError, match="does not wait any more"):
        emergency.second_emergency(access, reason="x", actor=actor("aman", cast.now + FOUR_HOURS))
    assert ask(cast, case, now=cast.now + FOUR_HOURS).pk != access.pk


def test_a_conflict_recorded_meanwhile_keeps_the_asker_out(cast, actor, case):
    keep_out(cast, case)
    access = ask(cast, case)
    keep_out(cast, case, "dowlet")
    with pytest.raises(PersonFacingError, match="be opened any more"):
        emergency.second_emergency(access, reason="x", actor=actor("aman"))


def test_the_owning_supervisor_judges_and_it_ends_at_once(cast, actor, browse, case):
    access = ask(cast, case)
    page = read(browse("aman"), LIST)
    address = reverse("cases.judge_emergency", args=[case, access.pk])
    assert address in page
    assert "Your judgement ends it at once." in read(browse("aman"), address)
    browse("aman").post(address, {"judgement": "not_justified", "reason": "Nobody was in danger."})
    assert not open_file(actor("dowlet"), case).exists
    access.refresh_from_db()
    assert (access.judgement, access.judged_by) == ("not_justified", cast["aman"])
    assert "Nothing waits here" in read(browse("aman"), LIST)
    assert browse("aman").get(address).status_code == 404


def test_nobody_judges_their_own(cast, actor, browse, case):
    access = ask(cast, case, by="aman")
    page = read(browse("aman"), LIST)
    assert "Your own access: somebody else judges it." in page
    with pytest.raises(PersonFacingError, match="Nobody judges their own access"):
        emergency.judge_emergency(case, access=access, judgement="justified", reason="x", actor=actor("aman"))


def test_open_ones_stand_before_the_data_protection_officer_until_they_are_judged(cast, actor, browse, case):
    access = ask(cast, case)
    assert [one.pk for one in emergency.open_accesses(actor("kerim"))] == [access.pk]
    address = reverse("cases.judge_emergency", args=[case, access.pk])
    assert address not in read(browse("kerim"), LIST)
    assert "The supervisor of the agency judges this access." in read(browse("kerim"), address)
    with pytest.raises(Refused, match="The supervisor"):
        emergency.judge_emergency(case, access=access, judgement="justified", reason="x", actor=actor("kerim"))


def test_what_the_supervisor_used_the_officer_judges(cast, actor, browse, case):
    access = ask(cast, case, by="aman")
    address = reverse("cases.judge_emergency", args=[case, access.pk])
    assert address in read(browse("kerim"), LIST)
    browse("kerim").post(address, {"judgement": "justified", "reason": "A child was in danger."})
    access.refresh_from_db()
    assert access.judged_by == cast["kerim"]


def test_where_a_conflict_keeps_the_supervisor_out_the_officer_judges(cast, actor, case):
    access = ask(cast, case)
    keep_out(cast, case, "aman")
    emergency.judge_emergency(case, access=access, judgement="justified", reason="x", actor=actor("kerim"))
    access.refresh_from_db()
    assert access.judged_by == cast["kerim"]


def test_an_access_to_another_file_is_404_here(cast, browse, case, register):
    other = register()
    assert browse("aman").get(reverse("cases.judge_emergency", args=[other, ask(cast, case).pk])).status_code == 404


@pytest.mark.parametrize("name", ["ogulgerek", "irina", "kerim", "viktor", "tamara"])
def test_roles_without_emergency_access_do_not_have_the_page(browse, name):
    assert browse(name).get(ADDRESS).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(cast, browse, case, register):
    client = browse("aman")
    ask(cast, case)
    read(client, LIST)
    with counting() as one:
        read(client, LIST)
    for number in range(4):
        ask(cast, register(identity=IDENTITY | {"birth_date": f"2011-01-0{number + 1}"}))
    with counting() as many:
        read(client, LIST)
    assert len(one) == len(many) <= 12


def test_the_form_asks_at_most_twelve_times(cast, browse, case):
    client = browse("dowlet")
    ask(cast, case)
    read(client, ADDRESS)
    with counting() as asked:
        read(client, ADDRESS)
    assert len(asked) <= 12
