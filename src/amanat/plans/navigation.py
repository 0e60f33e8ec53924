"""Where the plan stands: on the file of a child, in its menu, at its head, and on *My day*."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import SEEING, Part, Verb
from amanat.cases import cautions, menu, sections
from amanat.cases.queries import let_the_head_ask
from amanat.cases.shown import case_of
from amanat.plans import showing, waiting
from amanat.plans.birthdays import coming_of_age
from amanat.plans.models import Plan, PlanState
from amanat.plans.reading import Standing
from amanat.plans.unheard import unheard
from amanat.web import day


def register() -> None:
    """Called once, when the room is loaded."""
    lacking = Plan.objects.filter(case=OuterRef("pk"), state=PlanState.AGREED, allowed_at__isnull=False)
    sections.add(
        sections.Section("plan", _("Plan"), Part.PLAN, "flag", 13, "plans/section.html", section, levels=SEEING)
    )
    menu.add(menu.Action(Part.PLAN, "plans.plan", _("The plan"), "flag"), _("Plan"))
    menu.add(menu.Action(Verb.NEED_RECORD, "plans.add_need", _("Record a need"), "plus", menu.not_closed), _("Plan"))
    cautions.add(Part.PLAN, coming_of_age)
    let_the_head_ask("lacks_a_voice", lambda: Exists(lacking))
    cautions.add(Part.PLAN, unheard)
    day.add(waiting.to_allow)


def section(file: File) -> dict[str, Any]:
    standing = Standing(file)
    plan, is_open = standing.draft or standing.agreed, menu.not_closed(case_of(file))
    return {
        "plan": plan,
        "next_look": standing.next_look,
        "needs": showing.outlined(standing),
        "state_badge": showing.STATE_BADGES.get(plan.state, "") if plan else "",
        "may_begin": is_open and file.may(Verb.PLAN_DRAFT),
        "may_need": is_open and file.may(Verb.NEED_RECORD) and file.writes(Part.PLAN),
    }
