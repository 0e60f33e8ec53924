"""A shift of the hotline, in one process of its own: all browsers, the telephone system, and the book of what happened.

Run as `python -m tools.bench.hotline.shift WORKSPACE PAGES_PORT LIVE_PORT OPERATORS CALLS SECONDS`, everybody being signed in. It
prints what was measured and what was acknowledged. With 0 seconds it goes on until its input ends, and whoever gets no answer tries
again.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tools.bench.hotline.browser import Browser, Ports, Unexpected
from tools.bench.hotline.ledger import Call
from tools.bench.hotline.seeding import DUTY, duty_name, operator_name
from tools.bench.hotline.signing import address
from tools.bench.hotline.working import AS_PEOPLE, AT_ONCE, Book, OnDuty, Operator, Worker

SEED = 20261127
EVERY_TENTH = 10  # call is an emergency
OUTCOMES = ("advised", "advised", "advised", "silent", "advised", "wrong_number", "advised", "abusive", "test")
SETTLED = 120.0  # seconds within which all listen
PATIENCE = 60.0  # seconds until a call that stands on no screen is given up
TICK, SOON = 0.02, 1.0  # seconds


@dataclass
class Measured:
    """`firsts`: until a call stood on the first screen; `screens`: on each that was told within a second and where nobody was busy.
    None where it did not before somebody answered.
    """

    firsts: list[float | None] = field(default_factory=list)
    screens: list[float | None] = field(default_factory=list)
    late: list[float] = field(default_factory=list)  # by which this process itself was late


class Shift:
    def __init__(self, workspace: Path, ports: Ports, operators: int, *, stubborn: bool) -> None:
        told = json.loads((workspace / "hotline.json").read_text())
        sessions = json.loads((workspace / "sessions.json").read_text())
        self.book = Book(AT_ONCE if stubborn else AS_PEOPLE, random.Random(SEED))
        places = {operator_name(number): address(number) for number in range(operators)}
        places |= {duty_name(number): address(told["operators"] + number) for number in range(DUTY)}

        def at(name: str) -> tuple[str, Browser, Book]:
            return name, Browser(ports, places[name], sessions[name]), self.book

        self.operators = [Operator(*at(operator_name(number))) for number in range(operators)]
        self.on_duty = [OnDuty(*at(duty_name(number))) for number in range(DUTY)]
        self.exchange = Browser(ports, "127.0.0.1", {}, self.book.took)
        self.token = told["token"]
        self.calls: list[Call] = []
        self.measured = Measured()
        self._numbers = count(random.Random().randrange(10**6) * 100)
        self._going_on: set[asyncio.Task[None]] = set()

    @property
    def workers(self) -> list[Worker]:
        return [*self.operators, *self.on_duty]

    async def begin(self) -> None:
        """All have their page open and listen."""
        for worker in self.workers:
            await worker.open(worker.home)
            for going_on in (worker.page.live(), worker.be_there()):
                self._keep(asyncio.ensure_future(going_on))
        self._keep(asyncio.ensure_future(self._tick()))
        by = time.monotonic() + SETTLED
        while not all(worker.page.is_listening and not worker.page.asks for worker in self.workers):
            if time.monotonic() > by:
                raise TimeoutError("not all could listen")
            await asyncio.sleep(0.1)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._going_on.add(task)

    async def _tick(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK)
            self.measured.late.append(time.perf_counter() - began - TICK)

    def broken(self) -> BaseException | None:
        """What went wrong with somebody who should go on."""
        ended = (task.exception() for task in self._going_on if task.done() and not task.cancelled())
        return next((error for error in (*ended, *(worker.page.failed for worker in self.workers)) if error), None)

    async def ring(self, number: int) -> None:
        """One call, from its ring to its end."""
        call = Call(number=f"+99364{next(self._numbers) % 10**6:06d}")
        self.calls.append(call)
        desks, began = [one for one in self.operators if one.is_free], time.perf_counter()
        drawn = self._draw(desks) if self.book.pace.refresh else None
        await self._announce(call)
        operator = drawn or await self._on_screen(call, desks, began)
        if operator is None:
            return
        try:
            urgent = number % EVERY_TENTH == EVERY_TENTH - 1
            await operator.take(call, outcome=OUTCOMES[number % len(OUTCOMES)], urgent=urgent)
        finally:
            operator.is_free = True

    def _draw(self, among: list[Operator]) -> Operator:
        operator = self.book.chance.choice(among)
        operator.is_free = False
        return operator

    async def _on_screen(self, call: Call, desks: list[Operator], began: float) -> Operator | None:
        """Who answers: drawn from those on whose screen it stands, as long after it first did as people take to press."""
        by = began + PATIENCE
        while not self.book.seen.get(call.ref) and time.perf_counter() < by:
            await asyncio.sleep(TICK)
        await self.book.pause(self.book.pace.reaction)
        while not (there := [one for one in self.operators if one.is_free and call.ref in one.on_screen]):
            if time.perf_counter() > by:
                break
            await asyncio.sleep(TICK)
        seen = {name: at - began for name, at in self.book.seen[call.ref].items()}
        self.measured.firsts.append(min(seen.values(), default=None))
        told = [desk for desk in desks if any(began < at < began + SOON for at in desk.page.heard[-20:])]
        self.measured.screens += [seen.get(desk.name) for desk in told]
        return self._draw(there) if there else None

    async def _announce(self, call: Call) -> None:
        said = json.dumps({"event": "ring", "call": f"call of {call.number}", "from": call.number})
        more = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}

        async def act() -> str:
            answer = await self.exchange.ask("POST", "/api/v1/hotline/ring", said, what="ring", **more)
            if answer.status != 202:
                raise Unexpected(f"ring: {answer.status} {answer.text}")
            ref: str = json.loads(answer.text)["call"]
            return ref

        call.ref = await self.operators[0].sure(act, lambda: call.unsure("ring"))

    # --- how long ---------------------------------------------------------------------------------------------------------

    async def by_the_clock(self, calls: int, seconds: float) -> None:
        """So many calls at moments drawn for the whole time: as people call, sometimes several at once."""
        began = time.monotonic()
        moments = sorted(self.book.chance.uniform(0, seconds) for _call in range(calls))
        async with asyncio.TaskGroup() as group:
            for number, moment in enumerate(moments):
                await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
                if error := self.broken():
                    raise error
                group.create_task(self.ring(number))

    async def until(self, over: asyncio.Event, every: float) -> None:
        async with asyncio.TaskGroup() as group:
            for number in count():
                await asyncio.sleep(every)
                if over.is_set():
                    return
                if any(one.is_free for one in self.operators):
                    group.create_task(self.ring(number))

    async def end(self) -> None:
        for task in self._going_on:
            task.cancel()
        await asyncio.gather(*self._going_on, return_exceptions=True)

    def told(self) -> dict[str, Any]:
        return {
            **vars(self.measured),
            "seconds": self.book.seconds,
            "alerts": [
                at - self.book.raised[case] for case, at in self.book.noticed.items() if case in self.book.raised
            ],
            "looks": sum(len(worker.page.heard) for worker in self.workers),
            "calls": [call.as_json() for call in self.calls],
            "taken": self.book.taken,
            "cpu": sum(os.times()[:2]),
        }


async def main(workspace: Path, ports: Ports, operators: int, calls: int, seconds: float) -> dict[str, Any]:
    shift = Shift(workspace, ports, operators, stubborn=not seconds)
    await shift.begin()
    print("ready", flush=True)
    before, began = os.times(), time.monotonic()
    shift.book.seconds.clear()
    if seconds:
        await shift.by_the_clock(round(calls * seconds / 60), seconds)
    else:
        over = asyncio.Event()
        asyncio.get_running_loop().add_reader(0, over.set)
        await shift.until(over, 60 / calls)
        await asyncio.sleep(2.0)  # alerts that were raised last
    lasted = time.monotonic() - began
    await shift.end()
    return shift.told() | {"lasted": lasted, "cpu": sum(os.times()[:2]) - sum(before[:2])}


if __name__ == "__main__":
    folder, pages, live, *numbers = sys.argv[1:]
    print(json.dumps(asyncio.run(main(Path(folder), Ports(int(pages), int(live)), *map(int, numbers)))))
