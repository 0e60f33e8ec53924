"""`@verb`: policy, version, one transaction, the audit log. Everything that changes something is a function under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from amanat.access.actor import Actor
from amanat.access.files import ProofNeeded, open_file
from amanat.access.models import FileRow
from amanat.access.policy import DESK_VERBS, FILE_VERBS, Verb, may_do, needs_proof
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.audit.recording import Mark
from amanat.vault.models import Subject
from amanat.web.errors import Refused

Given = ParamSpec("Given")
Result = TypeVar("Result")

_registered: dict[Verb, Callable[..., Any]] = {}


def verb(name: Verb) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Make a function the one way to do `name`.

    A verb on a file takes a row of it (with `file_row`) as its first argument; every verb takes `actor=`, and `reason=` goes into
    the log.  A refusal is logged after the rollback.
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
                    _record(name, actor, target if target is not None else result, kwargs)
                    return result
            except Refused:
                subject = target.file_row.subject if target is not None else None
                recording.record_refusal(**log_line(actor, name, Outcome.REFUSED, subject))
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


def _record(name: Verb, actor: Actor, about: Any, given: dict[str, Any]) -> None:
    subjects: Sequence[Subject | None] = subjects_of(about) or [None]
    recording.record_many(
        log_line(actor, name, Outcome.DONE, subject, reason=given.get("reason")) for subject in subjects
    )


def subjects_of(about: Any) -> list[Subject]:
    """The subjects that a verb was about: of a row, of each of several rows; none for anything else."""
    if isinstance(about, FileRow):
        return [about.subject]
    if hasattr(about, "file_row"):
        return [about.file_row.subject]
    if isinstance(about, Iterable) and not isinstance(about, str | bytes | dict):
        return [subject for row in about for subject in subjects_of(row)]
    return []


assert set(DESK_VERBS) | set(FILE_VERBS) == set(Verb), "every verb has a row in exactly one table"
