"""Which other children could have taken part in a group: those of whom the actor may record one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amanat.access.files import File, open_files
from amanat.access.models import Grant
from amanat.access.pages import Request
from amanat.access.policy import Part, Verb
from amanat.cases import queries
from amanat.cases.models import Case, Stage
from amanat.cases.shown import case_of, name_of

MOST = 100  # children that are offered; ours
AT_ONCE = 8  # of whom one page asks without a choice before it; ours


@dataclass(frozen=True)
class Child:
    """A child who could take part, as the actor knows it."""

    file: File

    @property
    def case(self) -> Case:
        return case_of(self.file)

    @property
    def ref(self) -> str:
        return self.case.pk.hex

    @property
    def title(self) -> str:
        name, code_name = name_of(self.file), self.case.child.code_name
        return f"{name.text} ({code_name})" if name else code_name


def this_one(request: Request) -> Child:
    return Child(request.file)


def offered(request: Request) -> list[Child]:
    """Open cases, one a child, by code name. Their names are opened: each is a look into that file."""
    actor = request.actor
    held = Grant.objects.active(actor.now).of(actor.membership.pk, actor.stands_for)
    rows = queries.cases_of(actor).filter(subject__in=held.values("subject")).exclude(stage=Stage.CLOSED)
    rows = rows.exclude(subject=request.file.row.subject_id).order_by("child__code_name", "-opened_in", "id")
    found: dict[object, Child] = {}
    for file in open_files(actor, rows[:MOST]):
        if file.may(Verb.GROUP_RECORD) and file.sees(Part.PSYCHOLOGY_SUMMARY):
            found.setdefault(file.row.subject_id, Child(file))
    request.files.extend(child.file for child in found.values())
    return list(found.values())


def chosen(request: Request, offered: Sequence[Child]) -> list[Child]:
    """By `?with=`, once for each; without a choice all, where they are few."""
    if len(offered) <= AT_ONCE and "with" not in request.GET:
        return list(offered)
    asked = {ref.replace("-", "") for ref in request.GET.getlist("with")}
    return [child for child in offered if child.ref in asked]
