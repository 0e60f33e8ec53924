"""As much of an S3-compatible storage as backups use, on a port of this machine: it checks who asks by their signature."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, REGION, BUCKET = "office-key", "office-secret", "eu-central-1", "backups"


@dataclass
class Storage:
    """Its content by name, and the address of it."""

    endpoint: str = ""
    held: dict[str, bytes] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)  # what was asked for by name

    @property
    def access(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, "region": REGION, "key": KEY, "secret": SECRET}


@contextmanager
def storage() -> Iterator[Storage]:
    found = Storage()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"storage": found}))
    found.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _upto(asked: str) -> int:
    """Of a `Range` that begins at the beginning."""
    return int(asked.removeprefix("bytes=0-")) + 1


class _Handler(BaseHTTPRequestHandler):
    storage: Storage
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = self._name()
        if name is None:
            return
        if not name:
            self._answer(200, self._listing(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))))
        elif name in self.storage.held:
            content = self.storage.held[name]
            self.storage.given.append(name)
            self._answer(
                *((206, content[: _upto(self.headers["Range"])]) if "Range" in self.headers else (200, content))
            )
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if (name := self._name()) is not None:
            self.storage.held[name] = content
            self._answer(200, b"")

    def do_DELETE(self) -> None:
        if (name := self._name()) is not None:
            self.storage.held.pop(name, None)
            self._answer(204, b"")

    def _name(self) -> str | None:
        """What is asked for; None where it was refused."""
        bucket, _slash, name = urlsplit(self.path).path.lstrip("/").partition("/")
        if bucket == BUCKET and self._is_signed():
            return name
        self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        return None

    def _is_signed(self) -> bool:
        """AWS Signature Version 4, as the storage's documentation gives it."""
        told = dict(part.strip().split("=", 1) for part in self.headers["Authorization"].partition(" ")[2].split(","))
        scope = told["Credential"].split("/", 1)
        headers = told["SignedHeaders"].split(";")
        parts = urlsplit(self.path)
        query = "&".join(
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
            for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True))
        )
        lines = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in headers)
        asked = [self.command, parts.path, query, lines, ";".join(headers), self.headers["x-amz-content-sha256"]]
        digest = hashlib.sha256("\n".join(asked).encode()).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256", self.headers["x-amz-date"], scope[1], digest])
        key = f"AWS4{SECRET}".encode()
        for piece in (*scope[1].split("/"), text):
            key = hmac.digest(key, piece.encode(), "sha256")
        return scope[0] == KEY and hmac.compare_digest(key.hex(), told["Signature"])

    def _listing(self, asked: dict[str, str]) -> bytes:
        prefix = asked.get("prefix", "")
        names = [
            name for name in sorted(self.storage.held) if name.startswith(prefix) and "/" not in name[len(prefix) :]
        ]
        rows = "".join(f"<Contents><Key>{escape(name)}</Key><Size>1</Size></Contents>" for name in names)
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_told: object) -> None:
        """Quiet."""
