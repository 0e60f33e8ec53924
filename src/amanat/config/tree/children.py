"""One child of the supervisor: begun as a program of its own, given the keys through a pipe, ended in peace or by force, begun anew."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from amanat.config.tree import child

log = logging.getLogger(__name__)
STOP_WITHIN = 20.0  # seconds for what is on its way
SOONEST, LATEST = 0.5, 30.0  # seconds until a child that died is begun anew; doubled each time
HEALTHY = 60.0  # seconds after which a death is the first one again


@dataclass
class Child:
    """`module` is run with `arguments`; `keyed` ones wait for keys before they do anything. `needs` names those that it gets: all, else."""

    name: str
    module: str
    arguments: Sequence[str] = ()
    keyed: bool = True
    needs: Collection[str] | None = None
    process: subprocess.Popen[bytes] | None = None
    due: float | None = None  # when it is to be begun anew, by the monotonic clock
    _pipe: int | None = None
    _begun: float = 0.0
    _wait: float = field(default=SOONEST)

    def start(self, listener: int) -> None:
        """Begin it. It reads no keys yet: see `give`."""
        environment = os.environ | {child.PARENT: str(os.getpid()), child.LISTENER: str(listener)}
        passed, ours, theirs = [listener], None, None
        if self.keyed:
            theirs, ours = os.pipe()
            passed.append(theirs)
            environment[child.KEYS] = str(theirs)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"amanat.config.tree.{self.module}", *self.arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                pass_fds=passed,
                process_group=0,  # a terminal's Ctrl-C is for the supervisor alone
            )
        finally:
            if theirs is not None:
                os.close(theirs)
        self._pipe, self._begun, self.due = ours, time.monotonic(), None

    def give(self, keys: Mapping[str, bytes]) -> None:
        """Send the keys down the pipe, once. One that died meanwhile gets them when it is begun anew."""
        if self._pipe is None:
            return
        pipe, self._pipe = self._pipe, None
        given = {name: key for name, key in keys.items() if self.needs is None or name in self.needs}
        try:
            with os.fdopen(pipe, "wb") as line:  # to close it is what sends the last of it
                line.write(json.dumps(child.pack(given)).encode())
        except BrokenPipeError:
            log.info("%s ended before it got the keys; it is begun anew", self.name)

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def note_death(self) -> None:
        """Set when it is to be begun anew: soon, and later each time it dies young."""
        assert self.process
        lived = time.monotonic() - self._begun
        self._wait = SOONEST if lived > HEALTHY else min(self._wait * 2, LATEST)
        self._close_pipe()
        self.process, self.due = None, time.monotonic() + self._wait

    def terminate(self) -> None:
        """Ask it to answer what is on its way, and end."""
        self.due = None
        self._close_pipe()
        if self.process:
            self.process.send_signal(signal.SIGTERM)

    def _close_pipe(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def wait(self, until: float) -> None:
        """Wait for its end; by force when the time is over."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def stop(children: Sequence[Child]) -> None:
    """End all of them, side by side."""
    until = time.monotonic() + STOP_WITHIN
    for one in children:
        one.terminate()
    for one in children:
        one.wait(until)
