"""The routes of the product as the policy walk sees them: each page's address, what is sent to it, and what it should answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from amanat.access import pages
from amanat.access.models import Conflict, Consent, WithdrawalNotice
from amanat.access.pages import Page
from amanat.api.models import Device, Waiting
from amanat.cases.actions.writing import TAKE_DOCUMENTS, TAKE_NOTES
from amanat.cases.models import Alert, Case, Event, EventKind, Stage, Task
from amanat.centre.models import Apart, Bed, Dose, House, IncidentPart, LogEntry, MedicineOrder, Room, Shift, Visit
from amanat.centre.tests.walked_days import in_a_house
from amanat.centre.tests.walked_places import OTHER_CHILD, in_a_bed, known_too, missing_now, waits_now
from amanat.desk.models import Breach, Erasure, Hold, Request
from amanat.directory.models import Location, Schedule, Service
from amanat.directory.tests.made import WALKED
from amanat.directory.tests.standard import waits
from amanat.exchange.models import Bundle, Import, State
from amanat.forms.models import FormVersion
from amanat.forms.screens import name_of
from amanat.hotline.models import Call, CallState, Line, Matter, MatterLink
from amanat.identification.models import Screening
from amanat.legal.models import Ruling
from amanat.legal.tests import walked as legal
from amanat.monitoring.models import Closing, FollowUp, Solution
from amanat.monitoring.tests.conftest import determined
from amanat.office.models import Destination, PackVersion, Upload
from amanat.people.models import DutyPlace, Membership, User
from amanat.plans.models import Comment as PlanComment
from amanat.plans.models import Plan, PlanRow
from amanat.plans.tests.walked import nobody_asked
from amanat.psychology.tests.walked import in_a_group, session_for
from amanat.referrals.agreeing import WHOLE
from amanat.referrals.models import IN_HANDS, Conference, Invited, Referral
from amanat.referrals.models import Kind as ReferralKind
from amanat.referrals.models import State as ReferralState
from amanat.referrals.tests.walked import DRAFT, OUTSIDE, SENT
from amanat.social.models import Budget, FamilyKind, FamilyStep, Help, Spending
from tests import walk, walk_world
from tests.cast import NOW
from tests.walk import OWNER, Standing
from tests.walk_world import CODE_NAME, SOME_CSV, SOME_PDF, World

# Routes that are no `access.page`, by the beginning of their name, each with the reason.
APART = {
    "web.": "the language switch and the neutral page: about nobody",
    "account": "the worker's own account: nothing of a file, and reached before there is an actor",
    "mfa_": "the worker's own second factors",
    "demo_sign_in": "one click on an invented person; a real workspace has no such route (people/tests/test_demo.py)",
    "access.draft": "keeps what its author types; asks the loader for the file of the page (access/tests)",
    "access.discard_draft": "drops one's own draft",
    "forms.file": "a picture that a form shows: about nobody; asks whether its reader may see forms (office/tests)",
    "waiting": "that something waits for who is signed in, and where: nothing of a file (people/tests)",
    "legal.feed": "a worker's appointments by a token: when, and nothing of a file (legal/tests/test_holds_and_feed.py)",
    "hotline.ring": "where a telephone system announces a call, by its own token: nothing is shown (hotline/tests/test_ringing.py)",
    "openrosa.": "what phones fetch and send, each signed in by its own password (api/tests)",
    "hsds.": "the open part of the directory of services, for everybody: nothing of a file (api/hsds/tests/test_closed.py)",
    "intake": "what comes in from outside: sealed, and nothing is shown (tests/test_incoming.py)",
}


def routes() -> Iterator[URLPattern]:
    """Every route of the product, also those that other files include."""

    def within(patterns: list[Any]) -> Iterator[URLPattern]:
        for pattern in patterns:
            yield from within(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]

    return within(get_resolver().url_patterns)


def parameters(world: World, page: Page) -> dict[str, Any]:
    """What stands in a page's address: rows of the world's file; of people and agencies any will do."""
    known: dict[str, Callable[[], Any]] = {
        "access": lambda: (world.waiting if page.name == "cases.second_emergency" else world.emergency).pk,
        "agency": lambda: world.keeper.agency_id,
        "alert": lambda: world.alert.pk,
        "house": lambda: House.objects.values_list("pk", flat=True).get(agency=world.keeper.agency),
        "room": lambda: Room.objects.values_list("pk", flat=True).get(house__agency=world.keeper.agency),
        "bed": lambda: Bed.objects.values_list("pk", flat=True).get(room__house__agency=world.keeper.agency, number=3),
        "apart": lambda: Apart.objects.values_list("pk", flat=True).get(),
        "shift": lambda: Shift.objects.values_list("pk", flat=True).get(),
        "entry": lambda: LogEntry.objects.values_list("pk", flat=True).get(),
        "order": lambda: MedicineOrder.objects.values_list("pk", flat=True).get(),
        "dose": lambda: Dose.objects.values_list("pk", flat=True).get(),
        "visit": lambda: Visit.objects.values_list("pk", flat=True).get(),
        "incident": lambda: IncidentPart.objects.values_list("shared__series", flat=True).get(part="centre"),
        "what": lambda: "note",
        "duty_place": lambda: DutyPlace.objects.values_list("pk", flat=True).get(),
        "asked": lambda: Request.objects.values_list("pk", flat=True).get(),
        "breach": lambda: Breach.objects.values_list("pk", flat=True).get(),
        "conflict": lambda: _conflict_of(world.stranger),
        "person": lambda: walk_world.person_for(world, suspect=page.name == "cases.clear_person").pk,
        "statement": lambda: walk_world.statement_for(world, page.name).pk,
        "consent": lambda: world.consent.pk,
        "conference": lambda: Conference.objects.values_list("pk", flat=True).get(),
        "invited": lambda: Invited.objects.values_list("pk", flat=True).get(),
        "notice": lambda: WithdrawalNotice.objects.values_list("pk", flat=True).get(agency=world.keeper.agency),
        "follow_up": lambda: FollowUp.objects.values_list("pk", flat=True).get(case=world.case),
        "form": lambda: walk_world.A_FILLED_FORM,
        "form_name": lambda: walk_world.A_FORM,
        "form_version": lambda: FormVersion.objects.values_list("pk", flat=True).get(form__name=walk_world.A_FORM),
        "device": lambda: Device.objects.values_list("pk", flat=True).get(),
        "packet": lambda: Waiting.objects.values_list("pk", flat=True).get(),
        "held": lambda: world.brought.pk,
        "bundle": lambda: Bundle.objects.values_list("pk", flat=True).get(),
        "paper": lambda: "journey",
        "organization": lambda: Service.objects.get(name=WALKED).organization_id,
        "service": lambda: Service.objects.get(name=WALKED).pk,
        "location": lambda: Location.objects.get(organization__services__name=WALKED, is_confidential=True).pk,
        "kind": lambda: "hours",
        "detail": lambda: Schedule.objects.get(service__name=WALKED).pk,
        "hold": lambda: Hold.objects.get(subject=world.rows[page.loads[0]].subject_id).pk,  # type: ignore[attr-defined]
        "member": lambda: world.partner.pk,
        "line": lambda: Line.objects.values_list("pk", flat=True).get(),
        "membership": lambda: world.members["social_worker", OWNER].pk,
        "pack": lambda: "core" if page.name == "office.use_pack" else PackVersion.objects.get().pk.hex,
        "part": lambda: "identity",
        "at": lambda: 0,
        "other": lambda: Matter.objects.values_list("pk", flat=True).get(code_name=walk_world.ANOTHER_MATTER),
        "plan_comment": lambda: PlanComment.objects.values_list("pk", flat=True).get(case=world.case),
        "plan_row": lambda: PlanRow.objects.values_list("pk", flat=True).get(
            case=world.case, kind=_plan_row(page.name)
        ),
        "plan_version": lambda: 1,
        "row_kind": lambda: "objective",
        "place": lambda: Destination.objects.values_list("pk", flat=True).get(),
        "right": lambda: legal.RIGHT,
        "ruling": lambda: Ruling.objects.values_list("pk", flat=True).get(case=world.case),
        "screen": lambda: "data.age",
        "session": lambda: session_for(world.case, page.name),
        "screening": lambda: Screening.objects.get(subject=world.rows[page.loads[0]].subject_id).pk,  # type: ignore[attr-defined]
        "indicators": lambda: "unodc_children",
        "known_by": lambda: "claimed",
        "section": lambda: "historic_event",
        "record": lambda: 1,
        "need": lambda: "legal:today",
        "referral": lambda: Referral.objects.values_list("pk", flat=True).get(number=_REFERRALS.get(page.name, SENT)),
        "budget": lambda: Budget.objects.values_list("pk", flat=True).get(),
        "question": lambda: FamilyStep.objects.values_list("pk", flat=True).get(kind=FamilyKind.ASKED),
        "given": lambda: Help.objects.values_list("pk", flat=True).get(case=world.case),
        "spending": lambda: Spending.objects.values_list("pk", flat=True).get(),
        "proposal": lambda: world.proposal.pk,
        "site": lambda: world.site.pk,
        "step": lambda: "guardian",
        "upload": lambda: Upload.objects.values_list("pk", flat=True).get(),
        "worker": lambda: world.members["psychologist", OWNER].user_id,
    }
    return {name: world.rows[name] if name in page.loads else known[name]() for name in names_in(page)}


# By its number, where a page is not about the one that was sent to an agency.
_REFERRALS = {
    "referrals.hand_out": OUTSIDE,
    "referrals.follow_up": OUTSIDE,
    "referrals.summary": DRAFT,
    "referrals.leave_out": DRAFT,
}


def _plan_row(page: str) -> str:
    return "need" if page in ("plans.add_row", "plans.change_need", "plans.use_template") else "objective"


def _was_told(standing: Standing) -> bool:
    """Of the alert; a conflict that hides the file hides it as well."""
    kept_out = any(bar.own and not bar.lifted and bar.part in ("", "existence") for bar in standing.conflicts)
    return (standing.role, standing.agency) == ("social_worker", OWNER) and not kept_out


def _conflict_of(somebody: User) -> uuid.UUID:
    """Theirs that is in force, else a reference that leads nowhere."""
    found = Conflict.objects.filter(user=somebody, lifted_at=None).values_list("pk", flat=True).first()
    return found or uuid.UUID(int=3)


def names_in(page: Page) -> list[str]:
    """The parameters of a page's route, in order."""
    return [piece.split(">")[0].split(":")[-1] for piece in page.route.split("<")[1:]]


