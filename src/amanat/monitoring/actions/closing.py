"""Closing in two hands: the case manager asks with what is met and who agrees, a supervisor approves or sends it back."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.stating import check_open, file_of, said
from amanat.monitoring import closings, followups, pack
from amanat.monitoring.models import Closing, ClosingState
from amanat.web.errors import PersonFacingError

SAFE = frozenset({"goals_met"})  # of `closing_reason`: they say that the child is safe
AGREED = frozenset({"agrees", "none"})  # of `closing_agreed`; who could not be asked has not agreed


@verb(Verb.CLOSING_ASK)
def ask(
    case: Case,
    *,
    why: str,
    met: Sequence[str] = (),
    not_met: str = "",
    child: str,
    guardian: str,
    words: str = "",
    actor: Actor,
) -> Closing:
    """Ask a supervisor. `why` is a code of `closing_reason`, `met` are conditions of the pack, `child` and `guardian` codes of
    `closing_agreed`.

    Raises:
        PersonFacingError: the case is closed; it was asked already; a condition is ticked of which the file shows nothing; one is not
            met, the child is said to be safe while nobody knows, or somebody has not agreed, and no words say why it is asked all
            the same.
    """
    file = file_of(case, actor, Part.PLAN)
    check_open(case)
    last = closings.asked(case)
    if last is not None and last.state == ClosingState.ASKED:
        raise PersonFacingError(_("It was asked for already."), _("Wait for the supervisor."))
    _check_ticked(file, met)
    missing = [item.label.text() for name, item in pack.listed("closing").items() if name not in met]
    if missing and not not_met:
        raise PersonFacingError(
            _("Not every condition is met: %(names)s.") % {"names": ", ".join(missing)},
            _("Write why the case is to be closed all the same."),
            "not_met",
        )
    if why in SAFE and not not_met and followups.is_last_unknown(file):
        raise PersonFacingError(
            _("The last follow-up did not reach the child: whether it is safe is unknown."),
            _("Try again, choose another reason, or write below why the case is to be closed all the same."),
            "why",
        )
    if not {child, guardian} <= AGREED and not words:
        raise PersonFacingError(
            _("Somebody does not agree, or could not be asked. Write what they say, or why they were not asked."),
            field="words",
        )
    content = said(why=why, met=list(met), not_met=not_met, child=child, guardian=guardian, words=words)
    about = {"subject": case.subject, "case": case, "author": actor.membership, "at": actor.now}
    row = Closing.objects.create(**about, content=content)
    mark(case, EventKind.CLOSING_ASKED, actor)
    return row


def _check_ticked(file: File, met: Sequence[str]) -> None:
    """What the timeline does not tell of is not met because somebody says so."""
    names = [item.label.text() for item in closings.not_there(file) if item.name in met]
    if names:
        raise PersonFacingError(
            _("The file does not show this yet: %(names)s.") % {"names": ", ".join(names)},
            _("Record it first, or leave the box empty and write why the case is to be closed all the same."),
            "met",
        )


@verb(Verb.CLOSING_APPROVE)
def answer(case: Case, *, approved: bool, words: str = "", actor: Actor) -> Closing:
    """Approve what was asked for, or send it back with words. Once approved, the case manager closes the case.

    Raises:
        PersonFacingError: nothing waits, the actor asked for it in another role, or it is sent back without a word.
    """
    file_of(case, actor, Part.PLAN)
    row = Closing.objects.filter(case=case, state=ClosingState.ASKED).select_related("author").first()
    if row is None:
        raise PersonFacingError(_("No closing waits for an answer."))
    if row.author.user_id == actor.user.pk:
        raise PersonFacingError(_("You asked for this closing yourself."), _("Another supervisor answers it."))
    if not approved and not words:
        raise PersonFacingError(_("Write what is still missing."), field="words")
    row.subject = case.subject
    row.state = ClosingState.APPROVED if approved else ClosingState.SENT_BACK
    row.decided_by, row.decided_at, row.answer = actor.membership, actor.now, {"text": words} if words else None
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    if approved:
        mark(case, EventKind.CLOSING_APPROVED, actor)
    return row
