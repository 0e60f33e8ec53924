"""Forms and answers that want to harm: each is told, or ends with a sentence; nothing hangs and nothing is fetched."""

import io
import zipfile

import pytest

from amanat.forms import parting
from amanat.forms.compiling import compiled
from amanat.forms.faulty import FaultyForm
from amanat.forms.filling import FaultyInstance
from amanat.forms.limits import LIMITS
from amanat.forms.syntax import Unreadable, read
from amanat.forms.tests.forms import again, begun, form
from amanat.forms.workbooks import read_workbook

BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><data><q>&b;</q></data>"""
FETCH = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data><q>&x;</q></data>"""


def asking(calculation: str, extra: str = ""):
    return form(f"type | name | label | calculation |\ntext | q | Q | |\n{extra}\ncalculate | c | | {calculation} |")


@pytest.mark.parametrize("content", [BOMB, FETCH, b"<data" + b"<a>" * 50, b"<a>" * 300 + b"</a>" * 300])
def test_entities_dtds_and_depth_are_refused_in_answers_and_in_forms(content: bytes) -> None:
    made = asking("1")
    with pytest.raises(FaultyInstance):
        again(made, content)
    with pytest.raises(FaultyForm):
        compiled(content)


@pytest.mark.parametrize(("calculation", "told"), [
    ("system('rm')", "no function system()"), ("document('file:///etc/passwd')", "no function document()"),
    ("regex(${q}, '(a+)+\\1')", "can't be run"), ("count(//*[. = $x])", "stands where"), ("/data/q/@id", "Attributes"),
    ("ancestor::q", "axes"), ("selected(${q})", "arguments"), ("instance('none')/root/item", "no list or file"),
    ("digest(${q}, 'CRC')", "digest() knows"), ("1 +", "stands where"), ("((((1)", "missing"), ("/data/nowhere", "no question"),
])  # fmt: skip
def test_what_can_never_work_is_told_at_the_check_with_its_place(calculation: str, told: str) -> None:
    workbook_form = asking(calculation)
    faults = workbook_form.check("small.md", {"/data/c": 4})
    assert any(told in fault.what for fault in faults), faults
    assert any("row 4" in fault.where for fault in faults)
    begun(workbook_form).screens()


def test_a_number_that_is_none_breaks_no_converter() -> None:
    with pytest.raises(FaultyForm, match="can't convert"):
        form("type | name | label | parameters |\nrange | r | R | start=NaN end=10 step=1 |")


def test_what_depends_on_itself_is_told_and_the_rest_still_works() -> None:
    made = form(
        """
        type | name | label | calculation | relevant |
        calculate | a | | ${b} + 1 | |
        calculate | b | | ${a} + 1 | |
        calculate | c | | 2 + 3 | |
        text | d | D | | ${d} = '' |
        """
    )
    assert any("itself" in fault.what for fault in made.check())
    assert {answer.path: answer.value for answer in begun(made).answers()} == {"/data/c": "5"}


def test_a_calculation_that_reads_itself_is_told_and_does_not_grow() -> None:
    made = asking("concat(${c}, 'x')")
    assert any("itself" in fault.what for fault in made.check())
    assert begun(made).answers() == []
    assert asking("once(random())").check() == []


def test_a_pattern_that_blows_up_elsewhere_runs_in_time() -> None:
    filling = begun(asking("regex(${q}, '(a+)+b')"))
    filling.put("/data/q", "a" * LIMITS.answer)
    assert filling.answers()[-1].value == "false"


def test_texts_that_double_end_with_a_sentence() -> None:
    rows = [f"calculate | t{n + 1} | | concat(${{t{n}}}, ${{t{n}}}) |" for n in range(1, 40)]
    made = asking("1", "\n".join(["calculate | t1 | | 'doubling' |", *rows]))
    assert any("computing" in fault.what for fault in made.check())
    assert "computing" in begun(made).faults()[""]


