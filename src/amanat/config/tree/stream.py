"""The child that tells screens to look: server-sent events for any number of open pages, on a port of its own.

A port of its own, since whoever answers pages has a few threads and would lend one to each page that waits, and two processes can't
share out what comes to one socket by its address. Cookies know no ports, so the session comes along; the content policy names this
port. Where it can't be reached (a wall, a proxy that cuts), pages ask `/waiting` every ten seconds instead. Behind a proxy of this
machine it is the proxy that hands `/live` on.

It holds the key of the database and no other, and only reads.
"""

from __future__ import annotations

from amanat.config.tree import child

if __name__ == "__main__":
    child.enter()

import argparse
import os
import resource
from typing import TYPE_CHECKING

import django

from amanat.config.tree import listening

if TYPE_CHECKING:
    from amanat.config.tree import live

FILES = 4096  # open at once, where the machine lets us


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.config.tree.stream_settings"
    django.setup()

    from amanat.config.tree import live

    child.unlock()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    lines = live.Lines(doors(pages_port()))
    listening.hold_open(lines, lines.watch, 2 * live.MOST, lines.end)
    os._exit(0)  # it only read: there is nothing to finish


def pages_port() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages-port", type=int, required=True)
    return parser.parse_known_args()[0].pages_port  # type: ignore[no-any-return]


def doors(pages: int) -> live.Doors:
    """Hosts and origins as browsers write them: without a port where it is the usual one."""
    from django.conf import settings

    from amanat.config.tree.live import Doors

    scheme, usual = ("https", 443) if settings.AMANAT_TLS else ("http", 80)
    at = "" if settings.AMANAT_PROXIED or pages == usual else f":{pages}"  # what the proxy listens on is the usual one
    hosts = {f"{host}{port}" for host in settings.ALLOWED_HOSTS for port in (at, f":{settings.AMANAT_LIVE_PORT}", "")}
    origins = {f"{scheme}://{host}{at}" for host in settings.ALLOWED_HOSTS}
    return Doors(frozenset(hosts), frozenset(origins), settings.SESSION_COOKIE_NAME)


if __name__ == "__main__":
    main()
