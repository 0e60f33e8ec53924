"""Papers of many children in one file: made one by one by the task process, for their owner alone, each in the log of the child."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language, gettext, override

from amanat.access.files import File
from amanat.access.loaders import Hidden
from amanat.access.models import Grant
from amanat.access.policy import Part
from amanat.audit.models import Entry
from amanat.cases import papers
from amanat.cases.models import Case
from amanat.exchange import bundles, gathering
from amanat.exchange.actions import bundling
from amanat.exchange.erasing import erase
from amanat.exchange.models import Bundle, BundleSheet, BundleState, SheetState
from amanat.people.models import Membership
from amanat.vault.erasing import Erasing
from amanat.vault.models import Subject
from amanat.web import pdf
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)
MANY = 30


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(autouse=True)
def paper(monkeypatch: pytest.MonkeyPatch) -> papers.Paper:
    """One that every file has, and a press that only says what it was given."""
    one = papers.Paper("plain", "Plain paper", Part.IDENTITY, "web/paper.html", lambda _file, _key: {})
    monkeypatch.setitem(papers._papers, one.name, one)
    monkeypatch.setattr(pdf, "made", lambda html: b"%PDF " + html.encode())
    return one


@pytest.fixture
def children(register: Callable[..., Case]) -> list[Case]:
    return [register() for _ in range(MANY)]


def asked(cast: Cast, cases: list[Case], language: str = "own", who: str = "jemal") -> Bundle:
    found = papers.named("plain")
    assert found is not None
    said = {"paper": found, "language": language, "reason": "For the inspection"}
    return Bundle.objects.get(pk=bundling.gather(cases=cases, actor=cast.actor(who), **said))


def work(most: int = 1000) -> int:
    """Steps until there is nothing to do, or as many as are given."""
    done = 0
    while done < most and gathering.step(LATER):
        done += 1
    return done


def inside(client: Client, bundle: Bundle) -> list[str]:
    answer = client.get(reverse("exchange.bundle_file", args=[bundle.pk]))
    assert answer.status_code == 200, answer.content[:500]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as together:
        assert together.testzip() is None
        return together.namelist()


def handed_out(cases: list[Case]) -> int:
    subjects = [case.subject_id for case in cases]
    return Entry.objects.filter(verb="paper.hand_out", outcome="done", subject__in=subjects).count()


def test_thirty_papers_come_in_one_file_and_each_stands_in_the_log_of_its_child(
    cast: Cast, children: list[Case], browse: Callable[[str], Client]
) -> None:
    bundle = asked(cast, children)
    assert handed_out(children) == 0
    work()
    bundle.refresh_from_db()
    assert (bundle.state, bundle.cursor) == (BundleState.DONE, MANY)
    assert handed_out(children) == MANY
    names = inside(browse("jemal"), bundle)
    assert len(names) == MANY
    assert all(str(case) in name for case, name in zip(children, names, strict=True))


def test_what_was_made_is_sealed(cast: Cast, children: list[Case]) -> None:
    bundle = asked(cast, children[:2])
    work()
    with connection.cursor() as cursor:
        cursor.execute("SELECT made FROM exchange_bundlesheet")
        boxes = [bytes(made) for (made,) in cursor.fetchall()]
    assert len(boxes) == bundle.asked
    assert not any(b"PDF" in box or b"JVBERi" in box for box in boxes)


def test_a_process_that_dies_at_a_paper_leaves_it_to_the_next_one(
    cast: Cast, children: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = asked(cast, children)
    work(10)
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "made", _dies)
        with pytest.raises(Killed):
            gathering.step(LATER)
    with monkeypatch.context() as patch:  # and once more, in the middle of the transaction
        patch.setattr(gathering, "hand_out", _dies)
        with pytest.raises(Killed):
            gathering.step(LATER)
    bundle.refresh_from_db()
    assert (bundle.state, bundle.cursor, handed_out(children)) == (BundleState.GATHERING, 10, 10)
    Bundle.objects.update(tries=1)
    work()
    bundle.refresh_from_db()
    assert (bundle.state, handed_out(children)) == (BundleState.DONE, MANY)
    assert set(BundleSheet.objects.values_list("state", flat=True)) == {SheetState.MADE}


def _dies(*_what: Any, **_more: Any) -> bytes:
    raise Killed


def test_a_paper_at_which_every_process_dies_is_left_out_and_the_others_come(
    cast: Cast, children: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = asked(cast, children[:3])
    for _ in range(gathering.DEATHS):
        with monkeypatch.context() as patch:
            patch.setattr(pdf, "made", _dies)
            with pytest.raises(Killed):
                gathering.step(LATER)
    work()
    states = list(BundleSheet.objects.filter(bundle=bundle).order_by("place").values_list("state", flat=True))
    assert states == ["left_out", "made", "made"]


def test_a_child_erased_in_the_middle_is_in_no_file_and_the_page_says_that_somebody_was(
    cast: Cast, children: list[Case], browse: Callable[[str], Client]
) -> None:
    bundle = asked(cast, children)
    work(10)
    for one in (children[3], children[20]):  # one whose paper was made, one that waits
        erase(Erasing([one.subject_id], LATER))
    work()
    bundle.refresh_from_db()
    assert bundle.state == BundleState.DONE
    client = browse("jemal")
    names = inside(client, bundle)
    assert len(names) == MANY - 2 + 1  # and the list of who is left out
    assert not any(str(children[at]) in name for name in names for at in (3, 20))
    page = client.get(reverse("exchange.bundle", args=[bundle.pk])).content.decode()
    assert bundles.erased(2) in page


def test_when_the_last_ones_are_erased_the_bundle_ends(cast: Cast, children: list[Case]) -> None:
    bundle = asked(cast, children[:2])
    work(1)
    erase(Erasing([children[1].subject_id], LATER))
    work()
    bundle.refresh_from_db()
    assert bundle.state == BundleState.DONE


def test_who_loses_a_file_in_the_middle_gets_no_paper_of_it_made_or_not(
    cast: Cast, children: list[Case], browse: Callable[[str], Client]
) -> None:
    bundle = asked(cast, children)
    work(10)
    lost = [children[3], children[20]]
    Grant.objects.filter(subject__in=[one.subject_id for one in lost]).update(until=NOW)
    work()
    assert handed_out([children[20]]) == 0
    client = browse("jemal")
    names = inside(client, bundle)
    assert len(names) == MANY - 2 + 1
    assert not any(str(one) in name for name in names for one in lost)
    answer = client.get(reverse("exchange.bundle_file", args=[bundle.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as together:
        said = together.read(names[-1]).decode("utf-8-sig")
    assert said.count("This file is not open to you any more.") == 2
    assert not any(str(one) in said for one in lost)


def test_nobody_but_its_owner_has_it(cast: Cast, children: list[Case], browse: Callable[[str], Client]) -> None:
    bundle = asked(cast, children[:2])
    work()
    for name in ("aman", "merdan"):
        client = browse(name)
        for page in ("bundle", "bundle_progress", "bundle_file", "drop_bundle"):
            assert client.get(reverse(f"exchange.{page}", args=[bundle.pk])).status_code == 404
        with pytest.raises(Hidden):
            bundling.drop(bundle, actor=cast.actor(name))
    assert Bundle.objects.filter(pk=bundle.pk).exists()


def test_its_owner_drops_it_while_it_is_being_made(cast: Cast, children: list[Case]) -> None:
    bundle = asked(cast, children[:3])
    work(1)
    bundling.drop(bundle, actor=cast.actor("jemal"))
    assert not work()
    assert not Subject.objects.filter(pk=bundle.subject_id).exists()
    assert not BundleSheet.objects.exists()


def test_a_paper_that_was_being_made_when_the_bundle_was_dropped_is_not_handed_out(
    cast: Cast, children: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = asked(cast, children[:1])

    def dropped_meanwhile(_html: str) -> bytes:
        bundling.drop(Bundle.objects.get(pk=bundle.pk), actor=cast.actor("jemal"))
        return b"%PDF"

    monkeypatch.setattr(pdf, "made", dropped_meanwhile)
    work()
    assert handed_out(children) == 0


def test_it_ends_after_a_day(cast: Cast, children: list[Case]) -> None:
    bundle = asked(cast, children[:1])
    work()
    assert bundles.sweep(LATER + bundles.KEPT - timedelta(seconds=1)) == 0
    with pytest.raises(Hidden):
        bundles.find(cast.actor("jemal", LATER + bundles.KEPT), bundle.pk)
    assert bundles.sweep(LATER + bundles.KEPT) == 1
    assert not Subject.objects.filter(pk=bundle.subject_id).exists()


def test_who_left_the_agency_gets_nothing_made(cast: Cast, children: list[Case]) -> None:
    bundle = asked(cast, children[:2])
    Membership.objects.filter(pk=cast["jemal"].pk).update(until=NOW)
    work()
    bundle.refresh_from_db()
    assert bundle.state == BundleState.STOPPED
    assert handed_out(children) == 0


def test_a_short_bundle_does_not_wait_for_a_long_one(cast: Cast, children: list[Case]) -> None:
    asked(cast, children)
    work(5)
    short = asked(cast, children[:2])
    work(2)
    short.refresh_from_db()
    assert short.state == BundleState.DONE


def test_each_paper_is_made_in_the_language_that_was_chosen(
    cast: Cast, children: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str | None] = []

    def told(_file: File, _key: str) -> dict[str, Any]:
        spoken.append(get_language())
        return {}

    for language, speaks in (("tk", papers.of_reader), ("own", lambda _file: "ro")):
        one = papers.Paper("plain", "Plain paper", Part.IDENTITY, "web/paper.html", told, speaks=speaks)
        monkeypatch.setitem(papers._papers, "plain", one)
        asked(cast, children[:1], language)
        work()
    assert spoken == ["tk", "ro"]


def test_a_paper_that_has_nothing_on_it_is_left_out(
    cast: Cast, children: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = papers.Paper("plain", "Plain paper", Part.IDENTITY, "web/paper.html", lambda _file, _key: None)
    monkeypatch.setitem(papers._papers, "plain", nothing)
    bundle = asked(cast, children[:1])
    work()
    row = bundles.sheets_of(Bundle.objects.get(pk=bundle.pk), cast.actor("jemal"))[0]
    assert (row.row.state, row.why) == (SheetState.LEFT_OUT, "There is nothing to put on this paper.")


def test_why_one_is_left_out_is_said_in_the_language_in_which_it_was_asked_for(
    cast: Cast, children: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever language the account of the owner has."""
    nothing = papers.Paper("plain", "Plain paper", Part.IDENTITY, "web/paper.html", lambda _file, _key: None)
    monkeypatch.setitem(papers._papers, "plain", nothing)
    with override("ru"):
        bundle = asked(cast, children[:1])
        told = gettext("There is nothing to put on this paper.")
    work()
    row = bundles.sheets_of(Bundle.objects.get(pk=bundle.pk), cast.actor("jemal"))[0]
    assert row.why == told != "There is nothing to put on this paper."


