"""Quicker ways to make and to change tables: after a step of a migration fewer models are drawn anew than Django draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState

STATE: Any = ProjectState  # what is replaced of it is Django's own affair, and has no type
Key = tuple[str, str]


@contextmanager
def drawing_one_model_a_step() -> Iterator[None]:
    """After each step of a migration Django draws the changed model anew, and with it every model that any chain of foreign keys
    leads to, so that each knows the others' newest classes. That takes longer with each migration that is added, and what makes
    tables needs it only where a key changes that rows refer to. Before a step that works on rows all are drawn once.
    """

    def only_itself(state: Any, app: str, model: str, delay: bool = False) -> set[Key]:
        state.is_delayed = True
        return {(app, model)}

    with _drawing(only_itself):
        yield


@contextmanager
def drawing_all_only_for_keys() -> Iterator[None]:
    """Where rows stand: the same for what no row of another table refers to (a new model, a field that is no key, an index, an
    invariant), a sixth of the time of an update. Before a key, a relation or the name of a table changes, all are drawn anew.
    """
    everything = STATE._find_reload_model

    def as_needed(state: Any, app: str, model: str, delay: bool = False) -> set[Key]:
        drawn = state.apps.all_models[app].get(model)
        table = state.models[app, model].options.get("db_table") or f"{app}_{model}"
        if drawn is None or (delay and drawn._meta.db_table == table):
            state.is_delayed = True
            return {(app, model)}
        if not state.is_delayed:
            found: set[Key] = everything(state, app, model, delay)
            return found
        state.clear_delayed_apps_cache()
        state.is_delayed = False
        return set()

    with _drawing(as_needed):
        yield


@contextmanager
def _drawing(find: Callable[..., set[Key]]) -> Iterator[None]:
    """`find` says what is drawn anew after a step."""
    everything = STATE._find_reload_model
    STATE._find_reload_model = find
    try:
        yield
    finally:
        STATE._find_reload_model = everything
