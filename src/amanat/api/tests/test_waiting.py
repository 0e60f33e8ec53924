"""What waits for its worker: files that come later, the end that the pack sets, and a child's file that is erased."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from amanat import packs
from amanat.api import actions, waiting
from amanat.api.models import Device, Waiting
from amanat.api.tests.calling import Phone, arrive, filled
from amanat.audit.models import Entry
from amanat.cases.models import Attachment, Case, Event, EventKind
from amanat.cases.tests.docs import picture
from amanat.desk.tests.ways import erased
from amanat.forms.models import Answers, FormVersion, Record
from amanat.vault import erasing, intake
from amanat.vault.models import Subject
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.mark.parametrize("age", ["12", "41"])
def test_large_files_that_an_app_sends_apart_come_into_the_same_record(
    phone: Phone, office: Path, case: Case, version: FormVersion, age: str
) -> None:
    """ODK Collect sends ten megabytes at a time, each with the form; also where an answer does not hold."""
    form = filled(version, case.pk.hex, paper="a.jpg", age=age)
    for media in ({}, {"a.jpg": picture()}, {"a.jpg": b"once more"}):
        assert phone.send(form, media).status_code == 201
        arrive(office)
    document, record = Attachment.objects.get(), Record.objects.get()
    newest = Answers.objects.filter(part="facts").latest("version")
    assert f"<paper>{document.pk.hex}.jpg</paper>" in open_sealed(newest, "instance")
    assert (record.version, record.needs_review) == (2, age == "41")
    assert Event.objects.filter(kind=EventKind.FORM_CORRECTED).count() == 1
    assert not Waiting.objects.exists()


@pytest.mark.sqlcipher_only
def test_other_answers_under_the_name_of_a_record_wait_and_become_another_one_by_hand(
    phone: Phone, office: Path, case: Case, version: FormVersion, browse: Browse
) -> None:
    """The app never heard that the form was taken, and its holder changed it."""
    for age in ("12", "13", "12"):
        phone.send(filled(version, case.pk.hex, age=age))
        arrive(office)
    changed = Waiting.objects.get()
    assert "<age>12</age>" in told(Record.objects.get())
    for _time in range(2):
        browse("jemal").post(f"/phones/waiting/{changed.pk}/file", {"case": case.pk.hex})
    first, second = Record.objects.order_by("number")
    assert ("<age>12</age>" in told(first), "<age>13</age>" in told(second)) == (True, True)
    assert not Waiting.objects.exists()


@pytest.mark.sqlcipher_only
def test_answers_are_filed_by_hand_though_a_file_of_theirs_is_of_a_kind_that_is_not_kept(
    phone: Phone, office: Path, case: Case, version: FormVersion, browse: Browse
) -> None:
    phone.send(filled(version, paper="a.amr"), {"a.amr": b"#!AMR\n\x00"})
    arrive(office)
    packet = Waiting.objects.get()
    page = browse("jemal").post(f"/phones/waiting/{packet.pk}/file", {"case": case.pk.hex}, follow=True)
    assert "a.amr" in page.content.decode()
    assert "<age>12</age>" in told(Record.objects.get())
    left = Waiting.objects.get()
    assert (left.about, waiting.packet_of(left).media) == (case.pk, {"a.amr": b"#!AMR\n\x00"})


def told(record: Record) -> str:
    return "".join(open_sealed(row, "instance") or "" for row in record.answers.all())


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("way", ["file", "open", "discard"])
def test_what_is_settled_twice_at_once_is_settled_once(
    phone: Phone, office: Path, case: Case, version: FormVersion, cast: Cast, way: str
) -> None:
    phone.send(filled(version))
    arrive(office)
    jemal = cast.actor("jemal")
    first, second = waiting.of(jemal).get(), waiting.of(jemal).get()  # as two tabs have it
    actions.discard_packet(first, actor=jemal)
    act, more = {
        "file": (actions.file_packet, {"case": case}),
        "open": (actions.open_packet, {}),
        "discard": (actions.discard_packet, {}),
    }[way]
    with pytest.raises(PersonFacingError, match="done already"), transaction.atomic():
        act(second, actor=jemal, **more)


@pytest.mark.sqlcipher_only
def test_what_waits_is_known_again_by_no_digest_that_anybody_could_make(
    phone: Phone, office: Path, version: FormVersion
) -> None:
    """All but a few coded answers stands in clear: who can try them all must not learn which they are."""
    for _time in range(2):
        phone.send(filled(version))
        arrive(office)
    row = Waiting.objects.get()
    assert row.digest != hashlib.sha256(waiting.packet_of(row).packed()).hexdigest()
    waiting.keep(waiting.packet_of(row), row.membership, NOW, about=None)
    assert Waiting.objects.count() == 1


def test_it_says_since_when_and_until_when_it_waits_and_then_it_ends(
    phone: Phone, office: Path, version: FormVersion, cast: Cast, browse
) -> None:
    phone.send(filled(version))
    arrive(office)
    last = waiting.last_day(Waiting.objects.get())
    assert last is not None
    assert (last - NOW.date()).days == packs.current().retention[waiting.PERIOD].amount
    assert f'datetime="{last.isoformat()}' in browse("jemal").get("/phones").content.decode()
    end = NOW + timedelta(days=(last - NOW.date()).days)
    assert (waiting.sweep(end), Waiting.objects.count()) == (0, 1)
    subject = Waiting.objects.get().subject_id
    assert (waiting.sweep(end + timedelta(days=1)), Waiting.objects.count()) == (1, 0)
    assert not Subject.objects.filter(pk=subject).exists()
    assert open_sealed(Entry.objects.get(verb="packet.expire"), "details")["about"] == str(cast["jemal"].user)


def test_erasing_a_child_takes_what_waits_and_names_it(
    phone: Phone, office: Path, case: Case, version: FormVersion, cast: Cast
) -> None:
    unknown = filled(version, case.pk.hex).replace(version.digest[:12], "0" * 12)
    phone.send(unknown)  # of a version that is not kept here, so that it can't be filed
    phone.send(filled(version, number=2))
    arrive(office)
    named = Waiting.objects.get(about=case.pk)
    erased(case, cast)
    other = Waiting.objects.get()
    assert (other.about, other.pk == named.pk) == (None, False)
    assert Subject.objects.get(pk=named.subject_id).erased_at
    erasing.erase([other.subject_id], NOW)  # as a restore does with what has no key any more
    assert not Waiting.objects.exists()


def test_what_came_before_its_worker_left_waits_and_is_not_filed(
    phone: Phone, office: Path, case: Case, version: FormVersion, cast: Cast
) -> None:
    phone.send(filled(version, case.pk.hex))
    cast["jemal"].until = NOW
    cast["jemal"].save(update_fields=["until"])
    arrive(office)
    assert (Record.objects.count(), Waiting.objects.get().about) == (0, case.pk)
    assert not intake.waiting(intake.folder(office))
    assert Device.objects.exists()