def address(world: World, page: Page) -> str:
    return reverse(page.name, kwargs=parameters(world, page))


def missing_address(world: World, page: Page) -> str:
    """The same page for a reference that leads nowhere."""
    given = parameters(world, page)
    return reverse(page.name, kwargs=given | {name: uuid.UUID(int=7) for name in page.loads})


# --- what a page should answer ---------------------------------------------------------------------------------------

# Pages of a look that ask for a fresh sign-in all the same, for what is done on them.
ASKS_FOR_PROOF = {"exchange.export", "exchange.form_tables"}
# The parts that the record of a place has, which the pages of facts are asked about.
OF_A_PLACE = ("facts", "narrative")
# Where a page needs more than it is registered with, because of what its address names or of what it could offer.
STRICTER: dict[str, Callable[[Standing], bool]] = {
    "cases.add_facts": lambda standing: any(walk.writes(standing, part) for part in OF_A_PLACE),
    "cases.attach": lambda standing: any(walk.writes(standing, part) for part in TAKE_DOCUMENTS),
    "cases.attachment": lambda standing: walk.sees(standing, "narrative"),
    **dict.fromkeys(
        [
            f"legal.{name}"
            for name in (
                "open_proceeding",
                "change_proceeding",
                "fix_hearing",
                "move_hearing",
                "record_hearing",
                "record_ruling",
                "take_back_ruling",
                "record_right",
                "hand_on",
                "receipt",
            )
        ],
        lambda standing: walk.sees(standing, "legal_file"),
    ),
    "legal.record_detention": lambda standing: walk.sees(standing, "legal_status"),
    **dict.fromkeys(
        ["legal.evidence", "legal.take_in"],
        lambda standing: walk.sees(standing, "legal_file") or walk.sees(standing, "narrative"),
    ),
    **dict.fromkeys(
        [
            f"cases.{name}"
            for name in (
                "fill_form",
                "form_screen",
                "correct_form",
                "correct_screen",
                "carry_over",
                "carry_over_screen",
                "look_through",
            )
        ],
        lambda standing: walk.writes(standing, "facts"),
    ),
    # The paper of the walk is one that nobody hands out by a consent.
    "cases.hand_out_paper": lambda standing: walk.sees(standing, "existence") and walk.is_worked_on(standing),
    "cases.record": lambda standing: walk.sees(standing, "facts"),
    "cases.bring_out_forms": lambda standing: walk.sees(standing, "facts"),
    "cases.close": lambda standing: walk.sees(standing, "existence"),  # it shows what is still to be done
    "cases.correct": lambda standing: walk.writes(standing, "identity"),
    "cases.facts_section": lambda standing: any(walk.sees(standing, part) for part in OF_A_PLACE),
    "cases.finish_task": lambda standing: walk.sees(standing, "existence"),
    "cases.known_elsewhere": lambda standing: walk.sees(standing, "identity"),  # the form begins with it
    "cases.note": lambda standing: any(walk.writes(standing, part) for part in TAKE_NOTES),
    "cases.reveal": lambda standing: walk.level(standing, "identity") == "r" or walk.sees(standing, "identity"),
    "cases.take_out_facts": lambda standing: all(walk.writes(standing, part) for part in OF_A_PLACE),
    "cases.write_facts": lambda standing: any(walk.writes(standing, part) for part in OF_A_PLACE),
    "cases.change_person": lambda standing: walk.sees(standing, "contacts"),
    "cases.take_out_person": lambda standing: walk.sees(standing, "contacts"),
    **dict.fromkeys(
        [f"referrals.{name}" for name in ("prepare", "summary", "leave_out")],
        lambda standing: walk.sees(standing, "referral_summary"),
    ),
    "cases.clear_person": lambda standing: walk.sees(standing, "safety"),
    "centre.admit": lambda standing: standing.role != "hotline_operator",  # who sees no boards chooses no bed
    **dict.fromkeys(
        [f"centre.{name}" for name in ("write_log", "correct_log", "record_visit")],
        lambda standing: walk.sees(standing, "centre"),
    ),
    **dict.fromkeys(
        [f"centre.{name}" for name in ("end_medicine", "give_medicine", "witness_dose")],
        lambda standing: walk.sees(standing, "health_alerts"),
    ),
    **dict.fromkeys(
        [
            f"social.{name}"
            for name in ("helps", "record_help", "spendings", "spend", "take_back", "receipt", "add_receipt")
        ],
        lambda standing: walk.sees(standing, "plan"),
    ),
    **dict.fromkeys(
        [f"social.{name}" for name in ("ask_child", "record_try", "assess_family")],
        lambda standing: walk.sees(standing, "safety"),
    ),
    "social.place_person": lambda standing: walk.sees(standing, "contacts") and walk.sees(standing, "safety"),
    **dict.fromkeys(
        [
            f"identification.{name}"
            for name in (
                "decide_status",
                "appeal_status",
                "review_status",
                "assess_vulnerability",
                "add_obstacle",
                "try_response",
                "record_interview",
                "case_screen",
                "case_screen_by",
                "case_correct_screening",
            )
        ],
        lambda standing: walk.sees(standing, "facts"),
    ),
    **dict.fromkeys(
        [
            f"monitoring.{name}"
            for name in (
                "prepare_solution",
                "allow_solution",
                "decide_solution",
                "sign_transition",
                "write_hand_over",
                "sign_hand_over",
                "move_follow_up",
                "arrange_follow_ups",
                "add_follow_up",
                "record_follow_up",
                "record_outcomes",
                "ask_closing",
                "answer_closing",
            )
        ],
        lambda standing: walk.sees(standing, "plan"),
    ),
    "monitoring.record_signs": lambda standing: walk.sees(standing, "safety"),
    **dict.fromkeys(
        [
            f"psychology.{name}"
            for name in (
                "plan_session",
                "record_unplanned",
                "move_session",
                "record_session",
                "correct_session",
                "note_session",
                "record_group",
            )
        ],
        lambda standing: walk.sees(standing, "psychology_summary"),
    ),
    "psychology.record_crisis": lambda standing: walk.sees(standing, "safety"),
    **dict.fromkeys(
        [
            f"plans.{name}"
            for name in (
                "add_need",
                "add_row",
                "agree",
                "allow",
                "answer_comment",
                "approve",
                "authority_plan",
                "begin",
                "change_need",
                "change_row",
                "child_plan",
                "comment",
                "comment_row",
                "drop",
                "report",
                "review",
                "take_out",
                "use_template",
                "version",
            )
        ],
        lambda standing: walk.sees(standing, "plan"),
    ),
    "plans.reviews": lambda standing: walk.works_on(standing, "plan"),
}


