"""New data keys when the process is killed, beside people at work, and after an erasure; and what a new room has to keep to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import models, transaction

from amanat.access.models import Draft
from amanat.access.policy import Part
from amanat.audit.models import Entry
from amanat.cases import known
from amanat.cases.actions import changing, writing
from amanat.cases.models import Attachment, Case, Child, Event
from amanat.cases.tests.docs import attach
from amanat.cases.tests.test_sweep_at_once import beside
from amanat.desk.actions import rotating
from amanat.desk.actions.locking import Gone
from amanat.desk.rekeying import Rekeyer
from amanat.desk.tests.rotated import clear, finish, of_now, opened, stored
from amanat.desk.tests.ways import erased
from amanat.exchange.models import Import
from amanat.exchange.tests.bringing import looked
from amanat.office.tests.ways import counting, read
from amanat.vault import boxes, index, refiling, resealing
from amanat.vault.files import path_of
from amanat.vault.models import (
    Erased,
    Indexed,
    Leftover,
    RetiredKey,
    Rotation,
    Subject,
)
from amanat.vault.resealing import Overtaken
from amanat.vault.sealing import Tampered, open_sealed, text_in, unseal
from amanat.vault.stored import sealed_of
from tests.cast import CONTACTS, IDENTITY, NOW, Cast

pytestmark = pytest.mark.django_db
OTHER = IDENTITY | {"names": [{"given": "Leýla", "family": "Hojagulyýewa"}]}


class Killed(Exception):
    """The process ends here."""


# --- killed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "name"), [(refiling, "_copied"), (boxes, "_of_model"), (boxes, "_cards"), (resealing, "_move")]
)
@pytest.mark.parametrize("batches", [0, 1, 2])
def test_killed_half_way_it_goes_on_where_it_stood(
    case: Case,
    cast: Cast,
    register: Callable[..., Case],
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    batches: int,
) -> None:
    for one in (case, register(identity=OTHER), register()):
        attach(one, cast)
    documents = set(Attachment.objects.values_list("original", "working_copy"))
    rotation = rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    subjects = Subject.objects.count()
    monkeypatch.setattr(resealing, "AT_ONCE", 1)
    kill_after(batches, monkeypatch, module, name)
    with pytest.raises(Killed):
        go_on_to_the_end(rotation)
    monkeypatch.undo()
    assert Attachment.objects.count() == len(documents)
    for document in Attachment.objects.select_related("subject"):
        assert clear(document.original, open_sealed(document, "about")["key"])
    finish()
    assert opened()
    assert RetiredKey.objects.count() == subjects  # nobody got two
    assert not documents & set(Attachment.objects.values_list("original", "working_copy"))
    media = {path.name for path in path_of(document.original).parent.parent.glob("??/*")}
    used = {one.hex for pair in Attachment.objects.values_list("original", "working_copy") for one in pair}
    left = {one.hex for one in Leftover.objects.exclude(file=None).values_list("file", flat=True)}
    assert media & {one.hex for pair in documents for one in pair} <= left
    assert used <= media
    assert not used & left


def go_on_to_the_end(rotation: Rotation) -> None:
    while resealing.go_on(rotation, NOW):
        rotation.refresh_from_db()


def kill_after(batches: int, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let a function work so many times; the next time its work is done, and the process ends before it is committed."""
    work, left = getattr(module, name), [batches]

    def killed(*args: Any, **more: Any) -> Any:
        done = work(*args, **more)
        if not left[0]:
            raise Killed
        left[0] -= 1
        return done

    monkeypatch.setattr(module, name, killed)


