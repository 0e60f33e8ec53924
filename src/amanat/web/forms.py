"""The one form of the product: binds itself to the request, calls a verb, and turns its errors into an error summary.

What a field means is the room's affair; how two versions are compared is in `stale.py`.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from amanat.web import stale
from amanat.web.errors import PersonFacingError, Stale


class Renderer(DjangoTemplates):
    """Every form is drawn by `web/form.html`, every field by `web/field.html`."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"


class FieldErrors(ErrorList):
    """A field's own errors, each with the word "Error" for those who do not see the colour."""

    template_name = "web/field_errors.html"


class Seen(forms.IntegerField):
    """The version that the page showed, hidden; `apply` hands it to the verb as `seen`. Give it by `initial`."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, min_value=0)


class Form(forms.Form):
    """A form that knows its request.

    Args:
        request: on POST the form is bound to what was sent; otherwise it starts from the draft, if the page has one
            (`request.draft`: what was typed, and when it was saved).
        initial: what stands in the fields at first, by field name; the version as `seen`.
        prefix: before the names of its fields, where it is a part of another form.
        choices: for a field of that name, the choices (or the queryset) that this actor may choose from.

    `subforms`: a form may be made of others, each with its title and a prefix; their errors stand in this one's summary.
    """

    default_renderer = Renderer()
    needed_at_times: tuple[
        str, ...
    ] = ()  # fields that another answer makes necessary: not called optional, their help says when
    says_what_is_needed = False  # the page says it once, so that not every field has to be marked as optional

    def __init__(
        self,
        request: HttpRequest,
        initial: Mapping[str, Any] | None = None,
        *,
        prefix: str | None = None,
        **choices: Any,
    ) -> None:
        self.sent = stale.chosen(request.POST) if request.method == "POST" else None
        self.draft_saved_at: datetime.datetime | None = None
        super().__init__(
            data=self.sent,
            files=None if self.sent is None else request.FILES,
            initial=dict(initial or {}),
            prefix=prefix,
            error_class=FieldErrors,
            label_suffix="",
        )
        self.request = request
        self.result: Any = None
        self.hints: list[str] = []
        self.differences: list[stale.Difference] = []
        self.subforms: list[tuple[str, Form]] = []
        for name, offered in choices.items():
            self._offer(name, offered)
        if "reason" in self.fields:
            self.fields["reason"].error_messages["required"] = _("Write the reason. One sentence is enough.")
        if self.sent is None and (draft := getattr(request, "draft", None)):
            self._take_up(*draft)

    def full_clean(self) -> None:
        super().full_clean()
        for _title, subform in self.subforms:
            for name, messages in subform.errors.items():
                self.errors[subform.add_prefix(name)] = messages

    def _take_up(self, draft: QueryDict, saved_at: datetime.datetime) -> None:
        """Show what this person typed here and did not send, with the version that they had before them then."""
        visible = [bound.html_name for bound in self.visible_fields()]
        if not any(draft.get(name) for name in visible):
            return
        self.draft_saved_at = saved_at
        for name, field in self.fields.items():
            widget, sent_as, no_files = field.widget, self.add_prefix(name), MultiValueDict[str, Any]()
            if not widget.value_omitted_from_data(draft, no_files, sent_as):
                self.initial[name] = widget.value_from_datadict(draft, no_files, sent_as)

    def show_as_typed(self) -> None:
        """Show what was sent as it was typed and say nothing of it: it was not sent to be done."""
        for name, field in self.fields.items():
            self.initial[name] = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        self.is_bound, self.sent = False, None

    def _offer(self, name: str, offered: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = offered
        elif isinstance(field, forms.ChoiceField):
            field.choices = offered
        else:
            raise TypeError(f"The field {name!r} offers no choices.")

    def apply(self, verb: Callable[..., Any], *args: Any, **extra: Any) -> bool:
        """Call `verb(*args, actor=…, **fields, **extra)` if the form was sent and is valid; True if it was done.

        What the verb returns is kept as `result`. A `PersonFacingError` goes into the error summary (to its field, if
        it names one of this form), a `Stale` makes the form show both versions; what was typed stays in both cases.
        """
        if self.sent is None:
            return False
        valid = self.is_valid()
        if self._undecided(self.sent) or not valid:
            return False
        try:
            self.result = verb(*args, actor=getattr(self.request, "actor", None), **self.cleaned_data, **extra)
        except Stale as error:
            self._show_both(error, self.sent)
            return False
        except PersonFacingError as error:
            self._show(error)
            return False
        self.request.taken = True  # type: ignore[attr-defined]  # what was kept of it as a draft has done its work
        return True

    def _show(self, error: PersonFacingError) -> None:
        self.add_error(error.field if error.field in self.fields else None, str(error.sentence))
        if error.hint:
            self.hints.append(str(error.hint))
        if way := error.way(self.request.get_full_path()):
            self.hints.append(way)
            self.request.leads_away = True  # type: ignore[attr-defined]  # what was typed is there again when they come back

    def _show_both(self, error: Stale, sent: QueryDict) -> None:
        self._show(error)
        sent[self.add_prefix("seen")] = str(error.version)
        self.differences = stale.differences(self, error.theirs)
        if not self.differences:  # it was changed elsewhere than in these fields
            self.hints = [str(_("Look at what has changed, then send this again."))]

    def _undecided(self, sent: QueryDict) -> bool:
        """When both versions were shown, each difference needs a choice; True (with errors) while one is missing."""
        missing = stale.undecided(sent)
        if not missing:
            return False
        self.differences = stale.differences(self, stale.theirs_sent(sent), stale.kept(sent))
        for name in missing:
            self.add_error(name if name in self.fields else None, _("Choose which of the two versions to keep."))
        return True

    def rows(self) -> list["Row"]:
        """The visible fields in order, each with the difference that is to be decided, if there is one."""
        by_name = {difference.name: difference for difference in self.differences}
        return [Row(bound, by_name.get(bound.name)) for bound in self.visible_fields()]


class Row:
    """A visible field as the form draws it."""

    def __init__(self, bound: forms.BoundField, difference: stale.Difference | None) -> None:
        self.bound = bound
        self.difference = difference

    def __str__(self) -> SafeString:
        return self.bound.as_field_group()


def summary(form: forms.BaseForm) -> list[tuple[str, str, str]]:
    """Errors for the summary at the top of any form: (id of the field's first control, its label, message)."""
    lines = [("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        lines += [(first_control(bound), str(bound.label), str(message)) for message in bound.errors]
    for title, subform in getattr(form, "subforms", []):
        lines += [
            (target, f"{title}: {label}" if label else title, message) for target, label, message in summary(subform)
        ]
    return lines


def first_control(bound: forms.BoundField) -> str:
    """The id that a link to this field should lead to: of a group of boxes, its first."""
    several = isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if several else str(bound.auto_id)


class Explained(str):
    """The label of a choice with what it means; radios and boxes show `help` below it, everything else the label alone."""

    help: str

    def __new__(cls, label: str, help: str = "") -> "Explained":  # noqa: A002 - the word that pack and person know it by
        made = super().__new__(cls, label)
        made.help = help
        return made


class Radios(forms.RadioSelect):
    """One of a few: each choice is a target of full height."""

    template_name = "web/widgets/choices.html"


class Checkboxes(forms.CheckboxSelectMultiple):
    """Any of a few."""

    template_name = "web/widgets/choices.html"


class Suggested(forms.TextInput):
    """A line to write on, with `names` that one may choose instead."""

    template_name = "web/widgets/suggested.html"
    names: Sequence[str] = ()

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        found = super().get_context(name, value, dict(attrs or {}))
        if self.names:
            found["widget"]["attrs"]["list"] = f"names-{name}"
        return found | {"names": self.names, "list_id": f"names-{name}"}


class Tick(forms.CheckboxInput):
    """One box with its sentence beside it, for a yes that somebody must give."""

    beside_label = True


class LongText(forms.Textarea):
    """Several lines; grows with what is written where the browser can."""

    def __init__(self, rows: int = 5) -> None:
        super().__init__(attrs={"rows": rows})


class DateInput(forms.DateInput):
    """The browser's own date field; where there is none, the person types the date as their language writes it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own field for a day and a time, in the site's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TimeInput(forms.TimeInput):
    """The browser's own field for a time of the day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")
