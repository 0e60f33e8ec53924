"""The supervisor's page of recruiters whom several matters name."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.hotline.recruiters import page_of


@page("hotline/recruiters", does=Verb.LOOK_RECRUITERS)
def recruiters(request: Request) -> HttpResponse:
    found, lines = page_of(request.actor, request.GET.get("from", ""))
    files = {file.row.pk: file for line in lines for file in line.files if file.looked}
    request.files.extend(files.values())
    return render(request, "hotline/recruiters.html", {"page": found, "lines": lines, "nav": "hotline"})