def test_a_large_import_that_was_killed_in_the_middle_gets_no_second_key(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = looked(cast.actor("jemal"), [["Maral", "Orazowa", "2012-01-02"]])
    rotation = rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    resealing.go_on(rotation, NOW)
    rotation.refresh_from_db()
    kill_after(0, monkeypatch, boxes, "_of_model")
    with pytest.raises(Killed):
        resealing.go_on(rotation, NOW)
    monkeypatch.undo()
    assert open_sealed(Import.objects.select_related("subject").get(), "about")
    finish()
    assert RetiredKey.objects.filter(subject=held.subject).count() == 1
    assert opened([stored(held.subject)])


def test_a_batch_that_another_process_did_is_not_done_again(case: Case, cast: Cast) -> None:
    rotation = rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    resealing.go_on(Rotation.objects.get(), NOW)
    with pytest.raises(Overtaken):
        resealing.go_on(rotation, NOW)
    assert RetiredKey.objects.count() == 1


# --- beside people at work --------------------------------------------------------------------------------------------


def test_who_read_the_former_key_reads_and_writes_on_and_the_second_look_finds_it(case: Case, cast: Cast) -> None:
    stale = Case.objects.select_related("subject", "child").get(pk=case.pk)
    assert stale.subject.cipher
    rotation = rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    go_on_to_the_end(rotation)
    stale.child.subject = stale.subject
    assert open_sealed(Child.objects.get(pk=stale.child_id), "identity") == IDENTITY
    child = Child.objects.get(pk=stale.child_id)
    child.subject = stale.subject  # with the key of before: what stands under that of now opens as well
    assert open_sealed(child, "identity") == IDENTITY
    writing.note(stale, part="narrative", text="Written a moment late.", actor=cast.actor("jemal"))
    event = Event.objects.select_related("subject").get(kind="note")
    assert open_sealed(event, "note")["text"] == "Written a moment late."
    with pytest.raises(InvalidTag):
        opened([stored(case.subject)])
    finish()
    assert opened([stored(case.subject)])
    assert RetiredKey.objects.count() == 1


def test_the_second_look_waits_until_they_have_written(case: Case, cast: Cast) -> None:
    rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    patient = Rekeyer(lambda: NOW, settled=1000)
    while patient.turn():
        pass
    held = Rotation.objects.get()
    assert (held.again, held.done, held.ended_at) == (False, 1, None)
    finish()


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_it_waits_for_nobody_who_holds_a_row(case: Case, cast: Cast) -> None:
    rotation = rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    with transaction.atomic():
        changing.correct(
            case, part=Part.CONTACTS, value=CONTACTS | {"called": "Aý"}, reason="x", actor=cast.actor("jemal")
        )
        thread, given = beside(lambda: resealing.go_on(rotation, NOW))
        thread.join()
        assert given == [True]
    with pytest.raises(InvalidTag):
        opened([stored(case.subject)])
    assert open_sealed(Child.objects.select_related("subject").get(), "contacts")["called"] == "Aý"
    finish()
    assert opened([stored(case.subject)])


def test_a_child_is_known_again_before_and_after(case: Case, cast: Cast) -> None:
    rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    finish()
    assert known.in_own_circle(IDENTITY, {}, cast.actor("jemal"))[0].file.row == case
    row = Indexed.objects.get()
    place = resealing.boxes.bound_to(case.subject_id, index.CARD, case.subject_id.bytes)
    assert text_in(bytes(row.card), of_now(stored(case.subject)), place)


def test_the_log_costs_no_query_for_each_line_afterwards(case: Case, cast: Cast, browse: Any) -> None:
    client = browse("kerim")
    for _look in range(12):
        read(client, "/desk/holds")
    rotating.rotate_data_keys(reason="x", actor=cast.actor("kerim"))
    finish()
    with counting() as queries:
        read(client, "/desk/log")
    assert len(queries) <= 12


# --- erased -----------------------------------------------------------------------------------------------------------


def test_of_an_erased_child_nothing_opens_under_a_former_key_either(case: Case, cast: Cast) -> None:
    boxed = read_box(case)
    rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    finish()
    stale = stored(case.subject)
    assert text_of(stale, boxed)  # under the former key
    erased(case, cast)
    assert not RetiredKey.objects.exists()
    assert not Rotation.objects.exists()
    with pytest.raises(Erased):
        _ = stored(case.subject).cipher
    with pytest.raises(Tampered):
        text_of(stored_with(case.subject, stale), boxed)


def read_box(case: Case) -> tuple[Any, bytes]:
    """A sealed value as somebody copied it out of the database."""
    held = Child.objects.get(pk=case.child_id)
    return held.pk, held.identity._box


def text_of(subject: Subject, copied: tuple[Any, bytes]) -> Any:
    pk, box = copied
    return unseal(box, subject, "cases.child.identity", pk.bytes)


def stored_with(subject: Subject, held: Subject) -> Subject:
    """As a process has it that read the key before the erasure and asks for the others after it."""
    return Subject(id=subject.pk, kind=subject.kind, wrapped_key=bytes(held.wrapped_key))


def test_an_erasure_in_the_middle_ends_the_rotation_of_that_child(case: Case, cast: Cast) -> None:
    rotation = rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))
    erased(case, cast)
    assert not resealing.go_on(rotation, NOW)
    assert not resealing.waiting()
    with pytest.raises(Gone):
        rotating.rotate_data_key(case, reason="x", actor=cast.actor("kerim"))


# --- what a new room has to keep to -----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", list(boxes.models()), ids=lambda model: model._meta.label)
def test_the_rows_of_a_subject_are_found_by_an_index(model: Any) -> None:
    """The way through `by_subject` ends at a column that begins an index, and so does each step on it."""
    for step in model.by_subject.split("__"):
        field = model._meta.get_field(step)
        first = {fields[0] for fields in indexed(model)}
        assert field.db_index or field.unique or field.name in first, (model, step)
        model = field.related_model


def indexed(model: Any) -> list[list[str]]:
    unique = [c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and not c.condition]
    return [list(one) for one in [*unique, *(i.fields for i in model._meta.indexes if not i.condition)] if one]


def test_every_model_with_a_sealed_field_is_gone_through_but_the_log() -> None:
    every = {model for model in apps.get_models() if sealed_of(model)}
    assert every - set(boxes.models()) == {Entry}
    assert Draft in every