OF_A_MATTER = {"matter", "call", "note"}


def before(page: Page, standing: Standing) -> Standing:
    """Who asks, in front of what the page's address names: the child's file, the referral, or the matter of the hotline."""
    if "referral" in page.loads:
        return walk.before_a_referral(standing)
    return walk.before_a_matter(standing) if OF_A_MATTER & set(page.loads) else standing


def expected(page: Page, standing: Standing) -> str:
    """ "open", "closed" (403), "hidden" (404) or "proof" (off to confirm who it is)."""
    standing = before(page, standing)
    if page.loads and not walk.knows(standing):
        return "hidden"
    if page.shows is not None:
        said = "open" if walk.level(standing, str(page.shows)) not in (".", "r") else "closed"
    else:
        desk = str(page.does) in walk.DESK_VERBS
        said = {"yes": "open", "no": "hidden" if desk else "closed"}.get(
            told := walk.answer(standing, str(page.does)), told
        )
    if said == "open" and not is_there(page, standing):
        return "hidden"
    if said == "open" and page.name in ASKS_FOR_PROOF and not standing.fresh:
        return "proof"
    return "closed" if said == "open" and not has_more(page, standing) else said


# Parameters that find no row by themselves.
NAMES_NO_ROW = {
    "right",
    "plan_version",
    "row_kind",
    "paper",
    "part",
    "section",
    "record",
    "step",
    "form",
    "screen",
    "indicators",
    "known_by",
    "what",
    "need",
}


