"""Country packs for administrators: brought in as a .zip, told what is wrong, compared, used, and gone back from."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from amanat.access.actor import Actor
from amanat.audit.models import Entry
from amanat.cases.models import Case
from amanat.office import pack_shelf
from amanat.office.actions import packing
from amanat.office.models import PackVersion
from amanat.office.tests.sheets import arrival, sent
from amanat.office.tests.ways import counting, entries_of, read, send
from amanat.packs import installing
from amanat.packs.bundles import of_zip
from amanat.packs.tests import SHIPPED
from amanat.packs.tests.conftest import MANIFEST, RISK
from amanat.vault import control
from amanat.vault.uploads import SealingUploadHandler
from amanat.web.errors import PersonFacingError, Refused, Stale
from tests.cast import Cast

Browse = Callable[..., Client]
FILES = {"pack.toml": MANIFEST, "codes/risk.toml": RISK}
NEWER = {"pack.toml": MANIFEST.replace("0.1.0", "0.2.0"), "codes/risk.toml": RISK.replace("Storm", "Gale")}


@pytest.fixture
def used(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What the workspace was told to use, one after another."""
    told: list[tuple[str, ...]] = []
    settings.OWN_PACKS = tmp_path / "packs"
    settings.AMANAT_PACKS = [SHIPPED / "core"]
    monkeypatch.setattr(installing, "_uses", [told.append])
    return told


def zipped(files: dict[str, str] = FILES, folder: str = "island") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for place, text in files.items():
            archive.writestr(f"{folder}/{place}", text)
    return out.getvalue()


def upload(client: Client, files: dict[str, str] = FILES) -> str:
    return send(client, "/forms/packs/upload", file=sent(zipped(files), "island.zip"))


def uploaded(content: bytes, actor: Actor) -> PackVersion:
    """Without a page, so on both databases."""
    handler = SealingUploadHandler()
    handler.new_file("file", "island.zip", "application/zip", len(content))
    handler.receive_data_chunk(content, 0)
    done: PackVersion = packing.upload(file=handler.file_complete(len(content)), actor=actor)
    return done


def row(version: str) -> PackVersion:
    return PackVersion.objects.get(name="island", version=version)


def use(client: Client, key: str) -> str:
    return send(client, f"/forms/packs/named/{key}/use", seen=pack_shelf.turn())


def as_text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_pack_is_brought_in_used_replaced_and_gone_back_to(
    cast: Cast, browse: Browse, used: list[tuple[str, ...]], settings: Any
) -> None:
    viktor = browse("viktor")
    page = as_text(upload(viktor))
    assert "The pack has no faults." in page
    assert re.search(r"Is new: 1 .*Storm codes/risk: storm", page)
    assert used == []
    assert "Changed. Amanat begins anew" in use(viktor, row("0.1.0").pk.hex)
    assert used == [("core", "island")]
    file = settings.OWN_PACKS / "island" / "codes" / "risk.toml"
    assert file.read_text(encoding="utf-8") == RISK
    upload(viktor, NEWER)
    use(viktor, row("0.2.0").pk.hex)
    assert "Gale" in file.read_text(encoding="utf-8")
    former = row("0.1.0").pk.hex
    assert "Go back to it" in read(viktor, f"/forms/packs/named/{former}")
    use(viktor, former)
    assert file.read_text(encoding="utf-8") == RISK
    use(viktor, "moldova")
    assert used[-2:] == [("core", "island"), ("core", "instruments", "moldova")]
    told = [details["about"] for _entry, details in entries_of("pack.install")]
    assert told == ["island 0.1.0", "island 0.2.0", "island 0.1.0", "moldova 1.0.0"]
    assert [path.name for path in settings.OWN_PACKS.iterdir()] == ["island"]


def test_each_fault_stands_in_a_table_with_file_and_place_until_it_is_mended(
    cast: Cast, browse: Browse, used: list[tuple[str, ...]]
) -> None:
    viktor = browse("viktor")
    wrong = {
        **FILES,
        "codes/risk.toml": RISK.replace('code = "storm"', 'code = "storm!"'),
        "forms/arrival.md": "| survey |",
    }
    content = zipped(wrong)
    page = as_text(send(viktor, "/forms/packs/upload", file=sent(content, "island.zip")))
    assert "The pack has faults" in page
    assert "island/codes/risk.toml code 2 (storm!).code A code has only plain letters" in page
    assert "island/forms/arrival.md" in page
    held = PackVersion.objects.get()
    assert "Use it" not in read(browse("viktor"), f"/forms/packs/named/{held.pk.hex}")
    assert "This pack has faults." in use(viktor, held.pk.hex)
    assert viktor.get(f"/forms/packs/named/{held.pk.hex}/file").content == content
    upload(viktor)
    assert [one.version for one in PackVersion.objects.all()] == ["0.1.0"]
    assert "Thrown away" in send(viktor, f"/forms/packs/named/{row('0.1.0').pk.hex}/discard")
    assert not PackVersion.objects.exists()
    assert used == []