def test_nodes_times_nodes_end_with_a_sentence() -> None:
    inner = "count(//q[count(//q[count(//q[count(//q) > 0]) > 0]) > 0])"
    made = form(
        f"type | name | label | calculation |\nbegin_repeat | r | R | |\ntext | q | Q | |\nend_repeat | | | |\ncalculate | c | | {inner} |"
    )
    assert made.check() == []
    filling = begun(made)
    for _one in range(80):
        filling.add("/data/r")
    assert "computing" in filling.faults()[""]
    assert filling.too_much
    assert filling.instance()


def test_depth_and_length_of_an_expression_are_bounded_but_a_long_sum_is_not_deep() -> None:
    assert read(" + ".join(["1"] * 4000))
    with pytest.raises(Unreadable, match="nested"):
        read("(" * 200 + "1" + ")" * 200)
    with pytest.raises(Unreadable, match="longer"):
        read("1" * (LIMITS.expression + 1))


def test_a_label_that_asks_for_itself_ends() -> None:
    made = form(
        "type | name | label |\nselect_one l | q | Q |\nnote | n | jr:choice-name ${q} |",
        "list_name | name | label |\nl | a | ${q} |",
    )
    filling = begun(made)
    filling.put("/data/q", "a")
    assert filling.screens()


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def damaged(content: bytes, at: int) -> bytes:
    return content[:at] + b"\xff" * 8 + content[at + 8 :]


@pytest.mark.parametrize("content", [
    damaged(zipped({"xl/worksheets/sheet1.xml": bytes(range(256)) * 40}), 80),
    zipped({"xl/worksheets/sheet1.xml": b" " * (LIMITS.unpacked + 10)}),
    zipped({"xl/worksheets/sheet1.xml": b'<c r="A1"/><c r="XFD1048576"/>'}),
    zipped({"xl/worksheets/sheet1.xml": b"<c"}), b"PK\x03\x04nonsense", b"", b"\xd0\xcf\x11\xe0 old",
])  # fmt: skip
def test_a_workbook_that_swells_or_is_broken_is_refused(content: bytes) -> None:
    with pytest.raises(FaultyForm) as refused:
        read_workbook("form.xlsx", content)
    assert refused.value.faults[0].mend


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(FaultyForm, match="larger"):
        read_workbook("form.md", b"|" * (LIMITS.file + 1))


def test_letters_and_days_that_are_on_the_edge_do_no_harm() -> None:
    made = form(
        "type | name | label | calculation |\ntext | q | Q | |\ncalculate | c | | ${q} + 1 |\ndateTime | d | D | |"
    )
    filling = begun(made)
    filling.put("/data/q", "a\x01\ufffe\ud800b")
    assert b"<q>ab</q>" in filling.instance()
    for edge in ("0001-01-01T00:00:00.000+14:00", "9999-12-31T23:59:59.000-14:00", "2026-01-01T00:00:00+99:99"):
        filling.put("/data/q", edge)
        filling.put("/data/d", edge)
        assert filling.screens()
        assert "/data/d" in filling.faults()


def test_pieces_of_many_answers_of_one_name_are_put_together_in_their_order() -> None:
    piece, others = ("".join(f"<x>{one if one % 2 == rest else ''}</x>" for one in range(20_000)) for rest in (0, 1))
    said = parting.said(parting.join([f"<data>{piece}</data>", f"<data>{others}</data>"]).decode())
    assert list(said.values()) == [str(one) for one in range(20_000)]
    assert list(said)[:2] == ["/data/x", "/data/x[2]"]


def test_more_answers_of_a_repeat_than_there_may_be_are_left_over() -> None:
    made = form("type | name | label |\nbegin_repeat | r | R |\ntext | q | Q |\nend_repeat | | |")
    sent = b"<data>" + b"<r><q>1</q></r>" * (LIMITS.repeats + 5) + b"</data>"
    filling = again(made, sent)
    assert len(filling.left_over) == 5
    assert len(filling.answers()) == LIMITS.repeats
