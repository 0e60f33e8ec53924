"""Signed-in browsers, kept in `people.Session` (setting SESSION_ENGINE). What opens and shuts them is in `doors`.

The content is sealed: TOTP secrets pass through it while they are set up, and the words of the last searches for a child stand in it.
"""

from __future__ import annotations

import hashlib
import logging
import re
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from amanat.people.clock import clock
from amanat.people.models import Session, User
from amanat.people.sealing import seal, unseal

LIFE = timedelta(hours=12)  # from the sign-in, never extended (ASVS 7.3.2)
SEEN_EVERY = timedelta(seconds=30)

log = logging.getLogger(__name__)


class SessionStore(SessionBase):
    """Django's session of a request, on a row that knows whose it is and since when.

    Attributes:
        browser: the short name of the browser, set by the middleware before the row is made.
    """

    browser: str = ""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._row: Session | None = None
        self._began_at: datetime | None = None

    @property
    def row(self) -> Session | None:
        """The row behind this session; None for a visitor who has none. Loads it once."""
        self._get_session()  # type: ignore[attr-defined]
        return self._row

    def load(self) -> dict[str, Any]:
        self._row = Session.objects.filter(digest=digest_of(self.session_key or ""), ends_at__gt=clock()).first()
        try:
            if self._row:
                return self._unsealed(self._row)
        except InvalidTag:
            log.warning("A session does not open with this workspace's key and is treated as ended.")
        self._row = self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=digest_of(session_key)).exists()

    def create(self) -> None:
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the content.

        Raises:
            UpdateError: the session was ended meanwhile; it does not come back to life.
            CreateError: two browsers drew the same key.
        """
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        content = {"sealed": self._sealed(data), "user_id": data.get(SESSION_KEY)}
        if must_create:
            self._insert(content)
        elif not Session.objects.filter(digest=digest_of(self.session_key)).update(**content):
            raise UpdateError
        return None

    def _insert(self, content: dict[str, Any]) -> None:
        now = clock()
        began = self._began_at or now
        row = Session(
            digest=digest_of(self.session_key or ""),
            began_at=began,
            seen_at=now,
            ends_at=began + LIFE,
            browser=self.browser,
            **content,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise CreateError from None
        self._row = row

    def cycle_key(self) -> None:
        """A new key for the same content. Signing in begins the 12 hours; a change of password does not begin them again."""
        row = self.row
        self._began_at = row.began_at if row and row.user_id else None
        super().cycle_key()
        self._began_at = None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(digest=digest_of(key)).delete()
        if key == self.session_key:
            self._row = None

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(ends_at__lte=clock()).delete()

    def touch(self, now: datetime) -> None:
        """Note that the worker is there; written at most every 30 seconds, so the lock may come that much early."""
        row = self.row
        if row and now - row.seen_at >= SEEN_EVERY:
            row.seen_at = now
            row.save(update_fields=["seen_at"])

    def _sealed(self, data: dict[str, Any]) -> bytes:
        return seal(self.serializer().dumps(data), purpose="session", bound=digest_of(self.session_key or ""))

    def _unsealed(self, row: Session) -> dict[str, Any]:
        content = unseal(bytes(row.sealed), purpose="session", bound=row.digest)
        held: dict[str, Any] = self.serializer().loads(content)
        return held


def digest_of(session_key: str) -> str:
    """How the table knows a session."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def end_sessions(user: User, except_key: str | None = None) -> int:
    """Sign a worker out everywhere at once, but for the browser whose session key is given; how many were ended."""
    ended, _by_model = user.sessions.exclude(digest=digest_of(except_key or "")).delete()
    return ended


BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("YaBrowser", "Yandex"), ("SamsungBrowser", "Samsung Internet")]
BROWSERS += [("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]


def short_name(user_agent: str) -> str:
    """What a worker knows a browser by ("Firefox, Windows"); "" for an unknown one. The full line is never kept."""
    found = [next((name for mark, name in known if re.search(mark, user_agent)), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name)
