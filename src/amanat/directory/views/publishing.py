"""The public part of the directory: how many services it holds, when it was written, and writing it anew."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.directory import published
from amanat.directory.actions import publishing
from amanat.directory.openness import open_rows
from amanat.web.forms import Form


@page("directory/public", does=Verb.DIRECTORY_EXPORT)
def public_part(request: Request) -> HttpResponse:
    form = Form(request)
    if form.apply(publishing.publish):
        sentence = ngettext("%(count)d service is public now.", "%(count)d services are public now.", form.result)
        messages.success(request, sentence % {"count": form.result})
        return redirect("directory.public_part")
    context = {"form": form, "open": open_rows("services").count(), "written_at": published.part().made_at}
    return render(request, "directory/public.html", context)
