"""Screening a child by a list of indicators, and mending a screening: the former version stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.models import FileRow
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind
from amanat.identification import lists
from amanat.identification.models import Screening
from amanat.identification.rule import Answer
from amanat.web.errors import PersonFacingError, Stale

NO_ACT = "none"  # asked, and none of these


def part_on(row: FileRow) -> Part:
    """Under which part of a file screenings and what is known of the age are kept."""
    return Part.FACTS if isinstance(row, Case) else Part.SCREENING


@verb(Verb.SCREENING_RECORD)
def record_screening(
    row: FileRow,
    *,
    indicators: str = "",
    signs: Mapping[str, Mapping[str, str]],
    acts: Sequence[str] = (),
    who: str = "",
    note: str = "",
    happened_at: datetime | None = None,
    corrects: Screening | None = None,
    seen: int | None = None,
    reason: str = "",
    actor: Actor,
) -> Screening:
    """Keep a screening by the pack's list `indicators`; or the next version of `corrects`, by the list as it was then.

    Args:
        signs: by code {is: "present" or "absent", who, note}; what is not named is not known.
        acts: codes of `trafficking_act`, or `NO_ACT` alone; empty: not known.

    Raises:
        PersonFacingError: nothing was answered, the acts contradict, it lies in the future.
        Stale: somebody else has corrected it since.
    """
    if happened_at is not None and happened_at > actor.now:
        raise PersonFacingError(_("This lies in the future. Write what has happened."), field="happened_at")
    if isinstance(row, Case):
        lock(row)
    before = _newest(corrects, seen)
    kept = _list_of(row, before, indicators, actor)
    answers = _answers(kept, signs, acts)
    words = {"acts": [act for act in acts if act != NO_ACT], "no_act": NO_ACT in acts, "who": who, "note": note}
    done = Screening.objects.create(
        subject=row.subject,
        part=part_on(row),
        author=actor.membership,
        happened_at=happened_at or (before.happened_at if before else actor.now),
        written_at=actor.now,
        content=kept
        | {"answers": answers, "labels": kept.get("labels", {}) | lists.labels_of(kept, list(answers))}
        | words
        | {"reason": reason, "language": (get_language() or "en")[:2]},
        **({"series": before.series, "version": before.version + 1} if before else {}),
    )
    if isinstance(row, Case):
        mark(row, EventKind.SCREENED, actor, part=part_on(row), indicators=kept["title"], text=reason)
    return done


def _newest(corrects: Screening | None, seen: int | None) -> Screening | None:
    """The version that is corrected, locked and no longer the newest."""
    if corrects is None:
        return None
    # Who corrects waits at the first version, and reads the newest one after that: a lock on that one alone would find none.
    Screening.objects.select_for_update().filter(series=corrects.series).order_by("version").first()
    newest = Screening.objects.get(series=corrects.series, newest=True)
    if seen is not None and newest.version != seen:
        raise Stale({}, newest.version)
    Screening.objects.filter(pk=newest.pk).update(newest=False)
    return newest


def _list_of(row: FileRow, before: Screening | None, indicators: str, actor: Actor) -> dict[str, Any]:
    if before is not None:
        before.subject = row.subject
        held: dict[str, Any] = open_file(actor, row).open(before, "content")
        return held
    told = packs.current().indicators.get(indicators)
    if told is None:
        raise PersonFacingError(_("The pack has no such list of indicators."), _("Choose one of its lists."))
    return lists.as_kept(told)


def _answers(
    kept: Mapping[str, Any], signs: Mapping[str, Mapping[str, str]], acts: Sequence[str]
) -> dict[str, dict[str, str]]:
    """The answers that say something, in the order of the list."""
    if NO_ACT in acts and len(acts) > 1:
        raise PersonFacingError(_("You ticked something that was done, and that none of it was."), field="acts")
    said = {code: dict(signs[code]) for code in kept["weights"] if code in signs}
    answers = {code: one for code, one in said.items() if one["is"] in (Answer.PRESENT, Answer.ABSENT)}
    if not answers and not acts:
        raise PersonFacingError(_("Nothing is answered yet."), _("Mark what is there or not there."), field="signs")
    return answers
