"""Records of forms: reading one, taking them out as a table, and a form to fill in by hand."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from amanat.access.files import Closed
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import form_filling, form_tables, record_pages
from amanat.cases.models import Case
from amanat.cases.views.forms import offered
from amanat.cases.views.telling import about
from amanat.forms import kept, records
from amanat.forms.records import language_for


@page("cases/<ref:case>/records/<int:record>", shows=Part.EXISTENCE)
def record(request: Request, case: Case, record: int) -> HttpResponse:
    """What was answered, or with `?version=` what stood there then."""
    found = records.record_of(request.file, record)
    if found is None:
        raise Http404
    version = request.GET.get("version", "")
    read = records.read(request.file, found, int(version) if version.isdecimal() else None)
    if not read.seen:
        raise Closed(record_pages.closed_part(read))
    context = about(request, case) | record_pages.record_context(request.file, read)
    return render(request, "cases/record.html", context | {"former": version})


@page("cases/<ref:case>/form-tables/<str:form>/<str:kind>", does=Verb.CASE_EXPORT)
def form_table(request: Request, case: Case, form: str, kind: str) -> HttpResponse:
    """All records of one form on this file, as CSV or as a workbook."""
    if kind not in form_tables.KINDS:
        raise Http404
    rows = form_tables.table_of(records.all_of(request.file, form))
    content = form_tables.as_csv(rows) if kind == "csv" else form_tables.as_xlsx(rows)
    answer = HttpResponse(content, content_type=form_tables.KINDS[kind])
    answer["Content-Disposition"] = content_disposition_header(True, f"{case.child.code_name} {form}.{kind}")
    answer["Cache-Control"] = "no-store"
    return answer


@page("cases/<ref:case>/empty-forms/<str:form>", does=Verb.FORM_RECORD)
def empty_form(request: Request, case: Case, form: str) -> HttpResponse:
    """All questions of a form on paper, to be filled in by hand."""
    version = offered(form)
    filling = form_filling.empty(request.actor, version)
    title = kept.form_of(version).title(language_for(kept.form_of(version)))
    context = {"form_title": title, "version": version, "asked": filling.on_paper()}
    return render(request, "cases/form_empty.html", about(request, case) | context)
