"""Starting by itself: the unit for systemd, and the plain script where there is none."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from amanat.vault import control
from tests.served import ROOT, own_database
from tests.tree import LOOK_AGAIN, PATIENCE, Tree, free_port, is_gone, made

PACKAGING = ROOT / "packaging"


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """With the three lines that each office changes. Skipped on a machine without systemd; in CI that is a failure."""
    if not shutil.which("systemd-analyze"):
        pytest.fail("no systemd") if os.environ.get("CI") else pytest.skip("no systemd")
    text = (PACKAGING / "amanat.service").read_text()
    text = text.replace("/opt/amanat", str(ROOT)).replace("User=amanat", "User=root")
    unit = tmp_path / "amanat.service"
    unit.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "amanat.service" in line] == []


def service_of_the_unit() -> configparser.SectionProxy:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(PACKAGING / "amanat.service")
    return unit["Service"]


def test_the_unit_lets_the_kernel_be_asked_about_the_clock() -> None:
    """`ProtectClock` refuses `adjtimex` whole, also to who only asks; setting the clock needs a right that the user has not."""
    service = service_of_the_unit()
    assert "ProtectClock" not in service
    assert (service["NoNewPrivileges"], service["User"]) == ("true", "amanat")


def test_the_unit_waits_longer_for_the_end_than_the_supervisor_does() -> None:
    from amanat.config.tree.children import STOP_WITHIN

    service = service_of_the_unit()
    assert float(service["TimeoutStopSec"]) > 2 * STOP_WITHIN, "web processes first, then the tasks"
    assert (service["LimitCORE"], service["KillMode"], service["StandardInput"]) == ("0", "mixed", "null")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[Path, Tree]]:
    """The script in a folder of its own, whose `run` serves a finished workspace without installing anything."""
    with own_database() as database:
        environment = made(tmp_path, **database)
        (tmp_path / "packaging").mkdir()
        shutil.copy(PACKAGING / "start", tmp_path / "packaging")
        run = tmp_path / "run"
        run.write_text(f'#!/bin/sh\nshift 2\nexec {sys.executable} -m amanat serve "$@"\n')
        run.chmod(0o700)
        yield tmp_path / "packaging" / "start", Tree(environment, free_port(), None, tmp_path)  # type: ignore[arg-type]


@pytest.mark.thorough
def test_the_script_starts_it_apart_from_the_terminal_and_ends_it(office: tuple[Path, Tree]) -> None:
    script, running = office
    folder, port = str(running.folder), str(running.port)
    subprocess.run([script, folder, "--port", port], env=running.environment, check=True, timeout=PATIENCE)
    pid = 0
    by = time.monotonic() + PATIENCE
    while running.status()["state"] != "open":
        assert time.monotonic() < by
        time.sleep(LOOK_AGAIN)
        log = running.folder / "run" / "log"
        assert "Traceback" not in (log.read_text() if log.exists() else "")
    pid = int((running.folder / "run" / "pid").read_text())
    assert os.getsid(pid) == pid, "it would end with the terminal"
    assert running.ask("/account/sign-in").status == 200
    assert "Amanat serves" in (running.folder / "run" / "log").read_text()

    subprocess.run([script, folder, "--port", "0"], env=running.environment, check=True, timeout=PATIENCE)
    while "is being served already" not in (running.folder / "run" / "log").read_text():
        assert time.monotonic() < by
        time.sleep(LOOK_AGAIN)
    assert int((running.folder / "run" / "pid").read_text()) == pid, "the second one leaves the first one's number"

    subprocess.run([script, "--stop", folder], env=running.environment, check=True, timeout=PATIENCE)
    assert is_gone(pid)
    assert control.ask(running.folder, {"ask": "status"}) is None
    with subprocess.Popen(["sleep", "600"]) as somebody:
        # After a power cut the number that stands there may be anybody's.
        (running.folder / "run" / "pid").write_text(f"{somebody.pid}\n")
        again = subprocess.run([script, "--stop", folder], capture_output=True, text=True, check=False)
        assert again.returncode == 1
        assert "does not run" in again.stderr
        assert somebody.poll() is None
        somebody.kill()


def test_the_script_says_when_there_is_no_workspace(tmp_path: Path) -> None:
    done = subprocess.run([PACKAGING / "start", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"./run init {tmp_path}" in done.stderr
