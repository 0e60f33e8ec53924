"""What the house itself looks after: the processes that serve, the certificate, and the number that a locked workspace shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from amanat.config import tls
from amanat.office import health
from amanat.office.health import Check, Probe, Seen, State
from amanat.vault import control
from amanat.vault.keys import Workspace

PATIENCE: Final = 3.0  # seconds; the supervisor may be ending a process that waits for this answer
LAST_DAYS: Final = timedelta(days=7)  # of a certificate, in which it is a fault that nobody renewed it (ours)


def register() -> None:
    health.add(
        Probe("serving", serving, without_keys=True),
        Probe("certificate", certificate, without_keys=True),
        Probe("duty", duty, without_keys=True),
    )


def serving(_seen: Seen) -> Iterator[Check]:
    """Nothing where no supervisor is: whoever asks knows whether that is as it should be."""
    label = _("Processes")
    try:
        told = control.ask(Path(settings.WORKSPACE), {"ask": "status"}, patience=PATIENCE)
    except control.NoAnswer:
        told = {"state": "busy"}
    if told is not None:
        yield Check("serving", label, *_judged(told))


def not_served() -> Check:
    """For who asks from outside."""
    return Check("serving", _("Processes"), State.FAULT, _("Nobody serves this workspace."), "./run serve")


def _judged(told: dict[str, Any]) -> tuple[State, str, str]:
    begun_anew = _("They are begun anew by themselves. If this stays so, look at the log of the server.")
    if told["state"] == "busy":
        return State.WARNING, _("The process that holds the keys does not answer just now."), ""
    if told["state"] == "locked":
        sentence = _("The workspace is locked: nobody can work until somebody unlocks it.")
        return State.WARNING, sentence, "./run amanat unlock"
    if told["state"] != "open":
        return State.WARNING, _("The workspace is being opened."), ""
    missing = {"web", "tasks"} - {name.partition(" ")[0] for name in told["processes"]}
    missing |= set(told.get("away", ())) & {"stream", "site"}
    if missing:
        sentence = _("These do not run: %(names)s.") % {"names": ", ".join(sorted(missing))}
        return State.FAULT, sentence, begun_anew
    return State.OK, _("The workspace is open, and all of them run."), ""


def certificate(seen: Seen) -> Iterator[Check]:
    """Nothing where there is none, or a proxy has it."""
    workspace = Workspace.at(Path(settings.WORKSPACE))
    if tls.kind(workspace) in (tls.Kind.NONE, tls.Kind.PROXY):
        return
    label, sentence, ends = _("Certificate"), tls.warning(workspace, seen.now), tls.ends(workspace)
    if ends is None:
        hint = _("This makes a new one: ./run amanat tls renew")
        yield Check("certificate", label, State.FAULT, _("The certificate is missing."), hint)
        return
    value = health.seconds(ends - seen.now)
    if sentence is None:
        yield Check("certificate", label, State.OK, _("Until: %(day)s") % {"day": ends.date()}, value=value)
    else:
        state = State.WARNING if ends > seen.now + LAST_DAYS else State.FAULT
        yield Check("certificate", label, state, str(sentence), value=value)


def duty(_seen: Seen) -> Iterator[Check]:
    """Nothing where there is a number: it stands on every page."""
    if not settings.AMANAT_DUTY_NUMBER:
        sentence = _("No number of the duty phone is set: a locked workspace tells nobody whom to call.")
        yield Check("duty", _("Duty phone"), State.WARNING, sentence, "./run amanat duty NUMBER")
