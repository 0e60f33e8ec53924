"""`pack check`: every fault is told, with file, place and how to mend it, all of them at once."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from amanat.packs import Fault, FaultyPack, check, load

FaultsOf = Callable[..., list[Fault]]


def told(faults: list[Fault]) -> str:
    return "\n".join(map(str, faults))


def test_a_good_pack_has_no_fault(island: Path) -> None:
    assert check(island) == []


@pytest.mark.parametrize(
    ("key", "line", "instead", "says"),
    [
        ("name", 'name = "island"', 'name = "Island 1"', "small plain letters"),
        ("name", 'name = "island"', 'name = "islet"', "The folder is called island"),
        ("version", 'version = "0.1.0"', 'version = "1"', "three numbers"),
        ("version", 'version = "0.1.0"', "", "missing"),
        ("version", 'version = "0.1.0"', "version = 1", "wrong type"),
        ("version", 'version = "0.1.0"', 'version = ""', "empty"),
        ("extends", 'extends = "core"', 'extends = "kore"', "no pack kore"),
        ("extends", 'extends = "core"', 'extends = "../core"', "no pack ../core"),
        ("extends", 'extends = "core"', "extends = true", "wrong type"),
        ("languages", '"ro"]', '"ro", "ro"]', "once"),
        ("languages", '"en", ', "", "English is missing"),
        ("languages", '"ro"]', '"ro", "uk"]', "has no texts in: uk"),
        ("title", ', ro = "Insula"}', "}", "text in ro is missing"),
        ("title", 'ro = "Insula"}', 'ro = "Insula", de = "Insel"}', "no language de"),
        ("time_zone", "Asia/Ashgabat", "Asia/Nowhere", "no time zone"),
        ("time_zone", "Asia/Ashgabat", "../etc/passwd", "no time zone"),
        ("weekend", '"sunday"', '"Freitag"', "day of the weekend"),
        ("colour", 'name = "island"', 'name = "island"\ncolour = "x"', "unknown"),
    ],
)
def test_a_fault_in_the_manifest_is_told_at_its_key(
    faults_of: FaultsOf, key: str, line: str, instead: str, says: str
) -> None:
    faults = faults_of("pack.toml", change=(line, instead))
    assert any(fault.file == "island/pack.toml" and fault.where == key and says in fault.what for fault in faults), (
        told(faults)
    )


@pytest.mark.parametrize(
    ("line", "instead", "where", "says"),
    [
        (', ro = "Calm"}', "}", "code 1 (low).label", "text in ro is missing"),
        ('ru = "Спокойно"', 'ru = "  "', "code 1 (low).label", "text in ru is missing"),
        ('code = "storm"', 'code = "low"', "code", "low stands here twice"),
        ('code = "storm"', "", "code 2.code", "missing"),
        ('code = "storm"', 'code = "два слова"', "code 2 (два слова).code", "plain letters"),
        ('code = "storm"', 'code = "storm"\nheight = 3', "code 2 (storm).height", "unknown"),
        ('code = "storm"', 'code = "storm"\nretired = "yes"', "code 2 (storm).retired", "wrong type"),
        ('code = "storm"', 'code = "storm"\nwithin_minutes = true', "code 2 (storm).within_minutes", "wrong type"),
        ('code = "storm"', 'code = "storm"\nwithin_minutes = -4', "code 2 (storm).within_minutes", "negative"),
        ('code = "storm"', 'code = "storm"\nverified = false', "code 2 (storm).source", "names no source"),
        ('source = "Invented"', "", "source", "missing"),
        ('source = "Invented"', 'source = "Invented"\ncodes = []', "codes", "unknown"),
    ],
)
def test_a_fault_in_a_code_list_is_told_at_its_code(
    faults_of: FaultsOf, line: str, instead: str, where: str, says: str
) -> None:
    faults = faults_of("codes/risk.toml", change=(line, instead))
    assert any(fault.where == where and says in fault.what and fault.mend for fault in faults), told(faults)


def test_a_list_without_codes_and_a_list_of_words_are_faults(faults_of: FaultsOf) -> None:
    title = 'title = {en = "A", tk = "A", ru = "A", ro = "A"}\nsource = "x"\n'
    assert "code: This key is missing" in told(faults_of("codes/empty.toml", title))
    assert "[[code]]" in told(faults_of("codes/empty.toml", title + 'code = ["low"]'))


def test_broken_toml_is_told_with_line_and_column(faults_of: FaultsOf) -> None:
    faults = faults_of("codes/risk.toml", change=('code = "low"', "code = low"))
    assert [(fault.file, fault.where) for fault in faults] == [("island/codes/risk.toml", "line 6, column 8")]


def test_a_file_that_nests_without_end_is_a_fault(faults_of: FaultsOf) -> None:
    assert "too deep" in told(faults_of("codes/risk.toml", "code = " + "[" * 100_000))
    assert "too deep" in told(faults_of("codes/risk.toml", "a." * 400_000 + "a = 1"))


def test_a_number_without_end_is_a_fault(faults_of: FaultsOf) -> None:
    assert "not TOML" in told(faults_of("codes/risk.toml", "code = " + "1" * 5_000))


def test_a_file_in_another_encoding_is_a_fault(island: Path) -> None:
    (island / "codes" / "risk.toml").write_bytes("title = 'Риск'".encode("cp1251"))
    assert "not UTF-8" in told(check(island))


def test_a_file_or_folder_that_nobody_reads_is_a_fault(faults_of: FaultsOf) -> None:
    faults = faults_of("code/risk.toml", "")
    assert [(fault.file, fault.what) for fault in faults] == [("island/code", "Nothing in Amanat reads this.")]
    assert "codes" in faults[0].mend


def test_something_else_among_the_code_lists_is_a_fault(faults_of: FaultsOf) -> None:
    assert "island/codes/risk.py" in told(faults_of("codes/risk.py", "print()"))


def test_a_file_where_a_folder_should_be_is_a_fault(island: Path) -> None:
    (island / "codes" / "risk.toml").unlink()
    (island / "codes").rmdir()
    (island / "codes").write_text("")
    assert "should be a folder" in told(check(island))


def test_a_folder_where_a_file_should_be_is_a_fault(island: Path) -> None:
    (island / "retention.toml").mkdir()
    assert "cannot be read" in told(check(island))


def test_a_pack_cannot_point_out_of_its_folder(island: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("")
    (island / "retention.toml").symlink_to(tmp_path / "secret.toml")
    assert "point out of its folder" in told(check(island))


def test_papers_for_people_are_welcome(faults_of: FaultsOf) -> None:
    assert faults_of("README.md", "# Island") == []


def test_packs_that_extend_each_other_are_a_fault(island: Path) -> None:
    core = island.parent / "core" / "pack.toml"
    core.write_text('extends = "island"\n' + core.read_text(encoding="utf-8"), encoding="utf-8")
    assert "island → core → island" in told(check(island))


def test_a_folder_without_a_manifest_is_a_fault(tmp_path: Path) -> None:
    assert "A pack needs this file" in told(check(tmp_path))
    assert "A pack needs this file" in told(check(tmp_path / "nowhere"))


PERIOD = """
[[period]]
name = "file"
label = {en = "File", tk = "Iş", ru = "Дело", ro = "Dosar"}
starts = {en = "closing", tk = "ýapylan gün", ru = "закрытие", ro = "închiderea"}
years = 10
source = "Law"
verified = false
"""


@pytest.mark.parametrize(
    ("line", "instead", "says"),
    [
        ('source = "Law"', "", "(file).source: This key is missing"),
        ('source = "Law"', 'source = ""', "(file).source: The value is empty"),
        ("verified = false", "", "(file).verified: This key is missing"),
        ("years = 10", "", "needs one length"),
        ("years = 10", "years = 1\ndays = 3", "needs one length"),
        ("years = 10", "years = 0", "makes no sense"),
        ("years = 10", 'years = "ten"', "(file).years: The value has a wrong type"),
        ("years = 10", "years = 10\nweeks = 3", "(file).weeks: This key is unknown"),
        ("[[period]]", "[[periods]]", "period: This key is missing"),
        (PERIOD, PERIOD * 2, "stands here twice"),
    ],
)
def test_a_fault_in_the_periods_is_told(faults_of: FaultsOf, line: str, instead: str, says: str) -> None:
    assert faults_of("retention.toml", PERIOD) == []
    assert says in told(faults_of("retention.toml", change=(line, instead)))


def test_faults_of_the_word_lists_are_told(faults_of: FaultsOf) -> None:
    faults = told(faults_of("codenames.toml", 'first = ["lotos", "lotos", "Ёлка"]\nsecond = ["lotos"]'))
    for says in (
        "lotos stands here twice",
        "Ёлка is not",
        "lotos stands in both lists",
        "only 3 words",
        "only 1 words",
    ):
        assert says in faults


def test_all_faults_are_told_at_once(faults_of: FaultsOf) -> None:
    faults_of("retention.toml", "[[period]]")
    faults_of("codes/risk.toml", "nonsense")
    faults = faults_of("pack.toml", change=('"sunday"', '"someday"'))
    assert {fault.file for fault in faults} == {
        "island/retention.toml",
        "island/codes/risk.toml",
        "island/pack.toml",
    }
    assert faults == sorted(faults)


def test_a_pack_with_a_fault_is_not_loaded(faults_of: FaultsOf, island: Path) -> None:
    faults = faults_of("codes/risk.toml", "nonsense")
    with pytest.raises(FaultyPack) as raised:
        load(island)
    assert raised.value.faults == tuple(faults)


def test_the_command_says_that_a_pack_is_good(island: Path) -> None:
    answer = StringIO()
    call_command("pack", "check", str(island), stdout=answer)
    assert answer.getvalue() == "The pack island has no faults.\n"


def test_the_command_tells_the_faults_and_fails(faults_of: FaultsOf, island: Path) -> None:
    faults_of("codes/risk.toml", "nonsense")
    answer = StringIO()
    with pytest.raises(CommandError, match=r"1 fault\."):
        call_command("pack", "check", str(island), stderr=answer)
    assert answer.getvalue().startswith("island/codes/risk.toml: end of file: This is not TOML")
