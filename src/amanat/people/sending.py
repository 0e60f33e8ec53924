"""How a message leaves: a server for e-mail, and a program of the office that hands texts to its gateway.

The program is run without a shell and without arguments, in a clean environment, and reads one line of JSON: `{"to": "+993…",
"text": "…"}`. It says by 0 that it took it. After 20 seconds it is ended, with all that it began.
"""

from __future__ import annotations

import json
import os
import signal
import smtplib
import ssl
import subprocess
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Final

from amanat.people.clock import clock

WITHIN: Final = 20  # seconds, of the server's each answer and of the program
STARTTLS, TLS, PLAIN = "starttls", "tls", "none"
CLEAN: Final = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


class NotSent(Exception):
    """It did not leave; in a word of the machine, which names nobody."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A server that takes e-mail. `sender` is the address that it comes from."""

    host: str
    port: int
    sender: str
    security: str = STARTTLS
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """What the office has set up. It is false where there is neither."""

    mail: Mail | None = None
    text_command: str = ""

    def __bool__(self) -> bool:
        return bool(self.mail or self.text_command)

    def written(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, written: bytes) -> Ways:
        told = json.loads(written)
        return cls(Mail(**told["mail"]) if told["mail"] else None, told["text_command"])


def send_email(mail: Mail, to: str, text: str) -> None:
    """What it says of us is the sender's own domain: no header, and no greeting, names this machine.

    Raises:
        NotSent: the server was not reached, or did not take it.
    """
    domain = mail.sender.rpartition("@")[2]
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = mail.sender, to, "Amanat"
    letter["Date"], letter["Message-ID"] = format_datetime(clock()), make_msgid(domain=domain)
    letter.set_content(text, cte="base64")  # no server on the way has to know more than ASCII
    try:
        with _connected(mail, domain) as server:
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(letter)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        raise NotSent(type(error).__name__) from None


def _connected(mail: Mail, domain: str) -> smtplib.SMTP:
    if mail.security == TLS:
        return smtplib.SMTP_SSL(
            mail.host, mail.port, local_hostname=domain, timeout=WITHIN, context=ssl.create_default_context()
        )
    server = smtplib.SMTP(mail.host, mail.port, local_hostname=domain, timeout=WITHIN)
    if mail.security == STARTTLS:
        try:
            server.starttls(context=ssl.create_default_context())
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server


def send_text(command: str, to: str, text: str) -> None:
    """Raises:
    NotSent: the program is not there, did not take it, or did not end in time.
    """
    told = json.dumps({"to": to, "text": text}, ensure_ascii=False) + "\n"
    try:
        program = subprocess.Popen(
            [command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=CLEAN,
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise NotSent(type(error).__name__) from None
    try:
        program.communicate(told.encode(), timeout=WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
        raise NotSent("took too long") from None
    if program.returncode:
        raise NotSent(f"exit code {program.returncode}")


def is_program(path: str) -> bool:
    """Whether this names one file, from the root on, that may be run, and that nobody but its owner (and the group) may change."""
    file = Path(path)
    return file.is_absolute() and file.is_file() and os.access(file, os.X_OK) and not file.stat().st_mode & 0o002
