"""Erasing a child's file: two people, no hold, everything gone, nobody else's lost, and the log still verifies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http import QueryDict
from django.urls import reverse

from amanat.access import drafts
from amanat.access.actor import Actor
from amanat.access.models import Draft
from amanat.access.policy import Part
from amanat.audit import recording
from amanat.audit.models import Entry, Outcome
from amanat.audit.sealer import seal_pending
from amanat.audit.verify import verify
from amanat.cases import folded
from amanat.cases.actions import changing, guarding, writing
from amanat.cases.actions.registering import NewChild, register
from amanat.cases.models import Attachment, Case, Child, Event, SharedNote, Stage, Task
from amanat.desk.actions import erasing, holding
from amanat.desk.actions.erasing import NotTheSecond, OnHold, StillOpen
from amanat.desk.models import Erasure, ErasureState, Hold, Request
from amanat.desk.tests.ways import WHY, asked, close, erased
from amanat.exchange import keeping
from amanat.exchange.actions import importing
from amanat.exchange.models import Batch, Import, ImportedRow
from amanat.exchange.tests.bringing import looked, upload
from amanat.legal.tests import walked as legal
from amanat.office.tests.ways import entries_of, read, send
from amanat.people.models import Membership, Role
from amanat.referrals.actions.conferring import Added
from amanat.referrals.actions.minuting import Minute, ToAsk, ToDo
from amanat.referrals.models import Invited
from amanat.referrals.tests.test_conferences import AFTER, call, came_up, record
from amanat.vault import erasing as vault_erasing
from amanat.vault.files import path_of
from amanat.vault.models import Erased, Indexed, Posting, Subject
from amanat.web.errors import PersonFacingError, Refused
from tests import walk_world
from tests.cast import CONTACTS, IDENTITY, NOW, Cast

pytestmark = pytest.mark.django_db
Act = Callable[..., Actor]

# What may point to a subject that is erased: who did what stays to be answered for, and says nothing any more.
STAYS = {"audit.Entry", "desk.Erasure", "desk.Request"}


def rows_about(subject: Subject) -> dict[str, int]:
    """How many rows of each model point to a subject, through whatever field."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Subject:
                found[model._meta.label] = model._default_manager.filter(**{field.name: subject}).count()
    return {label: count for label, count in found.items() if count}


@pytest.fixture(autouse=True)
def _no_office() -> Iterator[None]:
    """A test that runs what waits for a commit would leave a subject behind that was rolled back."""
    yield
    recording.forget_office()


# --- two people ------------------------------------------------------------------------------------------------------


def test_one_asks_and_another_carries_out(case: Case, cast: Cast) -> None:
    done = erased(case, cast)
    assert (done.state, done.number) == (ErasureState.DONE, 1)
    assert (done.asked_by, done.decided_by) == (cast["aman"], cast["kerim"])


def test_it_works_the_other_way_round_too(case: Case, cast: Cast) -> None:
    close(case, cast)
    erasing.carry_out(case, erasure=asked(case, cast, "kerim"), actor=cast.actor("aman"))
    assert not Case.objects.exists()


@pytest.mark.parametrize(("first", "second"), [("aman", "aman"), ("kerim", "kerim"), ("kerim", "maral")])
def test_never_one_person_alone_nor_two_of_the_office_while_a_supervisor_can(
    case: Case, cast: Cast, first: str, second: str
) -> None:
    close(case, cast)
    waiting = asked(case, cast, first)
    with pytest.raises(NotTheSecond):
        erasing.carry_out(case, erasure=waiting, actor=cast.actor(second))
    assert Case.objects.exists()


def test_two_supervisors_of_the_agency_are_not_enough(case: Case, cast: Cast) -> None:
    Membership.objects.filter(pk=cast["merdan"].pk).update(role=Role.SUPERVISOR)
    cast["merdan"].refresh_from_db()
    close(case, cast)
    with pytest.raises(NotTheSecond):
        erasing.carry_out(case, erasure=asked(case, cast), actor=cast.actor("merdan"))


def test_two_officers_do_it_where_a_conflict_keeps_every_supervisor_out(case: Case, cast: Cast) -> None:
    guarding.record_conflict(case, user=cast["aman"].user, reason="A cousin.", actor=cast.actor("jemal"))
    close(case, cast)
    erasing.carry_out(case, erasure=asked(case, cast, "kerim"), actor=cast.actor("maral"))
    assert not Case.objects.exists()


