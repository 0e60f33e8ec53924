"""A phone, its form, and a place of its own for the gate and the intake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings

from amanat.api import actions, form_keys
from amanat.api.tests.calling import Phone
from amanat.audit import recording
from amanat.cases.tests.arriving import publish
from amanat.forms.models import FormVersion
from amanat.vault import gate
from amanat.vault.keys import keyring
from tests.cast import NOW, Cast


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for the gate and the intake."""
    monkeypatch.setattr(settings, "WORKSPACE", tmp_path)
    held = {"intake_public": keyring().intake_public(), "duty_number": "", "limits": {}, "tokens": {}}
    gate.path(tmp_path).write_text(json.dumps(held))
    return tmp_path


@pytest.fixture
def phone(office: Path, cast: Cast) -> Phone:
    added = actions.add_device(label="Work phone", actor=cast.actor("jemal", proved_at=NOW))
    actions.tell_the_gate()  # as when it is committed
    return Phone(added)


@pytest.fixture
def version(cast: Cast) -> FormVersion:
    return publish()


@pytest.fixture(scope="session")
def once() -> RSAPrivateKey:
    return form_keys.fresh()


@pytest.fixture(autouse=True)
def _one_key(once: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Making one takes longer than a test."""
    monkeypatch.setattr(form_keys, "fresh", lambda: once)


@pytest.fixture(autouse=True)
def _no_office() -> Iterator[None]:
    """A test that runs what waits for a commit would leave a subject behind that was rolled back."""
    yield
    recording.forget_office()
