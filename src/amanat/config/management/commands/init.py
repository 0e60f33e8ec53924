"""`amanat init`, its second half: the tables, the first agency, administrator and data protection officers. No password is made."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.config.setting_up import ask
from amanat.people.invitations import invite
from amanat.people.models import Agency, Membership, Role, Site, User

FIRST = (
    (Role.ADMINISTRATOR, "The administrator"),
    (Role.DPO, "The data protection officer"),
    (Role.DPO, "A second data protection officer, who acts where the first is the conflict"),
    (Role.SUPERVISOR, "The first supervisor, who confirms changes about a data protection officer"),
)


class Command(BaseCommand):
    help = "Make a real workspace in AMANAT_WORKSPACE; asks for all that it needs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", default="en", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        if settings.AMANAT_KIND != "real":
            raise CommandError(f"{settings.WORKSPACE} holds a demo workspace. Name another folder: ./run init FOLDER")
        call_command("migrate", verbosity=0, interactive=False)
        if User.objects.exists():
            raise CommandError(
                f"{settings.WORKSPACE} is a workspace already. This serves it: ./run serve {settings.WORKSPACE}"
            )
        with transaction.atomic():
            agency = Agency.objects.create(name=ask("Name of the agency"), kind="NGO")
            site = Site.objects.create(agency=agency, name=agency.name, time_zone=ask("Time zone", "Asia/Ashgabat"))
            codes = [self._first(role, who, agency, site, language) for role, who in FIRST]
        self.stdout.write(
            "\nGive each of them their code, on paper. It works once, for three days, at /account/begin:\n"
        )
        for name, code in codes:
            self.stdout.write(f"  {name:<24} {code}")
        self.stdout.write(f"\nReady. This serves it on this machine:  ./run serve {settings.WORKSPACE}")

    def _first(self, role: Role, who: str, agency: Agency, site: Site, language: str) -> tuple[str, str]:
        """A first worker; each needs another person's sign-in name."""
        now = timezone.now()
        self.stdout.write(f"\n{who}")
        user = User.objects.create_user(ask("  Sign-in name"), None, display_name=ask("  Name"), language=language)
        membership = Membership.objects.create(user=user, agency=agency, site=site, role=role, since=now)
        recording.record(
            at=now, verb="people.init", outcome=Outcome.DONE, user=user, membership=membership, details={"role": role}
        )
        return user.display_name, invite(user, now)
