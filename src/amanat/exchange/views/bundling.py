"""Papers of many children in one file: asked for, how far it is, the file, and dropping it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_files
from amanat.access.loaders import hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases import papers
from amanat.cases.shown import Line, name_of
from amanat.exchange import bundles
from amanat.exchange.actions import bundling
from amanat.exchange.forms_bundles import GatherForm
from amanat.exchange.models import Bundle
from amanat.people.doors import unattended
from amanat.web.downloads import download
from amanat.web.errors import PersonFacingError
from amanat.web.forms import Form
from amanat.web.paging import keyset_page


@page("papers", does=Verb.PAPERS_GATHER)
def gather(request: Request) -> HttpResponse:
    """Choose the paper and the children; and the bundles that are there."""
    actor = request.actor
    rows, cursor = bundles.could(actor), request.GET.get("from", "")
    found = keyset_page(rows, order=["-opened_in", "id"], cursor=cursor, counted=False)
    form = GatherForm(request)
    shown = [Line(file, name_of(file), "") for file in open_files(actor, found.rows)]
    form.say_who(shown)
    if form.apply(_gather):
        return redirect("exchange.bundle", form.result)
    request.files.extend(line.file for line in shown if line.file.looked)
    own = [(one, bundles.paper_of(bundles.wanted(one, actor))) for one in bundles.bundles_of(actor)[:25]]
    return render(request, "exchange/gather.html", {"form": form, "page": found, "own": own, "nav": "papers"})


def _gather(*, paper: str, which: str, cases: Sequence[str], actor: Actor, **said: Any) -> uuid.UUID:
    one = papers.named(paper)
    if one is None:
        raise PersonFacingError(_("This paper is not made any more."), field="paper")
    return bundling.gather(paper=one, cases=bundles.chosen(actor, which, cases), actor=actor, **said)


@page("papers/<uuid:bundle>", does=Verb.PAPERS_DROP)
def bundle(request: Request, bundle: uuid.UUID) -> HttpResponse:
    """How far it is; then what came of each child."""
    row = bundles.find(request.actor, bundle)
    shown = bundles.sheets_of(row, request.actor)
    gone = bundles.erased(row.asked - len(shown)) if row.asked > len(shown) else ""
    told = {"sheets": shown, "gone": gone, "holds": bundles.held_in(row, shown)}
    return render(request, "exchange/bundle.html", _about(request, row) | told)


@unattended
@page("papers/<uuid:bundle>/progress", does=Verb.PAPERS_DROP)
def bundle_progress(request: Request, bundle: uuid.UUID) -> HttpResponse:
    """How far it is, for the page that asks by itself; when the work has ended, that page is shown anew."""
    row = bundles.find(request.actor, bundle)
    if not row.is_working:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "exchange/bundle_bar.html", {"bundle": row})


@page("papers/<uuid:bundle>/file", does=Verb.PAPERS_GATHER)
def bundle_file(request: Request, bundle: uuid.UUID) -> HttpResponse:
    """The papers that are made, those of children whose file is still open to the owner."""
    row = bundles.find(request.actor, bundle)
    paper = bundles.paper_of(bundles.wanted(row, request.actor))
    shown = bundles.sheets_of(row, request.actor)
    if paper is None or row.is_working:
        raise hidden(Bundle, bundle)
    request.files.extend(one.file for one in shown if one.is_made)
    return download(bundles.zipped(row, shown, paper.as_file), f"{paper.as_file}.zip", "application/zip")


@page("papers/<uuid:bundle>/drop", does=Verb.PAPERS_DROP)
def drop_bundle(request: Request, bundle: uuid.UUID) -> HttpResponse:
    """Stop it, or take away what was made."""
    row = bundles.find(request.actor, bundle)
    form = Form(request)
    if form.apply(bundling.drop, row):
        messages.success(request, _("The papers are gone."))
        return redirect("exchange.gather")
    return render(request, "exchange/drop_bundle.html", _about(request, row) | {"form": form})


def _about(request: Request, row: Bundle) -> dict[str, Any]:
    """What every page about one bundle shows of it."""
    told = bundles.wanted(row, request.actor)
    return {
        "bundle": row,
        "paper": bundles.paper_of(told),
        "problem": told.get("problem", ""),
        "reason": told.get("reason", ""),
        "nav": "papers",
    }
