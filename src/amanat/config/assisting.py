"""What was done for the children of the demo country in the rooms of assistance: the pack's `assistance.toml`, each act by its verb.

An act says `do` (one of `ACTS`), `by` whom, when, what it is about (`file`: of a child; `of`: a row that an earlier act made under the
name `as`), and what the verb asks for; with `turns`, once for each of these turns of shifts. What can't stand in TOML is a table of one
key; `Acts.AS` says which there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from amanat import packs
from amanat.cases.actions import persons, steps, writing
from amanat.cases.models import Case
from amanat.centre.actions import arranging, days, incidents, log, medicines, placing, shifts, staying, visits
from amanat.centre.models import Bed
from amanat.legal.actions import evidence, hearings, proceedings, rights, rulings
from amanat.monitoring.actions import closing, following_up, outcomes, solving
from amanat.plans.actions import agreeing, drafting, talking
from amanat.plans.models import PlanRow, RowKind
from amanat.procedures.calendars import Calendar
from amanat.psychology.actions import contacts, planning, recording
from amanat.social.actions import budgets, family, helping, spending, ties

if TYPE_CHECKING:
    from amanat.access.actor import Actor
    from amanat.config.country import Arrival

SOON: Final = timedelta(days=1)


def finish_flags(case: Case, *, text: str, actor: Actor) -> None:
    """What was asked for by then."""
    for task in case.tasks.filter(done_at=None, due__lt=actor.now + SOON).order_by("due", "id"):
        writing.finish_task(task, text=text, actor=actor)


ACTS: Final[Mapping[str, Callable[..., Any]]] = {
    "add_house": arranging.add_house,
    "write_room": arranging.write_room,
    "set_least": shifts.set_least,
    "arrange_shift": shifts.arrange_shift,
    "begin_shift": shifts.begin_shift,
    "wait": placing.wait,
    "admit": placing.admit,
    "extend": staying.extend,
    "go_out": staying.go_out,
    "come_back": staying.come_back,
    "write_log": log.write_log,
    "order_medicine": medicines.order_medicine,
    "give_dose": medicines.give_dose,
    "witness_dose": medicines.witness_dose,
    "decide_visit": visits.decide_visit,
    "record_visit": visits.record_visit,
    "record_incident": incidents.record_incident,
    "record_day": days.record_day,
    "assess_standards": days.assess,
    "finish_flags": finish_flags,
    "finish_step": steps.finish_step,
    "waive_step": steps.waive_step,
    "record_person": persons.record_person,
    "suspect": persons.suspect,
    "plan_session": planning.plan_session,
    "record_session": recording.record_session,
    "record_group": contacts.record_group,
    "record_crisis": contacts.record_crisis,
    "begin_budget": budgets.begin_budget,
    "ask_child": family.ask_child,
    "record_try": family.record_try,
    "assess_family": family.assess_family,
    "place_person": ties.place_person,
    "record_help": helping.record_help,
    "spend": spending.spend,
    "open_proceeding": proceedings.open_proceeding,
    "fix_hearing": hearings.fix_hearing,
    "record_hearing": hearings.record_hearing,
    "record_ruling": rulings.record_ruling,
    "record_right": rights.record_right,
    "take_in": evidence.take_in,
    "hand_on": evidence.hand_on,
    "record_need": drafting.record_need,
    "begin_plan": drafting.begin,
    "write_plan": drafting.write,
    "agree": agreeing.agree,
    "approve": agreeing.approve,
    "comment": talking.comment,
    "report": talking.report,
    "review": talking.review,
    "prepare_solution": solving.prepare,
    "allow_solution": solving.allow,
    "decide_solution": solving.decide,
    "sign_transition": solving.sign,
    "arrange_follow_ups": following_up.arrange,
    "record_follow_up": following_up.record,
    "record_outcomes": outcomes.record,
    "ask_closing": closing.ask,
}
# What of an act is none of the verb's.
_OURS: Final = frozenset({"do", "by", "as", "file", "of", "days_ago", "turn", "turns"})
TURN: Final = timedelta(hours=12)
FIRST_TURN: Final = time(8)  # of a day, in the time of the site


class Acts:
    """The acts of a country, done one after the other; `arrival` knows its people and children."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.now = arrival.now
        self.rows: dict[str, Any] = {}
        self.turn = 0

    def perform(self, acts: Sequence[Mapping[str, Any]]) -> None:
        self.arrival.acts = 0
        for act in acts:
            with timezone.override(self._zone(act["by"])):
                for turn in act.get("turns", [0]):
                    self._do(act, turn)

    def _zone(self, name: str) -> str | None:
        site = self.arrival.members[name].site
        return site.time_zone if site else None

    def _do(self, act: Mapping[str, Any], turn: int) -> None:
        """An act as its worker does it, whose days and times are those of their site."""
        self.turn = turn
        actor = self._actor(act)
        about = [self.arrival.cases[act["file"]]] if "file" in act else []
        about += [self.rows[act["of"]]] if "of" in act else []
        asked = {key: self._value(told, actor) for key, told in act.items() if key not in _OURS}
        made = ACTS[act["do"]](*about, **asked, actor=actor)
        self._keep(act.get("as", ""), made)

    def _actor(self, act: Mapping[str, Any]) -> Actor:
        """Who acts, so many days ago or in a turn of shifts (0 is the one that runs now)."""
        if "turn" in act:
            return self.arrival.actor_at(act["by"], min(self._begin_of(act["turn"]), self.now))
        return self.arrival.actor(act["by"], act["days_ago"])

    def _keep(self, name: str, made: Any) -> None:
        """Under its name; of several rows each under the name that it bears among them."""
        if isinstance(made, list):
            self.rows |= {f"{name}.{row}": row for row in made}
        elif name:
            self.rows[name] = made

    def _value(self, told: Any, actor: Actor) -> Any:
        if isinstance(told, list):
            return [self._value(one, actor) for one in told]
        if not isinstance(told, Mapping):
            return told
        if len(told) == 1 and (key := next(iter(told))) in self.AS:
            return self.AS[key](self, told[key], actor)
        return {key: self._value(one, actor) for key, one in told.items()}

    def _row_of_plan(self, child: str, _actor: Actor) -> PlanRow:
        """What is said of the whole plan, which begins with its first version."""
        return PlanRow.objects.select_related("subject").get(case=self.arrival.cases[child], kind=RowKind.WHOLE)

    def _by_child(self, told: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        return {self.arrival.cases[code].pk.hex: self._value(one, actor) for code, one in told.items()}

    def _begin_of(self, turn: float) -> datetime:
        """When a turn of shifts begins."""
        here = timezone.localtime(self.now)
        first = here.replace(hour=FIRST_TURN.hour, minute=0, second=0, microsecond=0)
        return first + ((here - first) // TURN + turn) * TURN

    def _case(self, code: str, _actor: Actor) -> Case:
        return self.arrival.cases[code]

    def _bed(self, told: Sequence[Any], _actor: Actor) -> Bed:
        room, number = told
        bed: Bed = self.rows[room].beds.get(number=number)
        return bed

    @staticmethod
    def _day(ahead: int, actor: Actor) -> date:
        return timezone.localdate(actor.now) + timedelta(days=ahead)

    @staticmethod
    def _moment(told: Sequence[Any], actor: Actor) -> datetime:
        ahead, at = told
        return timezone.make_aware(datetime.combine(Acts._day(ahead, actor), at))

    @staticmethod
    def _workday(told: Sequence[Any], actor: Actor) -> datetime:
        """A moment of a day on which offices work: of this one, or of the last one before it."""
        ahead, at = told
        day, calendar = Acts._day(ahead, actor), Calendar.of(packs.current())
        while not calendar.is_working(day):
            day -= timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, at))

    def _begin_from(self, told: float, _actor: Actor) -> datetime:
        return self._begin_of(self.turn + told)

    # By its key: a day or moment counted from the day of the act, hours from the act; a row, its reference, a case, a worker.
    AS: Final[Mapping[str, Callable[[Acts, Any, Actor], Any]]] = {
        "day": lambda _acts, told, actor: Acts._day(told, actor),
        "workday": lambda _acts, told, actor: Acts._workday(told, actor),
        "moment": lambda _acts, told, actor: Acts._moment(told, actor),
        "hours": lambda _acts, told, actor: actor.now + timedelta(hours=told),
        "begin_of": _begin_from,
        "row": lambda acts, told, _actor: acts.rows[told],
        "ref": lambda acts, told, _actor: acts.rows[told].pk.hex,
        "case": _case,
        "bed": _bed,
        "arrived": lambda _acts, told, _actor: placing.Arrival(**told),
        "worker": lambda acts, told, _actor: acts.arrival.members[told],
        "site": lambda acts, told, _actor: acts.arrival.members[told].site,
        "amount": lambda _acts, told, _actor: Decimal(told),
        "by_child": _by_child,
        "whole_plan": _row_of_plan,
    }
