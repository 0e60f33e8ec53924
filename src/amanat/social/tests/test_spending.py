"""Money and goods: from a line of one's agency, within its days and what is left, with a sealed receipt; taken back, never erased."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from amanat.access.files import open_file
from amanat.access.policy import Part, Relation
from amanat.cases import papers
from amanat.cases.actions import persons
from amanat.cases.models import Attachment, Event, EventKind
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.cases.timeline import lines
from amanat.social.actions import spending
from amanat.social.actions.spending import NotEnough
from amanat.social.budgets import find
from amanat.social.models import Budget, Spending
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError
from tests.walk_world import SOME_PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(budget):
    return {"budget": budget.pk.hex, "form": "money", "amount": "99,90", "on": "2026-11-20", "what": "Bus to Mary"}


def address(case, page, row=None):
    return reverse(f"social.{page}", args=[case, row.pk] if row else [case])


def test_what_was_spent_stands_on_the_file_with_its_receipt_and_the_line_counts_it(browse, case, budget, sent, actor):
    jemal = browse("jemal")
    receipt = SimpleUploadedFile("bus.pdf", SOME_PDF)
    assert jemal.post(address(case, "spend"), sent | {"upload": receipt}).status_code == 302
    row, kept = Spending.objects.get(), Attachment.objects.get()
    assert (row.receipt_id, kept.part) == (kept.pk, Part.PLAN)
    assert find(actor("jemal"), budget.pk).left.amount == Decimal("900.10")
    page = read(jemal, address(case, "spendings"))
    for told in ("99.90\u00a0TMT", "Bus to Mary", "Swiss Fund: Clothes", "Open the receipt"):
        assert told in page
    assert Event.objects.filter(kind=EventKind.SPENT, part=Part.PLAN).count() == 1


def test_no_sum_of_what_was_spent_stands_in_clear(spend):
    """Of a small line the difference of two sums, beside the times of entries, would tell what one child got."""
    spend()
    spend(form="money", amount=Decimal("0.07"))
    spent = {7, 25050, 25057}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("social_"):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                cells = {cell for row in cursor.fetchall() for cell in row if isinstance(cell, int | str)}
                assert not cells & (spent | {f"{one / 100:.2f}" for one in spent}), table
    assert not {field.name for field in Spending._meta.get_fields()} & {"budget", "amount", "currency"}
    assert open_sealed(Budget.objects.get(), "spent") == {"2026-11": {"goods": 25050, "money": 7}}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"amount": "1000.01"}, "Of this budget line 1,000.00\u00a0TMT are left."),
        ({"amount": "5.005"}, "TMT has 2 digits after the point."),
        ({"amount": "five"}, "Write the amount in digits"),
        ({"on": "2026-11-25"}, "This day has not come yet."),
        ({"on": "2025-12-31"}, "This budget line does not run on that day."),
        ({"budget": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    browse, case, sent, changed, sentence, begin
):
    begin(line="Travel")
    page = browse("jemal").post(address(case, "spend"), sent | changed).content.decode()
    assert sentence in page
    assert "Bus to Mary" in page
    assert not Spending.objects.exists()
    assert not any(open_sealed(line, "spent") for line in Budget.objects.all())


def test_a_receipt_that_is_not_taken_leaves_nothing_behind(browse, case, sent):
    bad = SimpleUploadedFile("bus.exe", b"MZ\x90\x00")
    page = browse("jemal").post(address(case, "spend"), sent | {"upload": bad}).content.decode()
    assert "Files of this kind are not taken." in page
    assert "Choose the file once more" in page
    assert not Spending.objects.exists()
    assert not open_sealed(Budget.objects.get(), "spent")


def test_the_last_of_a_line_can_be_spent_and_not_one_unit_more(spend):
    spend(amount=Decimal("1000.00"))
    with pytest.raises(NotEnough):
        spend(amount=Decimal("0.01"))


def test_an_entry_that_was_wrong_is_taken_back_once_and_the_line_has_its_money_again(
    browse, case, spend, actor, budget
):
    row = spend()
    jemal = browse("jemal")
    assert jemal.post(address(case, "take_back", row), {"reason": "Paid twice."}).status_code == 302
    assert find(actor("jemal"), budget.pk).left.amount == Decimal("1000.00")
    page = read(jemal, address(case, "spendings"))
    assert "taken back" in page
    assert "Paid twice." in page
    assert "In all, by currency" not in page
    with pytest.raises(PersonFacingError, match="taken back meanwhile"):
        spending.take_back(case, spending=row, reason="Again.", actor=actor("jemal"))
    assert jemal.get(address(case, "take_back", row)).status_code == 404


def test_the_timeline_writes_amounts_as_its_reader_does(browse, case, spend, actor):
    row = spend(amount=Decimal("250.5"))  # as it was typed: kept with the two digits of its currency
    spending.take_back(case, spending=row, reason="Paid twice.", actor=actor("jemal"))
    page = f"{case.get_absolute_url()}?section=timeline"
    assert read(browse("jemal"), page).count("250.50\u00a0TMT") == 2
    file = open_file(actor("jemal"), case)
    for language in ("ru", "ro", "tk"):
        with override(language):
            told = [line.told for line in lines(file, case.events.filter(kind=EventKind.SPENT))]
        amounts = [said for line in told for _name, said in line if "TMT" in said]
        assert amounts == ["250,50\u00a0TMT"] * 2, language


def test_totals_of_a_child_stand_by_currency(browse, case, spend, begin):
    spend()
    spend(line=begin(currency="EUR"), amount=Decimal("0.10"))
    spend(line=begin(currency="EUR"), amount=Decimal("0.20"))
    page = read(browse("jemal"), address(case, "spendings"))
    assert "0.30\u00a0EUR" in page
    assert "250.50\u00a0TMT" in page


def test_nobody_spends_from_another_agencys_line(case, budget, actor, cast, begin):
    theirs = begin("elena", donor="Harbour Fund")
    with pytest.raises(PersonFacingError, match="not your agency"):
        spending.spend(
            case,
            budget=theirs.pk.hex,
            form="money",
            amount=Decimal(1),
            on=date(2026, 11, 20),
            what="Bus",
            actor=actor("jemal"),
        )


def test_who_reads_the_plan_reads_what_was_spent_and_learns_no_donor_who_may_not_see_budgets(browse, case, cast, spend):
    spend()
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    page = read(browse("ogulgerek"), address(case, "spendings"))
    assert "Winter coat" in page
    assert "Swiss Fund" not in page
    assert browse("ogulgerek").get(address(case, "spend")).status_code == 403
    assert browse("dowlet").get(address(case, "spendings")).status_code == 404
    assert browse("irina").get(address(case, "spendings")).status_code == 403  # knows how far it is, not what it says


@pytest.mark.parametrize("name", ["Batyr Orazow", "Батыр Оразов"])
def test_a_suspect_is_paid_nothing_in_whatever_script_the_name_is_written(browse, case, sent, write_down, name):
    write_down("Batyr Orazow", suspect=True)
    page = browse("jemal").post(address(case, "spend"), sent | {"to": name}).content.decode()
    assert "Recorded as a suspect: Batyr Orazow." in page
    assert "Bus to Mary" in page
    assert not Spending.objects.exists()


def test_what_somebody_got_who_is_a_suspect_by_now_is_flagged(browse, case, spend, actor, write_down):
    uncle, jemal = write_down("Batyr Orazow"), browse("jemal")
    spend(to="Батыр Оразов")
    assert "paid to a suspect" not in read(jemal, address(case, "spendings"))
    persons.suspect(case, person=uncle, reason="Took money.", actor=actor("jemal"))
    assert "paid to a suspect" in read(jemal, address(case, "spendings"))


def test_without_a_line_the_page_says_whom_to_ask(browse, case):
    assert "Ask your supervisor to add one first." in read(browse("jemal"), address(case, "spend"))


def test_the_page_costs_the_same_with_two_entries_and_with_twenty(browse, case, spend):
    jemal = browse("jemal")
    costs = []
    for count in (2, 18):
        for _number in range(count):
            spend(amount=Decimal("0.01"))
        with counting() as queries:
            read(jemal, address(case, "spendings"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


def test_a_receipt_to_sign_names_no_child_and_is_made_in_the_language_of_whoever_signs(browse, case, spend, actor):
    row = spend()
    assert papers_page(case, row) in read(browse("jemal"), address(case, "receipt", row))
    paper = papers.made(open_file(actor("jemal"), case), papers.named("receipt"), row.pk.hex, "ru")
    assert 'lang="ru"' in paper
    assert "250,50\u00a0TMT" in paper
    assert row.pk.hex[:8].upper() in paper
    assert str(case) not in paper
    assert "Aylar" not in paper


def test_the_receipt_comes_as_a_pdf(browse, case, spend):
    answer = browse("jemal").post(papers_page(case, spend()), {"language": "tk"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def papers_page(case, row):
    return f"{reverse('cases.hand_out_paper', args=[case, 'receipt'])}?key={row.pk}"


def test_a_receipt_that_was_signed_later_is_added_once(browse, case, spend):
    row, jemal = spend(), browse("jemal")
    for sent in (302, 200):
        upload = SimpleUploadedFile("signed.pdf", SOME_PDF)
        assert jemal.post(address(case, "add_receipt", row), {"upload": upload}).status_code == sent
    assert Attachment.objects.get().pk == Spending.objects.get().receipt_id
    assert "Add the receipt" not in read(jemal, address(case, "spendings"))