def test_letters_that_no_database_takes_are_told_and_many_faults_are_not_all_kept(
    cast: Cast, actor: Callable[..., Actor], used: list[tuple[str, ...]]
) -> None:
    odd = {**FILES, "pack.toml": MANIFEST.replace('en = "Island"', r'en = "Is\u0000land"')}
    (fault,) = uploaded(zipped(odd), actor("viktor")).told_faults
    assert (fault.where, fault.what) == ("title", "A text has a letter in it that nobody can read.")
    many = {**FILES, "codes/risk.toml": RISK + '\n[[code]]\ncode = "a\\u0000b"\n' * 400}
    done = uploaded(zipped(many), actor("viktor"))
    done.refresh_from_db()
    assert len(done.faults) == 500
    assert not [text for fault in done.faults for text in fault if "\0" in text]


@pytest.mark.sqlcipher_only
def test_a_form_that_can_t_work_is_told_at_the_upload(cast: Cast, browse: Browse, used: list[tuple[str, ...]]) -> None:
    """Patterns and functions of its forms are tried then, not when a child sits there."""
    patterns = arrival("1", (". < 18", r"regex(., '(a)\1')"))
    page = as_text(upload(browse("viktor"), {**FILES, "forms/arrival.md": patterns}))
    assert "island/forms/arrival.md" in page
    assert "Use it" not in page


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"pack.toml": MANIFEST.replace('extends = "core"\n', "")}, "does not stand on core"),
        (
            {"pack.toml": MANIFEST.replace('extends = "core"', 'extends = "demo/../core"')},
            "There is no pack demo/../core here",
        ),
    ],
)
def test_a_pack_without_the_base_is_refused(
    cast: Cast, browse: Browse, used: list[tuple[str, ...]], files: dict[str, str], told: str
) -> None:
    assert told in as_text(upload(browse("viktor"), files))


