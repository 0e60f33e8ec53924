"""Writing into the fields of a child's file, a record at a time; taking out a record. What stood there before is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import Closed, open_file
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases import facts
from amanat.cases.actions.marking import keep_former, mark
from amanat.cases.htcds import is_empty, values_of
from amanat.cases.models import Case, Child, EventKind, Sheet
from amanat.web.errors import PersonFacingError, Stale


@verb(Verb.CASE_WRITE_FACTS)
def write_facts(
    case: Case,
    *,
    section: str,
    record: int | None,
    values: Mapping[str, Any],
    actor: Actor,
    reason: str = "",
    seen: str | None = None,
) -> int:
    """Write fields of one record of a section; returns the record's number.

    `record`: None begins another one. `values`: by field name, empty ones clear the field; a field that is not named stays
    as it is. Each part that changes has a line in the timeline, which names the fields.

    Raises:
        Closed: the actor may not write a part that would change.
        PersonFacingError: nothing stands in a record that is begun, or it would say what can't be (see `packs.bounds`).
        Stale: a part of the record that the actor sees has changed since version `seen`.
    """
    book = _Book(case, section, record, actor)
    if record is not None:
        book.check(seen)
    changes = book.changes(values)
    book.judge(values)
    if not changes and record is None:
        raise PersonFacingError(_("Nothing is filled in yet."), _("Fill in at least one field."))
    for part, (held, names) in changes.items():
        book.write(part, held)
        book.mark(EventKind.FACTS_WRITTEN, part, names, reason)
    return book.number


def follow_decision(case: Case, section: str, values: Mapping[str, Any], actor: Actor) -> None:
    """What a decision says of the fields that stand for it (`facts.decided_elsewhere`), within the verb that decides: whoever may
    decide needs no right to write facts. An empty value clears its field."""
    book = _Following(case, section, 1, actor)
    for part, (held, names) in book.changes(values).items():
        book.write(part, held)
        book.mark(EventKind.FACTS_WRITTEN, part, names, "")


@verb(Verb.CASE_WRITE_FACTS)
def take_out_facts(
    case: Case, *, section: str, record: int, reason: str, actor: Actor, seen: str | None = None
) -> Case:
    """Take a record out. What stood in it is kept, as of any change; its number is not given again.

    Raises:
        Closed: the actor does not write every part that a record of this section can have.
        PersonFacingError: nothing stands there.
        Stale: the record has changed since version `seen`.
    """
    book = _Book(case, section, record, actor)
    for part in facts.parts_of(book.section):
        book.demand(part)
    book.check(seen)
    filled = {part: values for part, values in book.held.items() if values}
    if not filled:
        raise PersonFacingError(_("Nothing stands here any more."))
    for part, values in filled.items():
        book.write(part, {})
        book.mark(EventKind.FACTS_TAKEN_OUT, part, list(values), reason)
    return case


def write_sheet(child: Child, sheet: Sheet, before: Mapping[str, Any], values: Mapping[str, Any], actor: Actor) -> None:
    """Put the values in the place of those that stood in a sheet (`before`), which are kept. For verbs that hold the child."""
    if not sheet._state.adding:
        keep_former(child, sheet.part, sheet.version, before, actor, sheet=sheet)
        sheet.version += 1
    sheet.subject, sheet.values = child.subject, values
    sheet.changed_by, sheet.changed_at = actor.membership, actor.now
    sheet.save()


class _Book:
    """One record of a section under the lock of its child, in the hands of who writes."""

    def __init__(self, case: Case, section: str, record: int | None, actor: Actor) -> None:
        self.case, self.actor = case, actor
        self.section = _section(section)
        self.file = open_file(actor, case)
        rows = Child.objects.select_for_update(of=("self",)).select_related("subject")
        self.child = rows.get(pk=case.child_id)
        self.number = record or self._next()
        found = self.child.sheets.filter(section=section, record=self.number).select_related("changed_by__user")
        self.sheets = {Part(sheet.part): sheet for sheet in found}
        self.held = {part: values_of(self.file, one) for part, one in self.sheets.items() if self.file.sees(part)}

    def _next(self) -> int:
        last = self.child.sheets.filter(section=self.section.name).aggregate(last=Max("record"))["last"]
        return (last or 0) + 1

    def check(self, seen: str | None) -> None:
        """Raises:
        Stale: what the actor sees of the record is not the version `seen`.
        """
        now = facts.read(self.file, self.section, self.sheets.values()).get(self.number)
        now = now or facts.Record(self.section, self.number)
        if seen is not None and not now.is_as(seen):
            raise Stale(facts.as_fields(facts.visible(self.file, now), now.values), now.version)

    def demand(self, part: Part) -> None:
        """Raises:
        Closed: the actor may not write this part.
        """
        if not self.file.writes(part):
            raise Closed(part)

    def changes(self, values: Mapping[str, Any]) -> dict[Part, tuple[dict[str, Any], list[str]]]:
        """What each part then says, and which of its fields that changes; parts that stay as they are left out."""
        fields = {field.name: field for field in self.section.fields if not field.stored}
        if strange := sorted(values.keys() - fields.keys()):
            raise ValueError(f"no fields of {self.section.name}: {strange}")
        parts = {name: Part(fields[name].part) for name in values}
        found = {}
        for part in dict.fromkeys([*self.held, *parts.values()]):
            before = self.held.get(part, {})
            # A field whose part the pack has changed since moves with what is written.
            after = {name: value for name, value in before.items() if name not in values}
            after |= {name: value for name, value in values.items() if parts[name] is part and not is_empty(value)}
            if names := _differing(before, after):
                self.demand(part)
                found[part] = (after, names)
        return found

    def judge(self, values: Mapping[str, Any]) -> None:
        """Raises:
        PersonFacingError: the record would say what can't be, and has not said it before.
        """
        before = {name: value for held in self.held.values() for name, value in held.items()}
        after = {name: value for name, value in {**before, **values}.items() if not is_empty(value)}
        for name, slip in facts.slips(self.file, self.section.fields, before, after).items():
            raise PersonFacingError(slip.sentences, field=name)

    def write(self, part: Part, values: dict[str, Any]) -> None:
        begun = Sheet(child=self.child, section=self.section.name, record=self.number, part=part)
        before = self.held[part] if part in self.sheets else {}
        write_sheet(self.child, self.sheets.get(part, begun), before, values, self.actor)

    def mark(self, kind: EventKind, part: Part, names: list[str], reason: str) -> None:
        name, number = self.section.name, self.number
        mark(self.case, kind, self.actor, part=part, text=reason, section=name, record=number, fields=names)


class _Following(_Book):
    """A record that follows a decision."""

    def demand(self, part: Part) -> None:
        """The verb that decides asked the policy."""


def _section(name: str) -> packs.FieldSection:
    """Raises:
    ValueError: the pack has no such section.
    """
    if (found := facts.section_named(name)) is None:
        raise ValueError(f"no section {name}")
    return found


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the values that are not as they were; written ones first, in the order of the section."""
    names: Iterable[str] = dict.fromkeys([*after, *before])
    return [name for name in names if before.get(name) != after.get(name)]
