"""What a workspace can be called in a browser's address."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


class NotAHost(Exception):
    """What was typed is no name that a browser could be sent to."""


def check_host(typed: str, _: Callable[[str], str] = str) -> str:
    """The host as it stands in addresses.

    Raises:
        NotAHost: says what a name looks like.
    """
    host = typed.strip().rstrip(".").casefold()
    if is_address(host) or (len(host) <= 253 and all(LABEL.fullmatch(label) for label in host.split("."))):
        return host
    raise NotAHost(
        _("A host name has letters a to z, digits, hyphens and dots, as in amanat.example.org; no http:// and no port.")
    )


def is_address(host: str) -> bool:
    """Whether it is an IP address and no name."""
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether only this machine itself is meant."""
    return host == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)
