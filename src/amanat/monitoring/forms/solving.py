"""Preparing and deciding a solution; signing the way home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.access.pages import Request
from amanat.cases.own_sections import Document
from amanat.cases.persons import Around
from amanat.monitoring import pack
from amanat.monitoring.models import End
from amanat.monitoring.pack import Item
from amanat.web.forms import Checkboxes, DateInput, Explained, Form, LongText, Radios, Seen

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PROOF, DOCUMENT = "proof_", "document_"
UNMET = _("How it is met: which document, when, by whom. Empty: not met yet.")
BY_ITSELF = _("It counts as met once that is recorded; words are extra.")
WITH_DOCUMENT = _("It counts as met once the document is attached to the file and chosen here.")


def offered(of: str) -> list[tuple[str, str]]:
    """The lines of a list of the pack as choices."""
    lines = pack.listed(of).items()
    return [(name, Explained(one.label.text(), one.help.text() if one.help else "")) for name, one in lines]


def _asks(item: Item) -> StrOrPromise:
    if item.form or item.record:
        return BY_ITSELF
    return WITH_DOCUMENT if item.document else UNMET


class PrepareForm(Form):
    """Where the child goes, to whom, and what stands behind each condition."""

    kind = forms.ChoiceField(label=_("Where the child goes"), widget=Radios())
    carer = forms.ChoiceField(
        label=_("To whom"),
        help_text=_("Somebody of the people around the child. A suspect is not offered."),
        required=False,
        error_messages={"invalid_choice": _("This person is recorded as a suspect, or not on the list any more.")},
    )
    carer_words = forms.CharField(
        label=_("Which home or agency, where it is no person"), required=False, max_length=200
    )
    place = forms.CharField(
        label=_("Region and country"),
        help_text=_("No address: it stands with the contacts."),
        required=False,
        max_length=200,
    )
    views = forms.CharField(label=_("What the child says, in its own words"), widget=LongText(rows=3))
    words = forms.CharField(label=_("Why this, and what else was looked at"), required=False, widget=LongText(rows=4))
    seen = Seen()

    def __init__(
        self, request: Request, persons: Sequence[Around], documents: Sequence[Document], initial: Mapping[str, Any]
    ) -> None:
        proofs: dict[str, forms.Field] = {}
        attached = [("", _("No document")), *((one.attachment.pk.hex, one.name.text) for one in documents)]
        for name, item in pack.listed("condition").items():
            told = f"{item.help.text()} {_asks(item)}" if item.help else _asks(item)
            proofs[PROOF + name] = forms.CharField(
                label=item.label.text(), help_text=told, required=False, widget=LongText(rows=2)
            )
            if item.document:
                label = _("%(condition)s: the document") % {"condition": item.label.text()}
                proofs[DOCUMENT + name] = forms.ChoiceField(label=label, required=False, choices=attached)
        self.base_fields = type(self).declared_fields | proofs  # type: ignore[misc]  # what Django copies into each form's own fields
        super().__init__(request, initial)
        self._offer("kind", offered("solution"))
        self._offer(
            "carer", [("", _("Nobody by name")), *((one.ref, one.called) for one in persons if not one.is_suspect)]
        )

    def clean(self) -> dict[str, Any]:
        """What stands behind the conditions together, as the verb takes it."""
        sent = super().clean() or {}
        proofs = {name.removeprefix(PROOF): sent.pop(name) for name in list(sent) if name.startswith(PROOF)}
        documents = {name.removeprefix(DOCUMENT): sent.pop(name) for name in list(sent) if name.startswith(DOCUMENT)}
        return sent | {"proofs": proofs, "documents": documents}


class DecideForm(Form):
    on = forms.DateField(label=_("Decided on"), widget=DateInput())
    seen = Seen()

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now), "seen": version})


class AllowForm(DecideForm):
    field_order = ["on", "ground", "seen"]
    ground = forms.CharField(
        label=_("On what ground it is decided although conditions are open"),
        help_text=_("Why the child may not wait until they are met. It stands with the solution."),
        max_length=2000,
        widget=LongText(rows=3),
    )


class SignForm(Form):
    end = forms.ChoiceField(label=_("Who signs"), choices=End, widget=Radios())
    name = forms.CharField(label=_("Name"), max_length=200)
    capacity = forms.CharField(
        label=_("What they are"), help_text=_("Of the centre, aunt, foster mother."), max_length=200
    )
    on = forms.DateField(label=_("Signed on"), widget=DateInput())
    done = forms.MultipleChoiceField(label=_("What is done"), required=False, widget=Checkboxes())
    left_out = forms.CharField(
        label=_("Why something is still open, and who does it by when"), required=False, widget=LongText(rows=3)
    )
    words = forms.CharField(label=_("What else was agreed"), required=False, widget=LongText(rows=3))
    seen = Seen()
    needed_at_times = ("left_out",)

    def __init__(self, request: Request, version: int) -> None:
        super().__init__(request, {"on": timezone.localdate(request.actor.now), "seen": version})
        self._offer("done", offered("transition"))