def is_there(page: Page, standing: Standing) -> bool:
    """Whether the rows that the room itself finds are there for who asks."""
    return not set(names_in(page)) - set(page.loads) - NAMES_NO_ROW or IN_ITS_ROOM[page.name](standing)


def has_more(page: Page, standing: Standing) -> bool:
    """Whether what a page needs besides what it is registered with is given."""
    needs = STRICTER.get(page.name)
    return needs is None or needs(standing)


def answered(response: Any) -> str:
    """The same words for what came back."""
    if response.status_code == 302 and response["Location"].startswith(reverse("account_reauthenticate")):
        return "proof"
    return {200: "open", 302: "open", 400: "open", 403: "closed", 404: "hidden"}.get(
        response.status_code, str(response.status_code)
    )


# Rows that no loader brings (people, proposals, a conflict) are found by the room itself: for whom the world's row is there.
IN_ITS_ROOM: dict[str, Callable[[Standing], bool]] = {
    "hotline.revoke_line": lambda _standing: True,
    "hotline.unlink": lambda _standing: True,
    "api.revoke_phone": lambda standing: (
        standing.role == "administrator" or (standing.role, standing.agency) == ("social_worker", OWNER)
    ),
    **dict.fromkeys(
        ["api.file_packet", "api.open_packet", "api.discard_packet"],
        lambda standing: (standing.role, standing.agency) == ("social_worker", OWNER),
    ),
    "cases.give_alert": lambda standing: standing.agency == OWNER and walk.knows(standing),
    "cases.judge_emergency": lambda _standing: True,
    "cases.lift_conflict": lambda standing: any(not bar.own and not bar.lifted for bar in standing.conflicts),
    "cases.second_emergency": lambda standing: walk.knows(standing),
    "cases.take_alert": lambda standing: walk.knows(standing) or _was_told(standing),
    **dict.fromkeys(["cases.change_person", "cases.take_out_person", "cases.clear_person"], lambda _standing: True),
    "cases.suspect_person": lambda standing: walk.sees(standing, "contacts") or walk.sees(standing, "safety"),
    **dict.fromkeys(
        [f"identification.{name}" for name in ("appeal_status", "review_status", "try_response", "interview")],
        lambda _standing: True,
    ),
    **dict.fromkeys(
        [
            f"identification.{name}"
            for name in ("case_screening", "case_correct_screening", "matter_screening", "matter_correct_screening")
        ],
        lambda _standing: True,
    ),
    "cases.take_out": lambda _standing: True,
    **dict.fromkeys(
        [
            f"centre.{name}"
            for name in (
                "add_shift",
                "assess_standards",
                "cancel_shift",
                "house_incidents",
                "house_log",
                "incidents_of_house",
                "least_on_shift",
                "month",
                "record_day",
                "shifts",
                "standards",
            )
        ],
        lambda standing: standing.agency == OWNER,
    ),
    **dict.fromkeys(
        [f"centre.{name}" for name in ("add_room", "change_bed", "change_house", "change_room", "house")],
        lambda standing: standing.agency == OWNER,
    ),
    "centre.lift_apart": lambda _standing: True,
    "legal.take_back_ruling": lambda _standing: True,
    "centre.take_over": lambda standing: (standing.role, standing.agency) == ("centre_worker", OWNER),
    **dict.fromkeys(
        [
            f"centre.{name}"
            for name in ("correct_log", "end_medicine", "give_medicine", "incident", "record_visit", "witness_dose")
        ],
        lambda _standing: True,
    ),
    "centre.add_to_incident": lambda standing: walk.sees(standing, "centre"),
    **dict.fromkeys(
        [
            f"social.{name}"
            for name in (
                "take_back",
                "take_back_help",
                "receipt",
                "add_receipt",
                "record_try",
                "assess_family",
                "place_person",
            )
        ],
        lambda _standing: True,
    ),
    "social.change_budget": lambda standing: standing.agency == OWNER,
    **dict.fromkeys(
        [
            f"plans.{name}"
            for name in (
                "add_row",
                "answer_comment",
                "change_need",
                "change_row",
                "comment_row",
                "report",
                "take_out",
                "use_template",
            )
        ],
        lambda _standing: True,
    ),
    **dict.fromkeys(["monitoring.move_follow_up", "monitoring.record_follow_up"], lambda _standing: True),
    **dict.fromkeys(
        [
            f"psychology.{name}"
            for name in ("session", "move_session", "record_session", "correct_session", "note_session")
        ],
        lambda _standing: True,
    ),
    "cases.confirm": lambda standing: standing.agency == OWNER,
    "cases.consent_read": lambda standing: walk.sees(standing, "consent") and walk.reads_every_consent(standing),
    "cases.withdraw_consent": lambda _standing: True,
    **dict.fromkeys(
        [
            f"exchange.{name}"
            for name in ("columns", "discard", "look", "progress", "put_in", "stop", "taken", "wrong", "wrong_csv")
        ],
        lambda standing: (standing.role, standing.agency) == ("social_worker", OWNER),
    ),
    **dict.fromkeys(
        [f"exchange.{name}" for name in ("bundle", "bundle_file", "bundle_progress", "drop_bundle")],
        lambda standing: (standing.role, standing.agency) == ("social_worker", OWNER),
    ),
    "desk.answer_request": lambda _standing: True,
    "desk.breach": lambda _standing: True,
    "desk.lift_hold": lambda _standing: True,
    "desk.matter_lift_hold": lambda _standing: True,
    "desk.take_longer": lambda _standing: True,
    "office.add_site": lambda _standing: True,
    "office.change_agency": lambda _standing: True,
    "office.change_site": lambda _standing: True,
    "office.confirm": lambda standing: standing.role == "dpo",
    "office.remove_place": lambda _standing: True,
    **dict.fromkeys(
        [f"office.{name}" for name in ("quiet_hours", "move_on_duty", "remove_from_duty")],
        lambda standing: standing.agency == OWNER,
    ),
    **dict.fromkeys(
        [
            f"office.{name}"
            for name in (
                "discard_pack",
                "discard_upload",
                "discard_version",
                "faulty_form",
                "form",
                "form_file",
                "pack",
                "pack_file",
                "publish_form",
                "take_back_form",
                "try_form",
                "upload_file",
                "use_pack",
            )
        ],
        lambda _standing: True,
    ),
    "directory.service": lambda _standing: True,
    **dict.fromkeys(
        [
            f"directory.{name}"
            for name in (
                "add_hours",
                "add_phone",
                "add_place",
                "add_service",
                "change_organization",
                "change_place",
                "change_service",
                "confirm",
                "for_whom",
                "free_places",
                "place",
                "set_status",
                "take_out",
                "use_place",
            )
        ],
        lambda standing: standing.agency == OWNER,
    ),
    **dict.fromkeys(
        [f"referrals.{name}" for name in ("hand_out", "revoke", "follow_up", "summary", "leave_out")],
        lambda _standing: True,
    ),
    "referrals.progress": lambda standing: _sends(standing),
    **dict.fromkeys(
        [
            f"referrals.{name}"
            for name in ("conference", "change_conference", "cancel_conference", "record_conference", "sheet")
        ],
        lambda _standing: True,
    ),
    "office.decline": lambda standing: standing.role == "dpo",
    "office.end_leave": lambda standing: standing.agency == OWNER and standing.role in ("supervisor", "social_worker"),
    "office.leave_of": lambda standing: standing.agency == OWNER and standing.role in ("supervisor", "social_worker"),
    **dict.fromkeys(
        [
            f"office.{name}"
            for name in ("end_role", "invite_again", "propose_reset", "propose_role", "readmit", "suspend", "worker")
        ],
        lambda standing: standing.agency == OWNER or standing.role in ("administrator", "dpo"),
    ),
}


