"""The keys of the desk and of a call: which letter does what. The script presses what bears the letter; the page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the keyboard by its place: it is the same on every layout."""

    letter: str
    does: StrOrPromise


ON_DESK = (
    Key("N", _("Start a call")),
    Key("A", _("Answer the call that has rung longest")),
    Key("G", _("Go to the call that you are in talk on")),
    Key("F", _("Find calls from a number")),
    Key("R", _("Refresh")),
)
ON_CALL = (
    Key("S", _("Save")),
    Key("M", _("Write the summary")),
    Key("F", _("Write the number")),
    Key("1", _("Priority P1")),
    Key("2", _("Priority P2")),
    Key("3", _("Priority P3")),
    Key("4", _("Priority P4")),
    Key("H", _("Hold, or go on with the call")),
    Key("P", _("Emergency (P1)")),
    Key("C", _("Open a case")),
    Key("Q", _("Screening")),
    Key("R", _("Find advice to read out")),
    Key("E", _("End: advised")),
    Key("B", _("End: call back")),
    Key("O", _("Hand over")),
    Key("X", _("End: silent")),
    Key("V", _("End: abusive")),
    Key("T", _("End: test")),
    Key("W", _("End: wrong number")),
    Key("N", _("End: nobody answered")),
    Key("U", _("Take the end back")),
    Key("D", _("Debrief")),
    Key("K", _("Back to the desk")),
)
IN_TALK = (Key("G", _("Go to the call that you are in talk on")), Key("P", _("Emergency (P1)")))
