# ruff: noqa: N999  (a command is named for what one types)
"""`amanat import htcds FILE --as USERNAME [--take]`: bring a file in from the command line, by the verbs that the pages use."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.exchange import findings, keeping, proposing
from amanat.exchange.actions import importing
from amanat.exchange.files import sealed
from amanat.exchange.models import Import
from amanat.exchange.work import Halted, Work
from amanat.people import factors
from amanat.people.clock import clock
from amanat.people.models import Membership, User
from amanat.web.errors import PersonFacingError


class Command(BaseCommand):
    help = "Bring a file in: a workbook or table with the fields of HTCDS. Without --take nothing is made of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("standard", choices=["htcds"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="whose import it is")
        parser.add_argument("--take", action="store_true", help="take in every new row")

    def handle(self, *args: Any, file: Path, username: str, take: bool, **options: Any) -> None:
        try:
            actor = self._actor(username)
            held = self._look(file, actor)
            if take:
                self._take(held, actor)
        except PersonFacingError as error:
            raise CommandError(f"{error.sentence} {error.hint}".strip()) from error
        except Halted as error:
            raise CommandError(
                f"It was stopped by a fault of ours ({error}). What was taken until then stays."
            ) from None
        except Error as error:  # its message could repeat what stood in a cell
            raise CommandError(f"The database refuses this now ({type(error).__name__}). Try it again later.") from None
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error

    def _actor(self, username: str) -> Actor:
        """Whoever sits at the terminal shows that they are this worker; the invented people of a demo need not."""
        now = clock()
        user = User.objects.filter(username=username, is_active=True).first()
        if settings.AMANAT_KIND != "demo" and not (user and self._proves(user)):
            raise CommandError("This is not right: the name, the password or the code.")
        members = Membership.objects.current(now).filter(user=user).select_related("user", "agency", "site")
        for member in members.order_by("since", "pk"):
            actor = Actor.of(member, now, proved_at=now, second_factor=True, where="command line")
            if actor.may(Verb.EXCHANGE_IMPORT):
                return actor
        raise CommandError(f"{username} may not bring files in.")

    def _proves(self, user: User) -> bool:
        right = user.check_password(_asked(f"Password of {user.username}: "))
        return bool(right and factors.use_code(user, _asked("Code of the app: "), clock()))

    def _look(self, file: Path, actor: Actor) -> Import:
        held = keeping.find(actor, importing.receive(file=sealed(file), actor=actor))
        survey = keeping.opened(held, "about", actor)["survey"]
        mapping = proposing.proposal_for(held, survey, actor).mapping
        for column in mapping.columns:
            self.stdout.write(f"  {column.title}: {column.field or 'kept as it stands'}")
        importing.map_columns(held, mapping=mapping, actor=actor)
        importing.look_through(held, actor=actor)
        return self._worked(held, actor, ("fresh", "known", "again", "empty", "wrong"))

    def _take(self, held: Import, actor: Actor) -> None:
        importing.take(held, which="fresh", actor=actor)
        self._worked(held, actor, ("taken", "aside"))

    def _worked(self, held: Import, actor: Actor, told: tuple[str, ...]) -> Import:
        Work().all_of(held)
        held = keeping.find(actor, held.pk)
        if problem := (keeping.opened(held, "wanted", actor) or {}).get("problem"):
            raise CommandError(problem)
        found = findings.counts(held)
        self.stdout.write(", ".join(f"{name}: {found[name]}" for name in told))
        return held


def _asked(prompt: str) -> str:
    """From the terminal without showing it, else a line of what is piped in."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
