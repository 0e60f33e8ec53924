"""Writing down what is known of an age. Every finding is kept; none takes back what was done while somebody stood as a child."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.models import FileRow
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.models import Case, EventKind
from amanat.identification import ages
from amanat.identification.actions.screening import part_on
from amanat.identification.age import Kind
from amanat.identification.models import AgeRecord
from amanat.packs.bounds import OLDEST, SENTENCES
from amanat.web.errors import PersonFacingError

MOST_YEARS = 120  # ours, as for the ages of the facts


@verb(Verb.AGE_RECORD)
def record_age(
    row: FileRow,
    *,
    kind: Kind,
    doubt: bool,
    reasons: str = "",
    least: int | None = None,
    most: int | None = None,
    birth_date: date | None = None,
    assessed: Decimal | None = None,
    margin: Decimal | None = None,
    day: date | None = None,
    consent: bool | None = None,
    actor: Actor,
    **words: str,
) -> AgeRecord:
    """Write down one finding about the age.

    Args:
        least, most: completed years, as somebody says; `most` may be left out.
        assessed, margin: of an assessment, in years.
        consent: whether the person consented to the assessment; without it nothing was found.
        words: who, document (a code), method (a code), words.

    Raises:
        PersonFacingError: the age or the day can't be, nothing of an age is said, or a doubt would be over without a reason.
    """
    if isinstance(row, Case):
        lock(row)
    if not (doubt or reasons) and may_be_in_doubt(open_file(actor, row)):
        raise PersonFacingError(_("Write the reason. One sentence is enough."), field="reasons")
    today = timezone.localdate(actor.now)
    on = day or today
    _check_days(birth_date, on, today)
    if kind is Kind.ASSESSED:
        least, most = _within(assessed, margin, consent)
    elif birth_date is None and least is not None:
        most = least if most is None else most
        _check_years(least, most)
    if kind is Kind.CLAIMED and birth_date is None and least is None:
        raise PersonFacingError(_("Write the age, or the birth date."), field="least")
    content = {"kind": kind, "doubt": doubt, "reasons": reasons, "day": on.isoformat(), "least": least, "most": most}
    content |= {"birth_date": birth_date.isoformat() if birth_date else "", "consent": consent}
    content |= {"assessed": str(assessed or ""), "margin": "" if margin is None else str(margin)}
    return _keep(row, content | words, actor)


def may_be_in_doubt(file: File) -> bool:
    """Whether the age is in doubt as far as the actor may know: who does not see what is known of it says why it is none."""
    return ages.of(file).in_doubt if file.sees(part_on(file.row)) else True


def _keep(row: FileRow, content: dict[str, Any], actor: Actor) -> AgeRecord:
    done = AgeRecord.objects.create(
        subject=row.subject, part=part_on(row), author=actor.membership, written_at=actor.now, content=content
    )
    if isinstance(row, Case):
        known_by = "" if content["kind"] == Kind.DOUBT else str(content["kind"])
        mark(row, EventKind.AGE_RECORDED, actor, part=part_on(row), known_by=known_by, text=content["reasons"])
    return done


def _check_days(birth_date: date | None, on: date, today: date) -> None:
    if on > today:
        raise PersonFacingError(*SENTENCES["future"], field="day")
    if birth_date and birth_date > on:
        raise PersonFacingError(*SENTENCES["future"], field="birth_date")
    if birth_date and birth_date < date.fromisoformat(OLDEST):
        raise PersonFacingError(*SENTENCES["long_ago"], field="birth_date")


def _check_years(least: int, most: int) -> None:
    if not 0 <= least <= most <= MOST_YEARS:
        sentence = _("An age lies between 0 and %(most)s years, and the second number is not the smaller one.")
        raise PersonFacingError(sentence % {"most": MOST_YEARS}, field="least")


def _within(assessed: Decimal | None, margin: Decimal | None, consent: bool | None) -> tuple[int | None, int | None]:
    """Whole years that the margin reaches, rounded away from what was found: on the side of the child."""
    if not consent:
        return None, None
    if assessed is None or margin is None:
        hint = _("Without its margin an assessment does not say whether somebody is a child.")
        raise PersonFacingError(_("Write what was found, and its margin."), hint, field="assessed")
    least, most = max(0, math.floor(assessed - margin)), math.ceil(assessed + margin)
    _check_years(least, most)
    return least, most
