"""The draft endpoint. Pages that show the policy stand in `office`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from amanat.access import drafts
from amanat.access.actor import Actor
from amanat.access.loaders import Hidden


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed on a page (`page`: its path, `body`: the form, urlencoded); answers with the time.

    404 where the path is no page of ours, or one that this worker may not know of: nothing typed stands in an address.
    """
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    page = request.POST.get("page", "")
    if actor is None or not drafts.is_page(page):
        return HttpResponse(status=404)
    try:
        subject = drafts.subject_of(page, actor)
    except Hidden:
        return HttpResponse(status=404)
    saved = drafts.save(actor.user, page, QueryDict(request.POST.get("body", "")), actor.now, subject)
    return JsonResponse({"saved_at": timezone.localtime(saved.saved_at).strftime("%H:%M")})


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Drop what was kept for a page (`below`: also for those under its address), and show the page as it is."""
    page = request.POST.get("page", "")
    drafts.forget(request.user, page, below="below" in request.POST)  # type: ignore[arg-type]
    return redirect(page if drafts.is_page(page) else "/")
