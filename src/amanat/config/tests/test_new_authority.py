"""A new authority: its key is a generation of its own, whoever serves takes it, and who holds only the former one signs nothing."""

from __future__ import annotations

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from amanat.config import recovering, tls
from amanat.config.tests.conftest import WORDS
from amanat.config.tree import supervisor
from amanat.config.tree.supervisor import Supervisor
from amanat.office.tests.ways import entries_of
from amanat.vault import recovery
from amanat.vault.header import Header, Overtaken
from amanat.vault.keys import CA, Keyring, Workspace, keyring
from tests.cast import NOW
from tests.supervised import answering

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(office: Workspace) -> Workspace:
    """It has a certificate by its first authority."""
    tls.make(office, keyring(), NOW)
    return office


@pytest.fixture
def former(served: Workspace) -> Keyring:
    """The keys of before the authority was made anew."""
    held = keyring()
    renew("--authority", typed=WORDS)
    return held


def renew(*options: str, typed: str = "") -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
        call_command("tls", "renew", *options, stdout=out)
    return out.getvalue()


def vouches(office: Workspace) -> bool:
    """Whether the authority signed what browsers are shown."""
    return tls.kind(Workspace.at(office.path)) is tls.Kind.OWN


def test_it_stands_in_the_header_as_the_next_generation(served: Workspace, former: Keyring) -> None:
    now = Workspace.at(served.path)
    assert now.unwrap(now.provider(words=WORDS)).keys.items() > former.keys.items()
    assert (former.newest(CA), keyring().newest(CA)) == (1, 2)
    assert vouches(served)
    assert entries_of("tls.change")[0][1] == {"certificate": "own"}


def test_whoever_serves_takes_it_and_browsers_are_shown_it_at_once(served: Workspace) -> None:
    assert "once the workspace is served anew" in renew()
    with answering(served.path, {"reread": True}) as asked:
        said = renew("--authority", typed=WORDS)
    assert asked == [{"ask": "reread", "words": WORDS}, {"ask": "status"}]
    assert "once the workspace is served anew" not in said


def test_where_whoever_serves_does_not_take_it_that_is_said(served: Workspace) -> None:
    with answering(served.path, {"reread": False}), pytest.raises(CommandError, match="could not be told"):
        renew("--authority", typed=WORDS)
    assert vouches(served)


def test_wrong_words_change_nothing(served: Workspace) -> None:
    before = Header.path(served.path).read_bytes(), (served.path / "tls" / "ca.crt").read_bytes()
    with pytest.raises(CommandError, match="does not open"):
        renew("--authority", typed="entirely other words than these")
    assert (Header.path(served.path).read_bytes(), (served.path / "tls" / "ca.crt").read_bytes()) == before


def test_who_holds_the_former_key_only_signs_nothing_with_it(served: Workspace, former: Keyring) -> None:
    for sign in (tls.renew, tls.renew_if_due):
        with pytest.raises(tls.OtherAuthority):
            sign(Workspace.at(served.path), former, NOW.replace(year=NOW.year + 2))
    assert vouches(served)


def test_nor_does_it_write_the_new_one_away(served: Workspace, former: Keyring) -> None:
    new = recovery.create(["Aylar Test", "Berdi Test", "Chary Test"])
    with pytest.raises(Overtaken):
        recovering.renewed(served, new, former, NOW)
    assert "ca.2" in Header.read(served.path).wrapped


def test_cut_off_before_its_certificate_was_made_the_former_one_goes_on(served: Workspace) -> None:
    provider = served.provider(words=WORDS)
    held = served.renew(CA, provider, lambda _generation: False)
    tls.renew(served, held, NOW)
    assert vouches(served)


def test_whoever_serves_lives_on_where_it_can_not_renew(
    served: Workspace, former: Keyring, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Supervisor.__new__(Supervisor)
    one.folder, one.keys = served.path, dict(former.keys)
    monkeypatch.setattr(supervisor, "clock", lambda: NOW.replace(year=NOW.year + 2))
    assert not one._renew_certificate()
    assert "could not be renewed: The authority of this workspace was changed" in capsys.readouterr().err
