"""A conference on paper: minutes with who came and lines to sign, whole in one language; for a guest no more than is theirs to hear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.audit.models import Entry
from amanat.cases import papers
from amanat.cases.models import Case
from amanat.referrals.actions.minuting import Minute, ToDo
from amanat.referrals.models import Conference
from amanat.referrals.models_conferences import Invited
from amanat.referrals.papers import MINUTES
from amanat.referrals.tests.test_conferences import AFTER, call, came_up, record, team
from amanat.web import pdf
from tests.cast import Cast

__all__ = ["team"]  # a fixture

pytestmark = pytest.mark.django_db

LATER = AFTER + timedelta(days=2)
SAID = "Okuw ýyly sentýabrda başlanýar"


def one() -> papers.Paper:
    found = papers.named(MINUTES)
    assert found is not None
    return found


@pytest.fixture
def held(team: Case, cast: Cast) -> Conference:
    conference = call(team, cast, ["jemal", "ogulgerek"])
    minute = Minute(came_up(Part.FACTS, "Mekdep"), SAID, "Mekdebe ýazmaly", ToDo(cast["jemal"], LATER))
    return record(team, conference, cast, minute, came=[Invited.objects.get(membership=cast["jemal"]).pk])


def made(cast: Cast, case: Case, key: str = "", language: str = "tk", who: str = "jemal") -> str:
    with translation.override("ru"):
        return papers.made(open_file(cast.actor(who, AFTER), case), one(), key, language) or ""


@pytest.mark.parametrize("language", ["tk", "ro", "en"])
def test_minutes_by_a_worker_who_reads_russian_are_whole_in_the_language_of_the_paper(
    cast: Cast, held: Conference, language: str
) -> None:
    paper = made(cast, held.case, language=language)
    assert f'<html lang="{language}">' in paper
    assert not [letter for letter in paper if "а" <= letter.casefold() <= "я"]
    assert SAID in paper
    assert "Mekdebe ýazmaly" in paper
    with translation.override(language):
        for said in ("Minutes of a conference", "came", "did not come", "Who led the conference", "Confidential"):
            assert translation.gettext(said) in paper


def test_the_agenda_of_one_that_comes_has_no_lines_to_sign(cast: Cast, team: Case) -> None:
    paper = made(cast, team, call(team, cast).pk.hex, "en")
    assert "Agenda of a conference" in paper
    assert "Signatures" not in paper


def test_a_guest_gets_their_parts_only(cast: Cast, team: Case) -> None:
    conference = call(team, cast, ["jemal", "selbi"])
    minute = Minute(came_up(Part.FACTS, "Mekdep"), SAID)
    record(team, conference, cast, minute)
    lawyer = Invited.objects.get(membership=cast["selbi"])
    assert SAID not in made(cast, team, f"{conference.pk.hex}.{lawyer.pk.hex}")
    assert not made(cast, team, f"{conference.pk.hex}.{lawyer.pk.hex}", who="ogulgerek")  # calls no conferences


@pytest.mark.parametrize("key", ["x", "0" * 32, "."])
def test_there_is_no_paper_of_a_conference_that_is_not_there(cast: Cast, team: Case, key: str) -> None:
    assert not made(cast, team, key)


def test_handing_it_out_stands_in_the_log_with_the_language_and_for_whom(
    cast: Cast, held: Conference, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", lambda page: b"%PDF" + page.encode())
    client = browse("jemal")
    address = f"{held.case.get_absolute_url()}/papers/{MINUTES}"
    assert client.get(address).status_code == 200
    assert not Entry.objects.filter(verb="paper.hand_out", outcome="done").exists()
    answer: Any = client.post(address, {"language": "tk", "to": "The guardian"})
    assert answer["Content-Type"] == "application/pdf"
    assert Entry.objects.get(verb="paper.hand_out", outcome="done").subject_id == held.case.subject_id
    assert client.get(f"{address}?key=x").status_code == 404
    assert client.get(f"{held.case.get_absolute_url()}/papers/nothing").status_code == 404
    assert browse("dowlet").get(address).status_code == 404
