"""Writing on a file: a note, a document, a flag, and that something is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Part
from amanat.cases.documents import ACCEPT
from amanat.cases.siblings import Sibling
from amanat.people.models import Membership
from amanat.web.forms import Checkboxes, DateTimeInput, Form, LongText


class NoteForm(Form):
    """A note into one part; where there are brothers and sisters, it can be about them as well."""

    part = forms.TypedChoiceField(label=_("Part of the file"), coerce=Part)
    happened_at = forms.DateTimeField(label=_("When it happened"), widget=DateTimeInput())
    text = forms.CharField(
        label=_("Note"),
        error_messages={"required": _("Write what happened or what was said.")},
        widget=LongText(rows=8),
    )
    siblings = forms.MultipleChoiceField(
        label=_("Also about"),
        help_text=_("The note stands once and is seen on each of these files."),
        required=False,
        widget=Checkboxes(),
    )

    def __init__(self, *args: Any, siblings: Sequence[Sibling], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_ref = {sibling.ref: sibling for sibling in siblings}
        if siblings:
            self._offer("siblings", [(sibling.ref, sibling.label) for sibling in siblings])
        else:
            del self.fields["siblings"]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        chosen = [self.by_ref[ref] for ref in fields.get("siblings", [])]
        fields["siblings"] = [sibling.case for sibling in chosen]
        part = fields.get("part")
        for sibling in chosen:
            if part and not sibling.file.writes(part):
                sentence = _("You do not write this part for %(name)s. Write that child's note on that child's file.")
                self.add_error("siblings", sentence % {"name": sibling.label})
        return fields


class AttachForm(Form):
    """A document or picture into one part."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("20 MB at most: PDF, Word, Excel or OpenDocument, plain text, a picture, sound or MP4."),
        error_messages={"required": _("Choose the document or picture to keep.")},
        allow_empty_file=True,  # the verb says it better
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("What it is, in a few words. Left empty, the name of the file stands there."),
        required=False,
        max_length=120,
    )
    part = forms.TypedChoiceField(
        label=_("Part of the file"), help_text=_("It decides who sees the document."), coerce=Part
    )

    @property
    def must_choose_again(self) -> bool:
        """Whether a file was sent and not taken: a browser never sends it a second time by itself."""
        return bool(self.files) and bool(self.errors)


class _Owners(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Workers of the circle of care, each with their role."""

    def label_from_instance(self, obj: Any) -> str:
        worker: Membership = obj
        return f"{worker.user.display_name} ({worker.get_role_display()})"


class FlagForm(Form):
    """Something that somebody must look at by a time."""

    text = forms.CharField(
        label=_("What must be looked at"),
        help_text=_("Everybody who knows of the file reads this. Leave out names and details."),
        error_messages={"required": _("Write what must be looked at.")},
        widget=LongText(rows=3),
    )
    due = forms.DateTimeField(label=_("By when"), widget=DateTimeInput())
    owner = _Owners(queryset=None, label=_("For whom"), empty_label=None)


class FinishForm(Form):
    """That it is done, and what came of it."""

    text = forms.CharField(label=_("What came of it"), required=False, widget=LongText(rows=3))
