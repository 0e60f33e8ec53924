"""Forms of imports and of the export."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.db.models import Case, When
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.pages import Request
from amanat.cases.forms.records import RecipientField
from amanat.cases.shown import Line
from amanat.exchange import lines, mapping
from amanat.exchange.dates import MONTH_FIRST
from amanat.exchange.downloads import WORKBOOK
from amanat.exchange.encodings import KNOWN
from amanat.exchange.findings import Found
from amanat.exchange.reading import ALSO, LEFT_OUT
from amanat.exchange.whole_names import FULL_NAME
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError
from amanat.web.forms import Checkboxes, Explained, Form, LongText, Radios, Tick


class WorkbookForm(Form):
    """The file to bring in."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "An Excel workbook (.xlsx, .xlsm) or a table as .csv: 20 MB, 250,000 rows and 1,024 columns at most."
        ),
        error_messages={"required": _("Choose the file to bring in.")},
        allow_empty_file=True,  # the verb says it better
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt"}),
    )

    letters = forms.ChoiceField(
        label=_("How the letters of a text file are written"),
        help_text=_("Choose only if names came out as signs that make no sense. Excel workbooks need no choice."),
        choices=[("", _("Found out from the file")), *((known, known.upper()) for known in KNOWN)],
        required=False,
    )

    def _show(self, error: PersonFacingError) -> None:
        super()._show(error)
        self.hints.append(
            gettext(
                "Choose the file once more: a browser sends it only when you choose it. Everything else is still here."
            )
        )


class ColumnsForm(Form):
    """What each column becomes: a field of the file by its section, *also in the source*, or nothing."""

    says_what_is_needed = True

    def __init__(self, request: Request, *, proposal: mapping.Mapping, samples: Mapping[str, list[str]]) -> None:
        self.proposal = proposal
        self.samples = samples
        choices, day_fields = field_choices(), days()
        offered = {name for _section, group in choices if isinstance(group, list) for name, _label in group}
        asked: dict[str, forms.Field] = {}
        proposed: dict[str, Any] = {}
        for column in proposal.columns:
            name = _name_of(column)
            later = [(column.field, column.field)] if column.field not in {ALSO, LEFT_OUT, FULL_NAME, *offered} else []
            asked[name] = forms.ChoiceField(label=column.title, choices=[*choices, *later], required=False)
            proposed[name] = column.field
            if column.field in day_fields or column.order:
                order = forms.BooleanField(label=_("The month stands first"), required=False, widget=Tick())
                asked[f"{name}-order"], proposed[f"{name}-order"] = order, column.order == MONTH_FIRST
        self.base_fields = asked  # type: ignore[misc]  # what Django copies into each form's own fields
        super().__init__(request, proposed)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Each column with samples, what it becomes, and of a column of days how they are written."""
        for column in self.proposal.columns:
            name = _name_of(column)
            order = self[f"{name}-order"] if f"{name}-order" in self.fields else None
            samples = self.samples.get(column.title, [])
            yield {"column": column, "samples": samples, "field": self[name], "order": order}

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        columns, taken = [], dict[str, str]()
        for column in self.proposal.columns:
            name = _name_of(column)
            field = fields.get(name, column.field)
            if field not in (ALSO, LEFT_OUT) and taken.setdefault(field, column.title) != column.title:
                told = _("“%(other)s” is this field already. One column can be it.")
                self.add_error(name, told % {"other": taken[field]})
            order = MONTH_FIRST if fields.get(f"{name}-order") else ""
            said = column.how if field == column.field else "person"
            columns.append(replace(column, field=field, how=said, order=order))
        return {"mapping": replace(self.proposal, columns=tuple(columns))}


def _name_of(column: mapping.Column) -> str:
    return f"column-{column.part}-{column.letters}"


def days() -> set[str]:
    """The names of the pack's fields that take a day."""
    return {field.name for section in packs.current().sections() for field in section.fields if field.type == "date"}


def field_choices() -> list[tuple[str, Any]]:
    """The pack's fields by section, after what else a column can become."""
    sections = [
        (str(section.title), [(field.name, str(field.label)) for field in section.fields])
        for section in packs.current().sections()
    ]
    others = [
        (ALSO, _("Keep it as it stands: also in the source")),
        (LEFT_OUT, _("Leave it out")),
        (FULL_NAME, _("Full name (given and family name in one)")),
    ]
    return [*others, *sections]


class TakeForm(Form):
    """Which rows to take: all of a kind, or those that are ticked in the list of this page.

    Rows that may be known are never taken unasked, however they are chosen: their reader says that they looked at them.
    """

    says_what_is_needed = True

    which = forms.ChoiceField(label=_("Which rows"), widget=Radios())
    all_the_same = forms.BooleanField(
        label=_("I have looked at the rows that may be known. Take them all the same"), required=False, widget=Tick()
    )
    ticked = forms.TypedMultipleChoiceField(coerce=int, required=False)

    @property
    def shown_ticked(self) -> set[str]:
        """The places that were ticked when the page was sent."""
        return set(self.sent.getlist("ticked")) if self.sent else set()

    def __init__(self, *args: Any, counts: Mapping[str, int], rows: Sequence[Found], **kwargs: Any) -> None:
        self.offered = _kinds(counts)
        self.offers_known = "all" in dict(self.offered)
        self.may_be_known = {row.place for row in rows if row.line["kind"] == lines.KNOWN}
        super().__init__(*args, which=self.offered, ticked=[(str(row.place), "") for row in rows], **kwargs)
        self.initial.setdefault("which", next((kind for kind, _told in self.offered if kind != "all"), ""))

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        which, ticked = fields.get("which"), set(fields.get("ticked", ()))
        if ticked and which not in (None, "ticked"):
            self.add_error("which", _("You ticked rows in the list. Choose only those, or take the ticks away."))
        known = which == "all" or (which == "ticked" and ticked & self.may_be_known)
        if not fields.pop("all_the_same", False) and known:
            self.add_error("all_the_same", _("Look at the rows that may be known first. Then tick this box."))
        return fields


