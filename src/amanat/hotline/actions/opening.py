"""The verb that makes a child's case out of a call."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Relation, Verb
from amanat.access.verbs import verb
from amanat.cases import from_elsewhere
from amanat.cases.actions import registering
from amanat.cases.actions.alerting import begin_alert
from amanat.cases.actions.registering import NewChild
from amanat.cases.circle import Circle
from amanat.cases.models import AlertKind, Case
from amanat.hotline import clocks, content, tallies
from amanat.hotline.actions import passing_on, standing
from amanat.hotline.models import Call, MatterCase
from amanat.web.errors import Stale


class AnotherCase(Stale):
    """Since the page was shown a case came out of the matter; who means another child sends it again."""

    def __init__(self, there: int) -> None:
        super().__init__({}, there)
        self.sentence = _("A case came out of this matter already. Open another only for another child.")


@verb(Verb.MATTER_OPEN_CASE, to=lambda case: case.child.code_name)
def open_case(
    call: Call,
    *,
    identity: dict[str, Any],
    contacts: dict[str, Any],
    risk: str,
    priority: str,
    what_happened: str,
    where: str = "",
    seen: int | None = None,
    actor: Actor,
) -> Case:
    """Register the child whom a call is about, open its case, and alert the duty list, which finds it a case manager.

    A child whose name nobody knows yet is registered without one and goes by its code name. The operator stands in the
    circle of care as social worker until somebody takes the alert.

    Raises:
        AnotherCase: more cases came out of the matter than the `seen` ones, as where a press was sent twice.
    """
    _hold(call, seen)
    file = open_file(actor, call.matter)
    if reached := passing_on.safe_contact(content.fields_of(file, call)):
        contacts = contacts | {"safe_contact": reached}
    new = NewChild(identity, contacts, risk, priority, is_unnamed=not (identity.get("names") or contacts.get("called")))
    case = registering.register([new], actor=actor)[0]
    registering.open_case(case, risk=risk, priority=priority, reason=what_happened, actor=actor)
    opened = MatterCase.objects.filter(matter=call.matter).aggregate(last=Max("opened_at"))
    passing_on.all_of(case, call, file, opened["last"])
    from_elsewhere.carry(call.matter, case, actor, opened["last"])
    _stand_in(case, actor)
    counted = tallies.of_ended(call, content.opened(file, call))
    MatterCase.objects.create(matter=call.matter, case=case, call=call, opened_by=actor.membership, opened_at=actor.now)
    kind = AlertKind.P1 if priority == clocks.URGENT else AlertKind.NEW_CASE
    begin_alert(case, kind=kind, words="\n".join(filter(None, [what_happened, where])), actor=actor)
    _is_as_urgent(call, priority, actor)
    tallies.count_anew(call, counted, tallies.of_ended(call, content.opened(file, call)))
    return case


def _hold(call: Call, seen: int | None) -> None:
    standing.lock(call)
    there = MatterCase.objects.filter(matter=call.matter).count()
    if seen is not None and there != seen:
        raise AnotherCase(there)
    call.refresh_from_db(fields=["content", "number"])


def _is_as_urgent(call: Call, priority: str, actor: Actor) -> None:
    matter = call.matter
    standing.touch(matter, actor)
    call.priority = matter.priority = priority
    call.save(update_fields=["priority"])
    matter.save(update_fields=["priority"])


def _stand_in(case: Case, actor: Actor) -> None:
    """The case waits for a manager; until then who opened it works on it as a social worker does."""
    circle = Circle(case, actor)
    circle.add(actor.membership, Relation.SOCIAL_WORKER)
    manager = circle.manager
    assert manager is not None
    circle.end(manager)
