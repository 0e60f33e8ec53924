"""`amanat messages`: how it leaves the house that something waits for somebody; by e-mail, and by a program that hands texts on."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.config import terminal
from amanat.people import messages, sending
from amanat.people.clock import clock
from amanat.people.models import User
from amanat.people.sending import Mail, Ways

PORTS = {sending.TLS: 465, sending.STARTTLS: 587, sending.PLAIN: 25}


class Command(BaseCommand):
    help = "Shows or sets how messages leave, tries it on a worker, or ends it. Messages say only that something waits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("word", nargs="?", choices=["test", "off"], help="try it on a worker; send none any more")
        parser.add_argument("user", nargs="?", help="the sign-in name of the worker whom to try it on")
        parser.add_argument("--smtp-host", help="the server that takes e-mail; “none” for no e-mail")
        parser.add_argument("--smtp-port", type=int, help="465 for tls, 587 for starttls, 25 for none, if not said")
        parser.add_argument("--smtp-security", choices=list(PORTS), default=sending.STARTTLS)
        parser.add_argument("--smtp-user", default="", help="its password is asked for here, and shown nowhere")
        parser.add_argument("--from", dest="sender", help="the address that e-mail comes from")
        parser.add_argument(
            "--text-command",
            help="a program, with its whole path, that gets one line of JSON: to, text; “none” for no texts",
        )

    def handle(self, *, word: str | None, user: str | None, **given: Any) -> None:
        if word == "test":
            self._try(user or "")
        elif word == "off":
            self._set(Ways())
        elif given["smtp_host"] or given["text_command"]:
            self._set(_asked(messages.ways(), given))
        else:
            self._show(messages.ways())

    def _set(self, ways: Ways) -> None:
        told = {"email": ways.mail.host if ways.mail else "", "text": ways.text_command}
        messages.set_ways(ways)
        recording.record(at=clock(), verb="workspace.messages", outcome=Outcome.DONE, details=told)
        self._show(ways)

    def _show(self, ways: Ways) -> None:
        mail, program = ways.mail, ways.text_command
        server = f"{mail.host}:{mail.port} ({mail.security}), {mail.sender}" if mail else _("none")
        self.stdout.write(_("E-mail: %(server)s") % {"server": server})
        self.stdout.write(_("Program for texts: %(program)s") % {"program": program or _("none")})

    def _try(self, name: str) -> None:
        user, ways = User.objects.filter(username=name).first(), messages.ways()
        if user is None:
            raise CommandError(_("No worker signs in as “%(name)s”.") % {"name": name})
        reached = messages.reach_of(user)
        used = [bool(ways.mail and reached.email), bool(ways.text_command and reached.phone)]
        if not any(used):
            raise CommandError(
                _("Nothing was sent: no way is set up by which this worker is reached (see their account).")
            )
        left = messages.deliver(user, ways)
        for way, is_used, label in zip(("email", "text"), used, (_("E-mail"), _("Text")), strict=True):
            if is_used:
                came_of_it = left[way] if way in left else _("sent")
                self.stdout.write(f"{label}: {came_of_it}")
        if left:
            raise CommandError(_("Not everything left."))


def _asked(before: Ways, given: dict[str, Any]) -> Ways:
    """What stands, with what was said now."""
    host, program = given["smtp_host"], given["text_command"]
    if host:
        before = replace(before, mail=None if host == "none" else _mail(host, given))
    if program == "none":
        return replace(before, text_command="")
    if program and not sending.is_program(program):
        raise CommandError(
            _(
                "“%(program)s” is no program: name it with its whole path. It must be executable, and not everybody may change it."
            )
            % {"program": program}
        )
    return replace(before, text_command=program or before.text_command)


def _mail(host: str, given: dict[str, Any]) -> Mail:
    security, user = given["smtp_security"], given["smtp_user"]
    try:
        validate_email(given["sender"] or "")
    except ValidationError:
        raise CommandError(_("Say from which address e-mail comes: --from name@example.org")) from None
    if user and security == sending.PLAIN and not _is_here(host):
        raise CommandError(_("A password does not travel in the open. Choose --smtp-security starttls or tls."))
    password = terminal.secret(_("Password for %(user)s") % {"user": user}) if user else ""
    return Mail(host, given["smtp_port"] or PORTS[security], given["sender"], security, user, password)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
