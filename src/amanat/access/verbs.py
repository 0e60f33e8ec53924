"""`@verb`: policy, version, one transaction, the audit log. Everything that changes something is a function under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils import translation

from amanat.access.actor import Actor
from amanat.access.files import ProofNeeded, open_file
from amanat.access.policy import DESK_VERBS, FILE_VERBS, Verb, may_do, needs_proof
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.audit.recording import Mark
from amanat.vault.models import SealedModel, Subject
from amanat.web.errors import Refused

Given = ParamSpec("Given")
Result = TypeVar("Result")

_registered: dict[Verb, Callable[..., Any]] = {}


def verb(
    name: Verb, *, about: Callable[[Any], object] | None = None
) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Make a function the one way to do `name`.

    `about` says of the first argument (where there is none: of the result) what the log should name, for verbs on no file.

    A verb on a file takes a row of it (with `file_row`) as its first argument; every verb takes `actor=`, and `reason=` goes into
    the log.  A refusal is logged after the rollback; one that looks as if there were nothing says in `subject` what was reached for.
    """

    def decorate(act: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(act)
        def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            actor = kwargs["actor"]
            assert isinstance(actor, Actor)
            target: Any = args[0] if args and hasattr(args[0], "file_row") else None
            try:
                with transaction.atomic():
                    _check(name, actor, target)
                    result = act(*args, **kwargs)
                    named = {"reason": kwargs.get("reason"), "about": _named(about, args[0] if args else result)}
                    _record(name, actor, target if target is not None else result, named)
                    return result
            except Refused as refused:
                subject = target.file_row.subject if target is not None else getattr(refused, "subject", None)
                told = _named(about, args[0]) if args else ""
                recording.record_refusal(**log_line(actor, name, Outcome.REFUSED, subject, about=told))
                raise

        _registered[name] = run
        run.verb = name  # type: ignore[attr-defined]
        return run

    return decorate


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


def _check(name: Verb, actor: Actor, target: Any) -> None:
    if name in FILE_VERBS:
        open_file(actor, target.file_row).check(name)
        return
    if not may_do(name, role=actor.role, relations=frozenset()):
        raise Refused()
    if needs_proof(name, role=actor.role, relations=frozenset()) and not actor.recently_proved:
        raise ProofNeeded()


def _named(about: Callable[[Any], object] | None, told: Any) -> str:
    """In the language of the source, whatever the actor's: the log is one text."""
    with translation.override(None):
        return str(about(told)) if about else ""


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
