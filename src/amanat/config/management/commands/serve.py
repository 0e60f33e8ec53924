"""`amanat serve`: the supervisor and its children. It runs without Django's apps and without the database; see `config.tree`."""

from __future__ import annotations

import os
import signal
import socket
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from amanat.config import tls, unlocking
from amanat.config.terminal import _
from amanat.config.tree import child, listening
from amanat.config.tree.plan import Plan
from amanat.config.tree.supervisor import ENDING, Busy, Supervisor, only_one, say
from amanat.vault.keys import Workspace, WrongKey
from amanat.web.errors import PersonFacingError

HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104  (only where there is TLS)


class Command(BaseCommand):
    help = "Serve this workspace: open where a key file or somebody's words open it, else locked."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--address", help="to listen on; usually this machine alone, or every address where there is TLS"
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--live-port", type=int, help="of the live stream, which tells pages to look; 0: none")
        parser.add_argument("--site-port", type=int, help="of the public site; 0: none, as usual but in the demo")
        parser.add_argument("--threads", type=int, default=4)
        parser.add_argument("--key-file", type=Path, help="where the key file lies; else AMANAT_KEYFILE says it")
        parser.add_argument("--locked", action="store_true", help="begin locked, whatever could open it")

    def handle(self, *args: Any, locked: bool, **options: Any) -> None:
        for number in ENDING:
            signal.signal(number, lambda _number, _frame: sys.exit())  # until the supervisor hears them
        if options["key_file"]:
            unlocking.name_keyfile(options["key_file"])
        translation.deactivate_all()  # there are no rooms here whose catalogues could be read
        workspace = Workspace.at(Path(settings.WORKSPACE))
        try:
            ports = Ports(options["port"], options["live_port"], options["site_port"])
            planned = plan(workspace, options["address"], ports, options["threads"])
            alone = only_one(workspace.path)
            keys = unlocking.keys_at_start(workspace, locked=locked)
        except (WrongKey, Busy) as error:
            raise CommandError(str(error)) from None
        except PersonFacingError as error:
            django.setup()  # the catalogues of its sentence are the rooms'
            with translation.override(workspace.header.language):
                raise CommandError(f"{error.sentence} {error.hint}") from None
        supervisor = Supervisor(planned, alone)  # from here on it is asked, and answers
        if keys is None:
            said = {"folder": workspace.path, "command": "./run amanat unlock"}
            self.stdout.write("\n" + _("Amanat serves %(folder)s, locked. This opens it: %(command)s") % said + "\n")
            if planned.site_url:
                self.stdout.write(_("The public site, for everybody: %(url)s") % {"url": planned.site_url})
            self.stdout.flush()
            supervisor.serve_locked()
        else:
            supervisor.open(keys, end_sessions=not unlocking.has_keyfile(workspace))
        supervisor.run()


@dataclass(frozen=True)
class Ports:
    """As they were asked for; None where nobody said anything."""

    pages: int
    live: int | None
    site: int | None

    def told(self) -> list[str]:
        named = {"--port": self.pages, "--live-port": self.live, "--site-port": self.site}
        return [word for name, port in named.items() if port is not None for word in (name, str(port))]


def plan(workspace: Workspace, address: str | None, ports: Ports, threads: int) -> Plan:
    """How to serve, as was asked.

    Raises:
        PersonFacingError: others on the network could read along, or the certificate is missing.
        CommandError: a port that was asked for can't be had.
    """
    served = tls.files(workspace)
    address = address or (EVERYWHERE if served else HERE)
    tls.check_bind(address, served)
    listener = listening_socket(address, ports.pages)
    live = beside(child.LIVE_LISTENER, address, ports.live, ports.pages + 1)
    os.environ[child.LIVE_PORT] = str(live.getsockname()[1]) if live else "0"
    site = beside(child.SITE_LISTENER, address, ports.site, ports.pages + 2 if workspace.kind == "demo" else 0)
    origin = f"{'https' if served else 'http'}://{workspace.header.host}:"
    site_url = f"{origin}{site.getsockname()[1]}" if site else ""
    os.environ.setdefault(child.SITE_ADDRESS, site_url)
    told = ["--address", address, *ports.told(), "--threads", str(threads)]
    return Plan(
        workspace=workspace,
        listener=listener,
        url=f"{origin}{ports.pages}",
        again=[sys.executable, "-m", "amanat", "serve", *told, "--locked"],
        processes=web_processes(),
        web=listening.arguments(threads, served),
        live=live,
        site=site,
        site_url=site_url,
    )


def beside(inherited: str, address: str, asked: int | None, usual: int) -> socket.socket | None:
    """The socket of what is served beside the pages; None where there is to be none, or the usual port is another program's."""
    port = usual if asked is None else asked
    if not port:
        return None
    try:
        return listening_socket(address, port, inherited)
    except CommandError as error:
        if asked is not None:
            raise
        say(str(error))  # the pages are served all the same
        return None


def web_processes() -> int:
    """One writes to the embedded database as fast as several; PostgreSQL takes as many as there are cores."""
    engine = settings.DATABASES["default"]["ENGINE"]
    return len(os.sched_getaffinity(0)) if engine.endswith("postgresql") else 1


def listening_socket(address: str, port: int, inherited: str = child.LISTENER) -> socket.socket:
    """The one that was listened on before this program began anew, or a new one; children inherit it.

    Raises:
        CommandError: it can't be had.
    """
    if number := os.environ.pop(inherited, ""):
        return socket.socket(fileno=int(number))
    try:
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, port), family=kind, backlog=listening.BACKLOG)
    except (OSError, OverflowError) as error:
        said = {"port": port, "address": address, "error": error}
        raise CommandError(_("Port %(port)s of %(address)s can't be used: %(error)s") % said) from None
    # Its connections are like it: an answer in two pieces does not wait until the first one is acknowledged, which takes 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
