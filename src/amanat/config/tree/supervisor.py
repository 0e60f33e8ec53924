"""The supervisor: it holds the keys and no database, begins the children, and begins anew those that die.

*Locked*, one child serves the page that says so and takes what comes in. *Opening*, one child brings the tables up to date while the
others load. *Open*, web and task processes hold the keys, and the live stream that of the database. To lock, the supervisor becomes its
own program anew, so that nothing of the keys stays in its memory. The public site has none of all that, and is served in each state.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from amanat.config import tls
from amanat.config.terminal import _
from amanat.config.tree import child, locking
from amanat.config.tree.children import Child, stop
from amanat.config.tree.control import Answer, Control
from amanat.config.tree.plan import Plan
from amanat.config.unlocking import provider_of
from amanat.people.clock import clock
from amanat.vault import durable, intake
from amanat.vault.control import WAIT
from amanat.vault.keys import Keyring, Workspace, WrongKey
from amanat.web.errors import PersonFacingError

PID = Path("run", "pid")  # in a workspace: the number of this process
ENDING = {signal.SIGTERM, signal.SIGINT}
LOOK_AGAIN, A_DAY = 600.0, 86400.0  # seconds
TRIES, A_WHILE = 5, 60.0  # wrong words, in so many seconds


class Busy(Exception):
    """This workspace is served already."""


class Supervisor:
    def __init__(self, plan: Plan, alone: int) -> None:
        """`alone` is the lock that says that nobody else serves this workspace."""
        self.plan = plan
        self.folder = plan.workspace.path
        self.keys: dict[str, bytes] | None = None
        self.children: list[Child] = []
        self.preparing: Child | None = None
        self._alone = alone
        self._control = Control(self.folder, self.answer)
        self._note_number()
        self._heard: set[int] = set()
        self._looked = 0.0
        self._wrong: deque[float] = deque(maxlen=TRIES)
        self._wakes, waker = os.pipe()
        for end in (self._wakes, waker):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(waker)
        for number in (*ENDING, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda heard, _frame: self._heard.add(heard))

    @property
    def state(self) -> str:
        if self.keys is None:
            return "locked"
        return "opening" if self.preparing else "open"

    def _note_number(self) -> None:
        """For `packaging/start --stop`."""
        try:
            durable.write_whole(self.folder / PID, f"{os.getpid()}\n".encode())
        except OSError as error:  # a full disk keeps nobody from beginning again, locked
            say(_("The number of this process could not be written: %(error)s") % {"error": error})

    # --- the three states ---------------------------------------------------------------------------------------------

    def serve_locked(self) -> None:
        self._begin([Child("locked", "locked", self.plan.web, keyed=False)])
        self._begin_site()

    def _begin_site(self) -> None:
        if self.plan.site and not any(one.module == "site" for one in self.children):
            self._begin([Child("site", "site", self.plan.web, keyed=False)])

    def open(self, keys: Keyring, *, end_sessions: bool) -> None:
        """Bring the tables up to date, then give the keys to whom they are for; what served before goes on until then."""
        self.keys = dict(keys.keys)
        self._renew_certificate()
        told = ["--url", self.plan.url, "--site-url", self.plan.site_url, *(["--end-sessions"] if end_sessions else [])]
        self.preparing = Child("prepare", "prepare", told)
        self._begin([self.preparing])
        self.preparing.give(self.keys)
        webs = [Child(f"web {number}", "web", self.plan.web) for number in range(1, self.plan.processes + 1)]
        pages = ["--pages-port", str(self.plan.listener.getsockname()[1])]
        stream = [Child("stream", "stream", [*self.plan.web, *pages], needs=["database"])] if self.plan.live else []
        self._begin([*webs, Child("tasks", "tasks"), *stream])
        self._begin_site()

    def _prepared(self) -> None:
        """What had to be done first is done, or failed: then all is as if it had never been opened."""
        assert self.preparing
        assert self.preparing.process
        failed = self.preparing.process.returncode
        self.children.remove(self.preparing)
        was_locked = any(one.module == "locked" for one in self.children)
        self.preparing = None
        if failed and was_locked:
            self.lock()
        if failed:
            self.end(failed)
        locking.unmark(self.folder)
        old = [one for one in self.children if one.module == "locked"]
        stop(old)
        self.children = [one for one in self.children if one not in old]
        for one in self.children:
            one.give(self.keys or {})

    def lock(self) -> NoReturn:
        """Drop the keys: end who has them, and become a program that never had them."""
        try:
            locking.mark(self.folder)
        except OSError as error:  # a full disk keeps nobody from locking
            say(_("Locked, but not over a restart: %(error)s") % {"error": error})
        self._stop_all()
        if self._heard & ENDING:
            self.end()
        self._control.leave_open()
        for name, one in self.plan.sockets().items():
            os.set_inheritable(one.fileno(), True)
            os.environ[name] = str(one.fileno())
        sys.stdout.flush()
        os.execv(sys.executable, self.plan.again)

    def end(self, code: int = 0) -> NoReturn:
        self._stop_all()
        (self.folder / PID).unlink(missing_ok=True)
        sys.exit(code)

    def _stop_all(self) -> None:
        """Those who answer requests before those who seal what was done in them."""
        tasks = [one for one in self.children if one.module == "tasks"]
        stop([one for one in self.children if one not in tasks])
        stop(tasks)

    # --- the loop -----------------------------------------------------------------------------------------------------

    def run(self) -> NoReturn:
        """Until a signal ends it."""
        while True:
            ready, _none, _nor = select.select([self._control.socket.fileno(), self._wakes], [], [], self._patience())
            if self._wakes in ready:
                os.read(self._wakes, 4096)
            heard, self._heard = self._heard, set()
            if heard & ENDING:
                self.end()
            if signal.SIGHUP in heard or (self._is_a_day_older() and self._renew_certificate()):
                self._replace("web", "locked", "stream", "site")
            self._look_after()
            if self._control.socket.fileno() in ready:
                self._control.serve_one()

    def _patience(self) -> float:
        due = [one.due for one in self.children if one.due is not None]
        return max(0.0, min([*due, time.monotonic() + LOOK_AGAIN]) - time.monotonic())

    def _is_a_day_older(self) -> bool:
        return self.state == "open" and time.monotonic() - self._looked > A_DAY

    def _look_after(self) -> None:
        """Notice who died, and begin anew whose time has come."""
        for one in [one for one in self.children if one.has_ended()]:
            if one is self.preparing:
                self._prepared()
            else:
                say(_("The process %(name)s ended; it is begun anew.") % {"name": one.name})
                one.note_death()
        now = time.monotonic()
        for one in [one for one in self.children if one.due is not None and one.due <= now]:
            self._begin_anew(one)

    def _begin(self, some: list[Child]) -> None:
        self.children += some
        for one in some:
            one.start(self.plan.socket_of(one).fileno())

    def _begin_anew(self, one: Child) -> None:
        one.start(self.plan.socket_of(one).fileno())
        if one.keyed and self.state == "open":
            assert self.keys
            one.give(self.keys)

    def _renew_certificate(self) -> bool:
        """Looked at when it is opened and once a day; True where there is a new one, which has to be read."""
        self._looked = time.monotonic()
        try:
            return tls.renew_if_due(Workspace.at(self.folder), Keyring(self.keys or {}), clock())
        except (OSError, PersonFacingError) as error:
            say(_("The certificate could not be renewed: %(error)s") % {"error": error})
            return False

    def _replace(self, *modules: str) -> None:
        """Replace children one after another, as for a new certificate; connections wait meanwhile."""
        for one in self.children:
            if one.module in modules and self.preparing is None:
                stop([one])
                self._begin_anew(one)

    # --- the private socket -------------------------------------------------------------------------------------------

    def answer(self, question: Answer) -> tuple[Answer, Callable[[], None] | None]:
        """What the socket answers, and what is done afterwards."""
        asked = question.get("ask")
        if asked == "keys":
            return ({"keys": child.pack(self.keys)} if self.keys else {"locked": True}), None
        if asked == "unlock":
            return self._unlock(question)
        if asked == "reread":
            return self._reread(question)
        if asked == "renew":
            return {"renewed": self.state == "open"}, self._replace_all
        if asked == "lock":
            return {"locked": True}, (self.lock if self.keys else None)
        return self.status(), None

    def status(self) -> dict[str, Any]:
        place = intake.folder(self.folder)
        running = {one.name: one.process.pid for one in self.children if one.process}
        waiting, aside = len(intake.waiting(place)), len(intake.waiting(place / intake.ASIDE))
        away = [one.name for one in self.children if not one.process]
        return {"state": self.state, "processes": running, "away": away, "waiting": waiting, "aside": aside}

    def _unlock(self, question: Answer) -> tuple[Answer, Callable[[], None] | None]:
        if self.keys:
            return {"locked": False}, None
        found = self._opened_by(question)
        if isinstance(found, str):
            return {"locked": True, "wrong": found}, None
        return {"locked": False}, lambda: self.open(found, end_sessions=True)

    def _reread(self, question: Answer) -> tuple[Answer, Callable[[], None] | None]:
        """The header was given another key: take it, and let each process that holds keys make way for one that has it."""
        if self.state != "open":
            return {"reread": False}, None
        found = self._opened_by(question)
        if isinstance(found, str):
            return {"reread": False, "wrong": found}, None
        return {"reread": True}, lambda: self._take(found)

    def _opened_by(self, question: Answer) -> Keyring | str:
        """The keys that somebody's words or key file open; what is wrong with these, where they open nothing."""
        now = time.monotonic()
        if len(self._wrong) == TRIES and now - self._wrong[0] < A_WHILE:
            return WAIT
        workspace = Workspace.at(self.folder)  # its words may have been changed since we began
        try:
            return workspace.unwrap(provider_of(workspace, question))
        except WrongKey as error:
            self._wrong.append(now)
            return str(error)

    def _take(self, keys: Keyring) -> None:
        """Those who answer come first: nothing is to be wrapped by the new key, which the tasks do, while one of them lacks it."""
        self.keys = dict(keys.keys)
        self._replace_all()

    def _replace_all(self) -> None:
        """Let those who serve make way for others that read the header anew; where nobody does, there is nothing to do."""
        self._replace("web")
        self._replace("tasks")
        self._replace("site")


def say(sentence: str) -> None:
    sys.stderr.write(f"Amanat: {sentence}\n")
    sys.stderr.flush()


def only_one(workspace: Path) -> int:
    """A lock that ends with this process.

    Raises:
        Busy: another supervisor holds it.
    """
    folder = workspace / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder / "serving", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Busy(f"{workspace} is being served already. Look at it with: ./run amanat status") from None
    return handle
