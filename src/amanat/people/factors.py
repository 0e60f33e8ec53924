"""Second factors of a worker: codes that are used once, which may be removed, and starting again after a loss.

allauth keeps them (`allauth.mfa.Authenticator`); their secrets are sealed by `adapters.FactorAdapter`.
"""

from __future__ import annotations

from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.db.models import QuerySet

from amanat.people import programs
from amanat.people.models import User
from amanat.people.sessions import end_sessions

STEP = 30  # seconds that a code is shown, RFC 6238
DRIFT = 1  # steps that a phone's clock may be wrong, either way
MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def of(user: User) -> QuerySet[Authenticator]:
    """The factors that a worker signs in with; recovery codes stand in for them and don't count."""
    held: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type__in=MAIN)
    return held.order_by("created_at", "pk")


@transaction.atomic
def use_code(user: User, code: str, now: datetime) -> Authenticator | None:
    """Spend a code of the worker's app, or one of the recovery codes; the factor that it belongs to, None for a wrong code.

    A code is good once, on whatever process it arrives: the last step that was used stands in the row (RFC 6238 §5.2).
    """
    by_code = Authenticator.objects.select_for_update().filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    for factor in by_code.order_by("-type"):
        is_app = factor.type == Authenticator.Type.TOTP
        if _use_app_code(factor, code, now) if is_app else factor.wrap().validate_code(code):
            factor.refresh_from_db()
            factor.user = user
            return factor
    return None


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step whose code this is, if it is one that counts now."""
    current = int(now.timestamp()) // STEP
    steps = range(current - DRIFT, current + DRIFT + 1)
    return next((at for at in steps if compare_user_code(actual=code, expected=code_at(secret, at))), None)


def code_at(secret: str, step: int) -> str:
    """What an authenticator app shows in that step."""
    return str(format_hotp_value(hotp_value(secret, step)))


def spend(factor: Authenticator, step: int) -> None:
    """No code of this or an earlier step is taken any more."""
    factor.data["last_step"] = step
    factor.save(update_fields=["data"])


def _use_app_code(factor: Authenticator, code: str, now: datetime) -> bool:
    step = step_of(decrypt(factor.data["secret"]), code, now)
    if step is None or step <= factor.data.get("last_step", -1):
        return False
    spend(factor, step)
    return True


def may_remove(factor: Authenticator) -> bool:
    """One way in must remain."""
    return of(factor.user).exclude(pk=factor.pk).exists()


@transaction.atomic
def clear(user: User, now: datetime) -> None:
    """Let a worker who lost the second factor begin again: no factor, no usable password, no session, no program in their name.

    Without a password nobody can set up a factor before the worker does: an invitation is the only way back in.
    """
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user)
    programs.end_of(user, now)
