"""Records of forms: reading one, taking them out on paper and as tables, and a form to fill in by hand."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import form_filling, form_papers, form_tables, record_pages
from amanat.cases.actions.bringing_out import bring_out_forms as bring_out
from amanat.cases.forms.records import BringOutForm
from amanat.cases.models import Case
from amanat.cases.views.screens import held, offered
from amanat.cases.views.telling import about
from amanat.forms import kept
from amanat.forms.records import Reading, language_for
from amanat.people.models import Agency
from amanat.web import pdf


@page("cases/<ref:case>/records/<int:record>", shows=Part.EXISTENCE)
def record(request: Request, case: Case, record: int) -> HttpResponse:
    """What was answered, or with `?version=` what stood there then."""
    now = held(request, record)
    former = request.GET.get("version", "")
    number = int(former) if former.isdecimal() and len(former) < 6 else 0
    number = number if number <= now.record.version else 0
    read = now.at(number) if number else now
    if not read.seen:
        raise Closed(record_pages.closed_part(now))
    context = record_pages.record_context(request.file, read)
    context |= record_pages.page_context(request.file, read, str(number or ""))
    return render(request, "cases/record.html", about(request, case) | context)


@page("cases/<ref:case>/records/<int:record>/bring-out", does=Verb.CASE_EXPORT)
def bring_out_forms(request: Request, case: Case, record: int) -> HttpResponse:
    """A record on paper, or all records of its form on this file as a table."""
    read = held(request, record)
    if not read.seen:
        raise Closed(record_pages.closed_part(read))
    tables = [(kind, _("All records of this form: %(kind)s") % {"kind": label}) for kind, label in form_tables.kinds()]
    form = BringOutForm(request, [("pdf", _("This record as PDF, to print or to hand on")), *tables])
    if form.apply(_brought_out, request, case, read):
        answer: HttpResponse = form.result
        return answer
    title = record_pages.title_of(read.record)
    context = about(request, case) | {"form": form, "record": read.record, "form_title": title}
    return render(request, "cases/record_bring_out.html", context)


def _brought_out(
    request: Request, case: Case, read: Reading, *, made_as: str, to: Agency, reason: str, actor: Actor
) -> HttpResponse:
    name = read.record.form_version.form.name
    number = read.record.number if made_as == "pdf" else None
    taken = bring_out(case, form=name, number=number, to=to, reason=reason, actor=actor)
    if number is None:
        return form_tables.answer(taken.readings, f"{case.child.code_name} {name}", made_as)
    return pdf.answer(form_papers.filled_form(request, taken.readings[0]), f"{case.child.code_name} {name} {number}")


@page("cases/<ref:case>/empty-forms/<str:form>", does=Verb.FORM_RECORD)
def empty_form(request: Request, case: Case, form: str) -> HttpResponse:
    """All questions of a form on paper, to be filled in by hand; with `?as=pdf` as a file."""
    version = offered(form)
    filling = form_filling.empty(request.actor, version)
    if request.GET.get("as") == "pdf":
        return pdf.answer(form_papers.empty_form(request, case, version, filling), form)
    title = kept.form_of(version).title(language_for(kept.form_of(version)))
    context = {"form_title": title, "sheets": form_papers.sheets_of(filling)} | record_pages.source_of(version)
    return render(request, "cases/form_empty.html", about(request, case) | context)
