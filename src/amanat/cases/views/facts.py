"""The facts of a child: a page for each section of fields, and pages that write, add and take out a record."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import Closed
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases import fact_pages, facts
from amanat.cases.actions import facts as acts
from amanat.cases.forms.facts import FactsForm, TakeOutForm
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case
from amanat.cases.views.telling import about


@page("cases/<ref:case>/facts/<str:section>", shows=Part.EXISTENCE)
def facts_section(request: Request, case: Case, section: str) -> HttpResponse:
    """All that stands in a section, record by record, and what stood there before."""
    if section == ALSO_IN_THE_SOURCE:
        return _also_in_the_source(request, case)
    where = _section(section)
    if not facts.sees_any(request.file, where):
        raise Closed(facts.parts_of(where)[0])
    context = about(request, case) | fact_pages.section_context(request.file, where)
    return render(request, "cases/facts.html", context)


def _also_in_the_source(request: Request, case: Case) -> HttpResponse:
    context = about(request, case) | fact_pages.source_context(request.file)
    if not context["facts"] and not request.file.sees(Part.NARRATIVE):
        raise Closed(Part.NARRATIVE)
    return render(request, "cases/facts_source.html", context)


@page("cases/<ref:case>/facts/<str:section>/new", does=Verb.CASE_WRITE_FACTS)
def add_facts(request: Request, case: Case, section: str) -> HttpResponse:
    where = _writable(request, section)
    if not where.repeats:
        raise Http404
    return _written(request, case, facts.Record(where, 0), None)


@page("cases/<ref:case>/facts/<str:section>/<int:record>", does=Verb.CASE_WRITE_FACTS)
def write_facts(request: Request, case: Case, section: str, record: int) -> HttpResponse:
    return _written(request, case, _record(request, _writable(request, section), record), record)


def _written(request: Request, case: Case, record: facts.Record, number: int | None) -> HttpResponse:
    form = FactsForm(request, request.file, record)
    if form.apply(partial(_write, form), case, section=record.section.name, record=number):
        messages.success(request, _("Saved. What stood there before is kept.") if record.version else _("Saved."))
        return redirect(reverse("cases.facts_section", args=[case, record.section.name]))
    context = about(request, case) | fact_pages.form_context(request.file, record)
    return render(request, "cases/write_facts.html", context | {"form": form})


def _write(
    form: FactsForm, case: Case, *, section: str, record: int | None, actor: Actor, seen: str, **fields: Any
) -> int:
    return acts.write_facts(
        case,
        section=section,
        record=record,
        values=form.values(),
        actor=actor,
        reason=fields.get("reason", ""),
        seen=seen,
    )


@page("cases/<ref:case>/facts/<str:section>/<int:record>/take-out", does=Verb.CASE_WRITE_FACTS)
def take_out_facts(request: Request, case: Case, section: str, record: int) -> HttpResponse:
    where = _writable(request, section)
    held = _record(request, where, record)
    for part in facts.parts_of(where):
        if not request.file.writes(part):
            raise Closed(part)
    form = TakeOutForm(request, initial={"seen": held.version})
    if form.apply(acts.take_out_facts, case, section=section, record=record):
        messages.success(request, _("Taken out. What stood there is kept."))
        return redirect(reverse("cases.facts_section", args=[case, section]))
    context = about(request, case) | fact_pages.form_context(request.file, held)
    return render(request, "cases/take_out_facts.html", context | {"form": form})


def _section(name: str) -> packs.FieldSection:
    """Raises:
    Http404: the pack has no such section.
    """
    if (found := facts.section_named(name)) is None:
        raise Http404
    return found


def _writable(request: Request, name: str) -> packs.FieldSection:
    """Raises:
    Http404: no such section.
    Closed: the actor writes none of its parts.
    """
    found = _section(name)
    if not facts.writes_any(request.file, found):
        raise Closed(facts.parts_of(found)[0])
    return found


def _record(request: Request, section: packs.FieldSection, number: int) -> facts.Record:
    """Raises:
    Http404: the actor sees no such record; of a section that does not repeat there is always the first.
    """
    found = facts.record_of(request.file, section, number)
    if not found.version and (section.repeats or number != 1):
        raise Http404
    return found