def _sends(standing: Standing) -> bool:
    """Whoever stands in front of the file on the sender's side: what else is asked for a child is nothing to who receives it."""
    own = any(held.counts() and held.rests_on is None and held.relation in walk.JOINS for held in standing.grants)
    return own or bool(walk.relations(standing) & {"supervisor", "coordinator", "dpo"})


# --- what is sent ----------------------------------------------------------------------------------------------------

# What must be so in the house for a page to do anything; undone with the request.
PREPARED: dict[str, Callable[[World], object]] = {
    **dict.fromkeys(
        ["directory.waiting", "directory.discard"],
        lambda world: waits(world.members["coordinator", OWNER], NOW),
    ),
    "hotline.link": lambda _world: MatterLink.objects.all().delete(),
    "hotline.answer": lambda _world: Call.objects.update(state=CallState.RINGING, operator=None, answered_at=None),
    "hotline.go_on": lambda _world: Call.objects.update(state=CallState.ON_HOLD, held_since=NOW),
    "hotline.close_matter": lambda _world: Call.objects.update(state=CallState.ENDED, ended_at=NOW),
    "hotline.reopen_matter": lambda world: Matter.objects.filter(pk=world.rows["matter"].pk).update(closed_at=NOW),
    "cases.close": lambda world: (
        Task.objects.filter(case=world.case).update(done_at=NOW),
        Alert.objects.filter(case=world.case).update(taken_at=NOW),
        Referral.objects.filter(case=world.case, state__in=IN_HANDS).update(state=ReferralState.DONE, due_at=None),
    ),
    **dict.fromkeys(
        [f"centre.{name}" for name in ("belongings", "end", "extend", "go_out", "missing", "move")],
        lambda world: in_a_bed(world.case, world.keeper),
    ),
    "centre.keep_apart": lambda world: known_too(world.keeper),
    "centre.found": lambda world: missing_now(world.case, world.keeper),
    "centre.take_off": lambda world: waits_now(world.case, world.keeper),
    "centre.write_log": lambda world: in_a_house(world.case, world.keeper),
    **dict.fromkeys(["cases.finish_step", "cases.waive_step"], lambda world: _opened_before(world)),
    "cases.move_stage": lambda world: Case.objects.filter(pk=world.case.pk).update(stage=Stage.IDENTIFICATION),
    "cases.take_back_step": lambda world: (_opened_before(world), _guardian_there(world)),
    "cases.reopen": lambda world: Case.objects.filter(pk=world.case.pk).update(stage=Stage.CLOSED, closed_at=NOW),
    "desk.ask_erasure": lambda world: (Erasure.objects.all().delete(), _can_be_erased(world)),
    "desk.carry_out_erasure": lambda world: _can_be_erased(world),
    "desk.matter_ask_erasure": lambda world: (Erasure.objects.all().delete(), _matter_can_be_erased(world)),
    "desk.matter_carry_out_erasure": lambda world: _matter_can_be_erased(world),
    "legal.ask_hold": lambda _world: legal.answered(),
    "legal.close_calendar": lambda _world: legal.feeds(),
    "monitoring.prepare_solution": lambda world: determined(world.case, world.keeper),
    "monitoring.sign_transition": lambda _world: Solution.objects.update(state="decided"),
    "monitoring.answer_closing": lambda _world: Closing.objects.update(state="asked"),
    "plans.allow": lambda world: nobody_asked(world.case, world.keeper),
    "plans.begin": lambda _world: Plan.objects.filter(state="draft").delete(),
    "psychology.record_group": lambda world: in_a_group(world.case),
    "exchange.stop": lambda world: Import.objects.update(state=State.LOOKING),
    "referrals.transfer": lambda world: _agreed_to_all(world),
    **dict.fromkeys(
        ["referrals.call_conference", "referrals.change_conference"],
        lambda world: Consent.objects.filter(subject=world.case.subject_id, purpose="referral").update(
            parts=["referral_summary"]
        ),
    ),
    "referrals.record_conference": lambda _world: Conference.objects.update(held_at=NOW - timedelta(hours=1)),
    "referrals.take_case": lambda world: (_asked(world, kind=ReferralKind.TRANSFER, need=""), _agreed_to_all(world)),
    **dict.fromkeys(
        ["referrals.start", "referrals.note", "referrals.take_over"], lambda world: _asked(world, state="accepted")
    ),
    "referrals.finish": lambda world: _asked(world, state="started"),
    "office.end_leave": lambda world: _on_leave(world.members["social_worker", OWNER]),
    "office.readmit": lambda world: User.objects.filter(pk=world.members["psychologist", OWNER].user_id).update(
        is_active=False
    ),
}


