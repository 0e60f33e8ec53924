"""Passkeys as a browser makes and uses them: Chromium with a virtual authenticator that checks its holder."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from playwright.sync_api import CDPSession, Page, expect

from amanat.people.models import User
from amanat.people.tests.ways import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


class Key:
    """A virtual authenticator in a browser: a phone, say."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id: str = made["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        held: list[dict[str, Any]] = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return held

    def holder_is(self, verified: bool) -> None:
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verified})


@pytest.fixture
def page(page: Page) -> Page:
    """The way in, at `localhost`: the host that the workspace was made for."""
    page.goto("/account/sign-in")
    return page


@pytest.fixture
def key(page: Page) -> Key:
    return Key(page)


def give_password(page: Page, name: str) -> None:
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page, name: str) -> None:
    page.goto("/account/second-factors/passkey")
    page.get_by_label("Name of this passkey").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")


@pytest.fixture
def enrolled(page: Page, key: Key, jemal: User) -> Page:
    """Jemal, signed in, with a passkey that she just made."""
    give_password(page, "jemal")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    add_passkey(page, "my phone")
    return page


def sign_out(page: Page) -> None:
    page.goto("/account/sign-out")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_passkey_is_a_second_factor_for_the_session_that_made_it(enrolled: Page) -> None:
    enrolled.goto("/account/second-factors")
    expect(enrolled.get_by_text("my phone").first).to_be_visible()


def test_the_passkey_is_bound_to_the_host_that_init_froze(enrolled: Page, key: Key) -> None:
    assert [held["rpId"] for held in key.credentials()] == [settings.AMANAT_HOST] == ["localhost"]


def test_a_passkey_alone_signs_in_and_counts_as_two_factors(enrolled: Page) -> None:
    sign_out(enrolled)
    enrolled.get_by_role("button", name="Sign in with a passkey").click()
    expect(enrolled.get_by_role("heading", level=1)).not_to_have_text("Sign in")
    enrolled.goto("/account")
    expect(enrolled.get_by_role("heading", level=1)).to_have_text("Your account")


def test_a_passkey_is_the_second_step_after_a_password(enrolled: Page) -> None:
    sign_out(enrolled)
    give_password(enrolled, "jemal")
    expect(enrolled.get_by_role("heading", level=1)).to_have_text("Second step")
    enrolled.get_by_role("button", name="Use a passkey").click()
    expect(enrolled.get_by_role("heading", level=1)).not_to_have_text("Second step")
    enrolled.goto("/account")
    expect(enrolled.get_by_role("heading", level=1)).to_have_text("Your account")


def test_a_passkey_opens_the_locked_screen(enrolled: Page) -> None:
    enrolled.goto("/account/locked?next=/account")
    enrolled.get_by_role("button", name="Use a passkey").click()
    expect(enrolled.get_by_role("heading", level=1)).to_have_text("Your account")


def test_a_passkey_whose_holder_was_not_checked_signs_nobody_in(enrolled: Page, key: Key) -> None:
    sign_out(enrolled)
    key.holder_is(verified=False)
    enrolled.get_by_role("button", name="Sign in with a passkey").click()
    expect(enrolled.get_by_role("alert")).to_have_text("The passkey was not used. Try again, or choose another way.")
    enrolled.goto("/account")
    expect(enrolled.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_removed_passkey_signs_nobody_in(enrolled: Page) -> None:
    sign_out(enrolled)
    Authenticator.objects.filter(type="webauthn").delete()
    enrolled.get_by_role("button", name="Sign in with a passkey").click()
    expect(enrolled.get_by_text("This did not work. Please try once more.").first).to_be_visible()


def test_a_suspended_worker_s_passkey_opens_a_page_that_says_so(enrolled: Page, jemal: User) -> None:
    sign_out(enrolled)
    User.objects.filter(pk=jemal.pk).update(is_active=False)
    enrolled.get_by_role("button", name="Sign in with a passkey").click()
    expect(enrolled.get_by_role("heading", level=1)).to_have_text("This account is suspended")


def test_an_answer_that_was_overheard_does_not_sign_in_again(enrolled: Page) -> None:
    """The challenge stands in the session and is asked once."""
    sign_out(enrolled)
    with enrolled.expect_request("**/account/sign-in/passkey") as caught:
        enrolled.get_by_role("button", name="Sign in with a passkey").click()
    [answer] = parse_qs(caught.value.post_data or "")["credential"]
    expect(enrolled.get_by_role("heading", level=1)).to_have_text("Start")
    sign_out(enrolled)
    enrolled.locator("form[data-passkey]").evaluate(
        "(form, answer) => { form.elements.credential.value = answer; form.submit(); }", answer
    )
    expect(enrolled.get_by_text("This did not work. Please try once more.").first).to_be_visible()
    enrolled.goto("/account")
    expect(enrolled.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_without_javascript_no_passkey_is_offered_and_an_app_is(new_context: Any, jemal: User) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/account/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    give_password(page, "jemal")
    page.goto("/account/second-factors/passkey")
    page.get_by_role("link", name="Set up an app on your phone").click()
    expect(page.get_by_label("Code that the app shows")).to_be_visible()
