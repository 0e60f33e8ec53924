"""The socket on which Amanat is served."""

from __future__ import annotations

import socket

import pytest

from amanat.config.management.commands.serve import listening_socket

pytestmark = pytest.mark.sqlcipher_only


def test_an_answer_in_two_pieces_does_not_wait_until_the_first_is_acknowledged() -> None:
    with listening_socket("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        line, _who = listener.accept()
        with line:
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
