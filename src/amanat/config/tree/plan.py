"""How a workspace is served: on which sockets, by how many, and how the same is begun anew."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from amanat.config.tree import child
from amanat.config.tree.children import Child
from amanat.vault.keys import Workspace


@dataclass(frozen=True)
class Plan:
    """`again` is the command line that serves it the same way, locked.

    `live` and `site` are the sockets of the live stream and of the public site, where there are any.
    """

    workspace: Workspace
    listener: socket.socket
    url: str
    again: list[str]
    processes: int
    web: list[str] = field(default_factory=list)  # arguments of those who answer requests
    live: socket.socket | None = None
    site: socket.socket | None = None
    site_url: str = ""

    def sockets(self) -> dict[str, socket.socket]:
        """By the variable that tells its number to the program that this one becomes."""
        named = {child.LISTENER: self.listener, child.LIVE_LISTENER: self.live, child.SITE_LISTENER: self.site}
        return {name: one for name, one in named.items() if one}

    def socket_of(self, one: Child) -> socket.socket:
        own = {"stream": self.live, "site": self.site}.get(one.module)
        return own or self.listener
