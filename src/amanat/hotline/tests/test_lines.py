"""The administrator's telephone systems: a token shown once, shut out at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from amanat.audit.models import Entry
from amanat.hotline.models import Line
from amanat.people.senders import digest_of
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def add(administrator: Client, cast: Cast) -> tuple[str, Line]:
    sent = {"name": "Office exchange", "agency": str(cast["nurana"].agency.pk)}
    page = administrator.post("/hotline/lines/add", sent).content.decode()
    found = re.search("Authorization: Bearer (\\S+)", page)
    assert found
    return found[1], Line.objects.get()


def test_the_token_is_shown_once_and_kept_as_a_digest(browse: Callable[..., Client], cast: Cast) -> None:
    viktor = browse("viktor")
    token, line = add(viktor, cast)
    assert len(token) >= 22
    assert line.digest == digest_of(token)
    page = viktor.get("/hotline/lines").content.decode()
    assert "Office exchange" in page
    assert token not in page + line.digest
    assert line.digest not in page
    assert Entry.objects.filter(verb="line.add").exists()


def test_one_that_is_shut_out_is_gone_from_the_list_and_may_not_announce(
    browse: Callable[..., Client], cast: Cast
) -> None:
    viktor = browse("viktor")
    token, line = add(viktor, cast)
    assert viktor.post(f"/hotline/lines/{line.pk}/revoke").status_code == 302
    assert "No telephone system yet" in viktor.get("/hotline/lines").content.decode()
    assert viktor.get(f"/hotline/lines/{line.pk}/revoke").status_code == 404
    headers = {"authorization": f"Bearer {token}"}
    assert Client().post("/api/v1/hotline/ring", {"call": "1"}, headers=headers).status_code == 401


def test_adding_asks_to_sign_in_again_and_names_what_is_missing(browse: Callable[..., Client]) -> None:
    assert browse("viktor", proved=False).post("/hotline/lines/add", {"name": "x"}).status_code == 302
    page = browse("viktor").post("/hotline/lines/add", {"name": ""}).content.decode()
    assert "Please look at this again" in page
    assert not Line.objects.exists()


@pytest.mark.parametrize("who", ["nurana", "aman", "kerim"])
def test_for_whoever_is_no_administrator_there_is_no_such_page(browse: Callable[..., Client], who: str) -> None:
    assert {browse(who).get(f"/hotline/lines{page}").status_code for page in ("", "/add")} == {404}


def test_the_list_says_where_people_ask_to_be_called_back(browse: Callable[..., Client], cast: Cast) -> None:
    page = browse("viktor").get("/hotline/lines").content.decode()
    assert "<code>/call-back</code>" in page
