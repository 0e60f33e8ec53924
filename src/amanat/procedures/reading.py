"""Reading `procedures.toml`: each `[[step]]` with its faults; whether what it names is there shows once all parts are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.policy import CIRCLE, Relation
from amanat.packs import toml
from amanat.packs.calendars import CALENDARS
from amanat.packs.labels import Label
from amanat.packs.loaders import Source
from amanat.procedures import vocabulary
from amanat.procedures.calendars import UNITS, Span
from amanat.procedures.steps import FORM, STEP, Step

MOST: Final = 1_000
MOST_STEPS: Final = 200
"""Both ours: a step that may take longer than a thousand of its unit is none, and nobody follows more steps."""

_FORMS: Final = "forms"
_WHO: Final = (*CIRCLE, Relation.SUPERVISOR)
_KEYS: Final = (
    "name", "label", "help", "after", *UNITS, "calendar", "who", "finished_by", "by_hand", "also_before", "again", "anew", "blocks",
    "strict", "when", "retired", "source", "verified",
)  # fmt: skip


def read_steps(source: Source) -> dict[str, Step]:
    """Read the steps in their order."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("step")
    found = [_read_step(one) for one in table.tables("step")]
    steps = {step.name: step for step in found}
    if len(steps) < len(found):
        table.fault(_("Two steps have one name."), _("Give each a name of its own."), "step")
    if len(steps) > MOST_STEPS:
        table.fault(_("These are too many steps."), _("Write %(most)d at most.") % {"most": MOST_STEPS}, "step")
    return steps


def _read_step(table: toml.Table) -> Step:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow(*_KEYS)
    if name and not toml.NAME.fullmatch(name):
        table.fault(_("A name has only plain letters, digits and underscores."), _("Write it like guardian."), "name")
    retired = table.get("retired", bool, False)
    step = Step(
        name=name,
        label=table.label("label", optional=retired) or Label({}),
        help=table.label("help", optional=True),
        after=_words(table, "after"),
        span=_span(table),
        calendar=_calendar(table),
        who=_known(table, "who", _WHO),
        finished_by=_words(table, "finished_by"),
        by_hand=table.get("by_hand", bool, False),
        also_before=table.get("also_before", bool, False),
        again=table.get("again", bool, False),
        anew=_words(table, "anew"),
        blocks=_known(table, "blocks", vocabulary.gates()),
        strict=table.get("strict", bool, False),
        when=_conditions(table),
        retired=retired,
        source=table.citation(),
        verified=table.need("verified", bool, False),
    )
    _check_step(table, step)
    return step


def _check_step(table: toml.Table, step: Step) -> None:
    if step.retired:
        return
    if not step.after:
        table.fault(_("Nothing begins this step."), _("Say after what it comes."), "after")
    if not (step.finished_by or step.by_hand):
        table.fault(_("Nothing finishes this step."), _("Write finished_by, or by_hand = true."))
    if not step.who:
        table.fault(_("Nobody does this step."), _("Say whose work it is."), "who")
    if step.also_before and step.again:
        table.fault(_("A step that comes again can't count what was done before."), _("Take one out."), "also_before")


def _words(table: toml.Table, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(table.words(key)))


def _known(table: toml.Table, key: str, known: Any) -> tuple[str, ...]:
    """A list of words out of some that are known; each other one is a fault."""
    written = _words(table, key)
    names = [str(one) for one in known]
    for word in written:
        if word not in names:
            table.fault(
                _("%(word)s is unknown here.") % {"word": word},
                _("Write one of: %(names)s.") % {"names": ", ".join(names)},
                key,
            )
    return written


def _span(table: toml.Table) -> Span | None:
    """How long it may take; without a unit no source says."""
    units = [unit for unit in UNITS if unit in table.content]
    if not units:
        return None
    if len(units) > 1:
        table.fault(_("A step has one length."), _("Write one of: %(names)s.") % {"names": ", ".join(UNITS)})
    amount = table.get(units[0], int, 1)
    if not 1 <= amount <= MOST:
        table.fault(
            _("This length makes no sense."), _("Write a number between 1 and %(most)s.") % {"most": MOST}, units[0]
        )
    return Span(amount, units[0])


def _calendar(table: toml.Table) -> str:
    """By whose days it is counted; only working days differ."""
    name = table.get("calendar", str, "")
    if name and "working_days" not in table.content:
        table.fault(
            _("Only working days are counted by a calendar."), _("Write working_days, or take it out."), "calendar"
        )
    return name


