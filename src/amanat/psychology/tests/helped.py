"""What the tests of this room begin with: an open case with its psychologist, and instruments that were filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from amanat.access.policy import Relation
from amanat.cases.actions.recording import record_form
from amanat.cases.models import Case
from amanat.cases.tests.looking import bring_in
from amanat.forms import kept
from amanat.forms.filling import Filling
from amanat.forms.models import Record
from amanat.psychology.actions.recording import record_unplanned
from amanat.psychology.models import Session
from tests.cast import NOW, Cast

HELD: dict[str, Any] = {"attendance": "came", "summary": "Sleeps better. Does not want to be asked about the flat."}
SETTING = {"filled_on": "2026-11-20", "age": 14, "answered_how": "alone", "version_language": "ru"}


def items(*points: int | None) -> dict[str, object]:
    return {f"item_{number}": value for number, value in enumerate(points, 1) if value is not None}


def with_psychologist(case: Case, cast: Cast) -> Case:
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    return case


def held(case: Case, cast: Cast, hours: int = -2, by: str = "ogulgerek", **more: Any) -> Session:
    at = NOW + timedelta(hours=hours)
    return record_unplanned(case, at=at, actor=cast.actor(by), **HELD | more)


def fill(
    case: Case,
    cast: Cast,
    form: str,
    answers: Mapping[str, object],
    *,
    by: str = "ogulgerek",
    now: datetime = NOW,
    deep: Mapping[str, str] | None = None,
) -> Record:
    """An instrument as the psychologist records it; answers by the names of its questions, in repeats (`deep`) by their path."""
    version = kept.current(form)
    compiled = kept.form_of(version)
    paths = {question.name: question.path for question in compiled.questions.values()}
    filling = Filling.begin(compiled, language="en", now=now, zone=now.tzinfo)  # type: ignore[arg-type]
    for name, answer in {**SETTING, "safety_concern": "no", **answers}.items():
        if name in paths:
            filling.put(paths[name], str(answer))
    for path, answer in (deep or {}).items():
        filling.put(path, answer)
    return record_form(
        case,
        version=version,
        instance=filling.instance(),
        instance_id=filling.instance_id,
        language="en",
        actor=cast.actor(by, now),
    )
