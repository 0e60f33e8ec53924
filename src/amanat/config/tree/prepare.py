"""The child that comes first: it brings the tables up to date, sweeps what is old, writes the gate, and greets. Then it ends."""

from __future__ import annotations

from amanat.config.tree import child

if __name__ == "__main__":
    child.enter()

import argparse
import sys
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.conf import settings

GREETED = 30  # people; a benchmark's demo workspace has thousands
HALF_WRITTEN = timedelta(hours=1)  # for so long somebody may still be at it


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--site-url", default="")
    parser.add_argument("--end-sessions", action="store_true")
    told = parser.parse_args()
    django.setup()
    child.unlock()

    from amanat.people.clock import clock

    migrate_where_needed()
    prepare(clock(), end_sessions=told.end_sessions)
    greet(told.url, told.site_url)


def migrate_where_needed() -> None:
    """Bring the tables up to date. On PostgreSQL the application may not: the owner has to, and this ends with a sentence."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if connection.vendor == "postgresql":
        sys.exit("The tables are not up to date. Say the owner's address in AMANAT_DATABASE_OWNER, then: ./run update")
    call_command("migrate", verbosity=0, interactive=False)


def prepare(now: datetime, *, end_sessions: bool) -> None:
    """What is done at each start. After a time in which the workspace was locked, everybody signs in anew."""
    from django.db import transaction

    from amanat.access import drafts
    from amanat.api import actions as phones
    from amanat.api import form_keys, waiting
    from amanat.audit import recording
    from amanat.audit.models import Outcome
    from amanat.config import recovering, trials
    from amanat.config.tree import locking
    from amanat.config.tree.gatekeeping import write_gate
    from amanat.directory import bringing
    from amanat.exchange import keeping
    from amanat.people.models import Session
    from amanat.vault import durable, files, intake
    from amanat.vault.keys import Workspace

    recovering.tell_the_log(Workspace.at(Path(settings.WORKSPACE)))
    folder = Path(settings.WORKSPACE)
    drafts.sweep(now)
    keeping.sweep(now)
    bringing.sweep(now)
    half_written = (now - HALF_WRITTEN).timestamp()
    for place in (folder, folder / "run", folder / "tls", intake.folder(folder)):
        durable.sweep(place, half_written)
    files.sweep(half_written)
    trials.forget_in_time(now)
    if end_sessions:
        with transaction.atomic():
            Session.objects.all().delete()
            since = locking.marked_at(folder)
            details = {"locked_since": since.isoformat()} if since else None
            recording.record(at=now, verb="workspace.unlock", outcome=Outcome.DONE, details=details)
    write_gate(folder, now)
    phones.tell_the_gate()  # after a restore it knows none
    form_keys.lock()  # made here, so that no phone has to wait for it
    waiting.sweep(now)


def greet(url: str, site: str) -> None:
    """Where it is, where the public site is, and in a demo who can be tried."""
    from amanat.config import terminal
    from amanat.config.terminal import _
    from amanat.people import demo
    from amanat.people.clock import clock
    from amanat.people.models import Membership
    from amanat.vault.keys import Workspace

    terminal.speak(Workspace.at(settings.WORKSPACE).header.language)
    said = {"folder": settings.WORKSPACE, "url": url}
    say("\n" + _("Amanat serves %(folder)s on %(url)s  (end with Ctrl-C)") % said + "\n")
    if site:
        say(_("The public site, for everybody: %(url)s") % {"url": site} + "\n")
    if settings.AMANAT_KIND != "demo":
        return
    say(_("This is a demo: invented people, one-click sign-in. Nothing real belongs in it.") + "\n")
    for user in demo.people(clock())[:GREETED]:
        held: list[Membership] = user.works_as  # type: ignore[attr-defined]  # prefetched under this name
        works = "; ".join(f"{row.get_role_display()}, {row.agency}" for row in held)
        say(f"  {user.username:<12} {user.display_name:<24} {works}")


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