def _can_be_erased(world: World) -> None:
    """Closed, without a hold; whoever supervises the agency may be the second person."""
    Case.objects.filter(subject=world.case.subject).update(stage=Stage.CLOSED, closed_at=NOW)
    Hold.objects.update(lifted_at=NOW)
    legal.answered()
    Request.objects.update(answered_at=NOW)


def _asked(world: World, **now: str) -> None:
    Referral.objects.filter(pk=world.rows["referral"].pk).update(**now)


def _agreed_to_all(world: World) -> None:
    given = Consent.objects.filter(subject=world.case.subject_id, purpose="referral")
    given.update(parts=sorted(part.value for part in WHOLE))


def _matter_can_be_erased(world: World) -> None:
    """Closed, with nobody on the phone; under the code name that is typed."""
    Call.objects.update(state=CallState.ENDED, ended_at=NOW)
    Matter.objects.filter(pk=world.rows["matter"].pk).update(closed_at=NOW, code_name=CODE_NAME)
    Hold.objects.update(lifted_at=NOW)


def _opened_before(world: World) -> None:
    """The case was opened days ago: what begins with that is to be done."""
    _line(world, EventKind.OPENED, NOW - timedelta(days=3))


def _guardian_there(world: World) -> None:
    """Somebody said that the step is done."""
    _line(world, EventKind.STEP_DONE, NOW - timedelta(hours=1), note={"step": "guardian"})


