"""Forms for administrators: uploaded, mended, published, taken back, and what a new version changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from amanat import packs
from amanat.access.actor import Actor
from amanat.audit.models import Entry, Outcome
from amanat.cases.models import Case
from amanat.forms import kept
from amanat.forms.models import Form, FormVersion, Record
from amanat.office import shelf
from amanat.office.actions import publishing
from amanat.office.models import Upload
from amanat.office.tests.sheets import arrival, sent
from amanat.office.tests.ways import counting, entries_of, read, send
from amanat.packs import differences
from amanat.packs.tests import SHIPPED
from amanat.packs.tests.conftest import MANIFEST
from amanat.people.clock import stopped
from amanat.web.errors import PersonFacingError, Refused, Stale
from tests.cast import NOW, Cast

Browse = Callable[..., Client]
FAULTY = ("| integer | age", "| integr | age")


def offered() -> list[str]:
    return [one.name for one in kept.published()]


def upload(client: Client, text: str, name: str = "arrival.md") -> str:
    return send(client, "/forms/upload", file=sent(text, name))


def version(number: str) -> FormVersion:
    return FormVersion.objects.select_related("form").get(form__name="arrival", version=number)


def publish(client: Client, number: str) -> str:
    found = version(number)
    return send(client, f"/forms/named/arrival/{found.pk}/publish", seen=found.form.version)


def filled(case: Case, number: str, by: str, cast: Cast) -> Record:
    """A record of it on the child's file; what was answered is of no matter here."""
    return Record.objects.create(
        subject=case.subject,
        number=Record.objects.count() + 1,
        instance_id=f"uuid:{Record.objects.count()}",
        form_version=version(number),
        recorded_at=NOW,
        recorded_by=cast[by],
        changed_at=NOW,
    )


