"""The product as a person starts and ends it: `amanat demo`, `amanat serve`, Ctrl-C. It runs in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.served import ROOT, demo

PATIENCE = 30  # seconds until a slow machine may be called broken

pytestmark = pytest.mark.sqlcipher_only


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """That of a finished demo workspace."""
    made = os.environ | {"AMANAT_WORKSPACE": str(tmp_path_factory.mktemp("demo")), "PYTHONPATH": str(ROOT / "src")}
    demo(made)
    return made


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    """The running product, in a process group of its own, as a terminal has it."""
    command = [sys.executable, "-m", "amanat", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, process_group=0) as process:
        listens_by = time.monotonic() + PATIENCE
        while not listens("127.0.0.1", port):
            assert process.poll() is None, "it ended before it listened"
            assert time.monotonic() < listens_by
        yield process
        process.terminate()


def listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def test_it_names_the_address_and_the_demo_people(served, port):
    said = iter(served.stdout.readline, "")
    assert any(f"http://localhost:{port}" in line for line in said)
    assert any("jemal" in line for line in said)


def test_it_listens_on_one_address_of_the_loopback_only(served, port):
    assert not listens("127.0.0.2", port)  # would answer too if it listened on every address


def test_ctrl_c_ends_it_at_once_and_cleanly(served, port):
    os.killpg(served.pid, signal.SIGINT)  # a terminal tells the whole group
    assert served.wait(timeout=PATIENCE / 3) == 0
    assert not listens("127.0.0.1", port)