@pytest.mark.parametrize("name", ["jemal", "merdan", "ogulgerek", "nurana", "viktor", "irina", "elena", "dowlet"])
def test_nobody_else_asks_or_carries_out(case: Case, cast: Cast, name: str) -> None:
    close(case, cast)
    with pytest.raises(Refused):
        asked(case, cast, name)
    waiting = asked(case, cast)
    with pytest.raises(Refused):
        erasing.carry_out(case, erasure=waiting, actor=cast.actor(name))


def test_a_conflict_about_one_part_is_enough_to_keep_the_second_person_away(case: Case, cast: Cast) -> None:
    close(case, cast)
    waiting = asked(case, cast)
    guarding.record_conflict(
        case, user=cast["kerim"].user, part="health_file", reason="A friend.", actor=cast.actor("aman")
    )
    with pytest.raises(Refused, match="A conflict keeps you out"):
        erasing.carry_out(case, erasure=waiting, actor=cast.actor("kerim"))
    erasing.carry_out(case, erasure=waiting, actor=cast.actor("maral"))


def test_what_somebody_asked_before_their_conflict_was_known_is_asked_anew(case: Case, cast: Cast) -> None:
    close(case, cast)
    waiting = asked(case, cast)
    guarding.record_conflict(
        case, user=cast["aman"].user, part="identity", reason="A friend.", actor=cast.actor("kerim")
    )
    with pytest.raises(Refused, match="the one who asked"):
        erasing.carry_out(case, erasure=waiting, actor=cast.actor("kerim"))
    with pytest.raises(Refused):
        asked(case, cast)


def test_it_needs_a_fresh_sign_in(case: Case, cast: Cast) -> None:
    close(case, cast)
    waiting = asked(case, cast)
    with pytest.raises(Refused, match="Show once more"):
        erasing.carry_out(case, erasure=waiting, actor=cast.actor("kerim", proved_at=None))


def test_it_is_decided_once(case: Case, cast: Cast) -> None:
    close(case, cast)
    waiting = asked(case, cast)
    with pytest.raises(PersonFacingError, match="asked for already"):
        asked(case, cast, "kerim")
    erasing.decline(case, erasure=waiting, reason="It is needed.", actor=cast.actor("kerim"))
    with pytest.raises(PersonFacingError, match="decided before"):
        erasing.carry_out(case, erasure=waiting, actor=cast.actor("kerim"))
    assert Case.objects.exists()
    assert asked(case, cast).waits  # it can be asked for again


# --- what keeps a file -----------------------------------------------------------------------------------------------


def test_a_hold_keeps_it_before_and_after_it_was_asked_for(case: Case, cast: Cast) -> None:
    close(case, cast)
    hold = holding.place(case, reason="A court asked for it.", actor=cast.actor("kerim"))
    with pytest.raises(OnHold):
        asked(case, cast)
    holding.lift(case, hold=hold, reason="The court is done.", actor=cast.actor("kerim"))
    waiting = asked(case, cast)
    other = holding.place(case, reason="Another court.", actor=cast.actor("maral"))
    with pytest.raises(OnHold):
        erasing.carry_out(case, erasure=waiting, actor=cast.actor("kerim"))
    holding.lift(case, hold=other, reason="Done.", actor=cast.actor("maral"))
    erasing.carry_out(case, erasure=waiting, actor=cast.actor("kerim"))
    assert not Hold.objects.exists()


def test_a_hold_is_the_officers_and_lifted_once(case: Case, cast: Cast) -> None:
    for name in ("jemal", "aman", "irina"):
        with pytest.raises(Refused):
            holding.place(case, reason="Why not.", actor=cast.actor(name))
    hold = holding.place(case, reason="A court asked for it.", actor=cast.actor("kerim"))
    with pytest.raises(Refused):
        holding.lift(case, hold=hold, reason="No.", actor=cast.actor("aman"))
    holding.lift(case, hold=hold, reason="Done.", actor=cast.actor("kerim"))
    with pytest.raises(PersonFacingError, match="lifted before"):
        holding.lift(case, hold=hold, reason="Done.", actor=cast.actor("kerim"))


def test_an_open_case_keeps_it_also_when_it_was_reopened_meanwhile(case: Case, cast: Cast) -> None:
    with pytest.raises(StillOpen):
        asked(case, cast)
    close(case, cast)
    waiting = asked(case, cast)
    changing.reopen(case, reason="She came back.", actor=cast.actor("jemal"))
    with pytest.raises(StillOpen):
        erasing.carry_out(case, erasure=waiting, actor=cast.actor("kerim"))


