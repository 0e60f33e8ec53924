"""The administrator's page of telephone systems."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.hotline.actions import lines as actions
from amanat.hotline.lines import hotlines, in_use
from amanat.people.models import Agency
from amanat.web.forms import Form
from amanat.web.paging import PAGE_SIZE, keyset_page


class LineForm(Form):
    name = forms.CharField(
        label=gettext_lazy("What you call it"),
        help_text=gettext_lazy("So that you know later which telephone system this is."),
        max_length=100,
    )
    agency = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("Whose hotline its calls are for"))


@page("hotline/lines", does=Verb.LOOK_LINES)
def lines(request: Request) -> HttpResponse:
    """The systems that may announce calls; and which hotlines are asked on the public page to call back."""
    found = keyset_page(in_use(), ["name", "id"], request.GET.get("from", ""))
    context = {
        "page": found,
        "hotlines": list(hotlines(request.actor.now)[:PAGE_SIZE]),
        "address": request.build_absolute_uri("/api/v1/hotline/ring"),
    }
    return render(request, "hotline/lines.html", context)


@page("hotline/lines/add", does=Verb.LINE_ADD)
def add_line(request: Request) -> HttpResponse:
    form = LineForm(request, agency=Agency.objects.all())
    if form.apply(actions.add_line):
        request.taken = True
        address = request.build_absolute_uri("/api/v1/hotline/ring")
        return render(request, "hotline/line_added.html", {"added": form.result, "address": address})
    return render(request, "hotline/line_add.html", {"form": form})


@page("hotline/lines/<uuid:line>/revoke", does=Verb.LINE_REVOKE)
def revoke_line(request: Request, line: uuid.UUID) -> HttpResponse:
    found, form = get_object_or_404(in_use(), pk=line), Form(request)
    if form.apply(actions.revoke_line, found):
        messages.success(request, _("This telephone system is shut out now."))
        return redirect("hotline.lines")
    return render(request, "hotline/line_revoke.html", {"form": form, "line": found})
