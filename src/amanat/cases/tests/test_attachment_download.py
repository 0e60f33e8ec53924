"""Handing out a document: to whom, under which name, without metadata, and never half of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from amanat.access.policy import Part, Relation
from amanat.audit.models import Outcome
from amanat.cases.actions import writing
from amanat.cases.models import Attachment, Case
from amanat.cases.tests.docs import MAKER, attach, picture, uploaded
from amanat.cases.tests.looking import bring_in, counting, last_entry, read
from amanat.vault.files import path_of
from tests.cast import Cast

Browse = Callable[..., Client]


@pytest.fixture
def attached(case: Case, cast: Cast) -> Attachment:
    return attach(case, cast)


def address(attachment: Attachment) -> str:
    return reverse("cases.attachment", args=[attachment])


def content(answer: StreamingHttpResponse) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_picture_leaves_without_its_metadata_and_the_original_on_demand(attached: Attachment, browse: Browse) -> None:
    client = browse("jemal")
    assert MAKER.encode() not in content(client.get(address(attached)))
    original = client.get(address(attached), {"original": "1"})
    assert content(original) == picture()
    assert original["Content-Length"] == str(len(picture()))


def test_it_is_saved_under_its_name_and_never_shown_or_kept(attached: Attachment, browse: Browse) -> None:
    answer = browse("jemal").get(address(attached))
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%A1")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == "image/jpeg"


def test_a_title_without_an_ending_gets_one(case: Case, cast: Cast, browse: Browse) -> None:
    attachment = writing.attach(
        case, part=Part.FACTS, upload=uploaded(b"Two lines.", "x.txt"), title="Letter", actor=cast.actor("jemal")
    )
    assert browse("jemal").get(address(attachment))["Content-Disposition"] == 'attachment; filename="Letter.txt"'


def test_the_look_is_in_the_log(attached: Attachment, browse: Browse) -> None:
    content(browse("jemal").get(address(attached)))
    entry, details = last_entry(attached.case)
    assert (entry.outcome, entry.page) == (Outcome.READ, "cases.attachment")
    assert details["parts"] == ["facts"]


def test_a_document_of_a_closed_part_is_refused_and_logged(attached: Attachment, cast: Cast, browse: Browse) -> None:
    bring_in(attached.case, cast, "bahar", Relation.CENTRE_WORKER)
    assert browse("bahar").get(address(attached)).status_code == 403
    entry, _details = last_entry(attached.case)
    assert (entry.outcome, entry.user.username) == (Outcome.REFUSED, "bahar")
    assert "рождении" not in read(browse("bahar"), attached.case.get_absolute_url(), section="documents")


def test_an_outsider_gets_a_404(attached: Attachment, browse: Browse) -> None:
    assert browse("dowlet").get(address(attached)).status_code == 404


def test_a_psychologist_opens_her_own_process_document(case: Case, cast: Cast, browse: Browse) -> None:
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    attachment = attach(case, cast, part=Part.PSYCHOLOGY_NOTES, by="ogulgerek")
    assert browse("ogulgerek").get(address(attachment)).status_code == 200
    assert browse("jemal").get(address(attachment)).status_code == 403


@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_damaged_document_is_a_sentence_and_not_half_a_file(harm: str, attached: Attachment, browse: Browse) -> None:
    assert attached.working_copy
    path = path_of(attached.working_copy)
    sealed = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(sealed[:-1] if harm == "cut" else sealed[:-1] + bytes([sealed[-1] ^ 1]))
    answer = browse("jemal").get(address(attached))
    assert answer.status_code == 400
    assert "This document is damaged" in answer.content.decode()


def test_documents_stand_in_their_section_and_in_the_timeline(attached: Attachment, browse: Browse) -> None:
    client = browse("jemal")
    for query in ({"section": "documents"}, {}):
        assert address(attached) in read(client, attached.case.get_absolute_url(), **query)


def test_a_download_asks_the_database_at_most_twelve_times(attached: Attachment, browse: Browse) -> None:
    client = browse("jemal")
    with counting() as statements:
        content(client.get(address(attached)))
    assert len(statements) <= 12
