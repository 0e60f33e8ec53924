"""Signing in and out: name and password, the second step, a passkey alone, an invitation, one click in a demo."""

from __future__ import annotations

from allauth.account.internal import flows
from allauth.account.internal.decorators import login_stage_required
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanat.people import demo, doors, factors, invitations
from amanat.people.adapters import TRY_LATER
from amanat.people.clock import clock
from amanat.people.forms import BeginForm, CodeProof, NewPasswordForm, PasskeyProof, SignInForm
from amanat.people.models import Invitation, User
from amanat.people.unsent import forget_who

INVITATION = "invitation"  # where the session keeps which invitation was opened


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; a worker with a second factor goes on to the second step."""
    if request.user.is_authenticated:
        return redirect(doors.next_of(request))
    form = SignInForm(request)
    if form.is_valid():
        return _by_password(request, form.user)
    return _sign_in_page(request, form)


@login_not_required
@require_POST
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey that checked its holder: two factors in one gesture."""
    form = PasskeyProof(request, None)
    if not form.is_valid():
        return _sign_in_page(request, form)
    login = Login(user=form.factor.user, redirect_url=doors.next_of(request))
    response: HttpResponse = perform_passwordless_login(request, form.factor, login)
    return response


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password: a code, or a passkey."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user: User = stage.login.user
    by_passkey = "credential" in request.POST
    form = PasskeyProof(request, user, again=False) if by_passkey else CodeProof(request, user, again=False)
    if form.is_valid():
        form.record()
        response: HttpResponse = stage.exit()
        return response
    has_passkey = factors.of(user).filter(type=Authenticator.Type.WEBAUTHN).exists()
    return render(request, "people/second_step.html", {"form": form, "has_passkey": has_passkey})


@login_not_required
@doors.while_locked
@doors.before_second_factor
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; the browser forgets the pages it held."""
    if request.method != "POST":
        return render(request, "people/sign_out.html") if request.user.is_authenticated else redirect("account_login")
    flows.logout.logout(request, show_message=False)
    response = redirect("account_login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'  # its cookies end here by name; the language may stay
    forget_who(response)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The code of an invitation."""
    form = BeginForm(request)
    if form.is_valid():
        if not ratelimit.consume(request, action="begin"):
            form.add_error("code", str(TRY_LATER))
        elif form.apply(_open_invitation):
            request.session[INVITATION] = form.result.pk
            return redirect("account_begin_password")
    return render(request, "people/begin.html", {"form": form})


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def begin_password(request: HttpRequest) -> HttpResponse:
    """The first password, or a new one after a reset; then signed in, and on to the second factor."""
    opened = request.session.get(INVITATION, 0)
    invitation = Invitation.objects.filter(pk=opened).select_related("user").first()
    if invitation is None or request.user.is_authenticated:
        return redirect("account_begin")
    form = NewPasswordForm(request, invitation.user)
    if form.apply(_accept, invitation.pk):
        del request.session[INVITATION]
        return _by_password(request, form.result)
    return render(request, "people/begin_password.html", {"form": form, "user": invitation.user})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click on an invented person. The route exists in a demo workspace only; this asks once more."""
    if settings.AMANAT_KIND != "demo":
        raise Http404
    if request.method != "POST":
        return render(request, "people/demo.html", {"people": demo.people(clock()), "next": doors.next_of(request)})
    chosen = request.POST.get("person")
    user = next((person for person in demo.people(clock()) if str(person.pk) == chosen), None)
    return demo.sign_in(request, user, doors.next_of(request)) if user else redirect("demo_sign_in")


@login_not_required
@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """Where allauth sends a suspended worker who used a passkey."""
    return render(request, "people/inactive.html")


def _by_password(request: HttpRequest, user: User) -> HttpResponse:
    login = Login(user=user, redirect_url=doors.next_of(request))
    response: HttpResponse = flows.login.perform_password_login(request, {}, login)
    return response


def _sign_in_page(request: HttpRequest, form: SignInForm | PasskeyProof) -> HttpResponse:
    has_demo = settings.AMANAT_KIND == "demo"
    return render(
        request,
        "people/sign_in.html",
        {
            "form": form,
            "fields": form if isinstance(form, SignInForm) else None,
            "next": doors.next_of(request),
            "demo_url": reverse("demo_sign_in") if has_demo else "",
            "passkeys": settings.AMANAT_PASSKEYS,
        },
    )


def _open_invitation(*, code: str, actor: object) -> Invitation:
    return invitations.open_invitation(code, clock())


def _accept(invitation_pk: int, *, password: str, again: str, actor: object) -> User:
    return invitations.accept(invitation_pk, password, clock())
