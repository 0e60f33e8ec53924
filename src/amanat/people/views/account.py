"""The worker's own page: language, memberships, password, sessions. What others decide about a worker is in `office`."""

from __future__ import annotations

from uuid import UUID

from allauth.account.internal.flows.password_change import change_password, logout_on_password_change
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from amanat.people import doors, memberships
from amanat.people.clock import clock
from amanat.people.forms import ChangePasswordForm, LanguageForm
from amanat.people.sessions import end_sessions


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who the worker is here; a POST changes the language."""
    user = doors.worker_of(request)
    form = LanguageForm(request, {"language": user.language})
    if form.is_valid():
        return _speak(request, form.cleaned_data["language"])
    now = clock()
    context = {
        "form": form,
        "user": user,
        "memberships": memberships.current(user, now),
        "active": memberships.active(request, now),
        "sessions": user.sessions.filter(ends_at__gt=now),
        "this_session": doors.session_of(request).row,
    }
    return render(request, "people/account.html", context)


@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other browser of the worker is signed out."""
    user = doors.worker_of(request)
    form = ChangePasswordForm(request, user)
    if form.is_valid():
        change_password(user, form.cleaned_data["password"])
        logout_on_password_change(request, user)
        end_sessions(user, except_key=request.session.session_key)
        messages.success(request, _("Your password was changed. All other browsers were signed out."))
        return redirect("account")
    return render(request, "people/password.html", {"form": form})


@require_POST
def end_session(request: HttpRequest, digest: str) -> HttpResponse:
    """Sign one browser of the worker out."""
    session = get_object_or_404(doors.worker_of(request).sessions, digest=digest)
    if session == doors.session_of(request).row:
        return redirect("account_logout")
    session.delete()
    messages.success(request, _("That browser was signed out."))
    return redirect("account")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign all other browsers of the worker out."""
    end_sessions(doors.worker_of(request), except_key=request.session.session_key)
    messages.success(request, _("All other browsers were signed out."))
    return redirect("account")


@require_POST
def work_as(request: HttpRequest, membership: UUID) -> HttpResponse:
    """Choose which of several memberships the worker acts by, in this session."""
    chosen = get_object_or_404(memberships.current(doors.worker_of(request), clock()), pk=membership)
    request.session[doors.MEMBERSHIP] = str(chosen.pk)
    now_as = {"role": chosen.get_role_display(), "agency": chosen.agency}
    messages.success(request, _("You now work as %(role)s, %(agency)s.") % now_as)
    return redirect("account")


def _speak(request: HttpRequest, language: str) -> HttpResponse:
    user = doors.worker_of(request)
    user.language = language
    user.save(update_fields=["language"])
    request.session[doors.LANGUAGE] = language
    with translation.override(language):
        messages.success(request, _("Saved."))
    response = redirect("account")
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Strict")  # it would win over the worker's own
    return response
