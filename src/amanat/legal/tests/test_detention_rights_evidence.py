"""Detention of an accused reaches the duty list at once; each right with its history; evidence with its chain."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from amanat import packs
from amanat.access.files import Closed, open_file
from amanat.access.policy import Part, Relation
from amanat.audit.models import Entry
from amanat.cases import cautions, papers
from amanat.cases.models import Alert, AlertKind, AlertTold, Attachment, Case
from amanat.cases.shown import name_of
from amanat.cases.tests.looking import bring_in, read
from amanat.legal import rights as check
from amanat.legal.actions import detention, evidence, rights
from amanat.legal.actions.hearings import record_hearing
from amanat.legal.models import Custody, Evidence, Handing, RightState
from amanat.legal.pieces import evidence_of
from amanat.legal.tests.stood import hearing_in, proceeding_on
from amanat.people.models import DutyPlace
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused

pytestmark = pytest.mark.django_db


def at(name, row):
    return reverse(f"legal.{name}", args=[row])


# --- detention -------------------------------------------------------------------------------------------------------


@pytest.fixture
def change(actor, cast, case):
    def make(custody=Custody.RELEASED, who="The man from the shop", by="jemal", **more):
        told = {"since": cast.now - timedelta(hours=1), "words": "Zqconditions."} | more
        return detention.record_detention(case, custody=custody, who=who, actor=actor(by), **told)

    return make


def test_a_change_tells_the_duty_list_at_once_and_the_file_warns(cast, actor, case, change):
    DutyPlace.objects.create(agency=case.agency, membership=cast["merdan"], order=1)
    change()
    alert = Alert.objects.get()
    assert (alert.kind, alert.raised_at) == (AlertKind.DETENTION, cast.now)
    assert AlertTold.objects.get().membership == cast["merdan"]
    assert "Somebody accused is not in custody" in [
        str(one.title) for one in cautions.on(open_file(actor("jemal"), case))
    ]


def test_who_is_back_in_custody_is_no_caution_any_more_and_all_stands_in_the_history(browse, cast, actor, case, change):
    change()
    cast.now += timedelta(hours=2)
    change(Custody.DETAINED, who="the man from the shop ")
    assert cautions.on(open_file(actor("jemal"), case)) == []
    told = read(browse("jemal"), at("detention", case))
    assert "released" in told
    assert "taken into custody" in told


def test_a_social_worker_of_the_circle_records_it_too(browse, cast, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    sent = {"who": "The uncle", "custody": "escaped", "since": "2026-11-24T13:00", "words": ""}
    assert browse("merdan").post(at("record_detention", case), sent).status_code == 302
    assert Alert.objects.get().kind == AlertKind.DETENTION


def test_a_change_to_come_is_refused_and_what_was_typed_stays(browse, cast, case):
    sent = {"who": "Zqname", "custody": "released", "since": "2026-11-25T13:00"}
    page = browse("jemal").post(at("record_detention", case), sent).content.decode()
    assert "This lies in the future" in page
    assert "Zqname" in page
    assert not Alert.objects.exists()


def test_a_psychologist_records_no_detention(cast, case, change):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    with pytest.raises(Refused):
        change(by="ogulgerek")


# --- rights ----------------------------------------------------------------------------------------------------------


def test_every_right_is_there_and_open_at_first(browse, case):
    told = read(browse("jemal"), at("rights", case))
    for word in ("A lawyer without cost", "Compensation", "No confrontation with the accused", "Nobody has checked"):
        assert word in told
    assert "Given: 0 · asked for: 0 · refused: 0 · open: 13" in told


def test_the_newest_of_a_right_holds_and_the_others_stay(browse, actor, case):
    for state, day, words in (("asked", 10, ""), ("refused", 20, "Zqreason")):
        rights.record_right(
            case, right="lawyer", state=RightState(state), on=date(2026, 11, day), words=words, actor=actor("jemal")
        )
    lawyer = next(one for one in check.rights_of(open_file(actor("jemal"), case)) if one.code == "lawyer")
    assert [one.state for one in lawyer.records] == [RightState.REFUSED, RightState.ASKED]
    assert "Zqreason" in read(browse("jemal"), at("rights", case))


def test_why_it_was_refused_is_read_by_those_of_the_legal_file_alone(browse, cast, actor, case):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    told = {"right": "lawyer", "state": RightState.REFUSED, "on": date(2026, 11, 20), "words": "Zqreason"}
    rights.record_right(case, actor=actor("jemal"), **told)
    page = read(browse("merdan"), at("rights", case))
    assert "refused" in page
    assert "Zqreason" not in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"state": "refused", "on": "2026-11-20"}, "with which reason"),
        ({"state": "given", "on": "2026-11-25"}, "has not come yet"),
        ({"state": "given", "on": "2012-04-04"}, "not born then"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(browse, case, sent, sentence):
    page = browse("jemal").post(reverse("legal.record_right", args=[case, "lawyer"]), sent | {"whom": "Zqbody"})
    assert sentence in page.content.decode()
    assert "Zqbody" in page.content.decode()


def test_a_right_that_no_pack_knows_is_not_there(browse, case):
    assert browse("jemal").get(reverse("legal.record_right", args=[case, "nonsense"])).status_code == 404


# --- evidence --------------------------------------------------------------------------------------------------------


@pytest.fixture
def phone(actor, cast, case):
    def make(by="jemal", **more):
        told = {"what": "Zqphone, black", "received_from": "The child", "at": cast.now - timedelta(hours=2)} | more
        return evidence.take_in(case, actor=actor(by), **told)

    return make


def pieces(file):
    return evidence_of(file, Evidence.objects.order_by("number"))


def test_a_piece_goes_from_hand_to_hand_and_the_receipt_says_so(browse, cast, actor, case, phone):
    piece = phone(condition="Sealed bag 7")
    sent = {"to": "A. Orazow, investigator", "at": "2026-11-24T13:30", "why": "Examination", "place": "Police"}
    assert browse("jemal").post(at("hand_on", piece), sent).status_code == 302
    told = read(browse("jemal"), at("receipt", piece))
    [shown] = pieces(open_file(actor("jemal"), case))
    for word in ("Zqphone", "The child", "Jemal, Northern Network", "A. Orazow", "Sealed bag 7", shown.sha256):
        assert word in told
    assert (shown.holder, shown.broken_at) == ("A. Orazow, investigator", 0)


def test_a_link_that_somebody_changed_in_the_database_is_named(browse, cast, actor, case, phone):
    piece = phone()
    handing = Handing.objects.get()
    handing.subject = case.subject
    handing.content = open_sealed(handing, "content") | {"from": "Somebody else"}
    handing.save()
    assert "The chain does not hold from link 1 on" in read(browse("jemal"), at("receipt", piece))
    assert "the chain is broken" in read(browse("jemal"), at("evidence", case))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"hours": -3}, "handed on later than this"),
        ({"hours": 1}, "in the future"),
        ({"to": "jemal, northern network"}, "They have it already"),
    ],
)
def test_a_handing_on_that_cannot_be_is_refused(cast, actor, phone, more, sentence):
    piece = phone()
    when = cast.now + timedelta(hours=more.get("hours", 0))
    with pytest.raises(PersonFacingError, match=sentence):
        evidence.hand_on(piece, to=more.get("to", "X"), at=when, why="x", actor=actor("jemal"))
    assert Handing.objects.count() == 1


def test_what_a_social_worker_takes_in_stands_with_the_narrative_and_the_legal_pieces_are_closed(
    browse, cast, case, phone
):
    bring_in(case, cast, "merdan", Relation.SOCIAL_WORKER)
    legal = phone()
    own = phone(by="merdan", what="Zqletter")
    assert (legal.part, own.part) == (Part.LEGAL_FILE, Part.NARRATIVE)
    told = read(browse("merdan"), at("evidence", case))
    assert "Zqletter" in told
    assert "Zqphone" not in told
    assert browse("merdan").get(at("receipt", legal)).status_code == 403


def test_a_psychologist_takes_in_nothing(cast, case, phone):
    bring_in(case, cast, "ogulgerek", Relation.PSYCHOLOGIST)
    with pytest.raises(Refused):
        phone(by="ogulgerek")


def test_of_an_attached_document_the_hash_is_that_of_its_file(browse, cast, actor, case, phone):
    document = Attachment.objects.create(
        subject=case.subject,
        case=case,
        part=Part.LEGAL_FILE,
        original="0" * 32,
        added_by=cast["jemal"],
        added_at=cast.now,
        about={"name": "Zqcontract.pdf", "type": "application/pdf", "size": 1, "sha256": "ab" * 32, "key": ""},
    )
    assert "Zqcontract.pdf" in read(browse("jemal"), at("take_in", case))
    piece = phone(document=document)
    assert pieces(open_file(actor("jemal"), case))[0].sha256 == "ab" * 32
    assert "of the attached file" in read(browse("jemal"), at("receipt", piece))


def test_a_document_in_a_part_that_is_closed_is_refused(cast, actor, case, phone):
    document = Attachment.objects.create(
        subject=case.subject, case=case, part=Part.PSYCHOLOGY_NOTES, original="0" * 32, added_by=cast["jemal"],
        added_at=cast.now, about={"name": "x", "sha256": "ab" * 32},
    )  # fmt: skip
    with pytest.raises(PersonFacingError, match="not open to you"):
        phone(document=document)


def test_who_sees_neither_part_has_no_page_of_evidence(cast, actor, case):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts={Part.SAFETY})
    with pytest.raises(Closed):
        evidence.part_for(open_file(actor("selbi"), case))


def test_the_receipt_is_made_on_paper_in_the_language_that_is_asked_for_and_names_no_child(browse, phone):
    piece = phone()
    page = read(browse("jemal"), at("receipt", piece))
    assert "Aylar" not in page
    paper = f"{piece.case.get_absolute_url()}/papers/evidence-receipt?key={piece.pk}"
    assert paper in page
    answer = browse("jemal").post(paper, {"language": "ro"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert Entry.objects.get(verb="paper.hand_out", outcome="done").subject_id == piece.subject_id


def test_the_receipt_bears_numbers_of_the_piece_the_proceedings_and_the_seal_and_no_name_of_the_child(
    actor, cast, case, phone
):
    proceeding_on(case, cast, numbers="14/207")
    piece = phone()
    file = open_file(actor("jemal"), case)

    def sheet(key):
        return papers.made(file, papers.named("evidence-receipt"), key, "ru")

    assert "14/207" in sheet(piece.pk.hex)
    assert "SHA-256" in sheet(piece.pk.hex)
    sealed = evidence.take_in(
        case,
        what="A letter",
        received_from="The child",
        at=cast.now,
        seal="Zq77",
        case_number="9/1",
        actor=actor("jemal"),
    )
    told = sheet(sealed.pk.hex)
    assert "Zq77" in told
    assert "9/1" in told
    for text in (told, sheet(piece.pk.hex)):
        assert case.child.code_name not in text
        assert name_of(file).text not in text


def test_two_proceedings_give_a_piece_no_case_number_that_nobody_wrote(actor, cast, case, phone):
    for number in ("14/207", "15/300"):
        proceeding_on(case, cast, numbers=number)
    told = papers.made(open_file(actor("jemal"), case), papers.named("evidence-receipt"), phone().pk.hex, "en")
    assert "14/207" not in told
    assert "15/300" not in told


def test_what_a_hearing_granted_stands_at_the_right_that_it_gives(browse, cast, actor, case):
    hearing = hearing_in(proceeding_on(case, cast), cast, measures_asked=["video", "closed_session"])
    told = {right.code: right.stands for right in check.rights_of(open_file(actor("jemal"), case))}
    assert told["video_testimony"].state == RightState.ASKED
    cast.now += timedelta(days=4)
    record_hearing(hearing, state="held", outcome="Heard.", measures_granted=["video"], actor=cast.actor("jemal"))
    told = {right.code: right.stands for right in check.rights_of(open_file(cast.actor("jemal"), case))}
    assert told["video_testimony"].state == RightState.GIVEN
    assert told["closed_session"].state == RightState.REFUSED
    assert told["compensation"] is None
    page = read(browse("jemal"), at("rights", case))
    assert "Testimony by video link: given" in page
    assert at("proceeding", hearing.proceeding) in page


def test_the_measures_of_hearings_are_measures_and_rights_of_the_pack():
    offered = [code for code, _label in packs.current().codes("court_measure").choices()]
    rights_known = [code for code, _label in packs.current().codes("child_right").choices()]
    assert set(check.IN_HEARINGS) <= set(rights_known)
    assert {code for codes in check.IN_HEARINGS.values() for code in codes} <= set(offered)


def test_what_is_written_down_late_does_not_take_the_place_of_what_came_after_it(cast, actor, case, change):
    change()
    cast.now += timedelta(hours=1)
    change(Custody.DETAINED, since=cast.now - timedelta(days=9))
    assert [str(one.title) for one in cautions.on(open_file(actor("jemal"), case))] == [
        "Somebody accused is not in custody"
    ]


def test_who_is_at_large_is_told_on_each_case_of_the_child(browse, actor, case, change):
    change()
    again = Case.objects.create(
        subject=case.subject,
        child=case.child,
        agency=case.agency,
        opened_in=case.opened_in,
        last_contact=case.last_contact,
    )
    titles = [str(one.title) for one in cautions.on(open_file(actor("jemal"), again))]
    assert "Somebody accused is not in custody" in titles
    assert "Somebody accused is not in custody" in read(browse("jemal"), again.get_absolute_url())
    assert "The man from the shop" in read(browse("jemal"), at("detention", again))
