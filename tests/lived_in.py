"""The house of the policy walk (`tests.walk_world`) after some months of work: full lists, long texts, things that are late and that wait.

For tests that look at every page as somebody who may see it: what it costs, how it reads. Who may see what is not said here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from amanat import packs
from amanat.access.models import Conflict
from amanat.access.pages import Page
from amanat.access.policy import Part, Relation
from amanat.cases import searches, sections
from amanat.cases.actions import handing, writing
from amanat.cases.actions.facts import write_facts
from amanat.cases.models import Case
from amanat.cases.tests.docs import attach
from amanat.cases.tests.looking import many, write_on
from amanat.centre.tests.walked_places import in_a_bed
from amanat.directory.models import Service
from amanat.directory.tests.made import WALKED
from amanat.directory.tests.made import many as many_services
from amanat.directory.tests.standard import waits
from amanat.hotline.models import Tally
from amanat.hotline.tallies import Measure
from amanat.legal.actions.calendar import open_feed
from amanat.people import doors
from amanat.people.models import Membership, Role
from amanat.referrals.tests.lived import many as many_referrals
from tests import walk_pages, walk_world
from tests.cast import NOW, Cast
from tests.walk import OTHER, OWNER, Agreed, Barred, Held, Standing
from tests.walk_world import World

WHY = (
    "Приехала вечерним поездом одна, документы остались у работодателя; говорит по-туркменски и немного по-русски. "
    "Näme üçin gorkýandygyny häzirlikçe aýtmaýar, ýöne ejesine jaň etmek isleýär."
)
# Somebody else is kept out of the file: that opens the second person's page, and closes *who looked* to the case manager.
OTHERS_CONFLICT = (Barred(own=False),)
# Pages of the worker's own, and those before and after the house. `account_locked` is left out: a look at it locks.
OWN_PAGES = (
    "account",
    "account_change_password",
    "account_reauthenticate",
    "account_logout",
    "mfa_index",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
)
OUTSIDE = ("account_login", "account_begin", "account_inactive", "demo_sign_in", "web.neutral")


@dataclass(frozen=True)
class Visit:
    """A page, where it is, and who of the house looks at it ("" for somebody who is not signed in)."""

    name: str
    address: str
    who: str

    def __str__(self) -> str:
        return f"{self.name} as {self.who or 'a visitor'}"


NOTHING = Visit("nothing is here", "/cases/nothing", "keeper")


def build(children: int = 30) -> World:
    """The house, with so many more children in the case manager's caseload."""
    world = walk_world.build()
    cast = _cast()
    write_on(world.case, cast)
    for part in (Part.NARRATIVE, Part.FACTS, Part.SAFETY) * 10:
        writing.note(world.case, part=part, text=WHY, actor=cast.actor("jemal"))
    attach(world.case, cast)
    _write_facts(world.case, cast)
    importer = world.members["social_worker", OWNER]
    handing.bring_in(world.case, to=importer, relation=Relation.SOCIAL_WORKER, reason=WHY, actor=cast.actor("jemal"))
    for relation in IN_THE_CIRCLE:
        worker = world.members[relation.value, OWNER]
        handing.bring_in(world.case, to=worker, relation=relation, reason=WHY, actor=cast.actor("jemal"))
    Conflict.objects.create(
        subject=world.case.subject,
        user=world.stranger,
        recorded_by=world.keeper,
        recorded_at=NOW,
        details={"reason": WHY},
    )
    for case in many(cast, children)[: children // 3]:
        writing.flag(case, text="Call the school.", due=NOW + timedelta(days=2), actor=cast.actor("jemal"))
    in_a_bed(world.case, world.keeper)
    open_feed(actor=cast.actor("jemal"))
    _count_calls(world)
    many_referrals(30, receiver=world.members["lawyer", OTHER], words=WHY)
    many_services(60, of=Service.objects.get(name=WALKED).organization)
    waits(world.members["coordinator", OWNER], NOW)
    away = NOW + timedelta(days=7), NOW + timedelta(days=21)
    Membership.objects.filter(pk=world.members["social_worker", OWNER].pk).update(away_from=away[0], away_until=away[1])
    TOTP.activate(world.keeper.user, generate_totp_secret())
    RecoveryCodes.activate(world.keeper.user)
    world.case.refresh_from_db()
    return world


def _count_calls(world: World) -> None:
    """A month of the hotline in numbers, so that every bar and row of its page is drawn."""
    agency, day = world.keeper.agency, NOW.date() - timedelta(days=1)
    by_hour = [(measure, hour, "", "") for measure in Measure for hour in range(24)]
    regions = [code for code, _label in packs.current().codes("region").choices()]
    by_value = [("language", code) for code in ("tk", "ru", "ro", "")] + [("region", code) for code in regions]
    of_values = [(measure, 9, by, value) for measure in ("ended", "substantive", "repeated") for by, value in by_value]
    Tally.objects.bulk_create(
        Tally(agency=agency, day=day, hour=hour, measure=measure, by=by, value=value, count=100 + hour, seconds=12_345)
        for measure, hour, by, value in [*by_hour, *of_values]
    )


def _write_facts(case: Case, cast: Cast) -> None:
    """Long answers in each section, many records where there can be some, and what stood there before."""
    for section in packs.current().sections():
        for number in range(8 if section.repeats else 1):
            record = 1 if number == 0 else None
            values = {field.name: _answer(field) for field in section.fields if not field.stored}
            write_facts(case, section=section.name, record=record, values=values, actor=cast.actor("jemal"))
    for age in range(9, 15):
        values = {"vic_AgeWhenTrafficked": age}
        write_facts(case, section="victim_context", record=1, values=values, actor=cast.actor("jemal"))


def _answer(field: packs.Field) -> Any:
    """As much as a field may say."""
    if field.type in ("choice", "choices"):
        codes = [code for code, _label in packs.current().codes(field.codes).choices()]
        return codes if field.type == "choices" else codes[-1]
    known = {
        "date": "2026-10-01",
        "number": 12,
        "geolocation": 37.95,
        "checkbox": True,
        "country": "TM",
        "countries": ["TM", "MD", "RU"],
    }
    return known.get(field.type, WHY)


def _cast() -> Cast:
    return Cast({held.user.username: held for held in Membership.objects.select_related("user", "agency", "site")})


def visits(world: World) -> list[Visit]:
    """Every page of the registry as somebody whom the policy lets in, then the pages around it."""
    registered = [route.callback.page for route in walk_pages.routes() if hasattr(route.callback, "page")]
    found = [Visit(page.name, walk_pages.address(world, page), _who_may(page)) for page in registered]
    file = reverse("cases.file", args=[world.case])
    found += [Visit(f"cases.file, {name}", f"{file}?section={name}", KEEPER) for name in sections._sections]
    found += [Visit("cases.find_child, found", f"{reverse('cases.find_child')}?search={SEARCH}", KEEPER)]
    read = reverse("cases.read_consent", args=[world.case])
    found += [Visit("cases.read_consent, words", f"{read}?purpose=medical&parts=identity,plan&in=ru", KEEPER)]
    found += [Visit(name, reverse(name), KEEPER) for name in OWN_PAGES]
    found += [Visit(name, reverse(name), "") for name in OUTSIDE]
    return [*found, NOTHING]


def pages(world: World) -> list[Visit]:
    """The visits without those that bring a document or a piece of a page, or only lead on."""
    return [visit for visit in visits(world) if visit.name not in NO_PAGES]


KEEPER = "keeper"
ASKED, RECEIVER = "asked", "receiver"  # at the other agency, to which a referral was sent
IN_THE_CIRCLE = (Relation.PSYCHOLOGIST, Relation.HEALTH_WORKER, Relation.CENTRE_WORKER)  # whose work nobody else does
SEARCH = "5ea7" * 8
NO_PAGES = (
    *(f"cases.{name}" for name in ("attachment", "carry_over", "correct_form", "fill_form")),
    "desk.keys_running",
    "exchange.wrong_csv",
    "exchange.progress",
    "exchange.bundle_file",
    "exchange.bundle_progress",
    "cases.alerts_now",
    "hotline.desk_now",
    "hotline.desk_waits",
    "hotline.numbers_as_table",
    "office.form_file",
    "office.pack_file",
    "office.upload_file",
    "social.budgets_as_table",
)
# Where the room itself decides whose rows one may look at.
_BY_ROOM = {
    "office.leave_of": "supervisor",
    "referrals.inbox": "asked",
    "office.end_leave": "supervisor",
    **dict.fromkeys(["api.revoke_phone", "api.file_packet", "api.open_packet", "api.discard_packet"], "social_worker"),
} | dict.fromkeys(
    [
        f"exchange.{name}"
        for name in (
            "bundle",
            "columns",
            "discard",
            "drop_bundle",
            "look",
            "progress",
            "put_in",
            "stop",
            "taken",
            "wrong",
        )
    ],
    "social_worker",
)
_STANDINGS = {
    KEEPER: Standing("social_worker", grants=(Held("case_manager"),), conflicts=OTHERS_CONFLICT),
    **{str(role): Standing(str(role), conflicts=OTHERS_CONFLICT) for role in Role},
    ASKED: Standing("social_worker", OTHER, conflicts=OTHERS_CONFLICT),
    RECEIVER: Standing("lawyer", OTHER, (Held("receiver", rests_on=Agreed(frozenset())),), conflicts=OTHERS_CONFLICT),
    **{
        f"{relation} of the child": Standing(relation, grants=(Held(relation),), conflicts=OTHERS_CONFLICT)
        for relation in IN_THE_CIRCLE
    },
}


def _who_may(page: Page) -> str:
    if page.name in _BY_ROOM:
        return _BY_ROOM[page.name]
    for who, standing in _STANDINGS.items():
        if walk_pages.expected(page, standing) == "open":
            return who
    raise LookupError(f"nobody in the house may see {page.name}")


def member(world: World, who: str) -> Membership:
    if who in (ASKED, RECEIVER):
        return world.members[_STANDINGS[who].role, OTHER]
    return world.keeper if who == KEEPER else world.members[_STANDINGS[who].role, OWNER]


def client(world: World, who: str) -> Client:
    """Somebody of the house, signed in by two factors a moment ago."""
    browser = Client()
    if who:
        browser.force_login(member(world, who).user)
        session = browser.session
        session[doors.SECOND_FACTOR], session[doors.PROVED_AT] = True, NOW.isoformat()
        session[searches.NAME] = [[SEARCH, {"text": "Name"}]]  # what they looked for last; many children are called so
        session.save()
    return browser


def enlarge(children: int) -> None:
    """So many more children in the case manager's caseload."""
    many(_cast(), children)