def _conditions(table: toml.Table) -> Mapping[str, Set[str]]:
    """`when.risk = ["high", "critical"]`: plain facts and values, nothing that could be run."""
    inside = toml.Table(table.source, table.file, f"{table.where}.when", table.get("when", dict, {}))
    inside.allow(*vocabulary.facts())
    return {fact: frozenset(_words(inside, fact)) for fact in vocabulary.facts() if fact in inside.content}


def check_steps(source: Source, own: Mapping[str, Step], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """What can't be told from one file: whether events, codes, forms and other steps that are named are there."""
    steps: Mapping[str, Step] = parts[STEPS.name]
    reached = _reached([step for step in steps.values() if not step.retired])
    for step in own.values():
        if step.retired:
            _check_retired(source, step, steps)
        else:
            _check_words(source, step, steps, parts)
            if step.after and STEP + step.name not in reached:
                source.fault(
                    _place(step, "after"),
                    _("This step never begins: the steps that it waits for wait for it."),
                    _("Let one of them begin with something that happens."),
                )


def _check_retired(source: Source, step: Step, steps: Mapping[str, Step]) -> None:
    waiting = [other.name for other in steps.values() if STEP + step.name in other.after and not other.retired]
    if waiting:
        source.fault(
            _place(step, "retired"),
            _("These steps wait for it: %(names)s.") % {"names": ", ".join(waiting)},
            _("Let them begin with something else, or retire them as well."),
        )


def _check_words(source: Source, step: Step, steps: Mapping[str, Step], parts: Mapping[str, Mapping[str, Any]]) -> None:
    for key, event, mend in _unknown(step, steps, parts):
        source.fault(_place(step, key), _("%(word)s is unknown here.") % {"word": event}, mend)
    for fact, values in step.when.items():
        _check_values(source, step, fact, values, parts)
    calendars = parts.get(CALENDARS.name, {})
    if step.calendar and step.calendar not in calendars:
        source.fault(
            _place(step, "calendar"),
            _("%(word)s is unknown here.") % {"word": step.calendar},
            _("Write one of: %(names)s.") % {"names": ", ".join(sorted(calendars)) or "[calendars.…] (pack.toml)"},
        )


def _place(step: Step, key: str) -> str:
    return f"step ({step.name}).{key}"


def _unknown(
    step: Step, steps: Mapping[str, Step], parts: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, str]]:
    """(key, event, how to mend it) of what nobody knows."""
    for key, events in (("after", step.after), ("finished_by", step.finished_by), ("anew", step.anew)):
        for event in events:
            if event.startswith(STEP) and key == "after":
                if event.removeprefix(STEP) not in steps:
                    yield key, event, _("Name a step of this pack, or of the one that it extends.")
            elif event.startswith(FORM):
                # Forms can also be uploaded: a pack without any names those that it hopes for.
                if (forms := parts.get(_FORMS)) and event.removeprefix(FORM) not in forms:
                    yield key, event, _("Name a form of this pack, or of the one that it extends.")
            elif not _is_event(event, parts):
                names = ", ".join([*vocabulary.events(), *(f"{fact}:…" for fact in vocabulary.moves()), "form:…"])
                yield key, event, _("Write one of: %(names)s.") % {"names": names}


def _is_event(event: str, parts: Mapping[str, Mapping[str, Any]]) -> bool:
    if move := vocabulary.codes_of_move(event):
        codes, code = move
        return code in parts.get("codes", {}).get(codes, ())
    return event in vocabulary.events()


def _check_values(
    source: Source, step: Step, fact: str, values: Set[str], parts: Mapping[str, Mapping[str, Any]]
) -> None:
    codes = parts.get("codes", {}).get(vocabulary.facts()[fact])
    for value in sorted(values):
        if codes is None or value not in codes:
            told = ", ".join(code.code for code in codes.codes) if codes else ""
            source.fault(
                _place(step, f"when.{fact}"),
                _("%(word)s is unknown here.") % {"word": value},
                _("Write one of: %(names)s.") % {"names": told},
            )


def _reached(steps: list[Step]) -> set[str]:
    """The steps that something begins in the end which is no step. One that is not there is told otherwise."""
    waiting = {STEP + step.name: set(step.after) for step in steps}
    reached: set[str] = set()
    while more := {
        name for name, after in waiting.items() if name not in reached and after - (waiting.keys() - reached)
    }:
        reached |= more
    return reached


def _laid_over(base: Step, own: Step) -> Step:
    """A country's step takes the place of the base's; one that it retires keeps its name for lines that were written before."""
    return replace(base, retired=True) if own.retired else own


STEPS = packs.register("procedures.toml", read_steps, _laid_over, check_steps)
