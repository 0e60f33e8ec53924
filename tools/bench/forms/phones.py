"""Phones that send what was filled in, as a program that speaks OpenRosa: multipart, Basic, kept connections. Nothing of the product.

Run as `python -m tools.bench.forms.phones PHONE PORT SECONDS AT_ONCE RATE`, it prints what was taken, and its own time of the processor.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

BOUNDARY = "0b7c1f4e9a"
HEAD = (
    "POST /phone/submission HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {basic}\r\nX-OpenRosa-Version: 1.0\r\n"
    "Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {length}\r\n\r\n"
)
PART = (
    '--{boundary}\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="filled.xml"\r\n'
    "Content-Type: text/xml\r\n\r\n{instance}\r\n--{boundary}--\r\n"
)
PATIENCE = 60.0  # seconds
TAKEN, NO_ROOM = 201, 503
LATER = 0.2  # seconds until a phone tries again for which there was no room


class Broken(OSError):
    """The line ended before an answer had come."""


@dataclass
class Phone:
    """One connection at a time, kept while it holds."""

    told: dict[str, Any]
    port: int
    line: socket.socket | None = None
    numbers: Iterator[int] = field(default_factory=count)
    refused: int = 0  # times that there was no room

    def begin(self) -> tuple[str, bytes]:
        """A filled form: its id, and the request that sends it."""
        named, cases = f"uuid:{uuid.uuid4()}", self.told["cases"]
        case = cases[next(self.numbers) % len(cases)]
        instance = self.told["instance"].replace("{case}", case).replace("{id}", named)
        body = PART.format(boundary=BOUNDARY, instance=instance).encode()
        basic = base64.b64encode(f"{self.told['name']}:{self.told['password']}".encode()).decode()
        return named, HEAD.format(basic=basic, boundary=BOUNDARY, length=len(body)).encode() + body

    def send(self, request: bytes) -> int:
        """The status.

        Raises:
            OSError: nobody answered, or the answer broke off.
        """
        try:
            if self.line is None:
                self.line = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
                self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.line.sendall(request)
            return self._status(self.line)
        except OSError:
            self.hang_up()
            raise

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None

    def _status(self, line: socket.socket) -> int:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more(line)
        head, _blank, body = got.partition(b"\r\n\r\n")
        lengths = [one.split(b":")[1] for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")]
        left = int(lengths[0]) - len(body)
        while left > 0:
            left -= len(self._more(line))
        return int(head.split(b" ", 2)[1])

    def _more(self, line: socket.socket) -> bytes:
        if not (came := line.recv(65536)):
            raise Broken("the line ended")
        return came


@dataclass(frozen=True)
class Sent:
    """One that was taken: when it was sent, and when the answer was there."""

    id: str
    sent: float
    taken: float


def send_for(phone: Phone, began: float, seconds: float, every: float) -> list[Sent]:
    """Send one after the other; one each `every` seconds, where that is not zero and the server keeps up.

    Raises:
        Broken: one is refused for good.
    """
    found: list[Sent] = []
    while (now := time.time()) < began + seconds:
        if (early := began + len(found) * every - now) > 0:
            time.sleep(early)
        named, request = phone.begin()
        sent = time.time()
        while (status := phone.send(request)) == NO_ROOM:
            phone.refused += 1
            time.sleep(LATER)
        if status != TAKEN:
            raise Broken(f"answered {status} after {len(found)}")
        found.append(Sent(named, sent, time.time()))
    return found


def main(told: Path, port: int, seconds: float, at_once: int, rate: float) -> dict[str, Any]:
    """`rate`: how many a second all of them send; 0: as many as are taken."""
    phones = [Phone(json.loads(told.read_text()), port, numbers=count(7 * place)) for place in range(at_once)]
    began = time.time()
    every = at_once / rate if rate else 0.0
    with ThreadPoolExecutor(at_once) as pool:
        working = [pool.submit(send_for, phone, began, seconds, every) for phone in phones]
        found = [one for each in working for one in each.result()]
    ended = max(one.taken for one in found)
    return {
        "taken": [[one.id, one.sent, one.taken] for one in found],
        "seconds": ended - began,
        "refused": sum(phone.refused for phone in phones),
        "cpu": sum(os.times()[:2]),
    }


if __name__ == "__main__":
    _name, phone, *numbers = sys.argv
    port, seconds, at_once, rate = map(float, numbers)
    print(json.dumps(main(Path(phone), int(port), seconds, int(at_once), rate)))
