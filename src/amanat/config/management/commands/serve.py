"""`amanat serve`: unlock, migrate where needed, seal the audit log, and serve on loopback."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils import timezone

from amanat.people import demo
from amanat.vault.keys import is_unlocked


class Command(BaseCommand):
    """One web process that holds the keys; the tree of processes comes with *Keys in the real world*."""

    help = "Serve this workspace on http://localhost:PORT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=8)

    def handle(self, *args: Any, port: int, threads: int, **options: Any) -> None:
        assert is_unlocked()
        call_command("migrate", verbosity=0, interactive=False)
        self._greet(port)
        connections.close_all()  # the web process is forked: it opens connections of its own
        self._serve(port, threads)

    def _greet(self, port: int) -> None:
        say = self.stdout.write
        say(f"\nAmanat serves {settings.WORKSPACE} on http://localhost:{port}  (end with Ctrl-C)\n")
        if settings.AMANAT_KIND == "demo":
            say("This is a demo: invented people, one-click sign-in. Nothing real belongs in it.\n")
            for user in demo.people(timezone.now()):
                works = "; ".join(f"{row.get_role_display()}, {row.agency}" for row in user.works_as)
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
            log_level=LogLevels.warning,
        )
        server.serve()
