"""A person at a terminal: a command of ours in a process of its own, read as far as its next question, and answered."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[1]
QUESTION = re.compile(r": \Z")  # how every question ends
SHARE = re.compile(r"^ +\d+ \w+.*$", re.MULTILINE)


class Conversation:
    """`with Conversation(folder, "init") as told: told.answer("tk")`. What was said since the last answer is `heard`.

    `words` open the workspace first, where no question is put to somebody who is not at a terminal.
    """

    def __init__(
        self, folder: Path, *command: str, words: str = "", environment: Mapping[str, str] | None = None
    ) -> None:
        ours = environment or {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "amanat", *command],
            env={**ours, "AMANAT_WORKSPACE": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
        )
        self.heard, self.all = "", ""
        self.shares: list[str] = []
        self._words = words

    def __enter__(self) -> Self:
        if self._words:
            self.answer(self._words)
        else:
            self._listen()
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()

    def answer(self, *lines: str) -> str:
        """Answer one question after another; what is said after the last."""
        for line in lines:
            assert self._process.stdin
            self._process.stdin.write(f"{line}\n".encode())
            self._listen()
        return self.heard

    def hang_up(self) -> str:
        """Say no more; what it says to that."""
        assert self._process.stdin
        self._process.stdin.close()
        self._listen()
        return self.heard

    def write_down(self, answers: Iterable[str]) -> None:
        """Take each of the three shares down as it is shown."""
        self.answer(*answers)
        for _share in range(3):
            lines = SHARE.findall(self.heard)
            self.shares.append(" ".join(re.findall(r"[^\W\d]+", " ".join(lines))))
            self.answer("")

    @property
    def code(self) -> int:
        return self._process.wait()

    def _listen(self) -> None:
        """Read until a question, or to the end."""
        assert self._process.stdout
        heard = b""
        while not QUESTION.search(heard.decode(errors="replace")):
            piece = os.read(self._process.stdout.fileno(), 65536)
            if not piece:
                break
            heard += piece
        self.heard = heard.decode()
        self.all += self.heard
