"""Where messages reach a worker: their own affair, on a page of their account."""

from __future__ import annotations

from django.contrib import messages as said
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from amanat.names.phones import read_phone
from amanat.people import doors, messages
from amanat.people.forms import ReachForm
from amanat.people.messages import Reached


@sensitive_post_parameters("email", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
def reach(request: HttpRequest) -> HttpResponse:
    """E-mail and phone; empty for none."""
    user = doors.worker_of(request)
    now = messages.reach_of(user)
    phone = read_phone(now.phone) if now.phone else None
    form = ReachForm(request, {"email": now.email, "phone": phone.shown if phone else ""})
    if form.is_valid():
        messages.set_reach(user, Reached(**form.cleaned_data))
        said.success(request, _("Saved."))
        return redirect("account_reach")
    context = {"form": form, "ways": messages.ways(), "sentence": messages.sentence()}
    if user.language != get_language():
        context["leaves_in"] = get_language_info(user.language)
    return render(request, "people/reach.html", context)
