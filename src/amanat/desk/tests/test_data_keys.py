"""New data keys on suspicion: everything stands under the new one, everything opens, and nobody who works meanwhile notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.http import QueryDict

from amanat.access import drafts
from amanat.access.actor import Actor
from amanat.access.policy import Part
from amanat.audit import recording
from amanat.audit.models import Entry
from amanat.audit.sealer import seal_pending
from amanat.audit.verify import verify
from amanat.cases.actions import changing, guarding, writing
from amanat.cases.actions.registering import NewChild, register
from amanat.cases.models import Attachment, Case, SharedNote
from amanat.cases.tests.docs import attach
from amanat.desk.actions import rotating
from amanat.desk.tests.rotated import clear, finish, opened, stored
from amanat.exchange import work
from amanat.exchange.actions import importing
from amanat.exchange.models import Import
from amanat.exchange.tests.bringing import brought, looked, many
from amanat.exchange.work import Work
from amanat.office.tests.ways import entries_of, read
from amanat.vault import control, erasing, resealing
from amanat.vault.files import DamagedFile, path_of
from amanat.vault.models import (
    Leftover,
    RetiredKey,
    Rotation,
    Subject,
    SubjectKind,
)
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused
from tests import walk_world
from tests.cast import CONTACTS, IDENTITY, NOW, Cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
OTHER = IDENTITY | {"names": [{"given": "Leýla", "family": "Hojagulyýewa"}]}


def read_the_log() -> int:
    """How many lines say more than what stands in clear; each opens."""
    entries = Entry.objects.select_related("subject")
    return sum(open_sealed(entry, "details") is not None for entry in entries)


# --- all of them -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("db")
def test_whatever_is_sealed_in_the_house_stands_under_the_new_keys_and_says_the_same() -> None:
    """In every model there is: one that a room adds and that is passed by fails here."""
    world = walk_world.build()
    subject, document = world.case.subject, world.rows["attachment"]
    assert isinstance(document, Attachment)
    drafts.save(world.keeper.user, "/somewhere", QueryDict("text=Half+a+sentence"), NOW, subject)
    own = drafts.save(world.keeper.user, "/elsewhere", QueryDict("text=Of+no+file"), NOW)
    before, drafted = opened(), bytes(stored(own.subject).wrapped_key)
    assert {label for label, _row, _field in before} > {"access.Draft", "cases.Sheet", "exchange.Batch", "desk.Breach"}
    keys = {one.pk: bytes(one.wrapped_key) for one in Subject.objects.exclude(kind=SubjectKind.DRAFT)}
    dpo = Actor.of(world.members["dpo", "other"], NOW, proved_at=NOW)
    rotating.rotate_data_keys(reason="A laptop was lost.", actor=dpo)
    finish()
    after = opened()  # under the keys of now, or it would not open
    assert after.keys() == before.keys()
    changed = {(label, field) for label, row, field in before if before[label, row, field] != after[label, row, field]}
    assert changed == {("cases.Attachment", "about"), ("exchange.Import", "about")}  # their files have new keys
    assert all(bytes(stored(Subject(pk=pk)).wrapped_key) != wrapped for pk, wrapped in keys.items())
    assert {row.subject_id: bytes(row.wrapped_key) for row in RetiredKey.objects.all()} == keys
    assert bytes(stored(own.subject).wrapped_key) == drafted  # it is gone after 30 days


def test_the_log_stays_under_the_keys_of_its_time_and_opens_and_verifies(case: Case, cast: Cast) -> None:
    changing.correct(case, part=Part.IDENTITY, value=OTHER, reason="Misheard.", actor=cast.actor("jemal"))
    seal_pending(NOW)
    boxes_before = list(Entry.objects.order_by("pk").values_list("pk", models.F("details")))
    rotating.rotate_data_keys(reason="A laptop was lost.", actor=cast.actor("kerim"))
    finish()
    seal_pending(NOW)
    told = dict(Entry.objects.values_list("pk", models.F("details")))
    assert [(pk, told[pk]._box) for pk, _box in boxes_before] == [(pk, box._box) for pk, box in boxes_before]
    assert not verify(now=NOW).faults
    assert read_the_log() > 2
    told = [details for _entry, details in entries_of("keys.data")]  # both at one moment, in no order
    assert sorted(told, key=str) == [{"ended": True}, {"reason": "A laptop was lost."}]


def test_who_is_entered_afterwards_is_entered_under_the_new_key_of_the_office(case: Case, cast: Cast) -> None:
    recording.office_subject()
    rotating.rotate_data_keys(reason="A laptop was lost.", actor=cast.actor("kerim"))
    finish()
    assert bytes(recording.office_subject().wrapped_key) == bytes(stored(recording.office_subject()).wrapped_key)


def test_other_processes_read_the_key_of_the_office_again_when_it_is_changed(
    case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(erasing, "_memories", [lambda: told.append("forgotten")])
    forgetter = erasing.Forgetter()
    forgetter.turn()
    rotation = rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    forgetter.turn()
    told.clear()
    resealing.go_on(rotation, NOW)  # the office, which is the first
    told.clear()
    forgetter.turn()
    assert told == ["forgotten"]
    forgetter.turn()
    assert told == ["forgotten"]


def test_shared_notes_and_imports_open_as_before(cast: Cast, browse: Any) -> None:
    first, second = register(
        [NewChild(IDENTITY, CONTACTS, family="one"), NewChild(OTHER, CONTACTS, family="one")], actor=cast.actor("jemal")
    )
    writing.note(first, part="narrative", text="Both were at the market.", siblings=[second], actor=cast.actor("jemal"))
    held = looked(cast.actor("jemal"), [["Maral", "Orazowa", "2012-01-02"]])
    file = held.file
    rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    finish()
    assert "Both were at the market." in read(browse("jemal"), second.get_absolute_url())
    assert "Maral" in read(browse("jemal"), f"/import/{held.pk}/look")
    held = Import.objects.select_related("subject").get()
    assert held.file != file
    assert b"Orazowa" in clear(held.file, open_sealed(held, "about")["key"])
    assert opened([SharedNote.objects.get().subject])


def test_a_dry_run_that_was_begun_under_the_former_key_goes_on_under_the_new_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    held, at_work = brought(cast.actor("jemal"), many(7)), Work(lambda: NOW)
    importing.look_through(held, actor=cast.actor("jemal"))
    at_work.round()
    rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    finish()
    while at_work.round():
        pass
    held.refresh_from_db()
    assert (held.state, held.rows) == ("looked", 7)
    assert len([place for place in opened([held.subject]) if place[0] == "exchange.Batch"]) == 4


def test_the_former_keys_of_a_discarded_import_go_with_it(cast: Cast) -> None:
    held = looked(cast.actor("jemal"), [["Maral", "Orazowa", "2012-01-02"]])
    rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    finish()
    importing.discard(held, actor=cast.actor("jemal"))
    assert not Subject.objects.filter(pk=held.subject_id).exists()


@pytest.mark.parametrize("served", [None, {"state": "locked"}, {"state": "open"}])
def test_at_the_terminal_it_is_done_at_once_where_nobody_serves_who_has_the_keys(
    case: Case, monkeypatch: pytest.MonkeyPatch, served: dict[str, str] | None
) -> None:
    told = StringIO()
    monkeypatch.setattr(control, "ask", lambda *_asked: served)
    call_command("keys", "rotate", "data", stdout=told)
    if served == {"state": "open"}:
        assert "while people work" in told.getvalue()
        finish()
    assert not resealing.waiting()
    assert opened()
    assert ("2/2" in told.getvalue()) == (served != {"state": "open"})
    assert sorted(len(details) for _entry, details in entries_of("keys.data")) == [0, 1]  # begun, and ended


# --- one child --------------------------------------------------------------------------------------------------------


def test_one_child_gets_a_new_key_and_nobody_else(case: Case, cast: Cast, register: Callable[..., Case]) -> None:
    other = register(identity=OTHER)
    theirs = bytes(stored(other.subject).wrapped_key)
    rotating.rotate_data_key(case, reason="A print of it lay in the yard.", actor=cast.actor("kerim"))
    finish()
    assert RetiredKey.objects.get().subject == case.subject
    assert opened([stored(case.subject)])
    assert bytes(stored(other.subject).wrapped_key) == theirs
    asked, done = sorted(entries_of("keys.child"), key=lambda told: "ended" in told[1])
    assert (asked[0].subject, asked[1]["reason"]) == (case.subject, "A print of it lay in the yard.")
    assert (done[0].subject, done[1]) == (case.subject, {"ended": True})


@pytest.mark.parametrize("name", ["jemal", "aman", "viktor", "irina"])
def test_nobody_else_than_the_officer_asks_for_it(case: Case, cast: Cast, name: str) -> None:
    for ask in (
        lambda: rotating.rotate_data_key(case, reason="x", actor=cast.actor(name)),
        lambda: rotating.rotate_data_keys(reason="x", actor=cast.actor(name)),
        lambda: rotating.rotate_index_keys(reason="x", actor=cast.actor(name)),
    ):
        with pytest.raises(Refused):
            ask()
    assert not Rotation.objects.exists()


def test_it_needs_a_fresh_sign_in(case: Case, cast: Cast) -> None:
    with pytest.raises(Refused, match="Show once more"):
        rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim", proved_at=None))
    with pytest.raises(Refused, match="Show once more"):
        rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim", proved_at=None))


@pytest.mark.parametrize("part", ["", "health_file"])
def test_an_officer_with_a_conflict_on_the_child_can_not(case: Case, cast: Cast, part: str) -> None:
    guarding.record_conflict(case, user=cast["kerim"].user, part=part, reason="A friend.", actor=cast.actor("aman"))
    with pytest.raises(Refused):
        rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    assert rotating.rotate_data_key(case, reason="x", actor=cast.actor("maral"))


def test_asked_again_before_it_is_done_it_goes_on_and_afterwards_there_is_another(case: Case, cast: Cast) -> None:
    first = rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    assert rotating.rotate_data_key(case, reason="x", actor=cast.actor("maral")) == first
    finish()
    second = rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim", now=LATER))
    finish(LATER)
    assert (first.generation, second.generation) == (2, 3)
    assert RetiredKey.objects.count() == 2
    assert opened([stored(case.subject)])
    assert read_the_log() > 2


def test_one_child_does_not_wait_for_all(case: Case, cast: Cast) -> None:
    whole = rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    single = rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    assert resealing.waiting() == [single, whole]


# --- documents --------------------------------------------------------------------------------------------------------


def test_a_document_gets_a_new_name_and_key_and_the_former_file_goes_by_and_by(case: Case, cast: Cast) -> None:
    document = attach(case, cast)
    about = open_sealed(document, "about")
    was = {document.original: about["key"], document.working_copy: about["copy_key"]}
    content = {key: clear(file, key) for file, key in was.items()}
    rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    finish()
    document = Attachment.objects.select_related("subject").get()
    about = open_sealed(document, "about")
    now = {document.original: about["key"], document.working_copy: about["copy_key"]}
    assert about["copy"] == document.working_copy.hex
    assert not now.keys() & was.keys()
    assert not set(now.values()) & set(was.values())
    assert [clear(file, key) for file, key in now.items()] == list(content.values())
    assert all(path_of(file).exists() for file in was)  # somebody may have it open
    Leftover.objects.update(keep_until=NOW.replace(year=2000))
    erasing.tidy()
    assert not any(path_of(file).exists() for file in was)
    assert all(path_of(file).exists() for file in now)
    assert not Leftover.objects.exclude(file=None).exists()


def test_a_damaged_document_stays_as_it_is_and_keeps_nothing_else_back(case: Case, cast: Cast) -> None:
    document = attach(case, cast)
    path_of(document.original).write_bytes(b"nothing")
    rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    finish()
    now = Attachment.objects.select_related("subject").get()
    assert now.original == document.original
    assert now.working_copy != document.working_copy
    assert opened([stored(case.subject)])
    with pytest.raises(DamagedFile):
        clear(now.original, open_sealed(now, "about")["key"])


def test_many_documents_are_done_in_several_batches(
    case: Case, cast: Cast, register: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "FILES_AT_ONCE", 1)
    for one in (case, register(identity=OTHER), register(identity=OTHER)):
        attach(one, cast)
    before = set(Attachment.objects.values_list("original", flat=True))
    rotation = rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    batches = 0
    while resealing.go_on(rotation, NOW):
        batches += 1
        rotation.refresh_from_db()
    assert batches == 4  # the office, and one for each
    assert not before & set(Attachment.objects.values_list("original", flat=True))
