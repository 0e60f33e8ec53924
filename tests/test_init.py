"""`init`: a real workspace in its people's language, with shares that were tried, a certificate, its first people, and no password."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from amanat.config.hosts import NotAHost, check_host
from amanat.config.workspaces import WeakPassphrase, check_words, propose_words
from amanat.vault.header import Header
from amanat.vault.wordlists import words
from tests.conversation import Conversation
from tests.plugin import FULL_MATRIX
from tests.served import typed

WORDS = "tokan mirub selod karif nodal vezum"
HOLDERS = ["Aylar Test", "Berdi Test", "Chary Test"]
DUTY = "+373 600 00 204"
PEOPLE = ["", "Northern Network", "", "viktor", "Viktor", "kerim", "Kerim", "maral", "Maral", "aman", "Aman"]
CODE = re.compile(r"^  (\w+) +((?:\d{5}-){7}\d{5})$", re.MULTILINE)
PROPOSED = re.compile(r"^    (\w+(?: \w+){5})$", re.MULTILINE)
pytestmark = [pytest.mark.sqlcipher_only]  # it makes a database file of its own


def amanat(folder: Path, *command: str, said: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AMANAT_WORKSPACE": str(folder), "PYTHONPATH": "src"}
    return typed(environment, *command, said="".join(f"{line}\n" for line in said or []))


def give_shares_out(told: Conversation) -> None:
    """Three people write theirs down, two type them back."""
    told.write_down(HOLDERS)
    told.answer(told.shares[0], told.shares[2])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Conversation]:
    """A real workspace and the conversation in which it was made."""
    folder = tmp_path_factory.mktemp("real") / "workspace"
    with Conversation(folder, "init") as told:
        told.answer("en", "amanat.example", WORDS, WORDS)
        give_shares_out(told)
        assert "There is no pack atlantis here" in told.answer(DUTY, "atlantis")
        assert "There is no time zone Nowhere/Land" in told.answer("moldova", PEOPLE[1], "Nowhere/Land")
        assert "without spaces" in told.answer("", "vik tor")
        assert "is taken" in told.answer(*PEOPLE[3:5], "VIKTOR")
        told.answer(*PEOPLE[5:])
        assert told.code == 0, told.all
    return folder, told


def header_of(folder: Path) -> Header:
    return Header.read(folder)


# --- language, host, words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["tk", "ru", "en", "ro"] if FULL_MATRIX else ["tk", "ro"])
def test_the_language_comes_first_and_the_words_are_of_it(tmp_path: Path, language: str) -> None:
    with Conversation(tmp_path / "w", "init") as told:
        assert told.heard.splitlines()[:4] == ["  tk  Türkmençe", "  ru  Русский", "  en  English", "  ro  Română"]
        told.answer("klingon", language, "")
        proposed = PROPOSED.search(told.heard)
        assert proposed
        assert set(proposed[1].split()) <= set(words(language))
        told.answer(proposed[1])
        told.hang_up()
    assert header_of(tmp_path / "w").language == language
    assert header_of(tmp_path / "w").host == "localhost"


@pytest.mark.thorough
def test_weak_words_are_refused_with_the_reason_and_others_asked_for(tmp_path: Path) -> None:
    with Conversation(tmp_path / "w", "init") as told:
        told.answer("", "")
        assert "five different words" in told.answer("password")
        assert "24 characters" in told.answer("one two six ten a")
        assert "two are different" in told.answer(WORDS, WORDS.replace("tokan", "token"))
        assert "keeps share 1" in told.answer(WORDS, WORDS)


def test_an_address_costs_passkeys_and_init_says_so(tmp_path: Path) -> None:
    with Conversation(tmp_path / "w", "init") as told:
        told.answer("en")
        assert "no passkeys" in told.answer("10.0.0.5")
        assert "These words open the workspace" in told.answer("")
        told.answer(WORDS, WORDS)
        told.hang_up()
    assert header_of(tmp_path / "w").host == "10.0.0.5"


@pytest.mark.thorough
def test_who_thinks_better_of_an_address_gives_a_name(tmp_path: Path) -> None:
    with Conversation(tmp_path / "w", "init") as told:
        told.answer("en", "10.0.0.5")
        assert "A host name has letters" in told.answer("https://amanat.example:8000/")
        told.answer("Amanat.Example.", WORDS, WORDS)
        told.hang_up()
    assert header_of(tmp_path / "w").host == "amanat.example"


@pytest.mark.parametrize(
    "wrong", ["", "-a.example", "a..example", "a b", "a_b", "http://a", "a:80", "ä.example", "a" * 64]
)
def test_what_is_no_host_name_is_refused(wrong: str) -> None:
    with pytest.raises(NotAHost):
        check_host(wrong)


@pytest.mark.parametrize("language", ["tk", "ru", "en", "ro"] if FULL_MATRIX else ["tk", "ro"])
def test_the_proposed_words_are_six_and_strong_and_never_the_same(language: str) -> None:
    for _time in range(50):
        proposed = propose_words(language)
        check_words(proposed)
        assert len(set(proposed.split())) == 6
        assert proposed != propose_words(language)


@pytest.mark.parametrize(
    "weak", ["", "password", "aaaa " * 8, "one two three four", "short a b c d e", "Älpha alpha ALPHA beta gamma delta"]
)
def test_weak_words_are_refused(weak: str) -> None:
    with pytest.raises(WeakPassphrase):
        check_words(weak)


# --- shares -----------------------------------------------------------------------------------------------------------


def test_it_ends_only_when_two_shares_were_typed_back(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    with Conversation(folder, "init") as told:
        told.answer("en", "", WORDS, WORDS)
        told.write_down(HOLDERS)
        assert "13 words; these are 2" in told.answer("no share")
        misread = told.shares[0].split()
        misread[3], misread[4] = misread[4], misread[3]
        assert "changed places" in told.answer(" ".join(misread))
        assert "Both are share 1" in told.answer(told.shares[0], told.shares[0])
        assert header_of(folder).recovery is None
        assert "duty phone" in told.answer(told.shares[1].upper(), told.shares[0])
        recovery = header_of(folder).recovery
        assert recovery
        assert recovery["holders"] == HOLDERS


def test_three_different_people_keep_them(tmp_path: Path) -> None:
    with Conversation(tmp_path / "w", "init") as told:
        told.answer("en", "", WORDS, WORDS, "Aylar", "Berdi")
        assert "keeps one already" in told.answer("AYLAR")
        assert "Share 1, for Aylar alone" in told.answer("Chary")
        assert "Share 2" not in told.heard


def test_no_share_and_no_word_of_it_is_kept(made: tuple[Path, Conversation]) -> None:
    folder, told = made
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for share in told.shares:
        assert " ".join(share.split()[:2]).encode() not in kept
    assert "AGE-SECRET-KEY" not in json.dumps(header_of(folder).recovery)
    assert b"AGE-SECRET-KEY" not in kept


# --- the certificate --------------------------------------------------------------------------------------------------


def test_who_named_a_host_gets_a_certificate_and_is_told_about_the_sheet(made: tuple[Path, Conversation]) -> None:
    folder, told = made
    assert header_of(folder).tls
    assert stat.S_IMODE((folder / "tls" / "server.pem").stat().st_mode) == 0o600
    assert "./run amanat sheet" in told.all


def test_on_this_machine_alone_there_is_none(tmp_path: Path) -> None:
    with Conversation(tmp_path / "w", "init") as told:
        told.answer("en", "", WORDS, WORDS)
        assert not header_of(tmp_path / "w").tls


@pytest.mark.thorough
def test_a_given_one_is_taken_or_refused_before_anybody_wrote_words_down(tmp_path: Path) -> None:
    with Conversation(tmp_path / "w", "init", "--certificate", "none.pem", "--key", "none.pem") as told:
        assert "can't be read as a certificate" in told.answer("en", "amanat.example", WORDS, WORDS)
        assert told.code == 1
        assert "Traceback" not in told.all
    with Conversation(tmp_path / "w2", "init", "--key", "none.pem") as told:
        assert "Give both" in told.answer("en", "amanat.example", WORDS, WORDS)


@pytest.mark.thorough
def test_behind_a_proxy_the_certificate_is_the_proxys(tmp_path: Path) -> None:
    with Conversation(tmp_path / "w", "init", "--behind-proxy") as told:
        told.answer("en", "amanat.example", WORDS, WORDS)
        header = header_of(tmp_path / "w")
        assert (header.tls, header.proxied) == (True, True)
        assert not (tmp_path / "w" / "tls").exists()


# --- the first people -------------------------------------------------------------------------------------------------


def test_each_of_the_first_four_gets_a_code_of_their_own_and_no_password(made: tuple[Path, Conversation]) -> None:
    codes = dict(CODE.findall(made[1].all))
    assert list(codes) == ["Viktor", "Kerim", "Maral", "Aman"]
    assert len(set(codes.values())) == 4


def test_nobody_can_sign_in_by_a_password_before_they_have_set_one(made: tuple[Path, Conversation]) -> None:
    script = (
        "from amanat.people.models import User; print(sum(user.has_usable_password() for user in User.objects.all()))"
    )
    assert amanat(made[0], "shell", "-c", script, said=[WORDS]).stdout.split()[-1] == "0"


def test_backups_are_made_by_the_clock_of_the_first_site(made: tuple[Path, Conversation]) -> None:
    script = (
        "from amanat.office.backups import taking; from amanat.people.models import Site; "
        "print([taking.plan().hour, taking.plan().time_zone, Site.objects.get().time_zone])"
    )
    assert "[2, 'Europe/Chisinau', 'Europe/Chisinau']" in amanat(made[0], "shell", "-c", script, said=[WORDS]).stdout


def test_the_log_says_of_nobody_that_they_made_the_workspace(made: tuple[Path, Conversation]) -> None:
    script = (
        "from amanat.audit.models import Entry; from amanat.vault.sealing import open_sealed; "
        "print([(one.user, open_sealed(one, 'details')['about']) for one in Entry.objects.filter(verb='people.init').order_by('at')])"
    )
    said = amanat(made[0], "shell", "-c", script, said=[WORDS]).stdout
    assert "[(None, 'Viktor'), (None, 'Kerim'), (None, 'Maral'), (None, 'Aman')]" in said


def test_the_duty_number_stands_on_every_page(made: tuple[Path, Conversation]) -> None:
    script = "from django.conf import settings; print(settings.AMANAT_DUTY_NUMBER)"
    assert DUTY in amanat(made[0], "shell", "-c", script, said=[WORDS]).stdout


def test_it_uses_the_country_pack_that_was_chosen(made: tuple[Path, Conversation]) -> None:
    folder, told = made
    assert header_of(folder).packs == ("core", "instruments", "moldova")
    assert "[Europe/Chisinau]" in told.all
    assert "demo" not in told.all.split("Country packs")[1].split("Country pack")[0]


# --- again, and half-way ----------------------------------------------------------------------------------------------


def test_it_is_never_made_twice(made: tuple[Path, Conversation]) -> None:
    again = amanat(made[0], "init", said=[WORDS, *PEOPLE])
    assert again.returncode != 0
    assert "is a workspace already" in again.stderr


def test_other_words_do_not_open_it_and_give_a_sentence(made: tuple[Path, Conversation]) -> None:
    done = amanat(made[0], "audit", "head", said=["some other words that are long enough"])
    assert done.returncode == 1
    assert "does not open the workspace" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_that_stopped_before_the_shares_were_tried_gives_out_others(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    with Conversation(folder, "init") as stopped:
        stopped.answer("en", "", WORDS, WORDS)
        stopped.write_down(HOLDERS)
        assert "nothing was finished" in stopped.hang_up()
    with Conversation(folder, "init", words=WORDS) as told:
        give_shares_out(told)
        assert not set(told.shares) & set(stopped.shares)
        told.answer("", *PEOPLE)
        assert told.code == 0, told.all


def test_one_that_stopped_later_goes_on_where_it_stood(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    with Conversation(folder, "init") as stopped:
        stopped.answer("en", "", WORDS, WORDS)
        give_shares_out(stopped)
        stopped.answer(DUTY, *PEOPLE[:4])
        assert "nothing was finished" in stopped.hang_up()
    recovery = header_of(folder).recovery
    with Conversation(folder, "init", words=WORDS) as told:
        told.answer(*PEOPLE)
        assert told.code == 0, told.all
        assert len(CODE.findall(told.all)) == 4
    assert header_of(folder).recovery == recovery


@pytest.mark.thorough
def test_help_is_given_before_anything_is_asked(tmp_path: Path) -> None:
    done = amanat(tmp_path / "w", "init", "--help")
    assert done.returncode == 0, done.stderr
    assert "--behind-proxy" in done.stdout
    assert not (tmp_path / "w").exists()


def test_the_demo_country_is_never_loaded_into_a_real_workspace(made: tuple[Path, Conversation]) -> None:
    done = amanat(made[0], "demo", said=[WORDS])
    assert done.returncode != 0
    assert "is a real workspace" in done.stderr
