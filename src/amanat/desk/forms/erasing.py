"""Asking for an erasure, carrying it out, and letting the file stay; holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amanat.desk.models import grounds
from amanat.vault.models import SubjectKind
from amanat.web.forms import Form, LongText, Radios, Tick

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class OfFile(Form):
    """A form about a child's file or a matter of a hotline, by the kind of the subject; `of_matter` says what the fields of the
    second are called: label and help."""

    of_matter: ClassVar[dict[str, tuple[StrOrPromise, StrOrPromise]]] = {}

    def __init__(self, request: HttpRequest, *, kind: str = SubjectKind.CHILD, **offered: Any) -> None:
        super().__init__(request, **offered)
        self.is_about_matter = kind == SubjectKind.MATTER
        for name, (label, help_text) in self.of_matter.items() if self.is_about_matter else ():
            self.fields[name].label, self.fields[name].help_text = label, help_text


class AskForm(OfFile):
    ground = forms.ChoiceField(label=_("Why the file is to be erased"), widget=Radios())
    reason = forms.CharField(
        label=_("In your words"),
        help_text=_("The second person reads it. It is erased with the file."),
        widget=LongText(rows=3),
    )
    of_matter: ClassVar = {
        "ground": (_("Why the matter is to be erased"), ""),
        "reason": (_("In your words"), _("The second person reads it. It is erased with the matter.")),
    }

    def __init__(self, request: HttpRequest, *, kind: str) -> None:
        super().__init__(request, kind=kind, ground=grounds(kind))


class CarryOutForm(OfFile):
    """The code name is typed, so that nobody erases the wrong file by habit."""

    code_name = forms.CharField(
        label=_("Code name of the child"), help_text=_("Type it as it stands above."), max_length=60
    )
    sure = forms.BooleanField(
        label=_("I have looked at the file and know that nothing of it can be brought back."),
        widget=Tick(),
        error_messages={"required": _("Tick this if you are sure.")},
    )
    of_matter: ClassVar = {
        "code_name": (_("Code name of the matter"), _("Type it as it stands above.")),
        "sure": (_("I know that nothing of this matter can be brought back."), ""),
    }

    def __init__(self, request: HttpRequest, *, code_name: str, kind: str) -> None:
        super().__init__(request, kind=kind)
        self._wanted = code_name

    def clean_code_name(self) -> str:
        typed = " ".join(str(self.cleaned_data["code_name"]).split())
        if typed.casefold() != self._wanted.casefold():
            raise forms.ValidationError(
                _("This is not the code name of this matter.")
                if self.is_about_matter
                else _("This is not the code name of this file.")
            )
        return typed

    def clean(self) -> dict[str, Any]:
        """The verb takes none of it: what is typed here only makes sure."""
        super().clean()
        return {}


class ReasonForm(OfFile):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("It stands in the log of the file."), widget=LongText(rows=3)
    )
    of_matter: ClassVar = {"reason": (_("Reason"), _("It stands in the log."))}


class HoldForm(OfFile):
    reason = forms.CharField(
        label=_("Why the file must be kept"),
        help_text=_("For example: a court asked for it. Only the data protection officer reads it."),
        widget=LongText(rows=3),
    )
    of_matter: ClassVar = {
        "reason": (
            _("Why the matter must be kept"),
            _("For example: a court asked for it. Only the data protection officer reads it."),
        )
    }
