"""`amanat import htcds FILE --as USERNAME`: by the verbs of the pages, after the same proof."""

from __future__ import annotations

import io
import traceback

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.db import DataError

from amanat.audit.models import Entry
from amanat.cases.models import Case
from amanat.exchange import work
from amanat.exchange.models import Import, State
from amanat.exchange.tests.bringing import AYLAR, MERDAN, NOBODY, csv_bytes
from amanat.people.clock import stopped
from amanat.people.factors import STEP, code_at
from amanat.vault.files import path_of
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_casts_moment(cast):
    with stopped(cast.now):
        yield


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "children.csv"
    path.write_bytes(csv_bytes([AYLAR, MERDAN, NOBODY]))
    return path


def say(file, name, *more):
    said = io.StringIO()
    call_command("import", "htcds", str(file), "--as", name, *more, stdout=said)
    return said.getvalue()


def test_without_take_it_only_tells_what_would_be_made(file):
    assert "fresh: 2, known: 0, again: 0, empty: 1, wrong: 0" in say(file, "jemal")
    assert not Case.objects.exists()
    assert Import.objects.get().state == State.LOOKED


def test_with_take_the_new_rows_are_files_of_that_worker(file, cast):
    assert "taken: 2, aside: 0" in say(file, "jemal", "--take")
    assert Case.objects.filter(subject__grants__membership=cast["jemal"]).count() == 2
    assert Entry.objects.filter(verb="case.register", user=cast["jemal"].user).count() == 2


def test_it_can_be_said_again_and_makes_nothing_new(file):
    say(file, "jemal", "--take")
    assert "fresh: 0, known: 0, again: 2" in say(file, "jemal", "--take")
    assert Case.objects.count() == 2


@pytest.mark.parametrize("name", ["aman", "viktor", "nobody"])
def test_who_may_not_import_on_a_page_may_not_here(name, file):
    with pytest.raises(CommandError, match="may not bring files in"):
        say(file, name)
    assert not Import.objects.exists()


def test_a_file_that_is_no_table_or_not_there_is_told_in_a_sentence(tmp_path, settings):
    path = tmp_path / "paper.xlsx"
    path.write_bytes(b"%PDF-1.4")
    with pytest.raises(CommandError, match="not a table"):
        say(path, "jemal")
    with pytest.raises(CommandError, match="can't be read"):
        say(tmp_path / "missing.csv", "jemal")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(ValueError("Walkedowa"), "a fault of ours"), (DataError("Walkedowa"), "The database refuses this now")],
)
def test_a_fault_is_a_sentence_that_repeats_no_cell(error, sentence, file, monkeypatch):
    def failing(*_args):
        raise error

    monkeypatch.setattr(work.DryRun, "batch", failing)
    with pytest.raises(CommandError, match=sentence) as raised:
        say(file, "jemal")
    assert "Walkedowa" not in "".join(traceback.format_exception(raised.value))


def test_in_a_real_workspace_password_and_code_are_asked_for(file, cast, settings, monkeypatch):
    settings.AMANAT_KIND = "real"
    secret = generate_totp_secret()
    TOTP.activate(cast["jemal"].user, secret)
    code = code_at(secret, int(cast.now.timestamp()) // STEP)
    for typed in ("wrong\n000000\n", f"{PASSWORD}\n000000\n", f"wrong\n{code}\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(CommandError, match="This is not right"):
            say(file, "jemal")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n{code}\n"))
    assert "fresh: 2" in say(file, "jemal")
    assert path_of(Import.objects.get().file).exists()
