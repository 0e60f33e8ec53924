"""The log of a child: entries are added, corrections stand beside, and a child who may hurt itself reaches the duty list."""

from __future__ import annotations

import pytest
from django.urls import reverse

from amanat.access.files import Closed, open_file
from amanat.cases.models import Alert, AlertKind
from amanat.centre import log
from amanat.centre.actions.log import write_log
from amanat.centre.erasing import erase
from amanat.centre.models import LogEntry
from amanat.centre.tests.housed import a_house
from amanat.centre.tests.on_shift import a_note, in_circle, resident
from amanat.vault.erasing import Erasing
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused


@pytest.fixture
def house(cast, case):
    house = a_house(cast)
    resident(cast, case, house)
    in_circle(cast, case)
    return house


def test_a_note_is_sealed_under_the_child_and_read_by_the_circle(cast, house, case):
    note = a_note(cast, case, sleep="nightmares", watch=["leaving"], words="Asked for her aunt.")
    assert note.subject_id == case.subject_id
    assert note.house_id == house.pk
    entry = log.entry_of(open_file(cast.actor("jemal"), case), note.pk)
    assert [str(text.text) for _title, text in entry.lines] == ["Nightmares"]
    assert entry.watch == ["Wants to leave"]
    with pytest.raises((Refused, Closed)):
        log.entry_of(open_file(cast.actor("merdan"), case), note.pk)


def test_only_workers_of_the_centre_write_in_the_log(cast, house, case):
    for name in ("jemal", "aman", "dowlet"):
        with pytest.raises(Refused):
            write_log(case, kind="log", words="No.", actor=cast.actor(name))


def test_a_child_who_stays_in_no_house_has_no_log(cast, case):
    in_circle(cast, case)
    with pytest.raises(PersonFacingError):
        a_note(cast, case, ago=0)


def test_a_correction_is_added_and_what_was_wrong_stays(cast, house, case):
    wrong = a_note(cast, case, words="Ate nothing.")
    right = write_log(case, kind="hand_over", words="Ate a little.", corrects=wrong, actor=cast.actor("bahar"))
    assert right.corrects == wrong
    assert [open_sealed(row, "content")["words"] for row in LogEntry.objects.order_by("written_at")] == [
        "Ate nothing.",
        "Ate a little.",
    ]


def test_words_of_self_harm_reach_the_duty_list_once_not_with_each_note(cast, house, case):
    a_note(cast, case, ago=3, watch=["self_harm"])
    assert Alert.objects.get().kind == AlertKind.SELF_HARM
    Alert.objects.update(taken_at=cast.now)
    a_note(cast, case, ago=2, watch=["self_harm"])
    assert Alert.objects.count() == 1
    a_note(cast, case, ago=1.5)
    a_note(cast, case, watch=["self_harm"])
    assert Alert.objects.count() == 2


def test_the_pages_write_correct_and_show_the_log(cast, house, case, browse):
    bahar = browse("bahar")
    sent = {"kind": "hand_over", "sleep": "well", "words": "Laughed at supper."}
    assert bahar.post(reverse("centre.write_log", args=[case]), sent).status_code == 302
    note = LogEntry.objects.get()
    assert "Laughed at supper." in bahar.get(reverse("centre.log", args=[case])).content.decode()
    assert "Laughed at supper." in bahar.get(reverse("centre.write_log", args=[case])).content.decode()
    correct = reverse("centre.correct_log", args=[case, note.pk])
    assert "Laughed at supper." in bahar.get(correct).content.decode()
    assert bahar.post(correct, sent | {"words": "Laughed at lunch."}).status_code == 302
    day = bahar.get(reverse("centre.house_log", args=[house.pk])).content.decode()
    assert "Laughed at lunch." in day
    of_supervisor = browse("aman").get(reverse("centre.house_log", args=[house.pk])).content.decode()
    assert "Laughed" in of_supervisor  # supervisors of the agency see the log of its children
    assert browse("elena").get(reverse("centre.house_log", args=[house.pk])).status_code == 404


@pytest.mark.parametrize("rows", [2, 20])
def test_the_log_costs_the_same_with_few_and_many_entries(
    cast, house, case, browse, rows, django_assert_max_num_queries
):
    for _number in range(rows):
        a_note(cast, case)
    client = browse("bahar")
    client.get(reverse("centre.log", args=[case]))
    with django_assert_max_num_queries(12):
        client.get(reverse("centre.log", args=[case]))
    client.get(reverse("centre.house_log", args=[house.pk]))
    with django_assert_max_num_queries(12):
        client.get(reverse("centre.house_log", args=[house.pk]))


def test_an_erasure_takes_corrections_of_corrections(cast, house, case):
    note = a_note(cast, case)
    for words in ("Once.", "Twice."):
        note = write_log(case, kind="log", words=words, corrects=note, actor=cast.actor("bahar"))
    erase(Erasing([case.subject_id], cast.now))
    assert not LogEntry.objects.exists()
