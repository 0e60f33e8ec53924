"""The child's own plan: only what the team said for the child, in the child's language; what worries workers stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from amanat import packs
from amanat.access.files import File
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.shown import Text as Words
from amanat.cases.shown import label, opened, spoken
from amanat.plans import road, texts, voices
from amanat.plans.comparing import day_of
from amanat.plans.models import Plan
from amanat.plans.reading import Standing
from amanat.plans.texts import Objective, Row, Text
from amanat.plans.voices import Reported


@dataclass(frozen=True)
class Step:
    """What happens on the way, and who helps."""

    said: list[Words]
    who: str
    by: date | None
    is_done: bool


@dataclass(frozen=True)
class Stop(Step):
    """A station: what is good when the child is there, what it said of it, and the steps there."""

    domain: str
    own_words: Words
    steps: list[Step]


def spoken_by(file: File) -> Sequence[str]:
    """The languages of the child, the first being the child's own, as far as they are open."""
    found: Sequence[str] = opened(file, Part.IDENTITY).get("languages", ()) if file.sees(Part.IDENTITY) else ()
    return found


def stops(text: Text, reports: dict[str, Reported]) -> list[Stop]:
    """The objectives of which something is said to the child, by their last day; in the active language."""
    found = [_stop(text, one, reports) for one in texts.outline(text).objectives]
    told = [stop for stop in found if stop.said or stop.steps]
    return sorted(told, key=lambda stop: (not stop.is_done, stop.by or date.max))


def _stop(text: Text, objective: Objective, reports: dict[str, Reported]) -> Stop:
    step = _step(objective.row, reports)
    steps = [_beside(step, _step(row, reports)) for row in objective.activities]
    return Stop(
        step.said,
        step.who,
        step.by,
        step.is_done,
        label("plan_domain_child", texts.domain_of(text, objective.row)),
        spoken(objective.row.get("own_words")),
        [one for one in steps if one.said],
    )


def _beside(stop: Step, step: Step) -> Step:
    """A step without what its station says already: the same sentence, the same helper."""
    said = [one for one in step.said if one.text not in {told.text for told in stop.said}]
    return replace(step, said=said, who="" if step.who == stop.who else step.who)


def _step(row: Row, reports: dict[str, Reported]) -> Step:
    phrase = row.get("phrase")
    said = [Words(packs.current().codes("plan_phrase").label(phrase))] if _is_known(phrase) else []
    if row.get("for_child"):
        said.append(spoken(row.get("for_child")))
    report = reports.get(row.ref)
    who = label("plan_owner_child", row.get("owner")) if row.get("owner") else ""
    return Step(said, who, day_of(row, "end"), report is not None and report.is_reached)


def _is_known(phrase: str) -> bool:
    return bool(phrase) and phrase in packs.current().codes("plan_phrase")


def drawn(request: Request, standing: Standing, plan: Plan, language: str) -> SafeString:
    """The article of the page, in a language of the child."""
    with override(language):
        context = {"language": language} | shown(standing, plan)
        return render_to_string("plans/child_article.html", context, request)


def shown(standing: Standing, plan: Plan) -> dict[str, Any]:
    """What stands in it, in the active language."""
    file, text = standing.file, standing.text_of(plan)
    told = stops(text, voices.reports_of(file))
    whole = texts.outline(text).whole
    return {
        "plan": plan,
        "stops": told,
        "goal": spoken(whole.get("goal")) if whole else Words(""),
        "greeting": spoken(whole.get("for_child")) if whole else Words(""),
        "road": road.drawn([stop.is_done for stop in told]) if told else None,
        "to_ask": [one.row.party for one in voices.unheard(file)] if plan.allowed_at else [],
    }
