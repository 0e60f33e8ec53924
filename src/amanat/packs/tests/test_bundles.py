"""A .zip is taken in whole, or refused with a sentence: it may come from anybody, and may have been made to do harm."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from amanat.packs import FaultyPack, bundles, toml

pytestmark = [pytest.mark.sqlcipher_only]  # no database is asked
GOOD = {"island/pack.toml": b'name = "island"', "island/codes/risk.toml": b"title = 3"}


def zipped(files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda info: None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            change(info)
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def refused(content: bytes, name: str = "island.zip") -> str:
    with pytest.raises(FaultyPack) as told:
        bundles.of_zip(name, content)
    (fault,) = told.value.faults
    assert fault.mend
    return str(fault)


def test_a_folder_and_what_stands_in_it_are_the_same_pack(tmp_path: Path) -> None:
    within = {name.removeprefix("island/"): content for name, content in GOOD.items()}
    one, other = bundles.of_zip("x.zip", zipped(GOOD)), bundles.of_zip("x.zip", zipped(within))
    assert one == other
    assert (one.name, sorted(one.files)) == ("island", ["codes/risk.toml", "pack.toml"])
    folder = one.put(tmp_path)
    assert (folder / "codes" / "risk.toml").stat().st_mode & 0o777 == 0o600
    assert bundles.of_folder(folder).digest == one.digest == bundles.of_zip("y.zip", one.zipped()).digest


def test_what_is_hidden_or_of_a_mac_is_passed_over() -> None:
    more = {"island/.git/config": b"x", "__MACOSX/island/._pack.toml": b"x", "island/.DS_Store": b"x"}
    assert bundles.of_zip("x.zip", zipped({**GOOD, **more})) == bundles.of_zip("x.zip", zipped(GOOD))


@pytest.mark.parametrize(
    "place", ["../evil.toml", "island/../../evil.toml", "/etc/evil", "island\\..\\evil", "c:/evil", "a//b"]
)
def test_nothing_leads_out_of_the_folder(place: str) -> None:
    assert "may not point out of its folder" in refused(zipped({**GOOD, place: b""}))


def test_a_link_is_refused_whatever_it_leads_to() -> None:
    def link(info: zipfile.ZipInfo) -> None:
        if info.filename.endswith("risk.toml"):
            info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16

    assert "may not point out" in refused(zipped(GOOD, link))


def test_a_bomb_is_not_unpacked_further_than_a_pack_may_be_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MOST_BYTES", 1000)
    assert "files and 0 MB at most" in refused(zipped({**GOOD, "island/a": bytes(5000)}))
    lying = zipped({"island/pack.toml": b"", "island/a": bytes(5000)})
    for at in (lying.rfind(b"PK\1\2") + 24, lying.rfind(b"PK\3\4") + 22):  # the length that it claims to have
        lying = lying[:at] + struct.pack("<I", 10) + lying[at + 4 :]
    assert "no .zip, or it is damaged" in refused(lying)


def test_too_many_files_are_refused_and_too_long_a_list_of_them_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = zipped({f"island/{number}": b"" for number in range(50)})
    monkeypatch.setattr(bundles, "_MOST_LISTED", 500)
    assert "at most" in refused(many)
    monkeypatch.undo()
    monkeypatch.setattr(bundles, "MOST_FILES", 20)
    assert "A pack has 20 files" in refused(many)


def test_what_is_no_zip_is_told(tmp_path: Path) -> None:
    whole = zipped(GOOD)
    for wrong in (b"", b"PK\3\4nonsense", whole[:-30], whole[:40] + b"\0" * 30 + whole[70:], b"name = 1"):
        assert "no .zip, or it is damaged" in refused(wrong)


def test_a_password_and_an_odd_way_of_packing_are_told() -> None:
    locked = zipped(GOOD)
    for mark, behind in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = locked.find(mark) + behind
        locked = locked[:at] + b"\1\0" + locked[at + 2 :]
    assert "locked by a password" in refused(locked)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("island/pack.toml", b"x")
    assert "way of packing is not known" in refused(out.getvalue())


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"Not A Name/pack.toml": b""}, "only small plain letters"),
        ({"pack.toml": b"name = 3"}, "only small plain letters"),
        ({"island/a": b"", "island/a/b": b""}, "a file and a folder at once"),
        ({"island/" + "a/" * 9 + "b": b""}, "too deep"),
    ],
)
def test_other_names_that_can_t_be_used(files: dict[str, bytes], told: str) -> None:
    assert told in refused(zipped(files), "3.zip")


def test_a_manifest_that_would_take_hours_to_read_names_no_pack() -> None:
    for slow in (b"name = 'island'\n" + b"a." * 400_000 + b"a = 1", b"name = 'island'\n" + b"#" * toml.MOST_BYTES):
        assert bundles.of_zip("bay.zip", zipped({"pack.toml": slow})).name == "bay"


def test_one_name_twice_is_told() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("island/pack.toml", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("island/pack.toml", b"two")
    assert "stands here twice" in refused(out.getvalue())
