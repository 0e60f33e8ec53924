"""An invitation: 128 bits, once, three days, for a password and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from amanat.people.clock import stopped
from amanat.people.invitations import NotInvited, accept, invite, open_invitation
from amanat.people.models import Invitation, User
from amanat.people.tests.ways import PASSWORD, WRONG, give_password

NEW = "nine green boats sailing"


@pytest.fixture
def invited(jemal: User) -> User:
    jemal.set_unusable_password()
    jemal.save()
    return jemal


def enter(client: Client, code: str) -> str:
    return client.post("/account/begin", {"code": code}).headers.get("Location", "")


def test_an_invited_worker_chooses_a_password_and_goes_on_to_the_second_factor(
    client: Client, invited: User, now: datetime
) -> None:
    assert enter(client, invite(invited, now)) == "/account/begin/password"
    assert b"Jemal Orazova" in client.get("/account/begin/password").content
    client.post("/account/begin/password", {"password": NEW, "again": NEW})
    assert client.get("/account").headers["Location"] == "/account/second-factors"
    assert give_password(Client(), "jemal", NEW).status_code == 302


def test_a_code_has_128_bits_in_groups_and_only_its_hash_is_kept(invited: User, now: datetime) -> None:
    code = invite(invited, now)
    digits = code.replace("-", "")
    assert digits.isdigit()
    assert 10 ** len(digits) > 2**128
    assert [len(group) for group in code.split("-")] == [5] * 8
    assert digits not in str(Invitation.objects.values().get())


def test_spaces_and_dashes_do_not_matter(invited: User, now: datetime) -> None:
    code = invite(invited, now)
    assert open_invitation(f"  {code.replace('-', ' ')} ", now).user == invited


def test_a_code_works_once(client: Client, invited: User, now: datetime) -> None:
    code = invite(invited, now)
    enter(client, code)
    client.post("/account/begin/password", {"password": NEW, "again": NEW})
    assert enter(Client(), code) == ""


def test_two_browsers_with_the_same_code_set_one_password(invited: User, now: datetime) -> None:
    code = invite(invited, now)
    invitation = open_invitation(code, now)
    open_invitation(code, now)
    accept(invitation.pk, NEW, now)
    with pytest.raises(NotInvited):
        accept(invitation.pk, WRONG, now)


def test_a_code_is_good_for_three_days(invited: User, now: datetime) -> None:
    code = invite(invited, now)
    assert open_invitation(code, now + timedelta(hours=72, seconds=-1))
    with pytest.raises(NotInvited):
        open_invitation(code, now + timedelta(hours=72))


def test_a_code_that_ran_out_between_the_two_pages_sets_no_password(
    client: Client, invited: User, now: datetime
) -> None:
    with stopped(now):
        enter(client, invite(invited, now))
    with stopped(now + timedelta(hours=11)):
        Invitation.objects.update(until=now)
        page = client.post("/account/begin/password", {"password": NEW, "again": NEW})
    assert "This code does not open anything." in page.content.decode()


def test_a_new_invitation_ends_the_one_before(invited: User, now: datetime) -> None:
    first = invite(invited, now)
    second = invite(invited, now)
    assert open_invitation(second, now)
    with pytest.raises(NotInvited):
        open_invitation(first, now)


def test_a_suspended_worker_s_code_opens_nothing(invited: User, now: datetime) -> None:
    code = invite(invited, now)
    User.objects.update(is_active=False)
    with pytest.raises(NotInvited):
        open_invitation(code, now)


def test_accepting_ends_the_sessions_that_an_older_password_opened(
    at_work: Client, merdan: User, now: datetime
) -> None:
    accept(open_invitation(invite(merdan, now), now).pk, NEW, now)
    assert at_work.get("/account").status_code == 302


def test_a_worker_who_still_has_a_factor_is_asked_for_it(client: Client, merdan: User, now: datetime) -> None:
    enter(client, invite(merdan, now))
    answer = client.post("/account/begin/password", {"password": NEW, "again": NEW})
    assert answer.headers["Location"] == "/account/sign-in/second-step"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "12 characters"),
        ("1234567890123", "common"),
        ("jemal orazova", "similar"),
        (PASSWORD + "x", "differ"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(
    client: Client, invited: User, now: datetime, password: str, why: str
) -> None:
    enter(client, invite(invited, now))
    page = client.post("/account/begin/password", {"password": password, "again": PASSWORD})
    assert why in " ".join(str(message) for messages in page.context["form"].errors.values() for message in messages)


def test_the_second_page_is_not_reached_without_a_code(client: Client, db: None) -> None:
    assert client.get("/account/begin/password").headers["Location"] == "/account/begin"
