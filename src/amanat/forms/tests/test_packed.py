"""Forms of a pack: read with it, tried once when it is checked, and each fault told with its file and place."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from amanat import packs
from amanat.cases.tests.arriving import ARRIVAL
from amanat.forms.packed import FORMS

MANIFEST = """
name = "island"
version = "1.0.0"
languages = ["en"]
time_zone = "UTC"
weekend = ["sunday"]
title.en = "Island"
"""


def pack(folder: Path, **forms: str) -> Path:
    (folder / "island" / "forms").mkdir(parents=True)
    (folder / "island" / "pack.toml").write_text(MANIFEST)
    for name, text in forms.items():
        (folder / "island" / "forms" / f"{name}.md").write_text(text)
    return folder / "island"


def test_a_pack_brings_its_forms(tmp_path: Path) -> None:
    island = pack(tmp_path, arrival=ARRIVAL)
    assert packs.check(island) == []
    written = packs.load(island).part(FORMS)["arrival"]
    assert written.parts == ["contacts", "facts", "health_alerts"]
    assert written.workbook.title.text("ru") == "Прибытие в центр"


def test_two_forms_of_one_name_and_a_part_that_is_none_are_faults(tmp_path: Path) -> None:
    faults = packs.check(pack(tmp_path, one=ARRIVAL, two=ARRIVAL, three=ARRIVAL.replace("| contacts |", "| audit |")))
    assert {fault.file for fault in faults} == {"island/forms/three.md", "island/forms/two.md"}


def test_what_shows_only_when_a_form_is_used_is_told_by_the_check(tmp_path: Path) -> None:
    island = pack(tmp_path, arrival=ARRIVAL.replace("if(${hurts} = 'yes', 2, 0)", "no-such-function(${hurts})"))
    faults = packs.check(island)
    assert [fault.file for fault in faults] == ["island/forms/arrival.md"]
    assert "no-such-function" in faults[0].what
    packs.load(island)  # a workspace opens all the same; the form alone can't be filled in


def test_a_file_that_is_no_form_is_a_fault(tmp_path: Path) -> None:
    island = pack(tmp_path)
    (island / "forms" / "arrival.docx").write_bytes(b"")
    assert [fault.file for fault in packs.check(island)] == ["island/forms/arrival.docx"]


def test_a_group_that_the_pack_does_not_list_is_a_fault(tmp_path: Path) -> None:
    text = ARRIVAL.replace("| form_title |", "| amanat::group | form_title |")
    island = pack(tmp_path, arrival=text.replace("| Arrival at the centre |", "| shore | Arrival at the centre |"))
    groups = island / "codes" / "form_group.toml"
    assert [fault.what for fault in packs.check(island)] == []  # without a list none is known, and none is shown
    groups.parent.mkdir()
    groups.write_text('source = "Custom"\ntitle.en = "Groups"\n[[code]]\ncode = "sea"\nlabel.en = "At sea"\n')
    (fault,) = packs.check(island)
    assert (fault.file, fault.where) == ("island/forms/arrival.md", "sheet settings, row 2, column amanat::group")
    assert fault.mend == "Write one of: sea."


def test_pictures_that_lie_beside_a_form_come_with_it_and_what_is_none_is_a_fault(tmp_path: Path) -> None:
    island = pack(tmp_path, arrival=ARRIVAL)
    media = island / "forms" / "arrival-media"
    media.mkdir()
    before = packs.load(island).part(FORMS)["arrival"].digest
    Image.new("RGB", (4, 4)).save(media / "house.png")
    (media / "towns.csv").write_text("name,label\n")
    written = packs.load(island).part(FORMS)["arrival"]
    assert set(written.files) == {"house.png"}
    assert set(written.media) == {"towns.csv"}
    assert written.digest != before
    (media / "plan.svg").write_text("<svg/>")
    assert [fault.file for fault in packs.check(island)] == ["island/forms/arrival-media/plan.svg"]
