"""The policy as a page: who may see and do what, for everybody who works here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.labels import RELATION_LABELS
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.office.tables import COLUMN_NOTES, FOOTNOTES, seen_by, tables


@page("policy", does=Verb.LOOK_POLICY)
def policy(request: Request) -> HttpResponse:
    """What the reader sees, then the three tables with their notes."""
    role = request.actor.role
    context = {
        "seen": seen_by(role),
        "tables": tables(role),
        "columns": [(RELATION_LABELS[relation], note) for relation, note in COLUMN_NOTES.items()],
        "footnotes": FOOTNOTES,
    }
    return render(request, "office/policy.html", context)
