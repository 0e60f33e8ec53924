"""A sealed value opens in its own place only, and shows itself to nobody by accident."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from amanat import vault
from amanat.cases.models import Case, Child
from amanat.vault.models import Erased, Subject, SubjectKind
from amanat.vault.sealing import Sealed, SealedValue, Tampered, open_sealed, seal, unseal

SECRET = {"names": [{"given": "Canary-Aylar"}]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture
def subject(db: None) -> Subject:
    return Subject.objects.begin(SubjectKind.CHILD)


def a_child(subject: Subject, code_name: str = "quiet anchor", identity: object = SECRET) -> Child:
    return Child.objects.create(subject=subject, code_name=code_name, identity=identity)


def stored(child: Child, column: str = "identity") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM cases_child WHERE code_name = %s", [child.code_name])
        return bytes(cursor.fetchone()[0])


def put(child: Child, box: bytes, column: str = "identity") -> Child:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE cases_child SET {column} = %s WHERE code_name = %s",
            [connection.Database.Binary(box), child.code_name],
        )
    return Child.objects.select_related("subject").get(pk=child.pk)


def test_what_was_sealed_opens_again(subject: Subject) -> None:
    child = Child.objects.select_related("subject").get(pk=a_child(subject).pk)
    assert open_sealed(child, "identity") == SECRET


def test_nothing_of_it_is_stored_in_clear(subject: Subject) -> None:
    box = stored(a_child(subject))
    assert b"Canary" not in box
    assert base64.b64encode(b"Canary-Aylar")[:12] not in base64.b64encode(box)


def test_a_value_moved_to_another_row_does_not_open(subject: Subject) -> None:
    box = stored(a_child(subject))
    other = a_child(Subject.objects.begin(SubjectKind.CHILD), "late harbour")
    with pytest.raises(Tampered):
        open_sealed(put(other, box), "identity")


def test_a_value_moved_to_another_row_of_the_same_subject_does_not_open(subject: Subject) -> None:
    box = seal("a note", subject, "cases.event.note", b"1" * 16)
    with pytest.raises(Tampered):
        unseal(box, subject, "cases.event.note", b"2" * 16)


def test_a_value_moved_to_another_field_does_not_open(subject: Subject) -> None:
    child = a_child(subject)
    with pytest.raises(Tampered):
        open_sealed(put(child, stored(child), "contacts"), "contacts")


def test_a_changed_byte_is_noticed(subject: Subject) -> None:
    child = a_child(subject)
    box = bytearray(stored(child))
    box[-1] ^= 1
    with pytest.raises(Tampered):
        open_sealed(put(child, bytes(box)), "identity")


def test_equal_values_look_different(subject: Subject) -> None:
    assert seal("yes", subject, "x", b"1" * 16) != seal("yes", subject, "x", b"1" * 16)


def test_a_yes_is_as_long_as_a_no(subject: Subject) -> None:
    assert len(seal("yes", subject, "x", b"1" * 16)) == len(seal("no", subject, "x", b"1" * 16))


@given(clear=JSON)
def test_any_json_value_comes_back_as_it_was(clear: object) -> None:
    subject = Subject.fresh(SubjectKind.CHILD)
    assert unseal(seal(clear, subject, "x", b"1" * 16), subject, "x", b"1" * 16) == clear


def test_a_sealed_value_never_prints_itself(subject: Subject) -> None:
    child = a_child(subject)
    fresh, loaded = SealedValue(clear="Canary"), Child.objects.get(pk=child.pk).identity
    for value in (fresh, loaded, child.identity):
        assert "Canary" not in f"{value} {value!r}"
    with pytest.raises(TypeError):
        bool(fresh == loaded)


def test_a_sealed_column_can_not_be_written_in_bulk_past_its_row(subject: Subject) -> None:
    child = a_child(subject)
    with pytest.raises(TypeError):
        Child.objects.filter(pk=child.pk).update(identity={"clear": "text"})


def test_rows_created_in_bulk_are_sealed_as_well(subject: Subject) -> None:
    child = Child(subject=subject, code_name="slow lantern", identity=SECRET)
    Child.objects.bulk_create([child])
    assert b"Canary" not in stored(child)
    assert open_sealed(child, "identity") == SECRET


def test_a_subject_whose_key_is_erased_is_closed_to_everybody(subject: Subject) -> None:
    child = a_child(subject)
    Subject.objects.filter(pk=subject.pk).update(wrapped_key=b"")
    with pytest.raises(Erased):
        open_sealed(Child.objects.select_related("subject").get(pk=child.pk), "identity")


def test_a_data_key_wrapped_for_one_subject_does_not_serve_another(subject: Subject) -> None:
    other = Subject.objects.begin(SubjectKind.CHILD)
    Subject.objects.filter(pk=other.pk).update(wrapped_key=subject.wrapped_key)
    with pytest.raises(InvalidTag):
        _ = Subject.objects.get(pk=other.pk).cipher


def test_the_list_of_seal_ids_is_the_committed_one() -> None:
    committed = Path(vault.__file__).with_name("seals.txt").read_text().splitlines()[1:]
    models = [model for model in apps.get_models() if not model._meta.proxy]
    fields = [field for model in models for field in model._meta.get_fields() if isinstance(field, Sealed)]
    assert sorted(field.seal_id for field in fields) == committed
    assert len(set(committed)) == len(committed)


def test_every_sealed_field_belongs_to_a_part() -> None:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, Sealed):
                assert bool(field.part) != bool(field.part_from), field
                assert not field.part_from or model._meta.get_field(field.part_from)


def test_a_case_opens_with_the_same_subject_as_its_child(case: Case) -> None:
    assert json.dumps(open_sealed(case.child, "contacts"))