def _line(world: World, kind: EventKind, at: datetime, **more: Any) -> None:
    given = {"case": world.case, "subject": world.case.subject, "author": world.members["social_worker", OWNER]}
    Event.objects.create(**given, kind=kind, part="existence", happened_at=at, written_at=at, **more)


def _on_leave(membership: Membership) -> None:
    membership.away_from, membership.away_until = NOW - timedelta(days=1), LATER
    membership.save()


def prepare(world: World, page: Page) -> None:
    """Make it so that somebody whom the page lets in can do what it is for."""
    if page.name in PREPARED:
        PREPARED[page.name](world)


# What no page can guess: times that must lie ahead, names that must not be taken, rows that must fit together.
LATER = NOW + timedelta(days=1)

ANSWERS: dict[str, str] = {
    name_of("/data/age"): "14",
    "due": "2026-12-01T10:00",
    "due_on": "2026-12-01",
    "next_on": "2026-12-01",
    "away_from": "2026-12-01",
    "away_until": "2026-12-09",
    "quiet_from": "22:00",
    "quiet_until": "06:00",
    "until": "",
    "given_on": "2026-11-20",
    "read_in": "",
    "birth_date": "2012-04-05",
    "birth_year": "",
    "username": "somebody.new",
    "time_zone": "Asia/Ashgabat",
    "code_name": CODE_NAME,
    "other_child": OTHER_CHILD,
    "last_day": "2026-12-20",
    "follow_up_on": "2026-12-01",
    "comes_on": "2026-12-01",
    "named": walk_world.ANOTHER_MATTER,
    "number": "+993 12 463500",
    "again": "walked",
    "website": "https://north.example",
    "email": "help@north.example",
    "opens_at": "09:00",
    "closes_at": "18:00",
    "latitude": "37.95",
    "longitude": "58.38",
    "sheet": "",
    "against": "",
    "endpoint": "",
    "comes_at": "2026-12-01T10:00",
    "begins_at": "2026-12-01T10:00",
    "ends_at": "2026-12-01T12:00",
    "verdict": "refused",
    "hours": "6",
    "held_at": "2026-12-01T10:00",
    "name": "Andrei",  # the stranger, on whom a conflict can be recorded
    "stage": "assistance",
    "amount": "1",
    "involved": "no",
    "which": "ticked",
    "made_as": "csv",
    "how": "key",  # a packet: no PDF is made before it is taken
    "key": "age1lxqv7ggue5zqlc799gamuwjrk2rc4v9qg97q7g0ljela0vdl4a3sncfygn",
    "place": walk_world.A_FOLDER,
}