def test_a_form_is_uploaded_and_offered_once_it_is_published(cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    page = upload(viktor, arrival())
    assert "It has no faults." in page
    assert "Arrival at the centre" in page
    assert "arrival" not in offered()
    assert "from now on this version is filled in" in publish(viktor, "1")
    assert "arrival" in offered()
    assert [entries_of(name)[0][1]["about"] for name in ("form.upload", "form.publish")] == [
        "arrival 1 (arrival.md)",
        "arrival 1 (arrival.md)",
    ]


def test_what_is_wrong_is_told_with_its_place_and_kept_until_it_is_mended(cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    page = upload(viktor, arrival("1", FAULTY))
    assert "It has faults" in page
    assert "survey" in page
    assert "integr" in page
    held = Upload.objects.get()
    assert held.told_faults
    assert all(fault.where and fault.what and fault.mend for fault in held.told_faults)
    assert read(browse("kerim"), f"/forms/uploads/{held.pk}").count("<tr>") == len(held.told_faults) + 1
    assert "arrival.md" in read(viktor, "/forms")
    upload(viktor, arrival())
    assert not Upload.objects.exists()


def test_what_is_no_form_at_all_is_kept_by_the_name_of_the_file_until_it_is_thrown_away(
    cast: Cast, browse: Browse
) -> None:
    viktor = browse("viktor")
    upload(viktor, "no table here", "notes.md")
    upload(viktor, "nor here", "notes.md")
    held = Upload.objects.get()
    assert viktor.get(f"/forms/uploads/{held.pk}/file").content == b"nor here"
    assert "Thrown away" in send(viktor, f"/forms/uploads/{held.pk}/discard")
    assert not Upload.objects.exists()


def test_an_empty_and_a_too_large_file_are_told_at_their_field(
    cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    viktor = browse("viktor")
    assert "The file arrival.md is empty." in upload(viktor, "")
    page = upload(viktor, "x" * (5 * 1024 * 1024 + 1))
    assert "larger than 5 MB" in page
    assert "Choose the files once more" in page
    assert not Upload.objects.exists()


def test_the_same_number_for_another_form_is_refused_once_it_is_offered(cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    upload(viktor, arrival())
    upload(viktor, arrival("1", ("Age in years", "Age")))
    assert version("1").source_name == "arrival.md"
    assert b"Age in years" not in bytes(version("1").source)  # a draft gives way
    publish(viktor, "1")
    assert "There is a version 1 of this form already" in upload(viktor, arrival())
    assert b"Age in years" not in bytes(version("1").source)


def test_a_new_version_says_what_it_changes_and_how_many_records_that_touches(
    cast: Cast, browse: Browse, case: Case
) -> None:
    viktor = browse("viktor")
    upload(viktor, arrival())
    publish(viktor, "1")
    filled(case, "1", "jemal", cast)
    filled(case, "1", "jemal", cast)
    changed = arrival(
        "2",
        ("| integer | age | Age", "| text | nickname | Called | Зовут | | | | | facts | |\n|  | integer | age | Age"),
        ("| text | with_whom |", "| text | companion |"),
        ("| contacts | |", "| safety | |"),
        ("|  | yes_no | unknown | Not known | Неизвестно |\n", ""),
        ("Something hurts now | Сейчас что-то болит | | | | | health_alerts", "Pain | Боль | | | | | health_file"),
    )
    upload(viktor, changed)
    page = read(viktor, f"/forms/named/arrival/{version('2').pk}/publish")
    rows: dict[str, str] = {}
    for name, cells in re.findall(r'<small class="soft">([\w: ]+)</small></th>(.*?)</tr>', page, re.DOTALL):
        rows[name] = rows.get(name, "") + re.sub(r"<[^>]+>|\s+", " ", cells)
    assert "is new" in rows["nickname"]
    assert "with_whom → companion" in rows["companion"]
    assert "contacts → safety" in rows["companion"]
    assert "health: alerts and medicines → health: file" in rows["hurts"]
    assert "can&#x27;t be chosen any more" in rows["yes_no: unknown"]
    assert [rows[name].split()[-1] for name in ("nickname", "companion", "hurts", "yes_no: unknown")] == [
        "–",
        "2",
        "2",
        "2",
    ]


def test_one_goes_back_to_an_older_version_and_to_none(cast: Cast, browse: Browse, case: Case) -> None:
    viktor = browse("viktor")
    for number in ("1", "2"):
        upload(viktor, arrival(number))
        publish(viktor, number)
    record = filled(case, "2", "jemal", cast)
    publish(viktor, "1")
    assert kept.current("arrival") == version("1")
    page = send(viktor, "/forms/named/arrival/take-back", seen=Form.objects.get(name="arrival").version)
    assert "nobody is offered this form any more" in page
    assert "arrival" not in offered()
    assert Record.objects.get() == record
    publish(viktor, "2")
    assert kept.current("arrival") == version("2")


def test_two_administrators_at_once_do_not_undo_each_other(
    cast: Cast, browse: Browse, actor: Callable[..., Actor]
) -> None:
    viktor = browse("viktor")
    upload(viktor, arrival())
    upload(viktor, arrival("2"))
    stale = version("1").form.version
    publishing.publish(version("2"), seen=stale, actor=actor("viktor"))
    with pytest.raises(Stale):
        publishing.publish(version("1"), seen=stale, actor=actor("viktor"))
    with pytest.raises(Stale):
        publishing.take_back(version("1").form, seen=stale, actor=actor("viktor"))
    page = send(viktor, f"/forms/named/arrival/{version('1').pk}/publish", seen=stale)
    assert "Somebody else changed this" in page
    assert kept.current("arrival") == version("2")


def test_what_was_filled_in_or_is_offered_is_never_deleted(
    cast: Cast, browse: Browse, actor: Callable[..., Actor], case: Case
) -> None:
    viktor = browse("viktor")
    upload(viktor, arrival())
    publish(viktor, "1")
    filled(case, "1", "jemal", cast)
    upload(viktor, arrival("2"))
    with pytest.raises(PersonFacingError, match="offered now"):
        publishing.discard_version(version("1"), actor=actor("viktor"))
    publish(viktor, "2")
    with pytest.raises(PersonFacingError, match="was filled in"):
        publishing.discard_version(version("1"), actor=actor("viktor"))
    assert "Throw away" not in read(viktor, "/forms/named/arrival")


def test_a_version_that_nobody_used_is_thrown_away_and_its_form_with_the_last(cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    upload(viktor, arrival())
    page = send(viktor, f"/forms/named/arrival/{version('1').pk}/discard")
    assert "Thrown away" in page
    assert not Form.objects.filter(name="arrival").exists()


def test_the_workbook_comes_back_as_it_was_sent(cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    upload(viktor, arrival())
    answer = viktor.get(f"/forms/named/arrival/{version('1').pk}/file")
    assert answer.content.decode() == arrival()
    assert answer["Content-Disposition"] == 'attachment; filename="arrival.md"'


def test_a_letter_that_no_database_takes_is_left_out(cast: Cast, browse: Browse) -> None:
    assert "It has no faults." in upload(browse("viktor"), arrival("1", ("| arrival | 1 |", "| arri\0val | 1 |")))
    assert version("1").form.name == "arrival"


def test_lists_that_a_form_reads_come_with_it(cast: Cast, browse: Browse) -> None:
    from_a_list = ("select_one yes_no | alone", "select_one_from_file towns.csv | alone")
    towns = sent("name,label\nnorth,Northern town\nsouth,Southern town\n", "towns.csv")
    viktor = browse("viktor")
    page = send(viktor, "/forms/upload", file=sent(arrival("1", from_a_list)), lists=[towns])
    assert "It has no faults." in page
    page = read(viktor, f"/forms/named/arrival/{version('1').pk}/try")
    assert "Northern town" in page


def test_who_is_no_administrator_changes_nothing_and_an_officer_looks(
    cast: Cast, browse: Browse, actor: Callable[..., Actor]
) -> None:
    viktor = browse("viktor")
    upload(viktor, arrival())
    found = version("1")
    assert "Publish" not in read(browse("kerim"), "/forms/named/arrival")
    assert "Age in years" in read(browse("kerim"), f"/forms/named/arrival/{found.pk}/try")
    for name in ("kerim", "jemal", "aman"):
        assert browse(name).get("/forms/upload").status_code == 404
        with pytest.raises(Refused):
            publishing.publish(found, seen=found.form.version, actor=actor(name))
    assert browse("jemal").get("/forms").status_code == 404


def test_publishing_asks_for_a_fresh_sign_in(cast: Cast, browse: Browse) -> None:
    upload(browse("viktor"), arrival())
    address = f"/forms/named/arrival/{version('1').pk}/publish"
    answer = browse("viktor", proved=False).post(address, {"seen": version("1").form.version})
    assert "/account/confirm" in answer["Location"]
    assert "arrival" not in offered()


def test_an_administrator_sees_counts_and_no_child(cast: Cast, browse: Browse, case: Case) -> None:
    viktor = browse("viktor")
    upload(viktor, arrival(verified="no"))
    publish(viktor, "1")
    filled(case, "1", "jemal", cast)
    for address in ("/forms", "/forms/named/arrival"):
        page = read(viktor, address)
        assert case.child.code_name not in page
        assert "Invented for a test" in page
        assert "unverified" in page
    assert not Entry.objects.filter(user=cast["viktor"].user, subject=case.subject, outcome=Outcome.READ).exists()
    assert next(one.records for one in shelf.forms() if one.name == "arrival") == 1


def test_the_list_asks_no_more_however_many_forms_there_are(cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    upload(viktor, arrival())
    first = version("1")
    with counting() as few:
        read(viktor, "/forms")
    for number in range(8):
        form = Form.objects.create(name=f"form_{number}")
        first.pk, first.form = None, form
        first.save(force_insert=True)
        Form.objects.filter(pk=form.pk).update(published=first)
    with counting() as many:
        read(viktor, "/forms")
    assert len(many) == len(few) <= 12


@pytest.fixture
def in_a_pack(tmp_path: Path, settings: Any) -> Path:
    """The form *arrival* stands in the workspace's pack."""
    folder = tmp_path / "island"
    (folder / "forms").mkdir(parents=True)
    (folder / "pack.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "forms" / "arrival.md").write_text(arrival("7"), encoding="utf-8")
    settings.AMANAT_PACKS = [SHIPPED / "core", folder]
    return folder / "forms" / "arrival.md"


def test_a_form_of_the_pack_gives_way_to_an_uploaded_one_and_is_followed_again(
    in_a_pack: Path, cast: Cast, browse: Browse
) -> None:
    viktor = browse("viktor")
    page = read(viktor, "/forms")
    assert "Island" in page
    assert "of the pack" in page
    assert "It follows the pack" in read(viktor, "/forms/named/arrival")
    with stopped(NOW + timedelta(minutes=1)):
        upload(viktor, arrival("8"))
    assert kept.current("arrival") == version("7")
    assert "a newer version waits" in read(viktor, "/forms")
    publish(viktor, "8")
    assert kept.current("arrival") == version("8")
    assert "It follows the pack" not in read(viktor, "/forms/named/arrival")
    publish(viktor, "7")
    assert Form.objects.get(name="arrival").follows_pack


def test_a_form_of_the_pack_is_taken_back_and_published_again(in_a_pack: Path, cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    read(viktor, "/forms/named/arrival")
    send(viktor, "/forms/named/arrival/take-back", seen=1)
    assert "arrival" not in offered()
    assert "not published" in read(viktor, "/forms/named/arrival")
    publish(viktor, "7")
    assert "arrival" in offered()


def test_a_form_of_the_pack_that_can_t_work_says_why(in_a_pack: Path, cast: Cast, browse: Browse) -> None:
    in_a_pack.write_text(arrival("7", (". < 18", "nosuch(.) < 18")), encoding="utf-8")
    assert "arrival" in read(browse("viktor"), "/forms")
    answer = browse("viktor").get("/forms/named/arrival")
    assert "There is no function nosuch()." in answer.content.decode()


def test_a_newer_pack_tells_what_its_forms_drop_and_how_many_records_that_touches(
    in_a_pack: Path, tmp_path: Path, cast: Cast, browse: Browse, case: Case
) -> None:
    read(browse("viktor"), "/forms/named/arrival")
    filled(case, "7", "jemal", cast)
    newer = tmp_path / "newer" / "island"
    shutil.copytree(in_a_pack.parents[1], newer)
    without = arrival(
        "8", ("|  | text | with_whom | Who came along | Кто сопровождал | ${alone} = 'no' | | | | contacts | |\n", "")
    )
    (newer / "forms" / "arrival.md").write_text(without, encoding="utf-8")
    before, after = (packs.load(folder, known=[SHIPPED / "core"]) for folder in (in_a_pack.parents[1], newer))
    found = [one for one in differences.differences(before, after) if one.section == "forms"]
    assert [(one.where, one.name, one.before) for one in found] == [("forms/arrival", "with_whom", "Who came along")]
    assert differences.touched(found) == [1]
