"""What an actor may do to a file, in calm groups for its page. The policy decides again when it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case, Stage
from amanat.cases.shown import case_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def always(_case: Case) -> bool:
    return True


def for_everybody(_file: File) -> bool:
    return True


def is_open(case: Case) -> bool:
    return case.stage not in (Stage.REGISTERED, Stage.CLOSED)


def can_open(case: Case) -> bool:
    return case.stage == Stage.REGISTERED


def not_closed(case: Case) -> bool:
    return not case.is_closed


def is_closed(case: Case) -> bool:
    return case.is_closed


@dataclass(frozen=True, slots=True)
class Action:
    """A link to a page that does `needs` (a verb), or shows it (a part), while the case is in the right state."""

    needs: Verb | Part
    url_name: str
    label: StrOrPromise
    icon: str
    fits: Callable[[Case], bool] = always
    sees: Part | None = None  # where the page begins with what stands in this part
    when: Callable[[File], bool] = for_everybody  # asked last, for it may ask the database

    def is_there(self, file: File) -> bool:
        sees = self.sees is None or file.sees(self.sees)
        return file.allows(self.needs) and sees and self.fits(case_of(file)) and self.when(file)


@dataclass(frozen=True, slots=True)
class Group:
    title: StrOrPromise
    actions: list[Action]


# Write a note stands first, as the one button; these beside it.
NOTE = Action(Verb.CASE_NOTE, "cases.note", _("Write a note"), "note")
OPEN = Action(Verb.CASE_OPEN, "cases.open_case", _("Open the case"), "folder", can_open)
BESIDE = (
    Action(Verb.CASE_ATTACH, "cases.attach", _("Attach a document"), "paperclip"),
    Action(Verb.CASE_FLAG, "cases.flag", _("Raise a flag"), "flag", not_closed),
    Action(Verb.ALERT_RAISE, "cases.raise_alert", _("Raise an alert"), "alert", not_closed),
)
GROUPS = (
    Group(
        _("Where the case stands"),
        [
            Action(Verb.CASE_CHANGE_RISK, "cases.change_risk", _("Change the risk"), "alert", not_closed),
            Action(Verb.CASE_MOVE_STAGE, "cases.move_stage", _("Move to another stage"), "arrow-right", is_open),
            Action(Verb.CASE_CLOSE, "cases.close", _("Close the case"), "lock", not_closed),
            Action(Verb.CASE_REOPEN, "cases.reopen", _("Reopen the case"), "unlock", is_closed),
            Action(Verb.CASE_OPEN, "cases.open_case", _("Open a new case"), "folder", is_closed),
        ],
    ),
    Group(
        _("Who assists"),
        [
            Action(Verb.CASE_BRING_IN, "cases.bring_in", _("Bring somebody in"), "people"),
            Action(Verb.CASE_ASSIGN, "cases.assign", _("Assign a case manager"), "person"),
            Action(Verb.CASE_HAND_OVER, "cases.hand_over", _("Hand over"), "swap"),
            Action(Part.SAFETY, "cases.people", _("People around the child"), "people"),
        ],
    ),
    Group(
        _("Sharing and protection"),
        [
            Action(Part.CONSENT, "cases.consents", _("Consents"), "shield"),
            Action(Verb.CONFLICT_RECORD, "cases.conflicts", _("Conflicts"), "close"),
            Action(Verb.CASE_PROTECT, "cases.protect", _("Existence answers"), "eye"),
            Action(
                Verb.EXISTENCE_ASK,
                "cases.known_elsewhere",
                _("Ask whether other agencies know this child"),
                "search",
                sees=Part.IDENTITY,
            ),
            Action(Verb.CASE_RENAME, "cases.rename", _("Replace the code name"), "refresh"),
            Action(Part.AUDIT, "cases.who_looked", _("Who looked"), "clock"),
        ],
    ),
)
DATA_PROTECTION = _("Data protection")
_added: list[tuple[StrOrPromise, Action]] = []


def add(action: Action, title: StrOrPromise = DATA_PROTECTION) -> None:
    """Let the pages of files offer what another room does with them, in the group of this title. Called in `ready()`."""
    if (title, action) not in _added:
        _added.append((title, action))


def that_does(verb: Verb, file: File) -> Action | None:
    """What a room added for a verb that the actor may do: for pages beside the file that lead to it and know when."""
    fitting = (action for _title, action in _added if action.needs is verb and action.fits(case_of(file)))
    return next(fitting, None) if file.may(verb) else None


def primary(file: File) -> list[Action]:
    """The buttons at the head of the file: what is done most, the first of them as the main one."""
    first = [OPEN, NOTE] if case_of(file).stage == Stage.REGISTERED else [NOTE]
    return [action for action in (*first, *BESIDE) if action.is_there(file)]


def groups(file: File) -> list[Group]:
    """The other actions, in groups; a group without any is left out."""
    titles = dict.fromkeys(title for title, _action in _added)
    of_rooms = [Group(title, [action for under, action in _added if under == title]) for title in titles]
    all_of_them = (*GROUPS, *of_rooms)
    offered = [Group(one.title, [action for action in one.actions if action.is_there(file)]) for one in all_of_them]
    return [group for group in offered if group.actions]