# Choices that are left open: only an allegation against staff names whom it is about.
LEFT_OPEN = {"accused"}


class Fields(HTMLParser):
    """The fields of the page's own form (the last one in `main` that is sent to the page itself), filled as a person could."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.body: dict[str, Any] = {}
        self._page = page
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = given.get("method") == "post" and given.get("action", self._page).split("?")[0] == self._page
        heard = {"input": self._input, "textarea": self._typed, "select": self._select_begins, "option": self._option}
        if self._inside and tag in heard:
            heard[tag](given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def _input(self, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if not name or name == "csrfmiddlewaretoken":
            return
        if kind in ("radio", "checkbox"):
            self._choose(name, ANSWERS.get(name, given.get("value", "on")))
        elif kind == "hidden":
            self.body[name] = given.get("value", "")
        elif kind == "file":
            self.body[name] = None
        else:
            self._typed(given)

    def _choose(self, name: str, value: str) -> None:
        if not self.body.get(name):
            self.body[name] = value

    def _typed(self, given: dict[str, str]) -> None:
        name = given["name"]
        moment = timezone.localtime(NOW - timedelta(days=1))
        by_kind = {"datetime-local": f"{moment:%Y-%m-%dT%H:%M}", "date": f"{moment:%Y-%m-%d}", "number": "1"}
        usual = given.get("value") or by_kind.get(given.get("type", ""), "walked")
        self.body[name] = ANSWERS.get(name.split("-")[-1], usual)

    def _select_begins(self, given: dict[str, str]) -> None:
        self._select = given["name"]
        self.body.setdefault(self._select, "")

    def _option(self, given: dict[str, str]) -> None:
        if self._select not in LEFT_OPEN:
            self._choose(self._select, given.get("value", ""))


def filled_in(path: str, html: str) -> dict[str, Any]:
    """What a person could send from this page."""
    fields = Fields(path.split("?")[0])
    fields.feed(html)
    return fields.body


def ready(body: dict[str, Any]) -> dict[str, Any]:
    """The body with a fresh file where it has one: a file is read once."""
    files = {"file": ("children.csv", SOME_CSV), "lists": ("towns.csv", SOME_CSV)}
    return {
        name: SimpleUploadedFile(*files.get(name, ("paper.pdf", SOME_PDF))) if value is None else value
        for name, value in body.items()
    }


def registered() -> list[Page]:
    """All pages, in the order of their names. The URLconf is loaded first: it registers them."""
    list(routes())
    return sorted(pages.registered(), key=lambda page: page.name)
