"""Nobody has an e-mail address here, and nothing on the ways in sends a message anywhere."""

from __future__ import annotations

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from amanat.people.adapters import SendsNothing
from amanat.people.models import User
from amanat.people.tests.ways import PASSWORD, WRONG, give_password

NEW = "nine green boats sailing"
BY_MAIL = [
    "account_signup",
    "account_email",
    "account_reset_password",
    "account_confirm_email",
    "account_request_login_code",
]


def test_no_mail_leaves_while_a_worker_uses_everything(at_work: Client, merdan: User) -> None:
    give_password(Client(), "merdan", WRONG)
    at_work.post("/account/recovery-codes/new")
    at_work.post("/account/password", {"old": PASSWORD, "password": NEW, "again": NEW})
    at_work.post("/account/sign-out")
    assert mail.outbox == []
    assert not EmailAddress.objects.exists()


def test_a_mail_by_mistake_is_an_error() -> None:
    with pytest.raises(SendsNothing):
        get_adapter().send_mail("account/email/password_changed", "somebody@example.org", {})


@pytest.mark.parametrize("name", BY_MAIL)
def test_there_is_no_page_that_works_by_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
