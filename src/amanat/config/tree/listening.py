"""Granian in this process, on a socket that was inherited. Its own command line would fork once more and open a socket itself.

What is called here is what `granian.server.mp` calls in the process that it forks; the locked requirements name the version.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import signal
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
LET_GO_WITHIN = 5.0  # seconds for those who were held open to go


def arguments(threads: int, served: Served | None) -> list[str]:
    """What is told to a child that serves, on its command line."""
    tls = ["--certificate", str(served.certificate), "--key", str(served.key)] if served else []
    return ["--threads", str(threads), *tls]


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    return parser.parse_known_args()[0]


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

    WSGI on purpose: under ASGI Django would spool uploads to a file in clear before a handler sees them.
    """
    told = _told()
    native: Any = import_module("granian._granian")
    parts: Any = import_module("granian.server.mp")
    stopped = import_module("granian._signals").set_sync_signals()
    ended = threading.Event()
    stopped.add_cb(ended.set)
    worker = native.WSGIWorker(*_shape(native, parts, told, BACKLOG), *_tls(told, native))
    loop = import_module("granian._loops").loops.get(import_module("granian.constants").Loops.auto)
    scheduler = parts._new_cbscheduler(loop, parts._wsgi_call_wrap(whole(application), {}, None), impl_asyncio=True)
    worker.serve_mtr(scheduler, loop, stopped)
    ended.wait()


def hold_open(application: Any, beside: Any, most: int, end: Any) -> None:
    """Answer by an RSGI application that keeps connections open, `most` of them, until a signal says to stop.

    The coroutine function `beside` runs as long, and where it fails all ends, to be begun anew; `end` lets those go who wait, since
    the server waits for each of them.
    """
    told = _told()
    native: Any = import_module("granian._granian")
    parts: Any = import_module("granian.server.mp")
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    stopped, ended = native.WorkerSignal(), asyncio.Event()
    stopped.add_cb(lambda: loop.call_soon_threadsafe(ended.set))

    def stop() -> None:
        end()
        stopped.set()
        loop.call_later(LET_GO_WITHIN, ended.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    worker = native.RSGIWorker(*_shape(native, parts, told, most), False, *_tls(told, native))
    rsgi = import_module("granian.rsgi")
    callback = parts._future_watcher_wrapper(rsgi._callback_wrapper(application, None))
    worker.serve_mtr(parts._new_cbscheduler(loop, callback, impl_asyncio=True), loop, stopped)
    going_on = loop.create_task(beside())

    def fail(_done: Any) -> None:
        if not going_on.cancelled() and (error := going_on.exception()):
            loop.call_exception_handler({"message": "what goes on beside failed", "exception": error})
            ended.set()

    going_on.add_done_callback(fail)
    loop.run_until_complete(ended.wait())
    going_on.cancel()


def _shape(native: Any, parts: Any, told: argparse.Namespace, most: int) -> tuple[Any, ...]:
    """What both kinds of worker are told first: number, socket, no pipe for measurements, threads, and how HTTP is spoken."""
    socket = (None, native.SocketHolder(int(os.environ[LISTENER]), False, BACKLOG))
    return (1, socket, None, 1, 512, told.threads, IDLE, most, parts.HTTPModes.auto, None, None)


def _tls(told: argparse.Namespace, native: Any) -> tuple[Any, ...]:
    """What both are told last: no folder of files, the certificate, no visitor's certificate, and measurements that nobody reads."""
    certificate: tuple[Any, ...] = (
        bool(told.certificate),
        told.certificate,
        told.key,
        None,
        TLS_AT_LEAST,
        None,
        [],
        False,
    )
    return (None, *certificate, (None, native.MetricsAggregator(1)))
