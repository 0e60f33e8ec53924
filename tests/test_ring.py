"""A real call by SIP: SIPp calls, Kamailio with the configuration that we ship sends it to a telephone and tells Amanat, and it rings."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.hotline.actions.lines import add_line
from amanat.hotline.models import Call, Outcome
from amanat.people.clock import clock
from tests.cast import Cast
from tests.tree import LOOK_AGAIN, PATIENCE

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "packaging" / "kamailio" / "amanat.cfg"
SCENARIOS = ROOT / "tests" / "sip"
HERE = "127.0.0.1"
NEEDED = ("kamailio", "sipp")
pytestmark = pytest.mark.sqlcipher_only


@pytest.fixture(autouse=True)
def _programs() -> None:
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        reason = f"not installed: {', '.join(missing)} (Debian: kamailio, kamailio-utils-modules, sip-tester)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@pytest.fixture
def exchange(tmp_path: Path, transactional_db: None, cast: Cast, live_server: LiveServer) -> Iterator[int]:
    """Kamailio as we ship it, with one child, so that it answers nobody before Amanat was told; and a telephone behind it. Its port."""
    administrator = Actor.of(cast["viktor"], clock(), proved_at=clock(), second_factor=True)
    added = add_line(name="Kamailio", agency=cast["nurana"].agency, actor=administrator)
    port, telephone = free_port(), free_port()
    shutil.copy(SHIPPED, tmp_path)
    (tmp_path / "amanat-local.cfg").write_text(
        f"#!define TELLERS 1\nlisten=udp:{HERE}:{port}\n"
        f'#!substdef "!AMANAT!{live_server.url}!g"\n#!substdef "!TOKEN!{added.token}!g"\n'
        f'#!substdef "!HOTLINE!sip:{HERE}:{telephone}!g"\n'
    )
    command = ["kamailio", "-f", str(tmp_path / SHIPPED.name), "-DD", "-E", "-m", "16", "-M", "4", "-w", str(tmp_path)]
    with (
        (tmp_path / "kamailio.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as kamailio,
        subprocess.Popen(sipp("telephone", telephone), stdout=log, stderr=log, cwd=tmp_path) as rings,
    ):
        try:
            answers(port, kamailio, tmp_path / "kamailio.log")
            yield port
        finally:
            kamailio.terminate()
            rings.kill()


def sipp(scenario: str, port: int, *more: str) -> list[str]:
    return ["sipp", "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", HERE, "-p", str(port), "-nostdin", *more]


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, kamailio: subprocess.Popen[bytes], log: Path) -> None:
    """Ask until it answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.connect((HERE, port))
        asker.settimeout(0.1)
        via = f"SIP/2.0/UDP {HERE}:{asker.getsockname()[1]};branch=z9hG4bK1"
        head = f"OPTIONS sip:{HERE}:{port} SIP/2.0\r\nVia: {via}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"
        by = time.monotonic() + PATIENCE
        while time.monotonic() < by:
            try:
                asker.send(f"{head}Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n".encode())
                asker.recv(1000)
            except (TimeoutError, ConnectionRefusedError):
                with suppress(subprocess.TimeoutExpired):
                    kamailio.wait(LOOK_AGAIN)
                    raise AssertionError(log.read_text()) from None
                continue
            return
    raise AssertionError(log.read_text())


def call(scenario: str, exchange: int, number: str, folder: Path) -> None:
    """Somebody calls, and stays on the line or hangs up while it rings."""
    command = sipp(scenario, free_port(), "-m", "1", "-key", "number", number, f"{HERE}:{exchange}")
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_call_by_sip_rings_here_and_is_over_when_its_caller_hangs_up(
    exchange: int, cast: Cast, tmp_path: Path
) -> None:
    call("calls", exchange, "+99365123456", tmp_path)
    call("hangs_up", exchange, "+99365654321", tmp_path)
    call("calls", exchange, "anonymous", tmp_path)
    told = Call.objects.select_related("subject", "matter__subject", "matter__agency").order_by("rang_at")
    operator = Actor.of(cast["nurana"], clock())
    assert [(one.state, one.outcome, open_file(operator, one.matter).open(one, "number")) for one in told] == [
        ("ringing", "", "+99365123456"),
        ("ended", Outcome.ABANDONED, "+99365654321"),
        ("ringing", "", None),
    ]
