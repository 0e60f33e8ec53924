"""Everybody signs in, each from an address of their own, with password and app. What a browser keeps of it stands in `sessions.json`.

Run as `python -m tools.bench.hotline.signing WORKSPACE PAGES_PORT LIVE_PORT`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from tools.bench.client import app_code
from tools.bench.hotline.browser import Browser, Ports
from tools.bench.hotline.seeding import DUTY, duty_name, operator_name
from tools.bench.people import PASSWORD, SECRET

AT_ONCE = 6


def address(number: int) -> str:
    """Of the machine at which the number-th worker sits: tries to sign in are counted by address."""
    return f"127.0.{1 + number // 200}.{1 + number % 200}"


def names(operators: int) -> list[str]:
    return [operator_name(number) for number in range(operators)] + [duty_name(number) for number in range(DUTY)]


async def sign_in(browser: Browser, name: str) -> None:
    page = await browser.get("/account/sign-in")
    second = await browser.post("/account/sign-in", page, [("username", name), ("password", PASSWORD)], "password")
    page = await browser.get(second)
    await browser.post(second, page, [("code", app_code(SECRET, int(time.time()) // 30))], "code")
    browser.hang_up()


async def everybody(operators: int, ports: Ports) -> dict[str, dict[str, str]]:
    """The cookies of each."""
    told: dict[str, dict[str, str]] = {}
    room = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, name: str) -> None:
        async with room:
            browser = Browser(ports, address(number), {"language": "en"})
            await sign_in(browser, name)
            told[name] = browser.cookies

    async with asyncio.TaskGroup() as group:
        for number, name in enumerate(names(operators)):
            group.create_task(one(number, name))
    return told


def main(workspace: Path, ports: Ports) -> None:
    operators = json.loads((workspace / "hotline.json").read_text())["operators"]
    (workspace / "sessions.json").write_text(json.dumps(asyncio.run(everybody(operators, ports))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Ports(int(sys.argv[2]), int(sys.argv[3])))
