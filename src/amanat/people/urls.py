"""Addresses of the ways in and of the worker's own pages. The names with `account_` and `mfa_` are the ones allauth asks for."""

from django.conf import settings
from django.urls import path

from amanat.people.views import account, proving, reach, second_factors, waiting, ways_in

urlpatterns = [
    path("account", account.account, name="account"),
    path("account/sign-in", ways_in.sign_in, name="account_login"),
    path("account/sign-in/passkey", ways_in.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("account/sign-in/second-step", ways_in.second_step, name="mfa_authenticate"),
    path("account/sign-out", ways_in.sign_out, name="account_logout"),
    path("account/suspended", ways_in.inactive, name="account_inactive"),
    path("account/begin", ways_in.begin, name="account_begin"),
    path("account/begin/password", ways_in.begin_password, name="account_begin_password"),
    path("waiting", waiting.waiting, name="waiting"),
    path("account/locked", proving.locked, name="account_locked"),
    path("account/confirm", proving.confirm, name="account_reauthenticate"),
    path("account/password", account.password, name="account_change_password"),
    path("account/reach", reach.reach, name="account_reach"),
    path("account/memberships/<uuid:membership>", account.work_as, name="account_work_as"),
    path("account/sessions/others/end", account.end_other_sessions, name="account_end_other_sessions"),
    path("account/sessions/<slug:digest>/end", account.end_session, name="account_end_session"),
    path("account/second-factors", second_factors.overview, name="mfa_index"),
    path("account/second-factors/app", second_factors.add_app, name="mfa_activate_totp"),
    path("account/second-factors/passkey", second_factors.add_passkey, name="mfa_add_webauthn"),
    path("account/second-factors/<int:pk>/remove", second_factors.remove, name="mfa_remove"),
    path("account/recovery-codes", second_factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new", second_factors.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/passkey/<slug:purpose>", second_factors.passkey_options, name="mfa_passkey_options"),
]

if settings.AMANAT_KIND == "demo":
    urlpatterns.append(path("demo/sign-in", ways_in.demo_sign_in, name="demo_sign_in"))
