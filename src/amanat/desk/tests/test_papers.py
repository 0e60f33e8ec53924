"""Consents, the record of processing and the information for children, as pages to print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from amanat import packs
from amanat.access.models import Consent
from amanat.cases.actions import guarding
from amanat.cases.models import Case
from amanat.desk import papers
from amanat.office.tests.ways import counting, read
from amanat.people.models import Agency
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
CORE = Path(packs.__file__).resolve().parents[3] / "packs" / "core"


def consent(case: Case, cast: Cast, **more: object) -> Consent:
    return Consent.objects.create(
        subject=case.subject,
        purpose="photo",
        parts=["identity"],
        recorded_by=cast["jemal"],
        given_on=NOW.date(),
        **more,
    )


def test_consents_withdrawals_and_what_was_shared_without_stand_apart(case: Case, cast: Cast, browse: Browse) -> None:
    kerim, name = browse("kerim"), case.child.code_name
    for which in ("given", "withdrawn", "without"):
        assert name not in read(kerim, "/desk/consents", which=which)
    consent(case, cast, recipient=cast["dowlet"].agency)
    page = read(kerim, "/desk/consents")
    assert name in page
    assert "Harbour Legal Aid" in page
    Consent.objects.update(withdrawn_at=NOW - timedelta(hours=1))
    assert name not in read(kerim, "/desk/consents")
    assert name in read(kerim, "/desk/consents", which="withdrawn")
    consent(case, cast, override_ground="vital_interest")
    assert name in read(kerim, "/desk/consents", which="without")


def test_those_of_a_file_that_one_is_kept_out_of_are_left_out(case: Case, cast: Cast, browse: Browse) -> None:
    consent(case, cast)
    guarding.record_conflict(case, user=cast["kerim"].user, reason="A friend.", actor=cast.actor("aman"))
    assert case.child.code_name not in read(browse("kerim"), "/desk/consents")
    assert case.child.code_name in read(browse("maral"), "/desk/consents")


def test_the_consents_cost_the_same_however_many(case: Case, cast: Cast, browse: Browse) -> None:
    consent(case, cast)
    kerim = browse("kerim")
    read(kerim, "/desk/consents")
    with counting() as few:
        read(kerim, "/desk/consents")
    for _more in range(6):
        consent(case, cast)
    with counting() as many:
        read(kerim, "/desk/consents")
    assert len(many) == len(few) <= 12


def test_the_record_of_processing_names_who_answers_what_is_done_and_how_long(cast: Cast, browse: Browse) -> None:
    page = read(browse("kerim"), "/desk/processing")
    for words in ("Kerim", "Maral", "Northern Network", "Files of children in assistance", "10 years", "Who gets them"):
        assert words in page
    assert browse("aman").get("/desk/processing").status_code == 404


def test_every_activity_is_kept_by_a_period_that_there_is() -> None:
    assert papers.processing()
    assert [activity.kept for activity, period in papers.processing() if period is None] == [papers.ALWAYS]


def test_the_record_says_what_is_the_least_what_the_most_and_what_stays(cast: Cast, browse: Browse) -> None:
    page = read(browse("kerim"), "/desk/processing")
    for words in ("at least 15 years", "at most 35 days", "as long as the workspace"):
        assert words in page


def test_a_sheet_by_which_nobody_can_be_called_is_not_printed(cast: Cast, browse: Browse) -> None:
    Agency.objects.update(duty_contact="Ask for Selbi")
    page = read(browse("jemal"), "/information")
    assert "could call nobody" in page
    assert "data-print" not in page
    Agency.objects.filter(pk=cast["kerim"].agency_id).update(duty_contact="+993 12 000000")
    page = read(browse("jemal"), "/information")
    assert "could call nobody" not in page
    assert "data-print" in page
    assert "+993 12 000000" in page


def test_the_information_can_be_read_in_each_language_whatever_the_workers_own(cast: Cast, browse: Browse) -> None:
    jemal = browse("jemal")
    for language, words in (
        ("en", "Whom to ask"),
        ("tk", "Kime ýüz tutmaly"),
        ("ru", "К кому обратиться"),
        ("ro", "Pe cine întrebi"),
    ):
        page = read(jemal, "/information", **{"in": language})
        assert words in page
        assert f'<article class="card" lang="{language}">' in page
        assert "Kerim" in page
    assert "Whom to ask" in read(jemal, "/information", **{"in": "xx"})


def test_every_register_has_its_link_on_the_desk_and_can_be_printed(cast: Cast, browse: Browse) -> None:
    kerim = browse("kerim")
    desk = read(kerim, "/desk")
    for address in ("requests", "breaches", "erasures", "holds", "retention", "consents", "processing"):
        assert f'href="/desk/{address}"' in desk
        page = read(kerim, f"/desk/{address}")
        assert "data-print" in page
        assert "Sheet 261124-" in page
    assert 'href="/information"' in desk


def test_a_pack_with_a_paper_that_lacks_something_is_told_what(tmp_path: Path) -> None:
    for file in CORE.iterdir():
        if file.is_file():
            (tmp_path / "core").mkdir(exist_ok=True)
            (tmp_path / "core" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "core" / "processing.toml").write_text(
        'source = "us"\nverified = false\n[[activity]]\nname = "x"\nkept = "nothing"\nbound = "some"\n'
    )
    (tmp_path / "core" / "clocks.toml").write_text(
        '[[clock]]\nname = "request"\nhours = 1\ndays = 2\nsource = "us"\nverified = false\n'
    )
    told = "\n".join(map(str, packs.check(tmp_path / "core")))
    for words in (
        "No period of retention.toml has this name.",
        "This is no bound.",
        "A clock needs one length.",
        "title",
    ):
        assert words in told