# --- what goes -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("db")
def test_of_a_file_with_something_in_every_part_the_key_and_every_row_go(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    """But for rows that say who did what: a new room that forgets to register what it erases fails here."""
    world = walk_world.build()
    subject, document = world.case.subject, world.rows["attachment"]
    assert isinstance(document, Attachment)
    asker, second = (
        Actor.of(world.members[who], NOW, proved_at=NOW) for who in (("dpo", "other"), ("supervisor", "owner"))
    )
    guarding.reveal(world.case, part=Part.IDENTITY, reason="walked", actor=second)
    guarding.record_conflict(world.case, user=world.stranger, reason="walked", actor=second)
    holding.lift(world.case, hold=Hold.objects.get(subject=subject), reason="walked", actor=asker)
    legal.answered()
    Task.objects.update(done_at=NOW)
    Request.objects.update(answered_at=NOW, answer="granted")
    Case.objects.filter(subject=subject).update(stage=Stage.CLOSED, closed_at=NOW)
    assert set(rows_about(subject)) > {
        "access.Consent",
        "access.Reveal",
        "cases.Attachment",
        "cases.FormerValue",
        "desk.Hold",
    }
    with django_capture_on_commit_callbacks(execute=True):
        erasing.carry_out(world.case, erasure=Erasure.objects.get(subject=subject), actor=second)
    assert set(rows_about(subject)) <= STAYS
    held = Subject.objects.get(pk=subject.pk)
    assert (bytes(held.wrapped_key), held.erased_at) == (b"", NOW)
    with pytest.raises(Erased):
        _ = held.cipher
    assert not Indexed.objects.filter(subject=subject).exists()
    assert not path_of(document.original).exists()


def test_a_conference_goes_with_what_was_said_decided_and_asked_there(case: Case, cast: Cast) -> None:
    conference = call(case, cast, points=[Added(Part.FACTS, "School")])
    to_do = ToDo(cast["jemal"], AFTER + timedelta(days=1))
    to_ask = ToAsk("shelter", "today", cast["dowlet"].agency, {"words": "A bed."})
    minutes = [Minute(came_up(), "Said.", "Do it", to_do), Minute(came_up(), "", "Ask them", to_ask)]
    record(case, conference, cast, *minutes, came=[conference.invited.get().pk])
    Task.objects.update(done_at=NOW)
    Invited.objects.create(
        conference=conference, subject=case.subject, agency=cast["dowlet"].agency, held_at=conference.held_at
    )
    assert {f"referrals.{name}" for name in ("Conference", "Decision", "Invited", "Point")} <= set(
        rows_about(case.subject)
    )
    subject = case.subject
    erased(case, cast)
    assert set(rows_about(subject)) <= STAYS


def test_other_children_lose_nothing(case: Case, cast: Cast, register: Callable[..., Case]) -> None:
    other = register(identity=IDENTITY | {"names": [{"given": "Maral", "family": "Orazowa"}]})
    before = rows_about(other.subject)
    postings = Posting.objects.count()
    erased(case, cast)
    assert rows_about(other.subject) == before
    assert 0 < Posting.objects.count() < postings
    assert Subject.objects.get(pk=other.subject_id).cipher


def siblings(cast: Cast) -> tuple[Case, Case]:
    first, second = register(
        [NewChild(IDENTITY, CONTACTS, family="one"), NewChild(IDENTITY, CONTACTS, family="one")],
        actor=cast.actor("jemal"),
    )
    return first, second


def test_what_several_children_share_stays_readable_for_the_others(cast: Cast, browse) -> None:
    first, second = siblings(cast)
    writing.note(
        first, part="narrative", text="Both were seen at the market.", siblings=[second], actor=cast.actor("jemal")
    )
    erased(first, cast)
    assert "Both were seen at the market." in read(browse("jemal"), second.get_absolute_url())
    assert Child.objects.get().family.erased_at is None


def test_what_nobody_shares_any_more_goes_with_the_last(cast: Cast) -> None:
    first, second = siblings(cast)
    writing.note(first, part="narrative", text="Both were seen.", siblings=[second], actor=cast.actor("jemal"))
    shared, family = SharedNote.objects.get().subject_id, first.child.family_id
    erased(first, cast)
    erased(second, cast)
    assert not SharedNote.objects.exists()
    assert not Event.objects.exists()
    assert {bytes(one.wrapped_key) for one in Subject.objects.filter(pk__in=[shared, family])} == {b""}


def test_drafts_about_the_child_go_with_it_and_others_stay(case: Case, cast: Cast, browse) -> None:
    page = reverse("cases.note", args=[case])
    browse("jemal").post("/draft", {"page": page, "body": "text=She+told"})
    user = cast["aman"].user
    drafts.save(
        user, reverse("cases.close", args=[case]), QueryDict("reason=a"), cast.now
    )  # under a subject of its own
    drafts.save(user, "/cases/register", QueryDict("given_name=Maral"), cast.now)
    own = Draft.objects.get(page__endswith="/close").subject_id
    assert Draft.objects.count() == 3
    erased(case, cast)
    assert [one.page for one in Draft.objects.all()] == ["/cases/register"]
    assert bytes(Subject.objects.get(pk=own).wrapped_key) == b""


CSV = b"prs_FirstName,prs_SecondName,prs_Birthdate\nAylar,\xc3\x87ary\xc3\xbdewa,2012-04-05\n"
OTHER_CSV = b"prs_FirstName,prs_SecondName,prs_Birthdate\nMerdan,Orazow,2010-03-04\n"


def test_imports_that_hold_the_child_go_and_others_stay(case: Case, cast: Cast) -> None:
    about_her, other = looked(cast.actor("jemal"), CSV), looked(cast.actor("jemal"), OTHER_CSV)
    erased(case, cast)
    assert [one.pk for one in Import.objects.all()] == [other.pk]
    assert {one.held_id for one in Batch.objects.all()} == {other.pk}
    assert bytes(Subject.objects.get(pk=about_her.subject_id).wrapped_key) == b""
    assert not ImportedRow.objects.filter(subject=case.subject).exists()


def test_files_that_nobody_has_read_yet_are_told_of_with_the_day_on_which_they_go(
    case: Case, cast: Cast, browse
) -> None:
    actor = cast.actor("merdan")
    importing.receive(file=upload(OTHER_CSV), actor=actor)  # nobody has said yet what its columns are
    looked(actor, OTHER_CSV)
    importing.receive(file=upload(CSV), actor=cast.actor("dowlet"))  # of another agency
    close(case, cast)
    asked(case, cast)
    second = browse("kerim")
    told = "1 file that came to the agency can’t be looked into"
    goes = "at the latest on 24.12.2026"
    address = reverse("desk.carry_out_erasure", args=[case])
    page = read(second, address)
    assert told in page
    assert goes in page
    page = send(second, address, code_name=case.child.code_name, sure="on")
    assert told in page
    assert goes in page
    assert not Case.objects.exists()
    assert keeping.sweep(NOW + timedelta(days=29)) == 0
    assert keeping.sweep(NOW + timedelta(days=30)) == 3
    assert vault_erasing.unsearched(actor.membership.agency_id) == []


def test_what_this_process_had_opened_and_kept_is_forgotten(
    case: Case, cast: Cast, browse, django_capture_on_commit_callbacks
) -> None:
    folded.shelf.put({str(case.subject_id): folded.Kept(1, folded.Folded("aylar"))})
    with django_capture_on_commit_callbacks(execute=True):
        erased(case, cast)
    assert len(folded.shelf) == 0


# --- what is seen of it afterwards -----------------------------------------------------------------------------------


def test_every_page_of_the_file_is_what_does_not_exist(case: Case, cast: Cast, browse) -> None:
    name, ref = case.child.code_name, case.pk.hex
    erased(case, cast)
    for who in ("jemal", "aman", "irina", "kerim"):
        browser = browse(who)
        for page in (
            "cases.file",
            "cases.note",
            "cases.circle",
            "desk.ask_erasure",
            "desk.hold",
            "desk.carry_out_erasure",
        ):
            assert browser.get(reverse(page, kwargs={"case": case})).status_code == 404
        for address in ("/cases", "/cases?state=all", "/", "/desk/erasures", "/desk", "/desk/log"):
            answer = browser.get(address, follow=True)
            assert answer.status_code in (200, 404)
            assert name not in answer.content.decode()
            assert ref not in answer.content.decode()


def test_the_log_keeps_that_it_was_done_without_a_name_and_verifies(case: Case, cast: Cast) -> None:
    name = case.child.code_name
    seal_pending(cast.now)
    erased(case, cast)
    seal_pending(cast.now)
    [(entry, details)] = entries_of("erasure.carry_out")
    assert (entry.subject.kind, entry.outcome, entry.user) == ("office", Outcome.DONE, cast["kerim"].user)
    assert details["about"] == "erasure 1"
    assert name not in str(details)
    assert WHY not in str(details)
    assert Entry.objects.filter(subject=case.subject_id).exists()
    assert verify(now=cast.now).faults == []


def test_the_register_names_no_child(case: Case, cast: Cast, browse) -> None:
    erased(case, cast)
    page = read(browse("kerim"), "/desk/erasures")
    assert "Erasure 1" in page
    assert "The file was made by mistake" in page
    assert case.child.code_name not in page
    assert Erasure.objects.get().subject_id == case.subject_id
