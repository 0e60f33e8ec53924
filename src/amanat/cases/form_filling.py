"""A form on its way to a record: the engine's state between screens, kept as its author's draft under the address of the form.

Nothing of it is a record yet. What is typed on a screen and not sent is a draft of that screen, as on every page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import QueryDict

from amanat.access import drafts
from amanat.access.actor import Actor
from amanat.access.labels import PART_LABELS
from amanat.access.models import Draft
from amanat.access.pages import Request
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.forms import kept, screens
from amanat.forms.filling import Filling
from amanat.forms.model import Answered, LeftOver, Screen
from amanat.forms.models import Form, FormVersion
from amanat.forms.records import Reading, filled, language_for
from amanat.forms.records import begun as begun_form

INSTANCE_ID = re.compile("uuid:[0-9a-f-]{36}")


@dataclass
class Begun:
    """A form that somebody fills in about a child. `page`: its address; each screen has one below it.

    `reading`: the record that it corrects, `seen`: the version of it that stood before them.
    """

    request: Request
    case: Case
    page: str
    version: FormVersion
    filling: Filling
    reading: Reading | None = None
    seen: int = 0

    def writes(self, part: str) -> bool:
        return self.reading.writes(Part(part)) if self.reading else self.request.file.writes(Part(part))

    def sees(self, part: str) -> bool:
        """What a form computes of parts that its reader does not see stays closed to them, also while they fill it in."""
        return self.request.file.sees(Part(part)) and (not self.reading or self.writes(part) or self._opened(part))

    def removes(self, part: str) -> bool:
        """Nobody takes away what a record says in a part that they do not write."""
        return self.reading is None or Part(part) not in self.reading.rows or self.writes(part)

    def _opened(self, part: str) -> bool:
        return self.reading is not None and Part(part) in self.reading.seen

    @property
    def screens(self) -> list[Screen]:
        return [one for one in self.filling.screens() if screens.is_there(one, self.writes, self.sees)]

    @property
    def of_others(self) -> list[str]:
        """The parts in which the form asks what its writer does not write, as people call them."""
        parts = sorted(self.filling.form.parts)
        return [str(PART_LABELS[Part(part)]) for part in parts if not self.writes(part)]

    def address(self, screen: Screen) -> str:
        return f"{self.page}/{screens.slug_of(screen.key)}"

    def faults(self, screen: Screen | None = None) -> dict[str, str]:
        """What does not hold, of questions that the actor may answer."""
        found = self.filling.faults(screen.key if screen else None)
        asked = {
            item.path
            for one in ([screen] if screen else self.screens)
            for item in one.questions
            if self.writes(item.question.part)
        }
        return {path: fault for path, fault in found.items() if path in asked}

    @property
    def left_over(self) -> list[LeftOver]:
        """Answers of the record that have no place in the form into which it is carried over."""
        if self.reading is None or self.version == self.reading.record.form_version or self.reading.has_more:
            return []
        return list(filled(self.version, self.reading.whole, self.request.actor.now).left_over)

    def differences(self) -> list[tuple[str, str, str]]:
        """Where a record says now otherwise than this filling, of what the actor writes: the question, what stands there, what is here."""
        theirs = {one.path: one for one in self.reading.answers} if self.reading else {}
        mine = {one.path: one for one in self.filling.answers()}
        both = [path for path in {**theirs, **mine} if self.writes((theirs.get(path) or mine[path]).part)]
        told = [
            ((theirs.get(path) or mine[path]).asked, _label(theirs.get(path)), _label(mine.get(path))) for path in both
        ]
        return [one for one in told if one[1] != one[2]]

    def keep(self) -> None:
        """Keep all screens as they stand, for their author alone."""
        body = QueryDict(mutable=True)
        body["instance"] = self.filling.instance(whole=True).decode()
        body["version"], body["seen"] = self.version.pk.hex, str(self.seen)
        actor = self.request.actor
        drafts.save(actor.user, self.page, body, actor.now, self.case.subject)

    def forget(self) -> None:
        drafts.forget(self.request.actor.user, self.page, below=True)


def _label(answer: Answered | None) -> str:
    return answer.label if answer else ""


def begun(request: Request, case: Case, page: str, version: FormVersion, reading: Reading | None = None) -> Begun:
    """What this author has begun under this address, or a new beginning: an empty form, or the record that is corrected.

    A beginning is kept with its first screen. Until then its page alone knows the id that it has, or what it corrects.
    """
    held = drafts.read(request.actor.user, page, request.actor.now)
    if held is not None and (found := _go_on(request, case, page, held[0], reading)):
        return found
    if reading is not None:
        seen = _number(request.POST.get("seen", "")) or reading.record.version
        filling = filled(version, reading.at(seen).whole, request.actor.now, bare=reading.has_more)
        return Begun(request, case, page, version, filling, reading, seen)
    filling = empty(request.actor, version, code_name=case.child.code_name)
    sent = request.POST.get("instance_id", "")
    if INSTANCE_ID.fullmatch(sent):
        instance = filling.instance(whole=True).replace(filling.instance_id.encode(), sent.encode())
        filling = filled(version, instance, request.actor.now)
    return Begun(request, case, page, version, filling)


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 6 else 0


def empty(actor: Actor, version: FormVersion, **known: str) -> Filling:
    """A form in which nothing is answered yet but what is `known`, in the language of the page where it has it."""
    return begun_form(version, language_for(kept.form_of(version)), actor.now, **known)


def _go_on(request: Request, case: Case, page: str, held: QueryDict, reading: Reading | None) -> Begun | None:
    """What was kept; None where the version of the form that it was begun with is no more."""
    version = FormVersion.objects.filter(pk=str(held["version"])).first() if "instance" in held else None
    if version is None:
        return None
    bare = reading is not None and reading.has_more
    filling = filled(version, str(held["instance"]).encode(), request.actor.now, bare=bare)
    return Begun(request, case, page, version, filling, reading, _number(str(held["seen"])))


def with_begun(actor: Actor, below: str) -> QuerySet[Form]:
    """The forms, with `is_begun` where this author has something kept of one under an address."""
    page = Concat(Value(below), OuterRef("name"))
    mine = Draft.objects.filter(Q(page=page) | Q(page__startswith=Concat(page, Value("/"))), author=actor.user)
    return kept.light_forms().annotate(is_begun=Exists(mine.filter(saved_at__gt=actor.now - drafts.KEPT)))
