"""A closed part is shown to the supervisor alone, for ten minutes, after a fresh sign-in and with a reason that stands in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.audit.models import Entry, Outcome
from amanat.cases.actions import guarding
from amanat.cases.tests.looking import counting, read
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(case):
    return reverse("cases.reveal", args=[case, "identity"])


def test_it_opens_the_part_for_ten_minutes(cast, actor, browse, case, address):
    assert "for ten minutes" in read(browse("aman"), address)
    answer = browse("aman").post(address, {"reason": "The court asks."})
    assert answer.status_code == 302
    assert open_file(actor("aman"), case).sees(Part.IDENTITY)
    assert not open_file(actor("aman", cast.now + timedelta(minutes=10)), case).sees(Part.IDENTITY)


def test_it_asks_to_sign_in_again_and_comes_back(browse, address):
    answer = browse("aman", proved=False).get(address)
    assert answer.status_code == 302
    assert "reveal" in answer.url


def test_the_reason_stands_in_the_log(browse, case, address):
    browse("aman").post(address, {"reason": "The court asks."})
    entry = Entry.objects.select_related("subject").get(subject=case.subject, verb="file.reveal", outcome=Outcome.DONE)
    assert open_sealed(entry, "details")["reason"] == "The court asks."


def test_without_a_reason_nothing_opens(actor, browse, case, address):
    assert browse("aman").post(address, {"reason": ""}).status_code == 200
    assert not open_file(actor("aman"), case).sees(Part.IDENTITY)


@pytest.mark.parametrize("part", ["contacts", "psychology_notes", "audit"])
def test_what_the_table_does_not_let_be_revealed_stays_closed(browse, case, part):
    answer = browse("aman").get(reverse("cases.reveal", args=[case, part]))
    assert answer.status_code == 403
    assert "This part of the file is not open to you." in answer.content.decode()


def test_a_part_that_is_no_part_is_404(browse, case):
    assert browse("aman").get(reverse("cases.reveal", args=[case, "nothing"])).status_code == 404


def test_a_part_that_is_open_already_needs_no_reason(actor, browse, case, address):
    guarding.reveal(case, part=Part.IDENTITY, reason="x", actor=actor("aman"))
    assert browse("aman").get(address).status_code == 302


@pytest.mark.parametrize(
    ("name", "status"), [("jemal", 403), ("kerim", 403), ("irina", 403), ("elena", 404), ("dowlet", 404)]
)
def test_nobody_else_reveals(actor, browse, case, address, name, status):
    assert browse(name).get(address).status_code == status
    with pytest.raises(Refused):
        guarding.reveal(case, part=Part.IDENTITY, reason="x", actor=actor(name))


def test_a_closed_page_leads_there(browse, case, address):
    """What `access` shows when a page's own part is closed: the sentence, and the way in where there is one."""
    from amanat.access.files import Closed
    from amanat.access.pages import _closed, registered

    page = next(page for page in registered() if page.name == "cases.circle")
    client = browse("aman")
    request = client.get(reverse("cases.circle", args=[case])).wsgi_request
    request.file = open_file(request.actor, case)
    answer = _closed(request, page, Closed(Part.IDENTITY))
    assert answer.status_code == 403
    assert address in answer.content.decode()
    assert "Have it shown" not in _closed(request, page, Closed(Part.CONTACTS)).content.decode()


def test_the_page_asks_at_most_twelve_times(browse, address):
    client = browse("aman")
    read(client, address)
    with counting() as asked:
        read(client, address)
    assert len(asked) <= 12
