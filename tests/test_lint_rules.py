"""The product's own mistakes, looked for in its source: each rule is about a class of them. What an exception is and why stands
in `tests.exceptions`; an exception that nothing needs any more fails too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from amanat.access import labels
from amanat.access.policy import Verb
from tests import exceptions

SOURCE = Path(__file__).resolve().parents[1] / "src" / "amanat"
CHANGES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "insert",
    "get_or_create",
    "update_or_create",
    "begin",
    "begin_many",
}


@dataclass(frozen=True)
class Found:
    """A place in the source: module (`cases/views/file.py`), the function around it, the line."""

    module: str
    function: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} ({self.function or 'module'})"

    @property
    def place(self) -> str:
        return f"{self.module}:{self.function}"


@cache
def sources() -> dict[str, ast.Module]:
    """The product's modules; tests and migrations are none of it."""
    paths = [path for path in SOURCE.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
    return {str(path.relative_to(SOURCE)): ast.parse(path.read_text()) for path in sorted(paths)}


def nodes(of: Callable[[ast.AST], bool], modules: Callable[[str], bool] = lambda _name: True) -> Iterator[Found]:
    """Where nodes of a kind stand, with the outermost function or class method around each."""
    for name, tree in sources().items():
        if modules(name):
            yield from (Found(name, function, node.lineno) for function, node in _walk(tree, "") if of(node))  # type: ignore[attr-defined]


def _walk(tree: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        named = node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else ""
        within = f"{function}.{named}".strip(".") if named else function
        yield within, node
        yield from _walk(node, within)


def called(node: ast.AST) -> str:
    """What is called: `f` of `f()`, `save` of `row.save()`; "" for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def on_what(node: ast.AST) -> str:
    """The source of what a method is called on."""
    return ast.unparse(node.func.value) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def broken(found: Iterator[Found], allowed: dict[str, str]) -> list[str]:
    """Places without an exception, and exceptions without a place. An exception names a module, a room, or `module:function`."""
    places = list(found)
    needed = {key for key in allowed for one in places if one.place.startswith(key)}
    strays = [str(one) for one in places if not any(one.place.startswith(key) for key in allowed)]
    return strays + [f"no longer needed: {key}" for key in sorted(set(allowed) - needed)]


# --- what is sealed --------------------------------------------------------------------------------------------------


def test_sealed_values_are_opened_only_where_the_policy_was_asked() -> None:
    assert (
        broken(nodes(lambda node: called(node) in ("open_sealed", "open_column", "unseal")), exceptions.OPENS_SEALED)
        == []
    )


def test_only_the_vault_looks_behind_a_sealed_value() -> None:
    behind = nodes(lambda node: isinstance(node, ast.Attribute) and node.attr in ("_box", "_clear"))
    assert broken(behind, {"vault/sealing.py": "the handle itself"}) == []


# --- how rows are reached --------------------------------------------------------------------------------------------


def about_somebody() -> set[str]:
    """Models with a subject: what they tell is about a child, or sealed."""
    return {
        model.__name__
        for model in apps.get_models()
        if model._meta.app_config.name.startswith("amanat.") and any(_is_subject(field) for field in model._meta.fields)
    }


def _is_subject(field: models.Field) -> bool:  # type: ignore[type-arg]
    return field.name == "subject" or (field.name == "id" and field.model.__name__ == "Subject")


def test_views_reach_rows_of_files_only_through_loaders_and_queries() -> None:
    """No view asks a manager of a model that has a subject: it could forget to ask who is asking."""
    sealed = about_somebody()
    assert {
        "Case",
        "Child",
        "Event",
        "Attachment",
        "Task",
        "Consent",
        "Grant",
        "Conflict",
        "Entry",
        "Subject",
    } <= sealed

    def asks(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Attribute)
            and node.attr == "objects"
            and ast.unparse(node.value).split(".")[-1] in sealed
        )

    views = nodes(asks, lambda name: "/views" in name)
    assert broken(views, exceptions.VIEWS_ASK_MANAGERS) == []


def test_a_view_changes_nothing_by_itself() -> None:
    changes = nodes(lambda node: called(node) in CHANGES and not _harmless(node), lambda name: "/views" in name)
    assert broken(changes, exceptions.VIEWS_CHANGE) == []


def _harmless(node: ast.AST) -> bool:
    """`update` of a dict or set, `hash.update`: names that changes of rows share with others."""
    return on_what(node).split(".")[-1].split("(")[0] in exceptions.NO_ROWS


def test_rows_are_changed_only_by_verbs_and_by_what_they_call() -> None:
    changes = nodes(lambda node: called(node) in CHANGES and on_what(node) != "" and not _harmless(node))
    assert broken(changes, exceptions.CHANGES_ROWS) == []


# --- verbs and pages -------------------------------------------------------------------------------------------------


def decorators(node: ast.FunctionDef) -> dict[str, ast.expr]:
    return {getattr(getattr(one, "func", one), "id", ""): one for one in node.decorator_list}


def functions(modules: Callable[[str], bool]) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The public functions of modules, at their top level."""
    for name, tree in sources().items():
        if modules(name):
            yield from (
                (name, node)
                for node in tree.body
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            )


def is_actions(name: str) -> bool:
    return "/actions" in name or name.endswith("/known.py")


def test_every_public_function_that_writes_among_the_actions_is_a_verb() -> None:
    writing = [
        Found(name, node.name, node.lineno)
        for name, node in functions(is_actions)
        if "verb" not in decorators(node)
        and any(called(inner) in CHANGES and on_what(inner) for inner in ast.walk(node))
    ]
    assert broken(iter(writing), exceptions.CALLED_BY_VERBS) == []


def test_a_verb_is_named_by_a_member_of_verb_and_takes_its_actor_by_name() -> None:
    wrong = []
    for name, node in functions(lambda _name: True):
        if held := decorators(node).get("verb"):
            told = ast.unparse(held.args[0]) if isinstance(held, ast.Call) else ""
            by_name = {argument.arg for argument in node.args.kwonlyargs}
            if not (told.startswith("Verb.") and told.removeprefix("Verb.") in Verb.__members__ and "actor" in by_name):
                wrong.append(f"{name}:{node.lineno} {node.name}")
    assert wrong == []


def test_every_verb_is_spelt_as_its_name_and_they_stand_in_order() -> None:
    assert [verb.name for verb in Verb] == [verb.replace(".", "_").upper() for verb in Verb]
    assert list(Verb) == sorted(Verb)
    assert list(labels.VERB_LABELS) == list(Verb)


def test_every_public_function_of_a_views_module_is_a_page() -> None:
    """In the rooms whose pages are about people; those of `people` and `web` stand on the list of the policy walk."""
    strays = [
        Found(name, node.name, node.lineno)
        for name, node in functions(lambda name: "/views/" in name and name.split("/")[0] not in ("people", "web"))
        if "page" not in decorators(node)
    ]
    assert broken(iter(strays), exceptions.NOT_A_PAGE) == []


# --- who decides -----------------------------------------------------------------------------------------------------


def test_only_the_policy_compares_roles_and_relations() -> None:
    """A comparison with, a lookup by, or a match on `Role.X`, `Relation.X` or somebody's `.role`."""
    assert broken(nodes(_compares_roles), exceptions.COMPARES_ROLES) == []


def _compares_roles(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return any(_is_role(side) for whole in (node.left, *node.comparators) for side in ast.walk(whole))
    if isinstance(node, ast.keyword):
        return (node.arg or "").split("__")[0] in ("role", "relation") and _is_member(node.value)
    return isinstance(node, ast.match_case) and any(map(_is_role, ast.walk(node.pattern)))


def _is_role(node: ast.AST) -> bool:
    return _is_member(node) or (isinstance(node, ast.Attribute) and node.attr == "role")


def _is_member(node: ast.AST) -> bool:
    named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return named and node.value.id in ("Role", "Relation") and node.attr.isupper()  # type: ignore[attr-defined]


# --- edges -----------------------------------------------------------------------------------------------------------


def test_time_is_read_at_the_edges_only() -> None:
    def reads_the_clock(node: ast.AST) -> bool:
        asks = called(node) in ("now", "today", "utcnow", "localdate", "localtime") and not _given_a_moment(node)
        return asks and on_what(node).split(".")[-1] in ("timezone", "datetime", "date")

    assert broken(nodes(reads_the_clock), exceptions.READS_THE_CLOCK) == []


def _given_a_moment(node: ast.AST) -> bool:
    """`timezone.localdate(moment)` reads no clock; `datetime.now(UTC)` does."""
    return called(node).startswith("local") and isinstance(node, ast.Call) and bool(node.args)


def test_nothing_is_printed() -> None:
    assert (
        broken(nodes(lambda node: isinstance(node, ast.Call) and ast.unparse(node.func) == "print"), exceptions.PRINTS)
        == []
    )


def test_only_constants_are_marked_safe() -> None:
    def risky(node: ast.AST) -> bool:
        if called(node) == "format_html":
            return not isinstance(node.args[0], ast.Constant)  # type: ignore[attr-defined]
        return called(node) in ("mark_safe", "SafeString") and not isinstance(node.args[0], ast.Constant)  # type: ignore[attr-defined]

    assert broken(nodes(risky), exceptions.MARKS_SAFE) == []


def test_no_error_is_swallowed() -> None:
    def swallows(node: ast.AST) -> bool:
        if not isinstance(node, ast.ExceptHandler):
            return called(node) == "suppress"
        silent = all(isinstance(line, ast.Pass) for line in node.body)
        anything = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
        goes_on = any(isinstance(line, ast.Raise) for line in ast.walk(node))
        return silent or (anything and not goes_on)

    assert broken(nodes(swallows), exceptions.SWALLOWS) == []


TRANSLATES = ("gettext", "ngettext", "pgettext")  # each also as `…_lazy`


def test_every_sentence_is_found_by_whoever_gathers_them_for_translators() -> None:
    """gettext's programs know Django's own names and `_`, and look into no f-string: what they miss stays English in each language."""

    def missed(node: ast.AST) -> bool:
        if isinstance(node, ast.ImportFrom):
            others = (one.asname for one in node.names if one.name.removesuffix("_lazy") in TRANSLATES)
            return any(name not in (None, "_") for name in others)
        inside = ast.walk(node) if isinstance(node, ast.JoinedStr) else ()
        return any(called(one) == "_" or called(one).removesuffix("_lazy") in TRANSLATES for one in inside)

    assert broken(nodes(missed), {}) == []


# --- templates -------------------------------------------------------------------------------------------------------

FORBIDDEN = {
    "an unescaped value": r"\|\s*safe\b|{%\s*autoescape\s+off|\|\s*safeseq\b",
    "a script of its own": r"<script(?![^>]*\bsrc=)[^>]*>",
    "a style of its own": r"<style\b|\sstyle\s*=",
    "a handler in an attribute": r"\son[a-z]+\s*=\s*[\"']",
    "a javascript address": r"javascript:",
    "another host": r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
    "a name or a text in a title": r"<title>[^<]*(?:name|text|note)",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.IGNORECASE)
    found = [
        f"{path.relative_to(SOURCE)}:{text.count(chr(10), 0, match.start()) + 1}"
        for path in sorted([*SOURCE.rglob("*.html"), *SOURCE.rglob("*.svg"), *SOURCE.rglob("*.txt")])
        if "tests" not in path.parts
        for text in [path.read_text()]
        for match in pattern.finditer(text)
    ]
    assert found == []


# --- tests -----------------------------------------------------------------------------------------------------------


def test_no_test_waits_for_a_script_in_a_page_of_ours() -> None:
    """Playwright reads such a text again and again in the page, which our policy of content forbids: only its first look works."""
    of_theirs, waits = SOURCE.parents[1] / "tests/odk/comparing.py", ".wait_for_" + "function("
    tests = [*SOURCE.rglob("tests/*.py"), *(SOURCE.parents[1] / "tests").rglob("*.py")]
    assert [path for path in tests if waits in path.read_text()] == [of_theirs]


# --- the rules find what they are for --------------------------------------------------------------------------------

BAD = """
def view(request, case):
    print(Case.objects.get(pk=1))
    if request.actor.role == Role.DPO:
        row.save()
    try:
        told = f"{_('Lost')}"
        return mark_safe(text), timezone.now(), open_sealed(row, "identity")
    except Exception:
        pass
"""


@pytest.mark.parametrize(
    "test",
    [
        test_sealed_values_are_opened_only_where_the_policy_was_asked,
        test_views_reach_rows_of_files_only_through_loaders_and_queries,
        test_a_view_changes_nothing_by_itself,
        test_rows_are_changed_only_by_verbs_and_by_what_they_call,
        test_every_public_function_of_a_views_module_is_a_page,
        test_only_the_policy_compares_roles_and_relations,
        test_time_is_read_at_the_edges_only,
        test_nothing_is_printed,
        test_only_constants_are_marked_safe,
        test_no_error_is_swallowed,
        test_every_sentence_is_found_by_whoever_gathers_them_for_translators,
    ],
)
def test_each_rule_finds_a_module_that_breaks_it(test: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    bad, told = sources() | {"cases/views/bad.py": ast.parse(BAD)}, []

    def note(found: Iterator[Found], allowed: dict[str, str], judge: Callable[..., list[str]] = broken) -> list[str]:
        told.extend(judge(found, allowed))
        return []

    monkeypatch.setattr("tests.test_lint_rules.sources", lambda: bad)
    monkeypatch.setattr("tests.test_lint_rules.broken", note)
    test()
    assert [line for line in told if line.startswith("cases/views/bad.py:")]