def _kinds(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    right, fresh, known = counts["right"], counts["fresh"], counts["known"]
    told = {
        "right": ngettext("%(n)s new row without wrong cells", "All %(n)s new rows without wrong cells", right),
        "fresh": ngettext("%(n)s new row, wrong cells or not", "All %(n)s new rows, wrong cells or not", fresh),
        "all": ngettext("%(n)s row, also if known", "All %(n)s rows, also those that may be known", fresh + known),
    }
    sizes = {"right": right, "fresh": fresh, "all": fresh + known}
    unlike = {name for name in told if sizes[name] and not (name == "fresh" and fresh == right)}
    unlike -= {"all"} if not known else set()
    if not sizes["all"]:
        return []
    return [(name, told[name] % {"n": sizes[name]}) for name in told if name in unlike] + [
        ("ticked", str(_("Only those that I tick on this page")))
    ]


class ChildrenField(forms.MultipleChoiceField):
    """Children by the references of their cases. Who has moved to another page meanwhile still counts: whose they are is asked later."""

    def valid_value(self, value: str) -> bool:
        try:
            return bool(uuid.UUID(value))
        except ValueError:
            return False


class ExportForm(Form):
    """Which files go out, to whom, as what, and for what. The verb gets all but which."""

    says_what_is_needed = True  # ticks are needed exactly where they are chosen

    which = forms.ChoiceField(label=_("Which children"), widget=Radios())
    cases = ChildrenField(label=_("Children on this page"), required=False, widget=Checkboxes())
    to = RecipientField(
        label=_("Where the file goes"),
        help_text=_("Another agency gets only what a consent in force names for it."),
        queryset=Agency.objects.none(),
        empty_label=_("Choose"),
    )
    kind = forms.ChoiceField(label=_("Kind of file"), widget=Radios())
    reason = forms.CharField(
        label=_("What it is for"),
        help_text=_("Who gets it and why. It stands in the log of each child."),
        widget=LongText(rows=2),
    )

    def __init__(self, request: Request, *, count: str) -> None:
        own = request.actor.membership.agency_id
        agencies = Agency.objects.order_by(Case(When(pk=own, then=0), default=1), "name")
        which = [
            ("ticked", _("Those that I tick on this page")),
            ("all", _("All whose case manager I am (%(count)s)") % {"count": count}),
        ]
        super().__init__(request, to=agencies, which=which, kind=kinds())
        self.looked_at: str = self.sent.get("looked_at", "") if self.sent else ""
        cast(RecipientField, self.fields["to"]).own = own
        for name, usual in {"which": "ticked", "kind": WORKBOOK}.items():
            self.initial.setdefault(name, usual)

    def say_who(self, lines: Sequence[Line]) -> None:
        """Say who may be ticked; only where that is shown are names opened."""
        cast(ChildrenField, self.fields["cases"]).choices = [(line.case.pk.hex, spoken_of(line)) for line in lines]

    @property
    def shown_ticked(self) -> list[str]:
        """References of the cases that were ticked when the page was sent, or kept as a draft."""
        known = cast(ChildrenField, self.fields["cases"]).valid_value
        return [ticked for ticked in self["cases"].value() or [] if known(ticked)]

    @property
    def goes_to(self) -> str:
        """The agency that was chosen, as the form calls it."""
        return cast(RecipientField, self.fields["to"]).label_from_instance(self.cleaned_data["to"])

    @property
    def becomes(self) -> str:
        """The kind of file that was chosen, as the form calls it."""
        return dict(kinds())[self.cleaned_data["kind"]]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        self.ticked: list[str] = fields.get("cases", [])
        self.everything = fields.get("which") == "all"
        if not self.everything and not self.ticked and "cases" not in self.errors:
            self.add_error("cases", _("Tick at least one child."))
        return {name: fields[name] for name in ("to", "kind", "reason") if name in fields}


def kinds() -> list[tuple[str, Explained]]:
    """The kinds of file; of the tables for a person's Excel, the one for the language of the page stands first."""
    semicolons = Explained(
        gettext("Table for Excel, parted by semicolons"),
        gettext("In the language of this page. For Excel in Turkmen, Russian or Romanian."),
    )
    commas = Explained(
        gettext("Table for Excel, parted by commas"), gettext("In the language of this page. For Excel in English.")
    )
    tables = [("semicolons", semicolons), ("commas", commas)]
    if get_language() == "en":
        tables.reverse()
    workbook = Explained(
        gettext("Excel workbook in the layout of HTCDS"),
        gettext("In English. Every Excel opens it, and numbers keep the zeros at their beginning."),
    )
    programs = Explained(gettext("Table for another system"), gettext("Names and codes of HTCDS, parted by commas."))
    return [(WORKBOOK, workbook), *tables, ("csv", programs)]


def spoken_of(line: Line) -> str:
    return f"{line.name.text} ({line.code_name})" if line.name else line.code_name
