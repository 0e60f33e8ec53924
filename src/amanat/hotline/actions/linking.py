"""The verb that says which matters belong together: a link between two, or a call that moves from one into the other."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases.actions.guarding import keep_out_of_sources
from amanat.hotline import recruiters, sources, tallies
from amanat.hotline.actions import passing_on, standing
from amanat.hotline.actions.matters import hold
from amanat.hotline.models import Call, CallerMark, Matter, MatterCase, MatterLink, Note, NoteKind
from amanat.web.errors import PersonFacingError


@verb(Verb.MATTER_LINK)
def link(matter: Matter, *, siblings: Sequence[Matter], actor: Actor) -> MatterLink:
    """Link two matters (the other one in `siblings`), so that each leads to the other.

    Raises:
        PersonFacingError: they are one and the same, or linked already.
    """
    (other,) = siblings
    if other.pk == matter.pk:
        raise PersonFacingError(_("This is the matter itself."), field="other")
    _hold_both(matter, other, actor)
    made, is_new = _linked(matter, other, actor)
    if not is_new:
        raise PersonFacingError(_("These two matters are linked already."), field="other")
    return made


@verb(Verb.MATTER_LINK)
def unlink(matter: Matter, *, siblings: Sequence[Matter], actor: Actor) -> None:
    """Take the link between two matters away.

    Raises:
        PersonFacingError: there is none.
    """
    (other,) = siblings
    _hold_both(matter, other, actor)
    if not _between(matter, other).delete()[0]:
        raise PersonFacingError(_("These two matters are not linked."))


@verb(Verb.MATTER_LINK)
def move_call(matter: Matter, *, call: Call, siblings: Sequence[Matter], actor: Actor) -> Call:
    """Move a call of `matter` into the other matter, with its notes: all that is sealed is sealed anew under that.

    The two stay linked, so that the call can be moved back in the same way. A matter that keeps nothing is closed; one that a
    call comes into is open.

    Raises:
        PersonFacingError: the call stands elsewhere by now.
    """
    (to,) = siblings
    _hold_both(matter, to, actor)
    standing.lock(call)
    if to.pk == matter.pk:
        raise PersonFacingError(_("This is the matter itself."), field="other")
    told_before = [row.case for row in MatterCase.objects.filter(matter=matter).select_related("case")]
    _seal_anew(matter, call, to, actor)
    CallerMark.objects.filter(call=call).update(matter=to)
    there = MatterCase.objects.filter(matter=to, case=OuterRef("case"))
    MatterCase.objects.filter(~Exists(there), call=call).update(matter=to)
    _let_stand(matter, call, to, actor)
    _linked(matter, to, actor)
    passing_on.of_a_moved_call(call, to, actor, but=told_before)
    for one in (matter, to):
        recruiters.remark(one, actor=actor)
    return call


def _hold_both(matter: Matter, other: Matter, actor: Actor) -> None:
    """In the order of their ids, so that nobody waits for somebody who waits for them."""
    for one in sorted({matter, other}, key=lambda row: row.pk):
        hold(one, actor)
        one.save(update_fields=["last_at", "version"])


def _between(matter: Matter, other: Matter) -> QuerySet[MatterLink]:
    return MatterLink.objects.filter(Q(first=matter, second=other) | Q(first=other, second=matter))


def _linked(matter: Matter, other: Matter, actor: Actor) -> tuple[MatterLink, bool]:
    first, second = sorted((matter, other), key=lambda row: (row.opened_at, row.pk))
    made = {"linked_by": actor.membership, "linked_at": actor.now}
    found = MatterLink.objects.get_or_create(first=first, second=second, defaults=made)
    for case in sources.cases(matter):
        keep_out_of_sources(case)
    return found


def _seal_anew(matter: Matter, call: Call, to: Matter, actor: Actor) -> None:
    """A debrief stays under the matter in which its author wrote it, since nobody else opens it; the call still leads to it."""
    file = open_file(actor, matter)
    call.subject = matter.subject
    notes = list(Note.objects.filter(call=call).exclude(kind=NoteKind.DEBRIEF))
    for note in notes:
        note.subject = matter.subject
        note.words = file.open(note, "words")
        note.matter, note.subject = to, to.subject
        note.save(update_fields=["matter", "subject", "words"])
    call.content, call.number = file.open(call, "content"), file.open(call, "number")
    call.matter, call.subject = to, to.subject
    call.version += 1
    call.save(update_fields=["matter", "subject", "content", "number", "version"])


def _let_stand(matter: Matter, call: Call, to: Matter, actor: Actor) -> None:
    """What of a matter goes with its last call: who called, the call back, that it is open."""
    notes = Note.objects.filter(matter=matter).exclude(kind=NoteKind.DEBRIEF)
    if not Call.objects.filter(matter=matter).exists() and not notes.exists():
        _hand_on(matter, call, to, actor)
    to.closed_at, to.priority = None, to.priority or matter.priority
    to.save(update_fields=["closed_at", "priority"])


def _hand_on(matter: Matter, call: Call, to: Matter, actor: Actor) -> None:
    """Of two promises to call back the earlier one stands, and counts."""
    for one in (matter, to):
        one.refresh_from_db(fields=["caller"])
    caller = open_file(actor, to).open(to, "caller")
    if not caller and (caller := open_file(actor, matter).open(matter, "caller")):
        standing.caller_is_new(to, call)
    promised = [one for one in (matter, to) if one.call_back_at]
    promised.sort(key=lambda one: one.call_back_at)  # type: ignore[arg-type, return-value]
    for later in promised[1:]:
        tallies.take_back_call_back(later)
    to.caller, to.call_back_at = caller, promised[0].call_back_at if promised else None
    to.save(update_fields=["caller", "call_back_at"])
    matter.call_back_at, matter.closed_at = None, actor.now
    matter.save(update_fields=["call_back_at", "closed_at"])
