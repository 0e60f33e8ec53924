"""Contacts in a crisis, and sessions with several children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import open_files
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import AlertKind, Case, EventKind
from amanat.cases.stating import check_moment, demand, said
from amanat.psychology.actions.stating import file_of, was_in_contact
from amanat.psychology.models import CrisisContact, GroupPart, GroupSession, ProcessNote
from amanat.vault.models import Subject, SubjectKind
from amanat.web.errors import PersonFacingError

# Codes of `crisis_danger` at which somebody on duty is told at once.
TELLS = frozenset({"words", "plan", "done"})


@verb(Verb.CRISIS_RECORD)
def record_crisis(
    case: Case,
    *,
    at: datetime,
    way: str,
    danger: str,
    what: str,
    done: str,
    with_child: str = "",
    after: str = "",
    actor: Actor,
) -> CrisisContact:
    """Record that somebody was there for the child in a crisis. Where there is danger of self-harm, the duty list is told at once.

    `way` and `danger` are codes of `crisis_how` and `crisis_danger`. `what`: what was seen and said; `done`: what was done;
    `with_child`: who stays with the child; `after`: what is next.

    Raises:
        PersonFacingError: it lies in the future or before the birth; the case is closed.
    """
    file = file_of(case, actor, Part.SAFETY)
    check_moment(file, at)
    packs.current().codes("crisis_danger")[danger]  # a code that nobody knows would tell nobody
    told = said(way=way, danger=danger, what=what, done=done, with_child=with_child, after=after)
    was_in_contact(case, at)
    mark(case, EventKind.CRISIS_CONTACT, actor, part=Part.SAFETY, at=at, text=what)
    alert = begin_alert(case, kind=AlertKind.SELF_HARM, words=what, actor=actor) if danger in TELLS else None
    return CrisisContact.objects.create(
        subject=case.subject,
        case=case,
        author=actor.membership,
        at=at,
        written_at=actor.now,
        alert=alert,
        content=told,
    )


@verb(Verb.GROUP_RECORD)
def record_group(
    case: Case,
    *,
    siblings: Sequence[Case] = (),
    at: datetime,
    content: Mapping[str, Any],
    parts: Mapping[str, Mapping[str, str]],
    actor: Actor,
) -> GroupSession:
    """Record a session with several children; `siblings` are the other ones, who need not be of one family.

    `content`: {theme, approach, course, minutes}, which names nobody; `parts`: of each child {attendance, words, notes}, by the
    reference of its case. What stands in a part, nobody reads on another child's file.

    Raises:
        Closed: one of the files is not open to the actor.
        PersonFacingError: it lies in the future; fewer than two children took part; a case is closed.
    """
    cases = [case, *siblings]
    if len({one.subject_id for one in cases}) < 2:
        raise PersonFacingError(_("A group has at least two children."), _("Record a session with one child as such."))
    lock(*cases)
    for file in open_files(actor, cases):
        demand(file, Part.PSYCHOLOGY_SUMMARY)
        check_moment(file, at)
    if any(one.is_closed for one in cases):
        raise PersonFacingError(
            _("One of these cases is closed."), _("Leave that child out, or reopen the case first.")
        )
    group = GroupSession.objects.create(
        subject=Subject.objects.begin(SubjectKind.SHARED),
        psychologist=actor.membership,
        at=at,
        written_at=actor.now,
        content=said(**content),
    )
    for one in cases:
        _part(group, one, dict(parts.get(one.pk.hex, {})), actor)
    return group


def _part(group: GroupSession, case: Case, told: dict[str, str], actor: Actor) -> None:
    notes = told.pop("notes", "").strip()
    part = GroupPart.objects.create(subject=case.subject, case=case, shared=group, at=group.at, content=said(**told))
    if notes:
        ProcessNote.objects.create(
            subject=case.subject,
            case=case,
            group_part=part,
            author=actor.membership,
            written_at=actor.now,
            text=notes,
        )
    was_in_contact(case, group.at)
    mark(case, EventKind.GROUP_HELD, actor, part=Part.PSYCHOLOGY_SUMMARY, at=group.at)
