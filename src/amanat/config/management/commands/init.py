"""`amanat init`, its second half: the shares, the certificate, the tables, the first agency and its people. No password is made."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat import packs
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.config import shares, terminal, tls
from amanat.config.hosts import is_loopback
from amanat.config.terminal import ask
from amanat.config.tree.gatekeeping import write_gate
from amanat.office.actions.inviting import check_is_free
from amanat.office.backups.models import BackupPlan
from amanat.office.forms import zones
from amanat.office.pack_shelf import DEMO
from amanat.packs import installing
from amanat.people.invitations import invite
from amanat.people.models import Agency, Membership, Role, Site, User
from amanat.vault.keys import Workspace, keyring
from amanat.web.errors import PersonFacingError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIRST = (
    (Role.ADMINISTRATOR, gettext_lazy("The administrator")),
    (Role.DPO, gettext_lazy("The data protection officer")),
    (Role.DPO, gettext_lazy("A second data protection officer, who acts where the first is the conflict")),
    (Role.SUPERVISOR, gettext_lazy("The first supervisor, who confirms changes about a data protection officer")),
)


def _is_in_use() -> bool:
    """Whether somebody works here already; before the first tables are made nobody does."""
    return User._meta.db_table in connection.introspection.table_names() and User.objects.exists()


def ask_right(question: str, check: Callable[[str], None], usual: str = "") -> str:
    """One line, asked for again as long as the check finds something wrong."""
    while True:
        told = ask(question, usual)
        try:
            check(told)
        except PersonFacingError as error:
            terminal.say(f"{error} {error.hint}".strip())
            continue
        return told


def check_zone(name: str) -> None:
    if name not in dict(zones()):
        raise PersonFacingError(
            _("There is no time zone %(name)s.") % {"name": name}, _("Write it like Asia/Ashgabat.")
        )


def check_sign_in_name(name: str) -> None:
    try:
        User._meta.get_field("username").clean(name, None)
    except ValidationError:
        raise PersonFacingError(_("Use letters, digits and . - _ only, without spaces.")) from None
    check_is_free(name)


class Command(BaseCommand):
    help = "Make a real workspace in AMANAT_WORKSPACE; asks for all that it needs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--certificate", type=Path, help="a PEM file: certificate of the host, then who vouches for it"
        )
        parser.add_argument("--key", type=Path, help="a PEM file: the key of that certificate")
        parser.add_argument("--behind-proxy", action="store_true", help="a proxy on this machine speaks TLS")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.AMANAT_KIND != "real":
            raise CommandError(f"{settings.WORKSPACE} holds a demo workspace. Name another folder: ./run init FOLDER")
        workspace = Workspace.at(settings.WORKSPACE)
        terminal.speak(workspace.header.language)
        with translation.override(workspace.header.language):
            self._set_up(workspace, options)

    def _set_up(self, workspace: Workspace, options: dict[str, Any]) -> None:
        """What an earlier `init` finished is not asked again."""
        if _is_in_use():
            raise CommandError(
                _("%(folder)s is a workspace already. This serves it: ./run serve %(folder)s")
                % {"folder": workspace.path}
            )
        self._arrange_tls(workspace, options)
        if not workspace.header.recovery:
            workspace.trust(shares.give_out(workspace.header.language), keyring(), timezone.now().isoformat())
        if not workspace.header.duty_number:
            question = _("Number of the duty phone, shown when the workspace is locked (Enter: none yet)")
            number = ask("\n" + question, may_be_empty=True)
            workspace.change(lambda header: vars(header).update(duty_number=number))
        call_command("migrate", verbosity=0, interactive=False)
        write_gate(workspace.path, timezone.now())
        zone = self._choose_pack()
        self._tell_codes(self._first_people(workspace, zone))
        self.stdout.write("\n" + _("Ready. This serves it:  ./run serve %(folder)s") % {"folder": workspace.path})
        if tls.authority(workspace):
            sentence = _(
                "Each device has to trust this workspace's certificate once. This prints how:  ./run amanat sheet"
            )
            self.stdout.write(sentence)

    def _arrange_tls(self, workspace: Workspace, options: dict[str, Any]) -> None:
        """Whoever uses it on this machine alone needs no TLS; all others get it."""
        try:
            if options["behind_proxy"]:
                tls.leave_to_proxy(workspace)
            elif options["certificate"] or options["key"]:
                if not (options["certificate"] and options["key"]):
                    raise CommandError(_("Give both: --certificate FILE --key FILE"))
                tls.use(workspace, options["certificate"], options["key"], timezone.now())
            elif not (workspace.header.tls or is_loopback(workspace.header.host)):
                tls.make(workspace, keyring(), timezone.now())
        except PersonFacingError as error:
            raise CommandError(f"{error} {error.hint}") from error

    def _choose_pack(self) -> str:
        """Of those that come with Amanat; the time zone of the country, "" where the pack is of none. It can be changed later."""
        offered = {one.name: one for one in installing.shipped_manifests() if one.name != DEMO}
        self.stdout.write("\n" + _("Country packs, which say how a country names, counts and keeps things:"))
        for one in offered.values():
            self.stdout.write(f"  {one.name:<16} {one.title}")

        def check(name: str) -> None:
            if name not in offered:
                raise PersonFacingError(
                    _("There is no pack %(name)s here.") % {"name": name},
                    _("Write one of: %(names)s.") % {"names": ", ".join(offered)},
                )

        name = ask_right(_("Country pack"), check, packs.workspace_folders()[-1].name)
        zone = str(installing.use_shipped(name).pack.manifest.time_zone)
        return "" if zone == "UTC" else zone

    @transaction.atomic
    def _first_people(self, workspace: Workspace, usual_zone: str) -> list[tuple[str, str]]:
        """Names and one-time codes."""
        agency = Agency.objects.create(name=ask("\n" + _("Name of the agency")), kind="NGO")
        zone = ask_right(_("Time zone"), check_zone, usual_zone or "Asia/Ashgabat")
        site = Site.objects.create(agency=agency, name=agency.name, time_zone=zone)
        BackupPlan.objects.create(time_zone=zone)
        return [self._first(role, who, agency, site, workspace.header.language) for role, who in FIRST]

    def _tell_codes(self, codes: list[tuple[str, str]]) -> None:
        sentence = _(
            "Give each of them their code, on a paper of its own. It works once, for three days, at /account/begin. "
            "Whoever reads a code can begin as that person: clear this screen afterwards."
        )
        self.stdout.write(f"\n{sentence}\n")
        for name, code in codes:
            self.stdout.write(f"  {name:<24} {code}")

    def _first(self, role: Role, who: StrOrPromise, agency: Agency, site: Site, language: str) -> tuple[str, str]:
        """A first worker; each needs another person's sign-in name."""
        now = timezone.now()
        self.stdout.write(f"\n{who}")
        username = ask_right("  " + _("Sign-in name"), check_sign_in_name)
        user = User.objects.create_user(username, None, display_name=ask("  " + _("Name")), language=language)
        Membership.objects.create(user=user, agency=agency, site=site, role=role, since=now)
        told = {"about": user.display_name, "role": role}  # nobody is signed in who did it
        recording.record(at=now, verb="people.init", outcome=Outcome.DONE, details=told)
        return user.display_name, invite(user, now)
