"""The policy as a page: every cell of the tables that decide, in plain words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.labels import LEVEL_LABELS, PART_LABELS, RELATION_LABELS, VERB_LABELS
from amanat.access.policy import DESK_VERBS, FILE_VERBS, PARTS, Level, Part, Relation
from amanat.office.tables import COLUMN_NOTES, FOOTNOTES, LEVEL_WORDS, VERB_WORDS, relations_of, seen_by
from amanat.office.tests.ways import Tables, read
from amanat.people.models import Role
from tests.cast import CAST, Cast

Browse = Callable[..., Client]
ROLES = {role.label: role for role in Role}


def word(words: dict[str, tuple[object, str]], mark: str) -> str:
    return "".join(map(str, words[mark]))


def test_the_page_shows_each_cell_of_the_parts(cast: Cast, browse: Browse) -> None:
    shown = Tables(read(browse("jemal"), "/policy")).found["parts"]
    assert list(shown) == list(PARTS)
    for part, row in PARTS.items():
        cells = [
            (str(RELATION_LABELS[relation]), row[relation].value, word(LEVEL_WORDS, row[relation])) for relation in row
        ]
        assert [cell[:3] for cell in shown[part]] == cells


def test_the_page_shows_each_cell_of_the_verbs(cast: Cast, browse: Browse) -> None:
    found = Tables(read(browse("jemal"), "/policy")).found
    for key, table in (("file-verbs", FILE_VERBS), ("desk-verbs", DESK_VERBS)):
        assert list(found[key]) == list(table)
        for verb, row in table.items():
            assert [(mark, text) for _column, mark, text, _mine in found[key][verb]] == [
                (mark, word(VERB_WORDS, mark)) for mark in row.values()
            ]


def test_every_mark_part_relation_and_verb_has_its_words() -> None:
    assert set(LEVEL_WORDS) == set(Level) == set(LEVEL_LABELS)
    assert set(VERB_WORDS) == {
        mark for table in (FILE_VERBS, DESK_VERBS) for row in table.values() for mark in row.values()
    }
    assert set(COLUMN_NOTES) == set(Relation) == set(RELATION_LABELS)
    assert set(PART_LABELS) == set(Part)
    assert set(VERB_LABELS) == {*FILE_VERBS, *DESK_VERBS}


def test_every_footnote_that_a_cell_refers_to_is_explained(cast: Cast, browse: Browse) -> None:
    page = read(browse("jemal"), "/policy")
    numbers = {note for words in (LEVEL_WORDS, VERB_WORDS) for _word, note in words.values() if note}
    assert numbers <= {number for number, _text in FOOTNOTES}
    for number, text in FOOTNOTES:
        assert f'id="note-{number}">{text}' in page


@pytest.mark.parametrize(
    ("role", "relations"),
    [
        (Role.SOCIAL_WORKER, ["case_manager", "social_worker", "emergency"]),
        (Role.HOTLINE_OPERATOR, ["case_manager", "social_worker", "emergency"]),
        (Role.PSYCHOLOGIST, ["psychologist"]),
        (Role.LAWYER, ["lawyer"]),
        (Role.HEALTH_WORKER, ["health_worker", "emergency"]),
        (Role.CENTRE_WORKER, ["centre_worker", "emergency"]),
        (Role.SUPERVISOR, ["supervisor", "emergency"]),
        (Role.COORDINATOR, ["coordinator"]),
        (Role.DPO, ["dpo"]),
        *((role, []) for role in (Role.ADMINISTRATOR, Role.TRAINER, Role.OUTREACH_OFFICER, Role.STATISTICIAN)),
    ],
)
def test_what_a_role_can_be_to_a_file(role: Role, relations: list[str]) -> None:
    assert relations_of(role) == relations


@pytest.mark.parametrize("name", ["jemal", "ogulgerek", "aman", "irina", "kerim", "viktor"])
def test_the_reader_s_own_columns_are_marked(cast: Cast, browse: Browse, name: str) -> None:
    role = CAST[name][1]
    found = Tables(read(browse(name), "/policy")).found
    own = {str(RELATION_LABELS[relation]) for relation in relations_of(role)}
    assert {column for row in found["parts"].values() for column, _mark, _text, mine in row if mine} == own
    desk = {column for row in found["desk-verbs"].values() for column, _mark, _text, mine in row if mine}
    assert {ROLES[column] for column in desk} == {role}


def test_what_you_see_says_the_same_as_the_table() -> None:
    for role in Role:
        for seen, relation in zip(seen_by(role), relations_of(role), strict=True):
            told = {(str(level), str(part)) for level, parts in seen.levels for part in parts}
            assert told == {
                (str(LEVEL_LABELS[row[relation]]), str(PART_LABELS[part]))
                for part, row in PARTS.items()
                if row[relation] is not Level.NONE
            }


def test_an_administrator_reads_that_no_part_is_theirs(cast: Cast, browse: Browse) -> None:
    assert "you see no part of any child&#x27;s file" in read(browse("viktor"), "/policy").replace("'", "&#x27;")


def test_everybody_who_works_here_may_read_it(cast: Cast, browse: Browse) -> None:
    for name in cast:
        assert "Who may see what" in read(browse(name), "/policy")


def test_the_printed_sheet_says_who_printed_it(cast: Cast, browse: Browse) -> None:
    assert "printed by Jemal, Northern Network" in read(browse("jemal"), "/policy")


@pytest.mark.parametrize("language", ["tk", "ru", "ro"])
def test_the_page_has_the_same_cells_in_every_language(cast: Cast, browse: Browse, language: str) -> None:
    client = browse("jemal")
    client.cookies["language"] = language
    shown = Tables(read(client, "/policy")).found["parts"]
    assert [[cell[1] for cell in row] for row in shown.values()] == [list(row.values()) for row in PARTS.values()]
