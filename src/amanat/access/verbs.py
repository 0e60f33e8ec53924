"""`@verb`: policy, version, one transaction, the audit log. Everything that changes something is a function under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils import translation

from amanat.access import standing
from amanat.access.actor import Actor
from amanat.access.files import ProofNeeded, open_files
from amanat.access.policy import DESK_VERBS, FILE_VERBS, Verb, needs_proof
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.audit.recording import Mark
from amanat.vault.models import SealedModel, Subject
from amanat.web.errors import Refused

Given = ParamSpec("Given")
Result = TypeVar("Result")

_registered: dict[Verb, Callable[..., Any]] = {}
# What `check_again` asks for once more: the verb that runs, by whom, about what.
_running: ContextVar[tuple[Verb, Actor, Sequence[Any]] | None] = ContextVar("running", default=None)


def verb(
    name: Verb,
    *,
    about: Callable[..., object] | None = None,
    asked: Sequence[str] = (),
    to: Callable[[Any], object] | None = None,
    around: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None,
    erases: bool = False,
) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Make a function the one way to do `name`.

    `about` says of the first argument (where there is none: of the result) what the log should name, for verbs on no file;
    it gets what the verb was asked for under the names in `asked` as well.
    `to` says of the result whom something was given to.
    `erases`: the file is gone once it is done, and with it the key that the log would tell of it under; the entry is the office's.
    `around` is for what has to be done before the transaction begins or once it is through; it is part of the verb.

    A verb on a file takes a row of it (with `file_row`) as its first argument, and rows of others that it writes as `siblings=`;
    it is checked and logged on each. Every verb takes `actor=`, and `reason=` goes into the log. A refusal is logged after
    the rollback; one that looks as if there were nothing says in `subject` what was reached for.
    """

    def decorate(act: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(act)
        def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            actor = kwargs["actor"]
            assert isinstance(actor, Actor)
            targets = _targets(args[:1], kwargs)
            given = {key: kwargs.get(key) for key in asked}
            try:
                with _as_running(name, actor, targets), transaction.atomic():
                    _check(name, actor, targets)
                    result = act(*args, **kwargs)
                    named = {
                        "reason": kwargs.get("reason"),
                        "about": _named(about, args[0] if args else result, given),
                        "to": _named(to, result),
                    }
                    _record(name, actor, None if erases else targets or result, named)
                    return result
            except Refused as refused:
                subject = targets[0].file_row.subject if targets else getattr(refused, "subject", None)
                told = _named(about, args[0], given) if args else ""
                recording.record_refusal(**log_line(actor, name, Outcome.REFUSED, subject, about=told))
                raise

        whole: Callable[Given, Result] = around(run) if around else run
        run.verb = whole.verb = name  # type: ignore[attr-defined]
        _registered[name] = whole
        return whole

    return decorate


@contextmanager
def _as_running(name: Verb, actor: Actor, targets: Sequence[Any]) -> Iterator[None]:
    before = _running.set((name, actor, targets))
    try:
        yield
    finally:
        _running.reset(before)


def check_again() -> None:
    """Ask the policy once more about the verb that runs, where it turned out that a file is not where it was when it was asked.

    Raises:
        Refused, ProofNeeded: as in the beginning.
    """
    if (running := _running.get()) is not None:
        standing.ask_anew()
        _check(*running)


def registered() -> dict[Verb, Callable[..., Any]]:
    return dict(_registered)


def log_line(actor: Actor, name: str, outcome: Outcome, subject: Subject | None = None, **details: Any) -> Mark:
    """What every entry says: who, in which membership, what, about whom, from which page, when, from where."""
    told = {key: value for key, value in details.items() if value} | ({"where": actor.where} if actor.where else {})
    return {
        "user": actor.user,
        "membership": actor.membership,
        "verb": str(name),
        "outcome": outcome,
        "subject": subject,
        "page": actor.page,
        "details": told or None,
        "at": actor.now,
    }


def _targets(first: Sequence[Any], given: Mapping[str, Any]) -> list[Any]:
    """The rows of files that a verb is about: its first argument, and the siblings whose files it writes as well."""
    return [row for row in (*first, *given.get("siblings", ())) if hasattr(row, "file_row")]


def _check(name: Verb, actor: Actor, targets: Sequence[Any]) -> None:
    if name in FILE_VERBS:
        if not targets:
            raise TypeError(f"{name} needs a row of a file as its first argument")
        for file in open_files(actor, [row.file_row for row in targets]):
            file.check(name)
        return
    if not actor.may(name):
        raise Refused()
    if needs_proof(name, role=actor.role, relations=frozenset()) and not actor.recently_proved:
        raise ProofNeeded()


def _named(about: Callable[..., object] | None, told: Any, given: Mapping[str, Any] | None = None) -> str:
    """In the language of the source, whatever the actor's: the log is one text."""
    with translation.override(None):
        return str(about(told, **(given or {}))) if about else ""


def _record(name: Verb, actor: Actor, about: Any, details: dict[str, Any]) -> None:
    subjects: Sequence[Subject | None] = subjects_of(about) or [None]
    recording.record_many(log_line(actor, name, Outcome.DONE, subject, **details) for subject in subjects)


def subjects_of(about: Any) -> list[Subject]:
    """The subjects that a verb was about: of a row, of each of several rows; none for anything else."""
    if isinstance(about, SealedModel):
        return [about.subject]
    if hasattr(about, "file_row"):
        return [about.file_row.subject]
    if isinstance(about, Iterable) and not isinstance(about, str | bytes | dict):
        return [subject for row in about for subject in subjects_of(row)]
    return []


assert set(DESK_VERBS) | set(FILE_VERBS) == set(Verb), "every verb has a row in exactly one table"
