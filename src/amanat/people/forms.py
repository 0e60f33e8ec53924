"""What is typed on the ways in and the account pages. A form checks its proof; what follows from it is the views' affair."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base.internal.flows import check_rate_limit, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import get_totp_secret
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from amanat.names.phones import read_phone
from amanat.people import factors
from amanat.people.clock import clock
from amanat.people.models import User
from amanat.web.forms import Form, Radios

# What the passkey library raises for an answer that no browser gives, besides its own refusals.
MALFORMED = (AttributeError, KeyError, TypeError, ValueError, ValidationError)


def password_field(label: Any, autocomplete: str = "current-password", hint: Any = "") -> forms.CharField:
    """A password as it was typed: nothing stripped, nothing shown again."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget, help_text=hint, max_length=1000)


def code_field(label: Any, hint: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=120, widget=widget, help_text=hint)


class SignInForm(Form):
    """Name and password; the worker that they belong to is `user` afterwards."""

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = password_field(_("Password"))
    user: User

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        adapter = get_adapter(self.request)
        user = adapter.authenticate(self.request, username=cleaned["username"].strip(), password=cleaned["password"])
        if user is None:
            raise adapter.validation_error("username_password_mismatch")
        if not user.is_active:
            raise adapter.validation_error("account_inactive")
        self.user = user
        return cleaned


class Proof(Form):
    """One factor of a known worker. `again`: the worker is signed in and confirms it."""

    def __init__(self, request: HttpRequest, user: User, *, again: bool = True) -> None:
        super().__init__(request)
        self.user = user
        self.again = again

    def record(self) -> None:
        """Let allauth know which factor was used."""
        raise NotImplementedError


class PasswordProof(Proof):
    password = password_field(_("Password"))

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        adapter = get_adapter(self.request)
        if not adapter.reauthenticate(self.user, typed):
            raise adapter.validation_error("incorrect_password")
        return typed

    def record(self) -> None:
        record_authentication(self.request, self.user, method="password", reauthenticated=self.again)


class FactorProof(Proof):
    """A proof by an authenticator, which is `factor` afterwards."""

    factor: Authenticator

    def record(self) -> None:
        post_authentication(self.request, self.factor, reauthenticated=self.again)


class CodeProof(FactorProof):
    code = code_field(_("Code"), _("The six digits in your authenticator app, or one of your recovery codes."))

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        forget_tries = check_rate_limit(self.user)
        factor = factors.use_code(self.user, typed, clock())
        if factor is None:
            raise get_adapter().validation_error("incorrect_code")
        forget_tries()
        self.factor = factor
        return typed


class PasskeyProof(FactorProof):
    """What the browser's passkey answered. Without a known worker (`user` None) the passkey says who it is."""

    credential = forms.JSONField(widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, user: User | None, *, again: bool = True) -> None:
        Form.__init__(self, request)
        self.known = user
        self.again = again

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answer = cleaned.get("credential")
        forget_tries = check_rate_limit(self.known) if self.known else None
        try:
            passkeys.parse_authentication_response(answer)
            user = self.known or passkeys.extract_user_from_response(answer)
            self.factor = passkeys.complete_authentication(user, answer)
        except MALFORMED:
            raise get_factor_adapter().validation_error("incorrect_code") from None
        if forget_tries:
            forget_tries()
        return cleaned


class BeginForm(Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=120,
        help_text=_("The 40 digits that the administrator gave you. Spaces and dashes do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class NewPasswordForm(Form):
    """A password for a worker, typed twice."""

    password = password_field(_("New password"), "new-password", _("At least 12 characters. Four words are good."))
    again = password_field(_("The same once more"), "new-password")

    def __init__(self, request: HttpRequest, user: User) -> None:
        super().__init__(request)
        self.user = user

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        password_validation.validate_password(typed, self.user)
        return typed

    def clean_again(self) -> str:
        typed: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and typed != self.cleaned_data["password"]:
            raise ValidationError(_("The two passwords differ. Type the same one twice."))
        return typed


class ChangePasswordForm(NewPasswordForm):
    old = password_field(_("Password until now"))
    field_order = ["old", "password", "again"]

    def clean_old(self) -> str:
        typed: str = self.cleaned_data["old"]
        adapter = get_adapter(self.request)
        if not adapter.reauthenticate(self.user, typed):
            raise adapter.validation_error("incorrect_password")
        return typed


class AppForm(Form):
    """Setting up an authenticator app: the first code shows that the app took the `secret`."""

    code = code_field(_("Code that the app shows"), _("Six digits. They change every 30 seconds."))

    def __init__(self, request: HttpRequest, user: User) -> None:
        super().__init__(request)
        self.user = user
        self.secret: str = get_totp_secret(regenerate=not self.is_bound)
        self.step = -1

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        forget_tries = check_rate_limit(self.user, error_key="rate_limited")
        step = factors.step_of(self.secret, typed, clock())
        if step is None:
            raise get_adapter().validation_error("incorrect_code")
        forget_tries()
        self.step = step
        return typed


class AddPasskeyForm(Form):
    """A new passkey: what the browser made, and what the worker calls it."""

    name = forms.CharField(
        label=_("Name of this passkey"), max_length=60, help_text=_("Say where it is, for example: my phone.")
    )
    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, Any]:
        made: dict[str, Any] = self.cleaned_data["credential"]
        try:
            passkeys.parse_registration_response(made)
            passkeys.complete_registration(made)
        except MALFORMED:
            raise get_factor_adapter().validation_error("incorrect_code") from None
        return made


OWN_NAMES = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class LanguageForm(Form):
    language = forms.ChoiceField(label=_("Language"), choices=OWN_NAMES, widget=Radios)


class ReachForm(Form):
    """Where messages go. A number is kept as programs take it."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("This is no e-mail address. Write it like name@example.org.")},
    )
    phone = forms.CharField(
        label=_("Phone for text messages"),
        help_text=_("With the code of the country, for example +993 12 34 56 78."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if not typed.isascii():
            raise ValidationError(_("This is no e-mail address. Write it like name@example.org."))
        return typed

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        phone = read_phone(typed)
        if phone is None:
            raise ValidationError(
                _("This is no whole number. Write it with the code of the country, like +993 12 34 56 78.")
            )
        return phone.e164
