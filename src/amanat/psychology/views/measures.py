"""Scores of a child's instruments over time."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.psychology import measures


@page("cases/<ref:case>/measures", shows=Part.PSYCHOLOGY_SUMMARY)
def scores(request: Request, case: Case) -> HttpResponse:
    return render(request, "psychology/measures.html", about(request, case) | measures.context(request.file))
