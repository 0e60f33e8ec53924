"""Second factors of the signed-in worker: set up, list, remove; recovery codes; what a passkey is asked."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.totp.internal import flows as app_flows
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal import flows as passkey_flows
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanat.people import doors, factors
from amanat.people.forms import AddPasskeyForm, AppForm


@doors.before_second_factor
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What the worker has; who has nothing yet is asked to choose."""
    user = doors.worker_of(request)
    held = list(factors.of(user))
    if not held and not doors.second_factor(request):
        return render(request, "people/choose_factor.html", {"passkeys": settings.AMANAT_PASSKEYS})
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    left = len(codes.wrap().get_unused_codes()) if codes else 0
    has_app = any(factor.type == Authenticator.Type.TOTP for factor in held)
    context = {"factors": held, "may_remove": len(held) > 1, "codes_left": left, "has_app": has_app}
    return render(request, "people/factors.html", context | {"passkeys": settings.AMANAT_PASSKEYS})


@doors.before_second_factor
@doors.asks_for_proof
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: HttpRequest) -> HttpResponse:
    """An authenticator app on the worker's phone (TOTP, RFC 6238)."""
    user = doors.worker_of(request)
    if factors.of(user).filter(type=Authenticator.Type.TOTP).exists():
        return redirect("mfa_index")
    form = AppForm(request, user)
    if form.is_valid():
        with transaction.atomic():
            factor, fresh_codes = app_flows.activate_totp(request, form)
            factors.spend(factor, form.step)
        return _added(request, fresh_codes)
    picture = get_adapter().build_totp_svg(get_adapter().build_totp_url(user, form.secret))
    context = {
        "form": form,
        "picture": b64encode(picture.encode()).decode(),
        "secret": " ".join(form.secret[at : at + 4] for at in range(0, len(form.secret), 4)),
    }
    return render(request, "people/add_app.html", context)


@doors.before_second_factor
@doors.asks_for_proof
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey of this phone, this computer or a security key; it checks its holder."""
    form = AddPasskeyForm(request)
    if form.is_valid():
        added = passkey_flows.add_authenticator(request, form.cleaned_data["name"], form.cleaned_data["credential"])
        return _added(request, added[1])
    return render(request, "people/add_passkey.html", {"form": form})


@doors.asks_for_proof
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a factor; not the last one."""
    factor = get_object_or_404(factors.of(doors.worker_of(request)), pk=pk)
    if not factors.may_remove(factor):
        messages.warning(request, _("This is your only second factor. Add another one first, then remove this one."))
        return redirect("mfa_index")
    if request.method != "POST":
        return render(request, "people/remove_factor.html", {"factor": factor})
    factor.delete()
    messages.success(request, _("Removed."))
    return redirect("mfa_index")


@doors.asks_for_proof
@require_safe
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, shown once after they were made."""
    codes, may_see = recovery.view_recovery_codes(request)
    if codes is None:
        raise Http404
    if not may_see:
        return redirect("mfa_index")
    return render(request, "people/recovery_codes.html", {"codes": codes.get_unused_codes()})


@doors.asks_for_proof
@require_http_methods(["GET", "HEAD", "POST"])
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the old ones stop working."""
    if not recovery.can_generate_recovery_codes(doors.worker_of(request)):
        return redirect("mfa_index")
    if request.method != "POST":
        return render(request, "people/new_recovery_codes.html")
    recovery.generate_recovery_codes(request)
    return redirect("mfa_view_recovery_codes")


@login_not_required
@require_POST
def passkey_options(request: HttpRequest, purpose: str) -> HttpResponse:
    """What the browser shall ask a passkey, as JSON: to sign in, as the second step, to prove, or to be added."""
    if not ratelimit.consume(request, action="passkey"):
        return JsonResponse({}, status=429)
    return JsonResponse(_options(request, purpose))


def _options(request: HttpRequest, purpose: str) -> Any:
    if purpose == "sign-in":
        return passkeys.begin_authentication(None)
    if purpose == "second-step":
        stage = get_pending_stage(request)
        if stage is None:
            raise PermissionDenied
        return passkeys.begin_authentication(stage.login.user)
    if not request.user.is_authenticated:
        raise PermissionDenied
    if purpose == "prove":
        return passkeys.begin_authentication(request.user)
    if doors.is_locked(request) or not doors.freshly_proved(request):
        raise PermissionDenied
    return passkeys.begin_registration(request.user, passwordless=True)


def _added(request: HttpRequest, fresh_codes: Authenticator | None) -> HttpResponse:
    """The session that set a factor up has just used it; the first factor brings recovery codes."""
    request.session[doors.SECOND_FACTOR] = True
    if fresh_codes:
        return redirect("mfa_view_recovery_codes")
    messages.success(request, _("Added."))
    return redirect("mfa_index")