def test_a_paper_that_leaves_by_a_consent_of_each_child_is_not_made_of_many(
    cast: Cast, children: list[Case], browse: Callable[[str], Client]
) -> None:
    said = {"language": "tk", "which": "managed", "reason": "For a move"}
    client, address = browse("jemal"), reverse("exchange.gather")
    assert client.post(address, said | {"paper": "plan-authority"}).status_code == 200
    assert not Bundle.objects.exists()
    assert client.post(address, said | {"paper": "plan-child"}).status_code == 302


def test_it_is_asked_for_on_a_page_for_all_whose_case_manager_one_is(
    cast: Cast, children: list[Case], browse: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    client = browse("jemal")
    said = {"paper": "plain", "language": "tk", "which": "managed", "reason": "For a move"}
    assert client.post(reverse("exchange.gather"), said | {"which": "ticked"}).status_code == 200  # nobody is ticked
    answer = client.post(reverse("exchange.gather"), said)
    bundle = Bundle.objects.get()
    assert answer.headers["Location"] == bundle.get_absolute_url()
    assert bundle.asked == MANY
    work(7)
    for address in (reverse("exchange.gather"), bundle.get_absolute_url()):
        with django_assert_max_num_queries(12):
            page = client.get(address)
        assert page.status_code == 200
    assert "7 / 30" in page.content.decode()
    for other in (browse("bahar"), browse("aman")):  # whose page asks for houses, too
        with django_assert_max_num_queries(12):
            assert other.get(reverse("exchange.gather")).status_code == 200
    assert client.get(reverse("exchange.bundle_file", args=[bundle.pk])).status_code == 404  # not before its end


def test_its_page_says_of_how_many_files_before_the_owner_it_holds_papers_and_nothing_of_others(
    cast: Cast, children: list[Case], browse: Callable[[str], Client]
) -> None:
    hidden = children[:4]
    Grant.objects.filter(subject__in=[one.subject_id for one in hidden]).update(until=NOW)
    said = {"paper": "plain", "language": "tk", "which": "managed", "reason": "For the inspection"}
    browse("jemal").post(reverse("exchange.gather"), said)
    bundle = Bundle.objects.get()
    Grant.objects.filter(subject=children[5].subject_id).update(until=NOW)  # after it was asked for
    work()
    page = browse("jemal").get(bundle.get_absolute_url()).content.decode()
    told = f"Open files before you when you asked: {MANY - 4}. Papers in the ZIP: {MANY - 5}."
    assert told in page
    assert not any(str(one) in page for one in hidden)


def test_nobody_is_gathered_whose_file_is_not_open(
    cast: Cast, children: list[Case], browse: Callable[[str], Client]
) -> None:
    said = {"paper": "plain", "language": "tk", "which": "ticked", "reason": "For a move"}
    answer = browse("dowlet").post(reverse("exchange.gather"), said | {"cases": [children[0].pk.hex]})
    assert answer.status_code == 200
    assert not Bundle.objects.exists()


def test_whoever_gathers_papers_finds_them_in_the_menu_and_nobody_else(
    cast: Cast, browse: Callable[[str], Client]
) -> None:
    entry = f'href="{reverse("exchange.gather")}"'
    for name, there in {"jemal": True, "bahar": True, "aman": True, "viktor": False, "irina": False}.items():
        assert (entry in browse(name).get("/").content.decode()) == there, name