def test_what_is_no_pack_at_all_and_a_name_that_is_taken_are_told(
    cast: Cast, browse: Browse, used: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    viktor = browse("viktor")
    page = as_text(send(viktor, "/forms/packs/upload", file=sent(b"no zip", "x.zip")))
    assert "This is no .zip, or it is damaged." in page
    taken = zipped(FILES, "moldova")
    assert "Amanat brings a pack of this name itself" in send(viktor, "/forms/packs/upload", file=sent(taken, "y.zip"))
    assert "is empty" in send(viktor, "/forms/packs/upload", file=sent(b"", "x.zip"))
    monkeypatch.setattr(packing, "MOST_ZIPPED", 10)
    assert "larger than 0 MB" in send(viktor, "/forms/packs/upload", file=sent(zipped(), "x.zip"))


def test_another_pack_of_a_number_that_was_used_needs_a_higher_one(
    cast: Cast, browse: Browse, used: list[tuple[str, ...]]
) -> None:
    viktor = browse("viktor")
    other = {**FILES, "codes/risk.toml": RISK.replace("Storm", "Gale")}
    upload(viktor)
    upload(viktor, other)  # nobody used the first
    use(viktor, row("0.1.0").pk.hex)
    assert "Another pack with the version 0.1.0 was in use already" in upload(viktor)
    assert "in use" in upload(viktor, other)  # the very same is no new one
    assert PackVersion.objects.filter(faults=[]).count() == 1


def test_two_administrators_at_once_do_not_undo_each_other_and_what_was_used_stays(
    cast: Cast, browse: Browse, actor: Callable[..., Actor], used: list[tuple[str, ...]]
) -> None:
    upload(browse("viktor"))
    choice = pack_shelf.choice_of(row("0.1.0").pk.hex)
    packing.use(choice, seen=0, actor=actor("viktor"))
    with pytest.raises(Stale):
        packing.use(pack_shelf.choice_of("moldova"), seen=0, actor=actor("viktor"))
    with pytest.raises(PersonFacingError, match="was in use, so it stays"):
        packing.discard(row("0.1.0"), actor=actor("viktor"))
    assert used == [("core", "island")]


@pytest.mark.sqlcipher_only
def test_a_pack_that_a_colleague_threw_away_meanwhile_is_not_taken_into_use(
    cast: Cast, actor: Callable[..., Actor], used: list[tuple[str, ...]]
) -> None:
    choice = pack_shelf.choice_of(uploaded(zipped(), actor("viktor")).pk.hex)
    assert choice.row
    packing.discard(choice.row, actor=actor("viktor"))
    with pytest.raises(PersonFacingError, match="threw this pack away"):
        packing.use(choice, seen=0, actor=actor("viktor"))
    packing.discard(choice.row, actor=actor("viktor"))
    assert used == []


def test_only_an_administrator_who_signed_in_just_now_changes_the_pack(
    cast: Cast, browse: Browse, actor: Callable[..., Actor], used: list[tuple[str, ...]]
) -> None:
    answer = browse("viktor", proved=False).post("/forms/packs/named/moldova/use", {"seen": 0})
    assert "/account/confirm" in answer["Location"]
    assert "Republic of Moldova" in read(browse("kerim"), "/forms/packs")
    for name in ("kerim", "jemal", "aman"):
        assert browse(name).get("/forms/packs/upload").status_code == 404
        assert browse(name).get("/forms/packs/named/moldova/use").status_code == 404
        with pytest.raises(Refused):
            packing.use(pack_shelf.choice_of("moldova"), seen=0, actor=actor(name))
    assert browse("viktor").get("/forms/packs/named/demo").status_code == 200  # these tests run in a demo workspace
    assert browse("viktor").get("/forms/packs/named/nowhere").status_code == 404
    assert used == []


def test_who_serves_begins_anew_once_it_stands_in_the_log(
    cast: Cast,
    browse: Browse,
    used: list[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(control, "ask", lambda _folder, question: asked.append(question))
    with django_capture_on_commit_callbacks() as afterwards:
        use(browse("viktor"), "turkmenistan")
    assert asked == []
    assert packing._begin_anew in afterwards
    packing._begin_anew()
    assert asked == [{"ask": "renew"}]


def test_the_command_goes_the_same_way(cast: Cast, used: list[tuple[str, ...]], tmp_path: Path, settings: Any) -> None:
    island = of_zip("island.zip", zipped()).put(tmp_path)
    call_command("pack", "install", str(island), stdout=io.StringIO())
    entry, told = entries_of("pack.install")[0]
    assert (told["about"], entry.user) == ("island 0.1.0", None)
    assert pack_shelf.choice_of(row("0.1.0").pk.hex).is_used
    assert [one.name for one in pack_shelf.brought_in()] == ["island"]
    (island / "codes" / "risk.toml").write_text(RISK.replace("Storm", "Gale"), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("pack", "install", str(island), stdout=io.StringIO(), stderr=io.StringIO())
    assert (settings.OWN_PACKS / "island" / "codes" / "risk.toml").read_text(encoding="utf-8") == RISK
    call_command("pack", "install", str(SHIPPED / "moldova"), stdout=io.StringIO())
    assert used == [("core", "island"), ("core", "instruments", "moldova")]


def test_a_dropped_code_says_how_many_stored_answers_it_touches(
    cast: Cast, browse: Browse, used: list[tuple[str, ...]], case: Case
) -> None:
    Case.objects.update(risk="high")
    retired = RISK + '\n[[code]]\ncode = "high"\nretired = true\nlabel = {en = "H", tk = "H", ru = "H", ro = "H"}\n'
    page = as_text(upload(browse("viktor"), {**FILES, "codes/risk.toml": retired}))
    assert re.search(r"Is there no more: 1 .*codes/risk: high \d", page)
    assert case.child.code_name not in page


def test_what_a_pack_drops_is_counted_in_a_few_queries_however_much_it_is(
    cast: Cast, browse: Browse, used: list[tuple[str, ...]], settings: Any
) -> None:
    """All the instruments, and the codes, steps and bodies of a country."""
    settings.AMANAT_PACKS = [SHIPPED / pack for pack in ("core", "instruments", "moldova")]
    viktor = browse("viktor")
    read(viktor, "/forms/packs")  # the sign-in is over
    with counting() as asked:
        page = as_text(read(viktor, "/forms/packs/named/core/use"))
    assert "directory/organizations" in page
    assert len(asked) <= 12


# --- what the pack says, for everybody ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["jemal", "viktor", "kerim"])
def test_everybody_reads_what_the_pack_says_with_what_nobody_checked(
    cast: Cast, browse: Browse, settings: Any, name: str
) -> None:
    settings.AMANAT_PACKS = [SHIPPED / pack for pack in ("core", "instruments", "moldova")]
    page = as_text(read(browse(name), "/country"))
    shelter = page[page.index("Shelter and crisis assistance") :]
    assert "30 days" in shelter[:250]
    assert "unverified" in shelter[:600]
    assert "Government Decision 472/2008" in page
    assert "Government Decision 472/2008 unverified" not in page
    assert "Operational indicators: children, labour" in page
    assert "Deceived about going to school (strong)" in page
    assert not Entry.objects.filter(user=cast[name].user, subject__kind="child").exists()


def test_core_names_no_body_and_still_says_its_steps(cast: Cast, browse: Browse, settings: Any) -> None:
    settings.AMANAT_PACKS = [SHIPPED / "core"]
    page = as_text(read(browse("jemal"), "/country"))
    assert "The pack names none." in page
    assert "Have a guardian appointed" in page
