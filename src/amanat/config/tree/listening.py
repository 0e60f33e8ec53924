"""Granian in this process, on a socket that was inherited. Its own command line would fork once more and open a socket itself."""

from __future__ import annotations

import argparse
import io
import os
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest

from amanat.config.tree.child import LISTENER

if TYPE_CHECKING:
    from amanat.config.tls import Served

BACKLOG = 1024  # connections that wait; also while one child ends and the next begins
IDLE = 30  # seconds after which a thread that has nothing to do may go
TLS_AT_LEAST = "tls1.2"  # phones of ten years ago know no newer one


def arguments(threads: int, served: Served | None) -> list[str]:
    """What is told to a child that serves, on its command line."""
    tls = ["--certificate", str(served.certificate), "--key", str(served.key)] if served else []
    return ["--threads", str(threads), *tls]


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    return parser.parse_args()


class CutOff(BadRequest):
    """The line broke before a request had come whole. No view may take what came for all of it.

    It is no OSError on purpose: Django's check against forgery passes over those, and the view goes on with an empty form.
    """


class _Body(io.RawIOBase):
    """What comes in, which has to be as much as was announced."""

    def __init__(self, inner: Any, announced: int) -> None:
        self._inner = inner
        self._left = announced

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        came = self._inner.read(min(len(buffer), self._left)) if self._left else b""
        if self._left and not came:
            raise CutOff("the line broke")
        buffer[: len(came)] = came
        self._left -= len(came)
        return len(came)


def whole(application: Any) -> Any:
    """The application, which is told where a body is cut off; the server itself gives what came and says nothing."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        announced = environ.get("CONTENT_LENGTH", "")
        if announced.isdigit():
            environ["wsgi.input"] = io.BufferedReader(_Body(environ["wsgi.input"], int(announced)))
        return application(environ, start_response)

    return answer


def serve(application: Any) -> None:
    """Answer requests as the command line says, until a signal says to stop; those on their way are answered first.

    WSGI on purpose: under ASGI Django would spool uploads to a file in clear before a handler sees them. What is called here is
    what `granian.server.mp` calls in the process that it forks; the locked requirements name the version.
    """
    told = _told()
    native: Any = import_module("granian._granian")
    parts: Any = import_module("granian.server.mp")
    stopped = import_module("granian._signals").set_sync_signals()
    ended = threading.Event()
    stopped.add_cb(ended.set)
    worker = native.WSGIWorker(
        1,
        (None, native.SocketHolder(int(os.environ[LISTENER]), False, BACKLOG)),
        None,  # no pipe for its measurements
        1,
        512,
        told.threads,
        IDLE,
        BACKLOG,
        parts.HTTPModes.auto,
        None,
        None,
        None,
        bool(told.certificate),
        told.certificate,
        told.key,
        None,
        TLS_AT_LEAST,
        None,
        [],
        False,
        (None, native.MetricsAggregator(1)),
    )
    loop = import_module("granian._loops").loops.get(import_module("granian.constants").Loops.auto)
    scheduler = parts._new_cbscheduler(loop, parts._wsgi_call_wrap(whole(application), {}, None), impl_asyncio=True)
    worker.serve_mtr(scheduler, loop, stopped)
    ended.wait()
