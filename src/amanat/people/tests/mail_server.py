"""A server that takes e-mail, as small as the protocol allows; for tests. What it got, it keeps."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Box:
    """Letters that came, each as it was sent; `refuses` says no to every one."""

    port: int = 0
    letters: list[str] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    refuses: bool = False


@contextmanager
def mail_server() -> Iterator[Box]:
    """One that listens on the loopback, without TLS."""
    box = Box()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split(" ")[0].upper()
                if word == "EHLO":
                    box.greeted.append(line)
                if word == "DATA":
                    self._take()
                else:
                    self._say("550 no" if word == "RCPT" and box.refuses else "221 bye" if word == "QUIT" else "250 ok")
                if word == "QUIT":
                    return

        def _take(self) -> None:
            self._say("354 go on")
            lines = iter(self.rfile.readline, b".\r\n")
            box.letters.append(b"".join(lines).decode())
            self._say("250 taken")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
