"""A screen of a form as a page: bound to what the engine holds, drawn with the house's own templates.

`ScreenForm` is the same where a form is filled in about a child and where it is only tried. How a question is drawn stands
in `fields`, what was sent is read in `taking`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from amanat.forms.fields import Asked, beside
from amanat.forms.lines import Allowed, Line, anybody, is_removable, is_there, item_name, name_of, slug_of, visible
from amanat.forms.model import Heading, Screen, Shown
from amanat.forms.standing import standing
from amanat.forms.taking import changed, repeat_asked, shown_in, take
from amanat.web.errors import PersonFacingError
from amanat.web.forms import FieldErrors, Renderer

__all__ = ["ScreenForm", "changed", "is_there", "name_of", "repeat_asked", "shown_in", "slug_of", "take"]


class ScreenForm(forms.Form):
    """One screen, bound to the state of the filling.

    Args:
        version: the id of the version of the form, whose pictures the page fetches.
        writes: of which parts the person may answer; other questions are not there.
        sees: of which parts a text of the form (a note, a value that the form computed) may be shown.
        removes: of which parts the person may take answers away, with one of a repeat.
        faults: path → what does not hold.
    """

    default_renderer = Renderer()
    use_required_attribute = False

    def __init__(
        self,
        request: HttpRequest,
        screen: Screen,
        *,
        version: uuid.UUID,
        writes: Allowed = anybody,
        sees: Allowed = anybody,
        removes: Allowed = anybody,
        faults: Mapping[str, str] | None = None,
        draft_saved_at: datetime | None = None,
    ) -> None:
        self.request, self.screen, self.version, self._removes = request, screen, version, removes
        self.hints: list[str] = []
        self.differences: list[Any] = []
        self.draft_saved_at = draft_saved_at
        self._told = list(visible(screen, writes, sees))
        self._asked = [item for kind, item in self._told if kind == "field" and isinstance(item, Shown)]
        self.base_fields = {name_of(item.path): Asked(item, self._address) for item in self._asked}  # type: ignore[misc]  # see FactsForm
        super().__init__(data=standing(self._asked), error_class=FieldErrors, label_suffix="")
        for item in self._asked:
            if fault := (faults or {}).get(item.path, item.fault):
                self._tell(name_of(item.path), fault)

    def _address(self, name: str) -> str:
        return reverse("forms.file", args=[self.version, name])

    def _tell(self, name: str, fault: str) -> None:
        """The first one is where the page begins, also without a script."""
        if not self.errors:
            self.fields[name].widget.attrs["autofocus"] = True
        self.add_error(name, fault)

    def say(self, error: PersonFacingError) -> None:
        """What is wrong with the whole stands at its head."""
        self.add_error(None, str(error.sentence))
        if error.hint:
            self.hints.append(str(error.hint))

    @property
    def lines(self) -> list[Line]:
        return [
            Line(
                kind,
                item_name(item),
                item,
                self[item_name(item)] if kind == "field" else None,
                beside(item, self._address) if isinstance(item, Shown) and kind != "field" else None,
                isinstance(item, Heading) and is_removable(item, self._removes),
            )
            for kind, item in self._told
        ]
