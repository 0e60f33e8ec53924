"""`amanat serve`: unlock, migrate where needed, seal the audit log, and serve on loopback."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from amanat.access import drafts
from amanat.exchange import keeping
from amanat.people import demo
from amanat.people.models import Membership
from amanat.vault.keys import is_unlocked

GREETED = 30  # people; a benchmark's demo workspace has thousands


def migrate_where_needed() -> None:
    """Bring the tables up to date.

    Raises:
        CommandError: on PostgreSQL, where the application may not change tables: the owner has to.
    """
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if connection.vendor == "postgresql":
        raise CommandError("The tables are not up to date. Set AMANAT_DATABASE_OWNER and run: ./run amanat migrate")
    call_command("migrate", verbosity=0, interactive=False)


class Command(BaseCommand):
    """One web process that holds the keys; the tree of processes comes with *Keys in the real world*."""

    help = "Serve this workspace on http://localhost:PORT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=4)

    def handle(self, *args: Any, port: int, threads: int, **options: Any) -> None:
        assert is_unlocked()
        migrate_where_needed()
        drafts.sweep(timezone.now())
        keeping.sweep(timezone.now())
        self._greet(port)
        connections.close_all()  # the web process is forked: it opens connections of its own
        self._serve(port, threads)

    def _greet(self, port: int) -> None:
        say = self.stdout.write
        say(f"\nAmanat serves {settings.WORKSPACE} on http://localhost:{port}  (end with Ctrl-C)\n")
        if settings.AMANAT_KIND == "demo":
            say("This is a demo: invented people, one-click sign-in. Nothing real belongs in it.\n")
            for user in demo.people(timezone.now())[:GREETED]:
                held: list[Membership] = user.works_as  # type: ignore[attr-defined]  # prefetched under this name
                works = "; ".join(f"{row.get_role_display()}, {row.agency}" for row in held)
                say(f"  {user.username:<12} {user.display_name:<24} {works}")
        else:
            say(
                "It listens on this machine only, and has no recovery yet: if the words are lost, so is all that it holds."
            )
        self.stdout.flush()

    def _serve(self, port: int, threads: int) -> None:
        from granian.constants import Interfaces
        from granian.log import LogLevels
        from granian.server.mp import MPServer

        server = MPServer(
            "amanat.config.serving:application",
            address="127.0.0.1",
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=threads,
            respawn_failed_workers=True,
            workers_kill_timeout=5,
            log_level=LogLevels.warning,
        )
        server.serve()
