"""Who may do what with a file, worked out a second time and in another way than `access` does: what the policy walk expects.

A `Standing` says in plain values who asks and all that the policy has to weigh. Only the tables are taken from
`access.policy`, as text; how relations, consents, conflicts, reveals, leave and time combine is decided here once more.
The rows that make a standing real are written by `tests.walk_world`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from amanat.access import policy
from amanat.people.models import Role

PARTS = {str(part): {str(column): str(mark) for column, mark in row.items()} for part, row in policy.PARTS.items()}
FILE_VERBS = {str(verb): {str(column): mark for column, mark in row.items()} for verb, row in policy.FILE_VERBS.items()}
DESK_VERBS = {str(verb): {str(column): mark for column, mark in row.items()} for verb, row in policy.DESK_VERBS.items()}
BY_CONSENT = {str(verb) for verb in policy.BY_CONSENT}
IN_A_HOUSE = {str(verb) for verb in policy.BY_CONSENT_IN_A_HOUSE}
JOINS = {str(relation): [str(role) for role in roles] for relation, roles in policy.MAY_JOIN_AS.items()}

ONLY_OF_MATTERS = ("call", "screening", "debrief")  # no child's file has these

OWNER, OTHER = "owner", "other"  # the agency that owns the file, and another
STRENGTH = [".", "c", "?", "p", "k", "r", "u", "s", "a", "o", "wp", "w"]
SEEN, WRITTEN = {"s", "a", "o", "wp", "w"}, {"o", "wp", "w"}
NAMED_BY_CONSENT = frozenset(
    ["identity", "safety", "psychology_summary", "health_file", "legal_status", "centre", "plan"]
)
NOT_NAMED = frozenset(PARTS) - NAMED_BY_CONSENT
ALL_PARTS = frozenset(PARTS)


@dataclass(frozen=True)
class Agreed:
    """A consent to share parts with the agency of who asks. `until`: in how many days it ends, negative when it has."""

    parts: frozenset[str]
    until: int | None = None
    withdrawn: bool = False

    def __str__(self) -> str:
        ending = "withdrawn" if self.withdrawn else f"until day {self.until}" if self.until is not None else "lasting"
        return f"consent, {ending}, that {'names' if 'identity' in self.parts else 'does not name'} the identity"

    def holds(self) -> bool:
        return not self.withdrawn and (self.until is None or self.until >= 0)


@dataclass(frozen=True)
class Held:
    """A grant. Times are hours from now; `rests_on` is the consent that it needs; `absent` whose it is: one's own (""), that of
    a colleague who is "away" or "back" from leave with who asks as deputy."""

    relation: str
    since: int = -24
    until: int | None = None
    rests_on: Agreed | None = None
    absent: str = ""

    def __str__(self) -> str:
        whose = f" of a colleague who is {self.absent}" if self.absent else ""
        rests = f" resting on a {self.rests_on}" if self.rests_on else ""
        return f"{self.relation}{whose} from hour {self.since} until {self.until}{rests}"

    def counts(self) -> bool:
        in_time = self.since <= 0 and (self.until is None or self.until > 0)
        # A deputy takes the places in circles of care; an emergency and a referral are their holder's own.
        passes = not self.absent or (self.absent == "away" and self.relation in JOINS)
        return in_time and passes and (self.rests_on is None or self.rests_on.holds())


@dataclass(frozen=True)
class Barred:
    """A conflict: of who asks or of somebody else, with the whole file ("") or one part, in force or lifted."""

    part: str = ""
    own: bool = True
    lifted: bool = False

    def __str__(self) -> str:
        whose = "own" if self.own else "another's"
        return f"{whose}{' lifted' if self.lifted else ''} conflict with {self.part or 'the whole file'}"


@dataclass(frozen=True)
class Standing:
    """Somebody in front of a file."""

    role: str
    agency: str = OWNER
    grants: tuple[Held, ...] = ()
    consents: tuple[Agreed, ...] = ()  # besides those that grants rest on
    conflicts: tuple[Barred, ...] = ()
    reveals: tuple[tuple[str, int], ...] = ()  # part, and in how many minutes it closes again
    fresh: bool = True  # proved within the last minutes who sits there
    at_a_matter: bool = False  # of the hotline of the owning agency, instead of the child's file
    at_a_referral: str = ""  # in this state, of the child to the other agency, instead of the child's file

    def __str__(self) -> str:
        told = [f"{self.role} of {self.agency}", *map(str, (*self.grants, *self.consents, *self.conflicts))]
        told += [f"{part} shown for {left} min" for part, left in self.reveals]
        return "; ".join(told if self.fresh else [*told, "no fresh proof"])


# --- what follows from a standing ------------------------------------------------------------------------------------


def relations(standing: Standing) -> set[str]:
    """What who asks is to the file here and now."""
    if standing.at_a_matter:
        return _to_a_matter(standing)
    found = {held.relation for held in standing.grants if held.counts()}
    if standing.at_a_referral:
        found |= _to_a_referral(standing)
    elif standing.role == "supervisor" and standing.agency == OWNER:
        found.add("supervisor")
    if standing.role in ("coordinator", "dpo"):
        found.add(standing.role)
    return found


def before_a_matter(standing: Standing) -> Standing:
    """The same worker in front of a matter of the owning agency: what was given or held against them is about the child's file."""
    return Standing(standing.role, standing.agency, fresh=standing.fresh, at_a_matter=True)


def before_a_referral(standing: Standing, state: str = "sent") -> Standing:
    """The same worker in front of the referral to the other agency; it knows the child's circle, and its own receiver."""
    return replace(standing, at_a_referral=state)


def _to_a_referral(standing: Standing) -> set[str]:
    """Everybody who works with children at the agency that was asked, and its supervisor, while it waits or the service goes on."""
    works = {role for roles in JOINS.values() for role in roles} | {"supervisor"}
    has_it = standing.at_a_referral in ("sent", "seen", "accepted", "started")
    return {"addressee"} if has_it and standing.agency == OTHER and standing.role in works else set()


def _to_a_matter(standing: Standing) -> set[str]:
    by_role = {"hotline_operator": "operator", "supervisor": "hotline_supervisor"} if standing.agency == OWNER else {}
    found = by_role | {"dpo": "dpo"}
    return {found[standing.role]} if standing.role in found else set()


def level(standing: Standing, part: str) -> str:
    """The mark that counts for a part, all conditions decided: "." where nothing is left."""
    if any(bar.own and not bar.lifted and bar.part in ("", part) for bar in standing.conflicts):
        return "."
    marks = [PARTS[part][relation] for relation in relations(standing) if _reaches(standing, relation, part)]
    mark = max(marks, key=STRENGTH.index, default=".")
    if mark == "r":
        return "s" if any(shown == part and left > 0 for shown, left in standing.reveals) else "r"
    if mark == "k":
        return "s" if any(part in agreed.parts for agreed in _agreed(standing)) else "."
    if mark == "u":
        return "." if standing.conflicts else "s"  # also a lifted one: its reason stands in the log
    return mark


def _reaches(standing: Standing, relation: str, part: str) -> bool:
    """A place that rests on a consent goes no further than the consent, but for knowing that both are there and for notes of
    one's own service."""
    if part in ("existence", "consent", "service_notes"):
        return True
    held = [one for one in standing.grants if one.relation == relation and one.counts()]
    return not held or any(one.rests_on is None or part in one.rests_on.parts for one in held)


def _acts(standing: Standing, relation: str, verb: str) -> bool:
    """Who stands in the circle by a consent, whatever it names, does what is about one part, and nothing else."""
    held = [one for one in standing.grants if one.relation == relation and one.counts()]
    by_consent = BY_CONSENT | (IN_A_HOUSE if relation in ("centre_worker", "receiver") else set())
    return verb in by_consent or not held or any(one.rests_on is None for one in held)


def _agreed(standing: Standing) -> list[Agreed]:
    resting = [held.rests_on for held in standing.grants if held.rests_on]
    return [agreed for agreed in (*standing.consents, *resting) if agreed.holds()]


def reads_every_consent(standing: Standing) -> bool:
    """Whoever reads by a consent alone sees of consents only those of their own agency, and nothing that was read out."""
    free = [relation for relation in relations(standing) if _acts(standing, relation, "")]
    return any(PARTS["consent"][relation] in SEEN for relation in free)


def is_worked_on(standing: Standing) -> bool:
    """Whether somebody stands in a relation to the file that rests on no consent."""
    return any(_acts(standing, relation, "") for relation in relations(standing))


def knows(standing: Standing) -> bool:
    """Whether who asks may know that there is a file."""
    return level(standing, "existence") != "."


def sees(standing: Standing, part: str, *, own: bool = False) -> bool:
    """Whether what stands in a part opens; `own`: they wrote it themselves."""
    mark = level(standing, part)
    return mark in SEEN and (mark != "o" or own)


def works_on(standing: Standing, part: str) -> bool:
    """Whether they see a part as one of those who work on it, also by a consent: what these say among themselves opens to nobody else."""
    reaching = [one for one in relations(standing) if _reaches(standing, one, part)]
    return sees(standing, part) and any(PARTS[part][relation] in SEEN for relation in reaching)


def writes(standing: Standing, part: str) -> bool:
    return level(standing, part) in WRITTEN


def answer(standing: Standing, verb: str) -> str:
    """What a verb says: "yes", "no", "proof" (after a fresh sign-in), or "hidden" where even the thing itself is."""
    if verb in DESK_VERBS:
        marks = {DESK_VERBS[verb][standing.role]}
    elif not knows(standing):
        return "hidden"
    else:
        marks = {FILE_VERBS[verb][relation] for relation in relations(standing) if _acts(standing, relation, verb)}
    if "x" in marks:
        return "yes"
    if "x!" in marks:
        return "yes" if standing.fresh else "proof"
    return "no"


# --- all standings that can come about -------------------------------------------------------------------------------


def standings() -> list[Standing]:
    """Each with every conflict; without duplicates, in a fixed order."""
    found: dict[Standing, None] = {}
    for number, base in enumerate(_bases()):
        found |= dict.fromkeys([base, *(_with_conflicts(base, number) if knows(base) else _kept_out(base))])
    return list(found)


def _bases() -> Iterator[Standing]:
    yield from (Standing(str(role), agency) for role in Role for agency in (OWNER, OTHER))
    yield from _circle()
    yield from _partners()
    yield from _receivers()
    yield from _emergencies()
    yield from _reveals()
    yield from _several()


def _circle() -> Iterator[Standing]:
    for relation, roles in JOINS.items():
        for role in roles:
            yield Standing(role, grants=(Held(relation),))
            for held in (Held(relation, until=-1), Held(relation, until=5), Held(relation, since=1)):
                yield Standing(role, grants=(held,))
            for absent in ("away", "back"):
                yield Standing(role, grants=(Held(relation, absent=absent),))


def _partners() -> Iterator[Standing]:
    """Workers of another agency in the circle: as far as a consent goes, and as long."""
    agreed = (
        Agreed(NAMED_BY_CONSENT),
        Agreed(NOT_NAMED, until=0),
        Agreed(ALL_PARTS, until=-1),
        Agreed(ALL_PARTS, withdrawn=True),
    )
    for relation, roles in JOINS.items():
        if relation != "case_manager":
            yield from (Standing(roles[0], OTHER, (Held(relation, rests_on=one),)) for one in agreed)


def _receivers() -> Iterator[Standing]:
    held = (Held("receiver"),)
    yield Standing("social_worker", OTHER, held)
    for agreed in (NAMED_BY_CONSENT, NOT_NAMED):
        for until, withdrawn in ((None, False), (-1, False), (None, True)):
            yield Standing("social_worker", OTHER, held, (Agreed(agreed, until, withdrawn),))
            yield Standing("social_worker", OTHER, (Held("receiver", rests_on=Agreed(agreed, until, withdrawn)),))


def _emergencies() -> Iterator[Standing]:
    for role, mark in DESK_VERBS["emergency.open"].items():
        if mark != ".":
            yield from (Standing(role, OTHER, (Held("emergency", until=until),)) for until in (3, 0))


def _reveals() -> Iterator[Standing]:
    for part in ("identity", "narrative", "contacts"):
        yield from (Standing("supervisor", reveals=((part, left),)) for left in (10, 0))


def _several() -> Iterator[Standing]:
    """Two relations at once: the stronger one counts, part by part."""
    yield Standing("social_worker", grants=(Held("social_worker"), Held("emergency", until=3)))
    yield Standing("psychologist", OTHER, (Held("psychologist", rests_on=Agreed(NAMED_BY_CONSENT)), Held("receiver")))
    yield Standing("lawyer", OTHER, (Held("lawyer", rests_on=Agreed(NOT_NAMED)),), (Agreed(NAMED_BY_CONSENT),))
    yield Standing("supervisor", grants=(Held("emergency", until=3),))
    yield Standing("social_worker", OTHER, (Held("social_worker", rests_on=Agreed(ALL_PARTS)),))
    yield from (
        Standing("social_worker", grants=(Held(one, until=3, absent="away"),)) for one in ("emergency", "receiver")
    )
    yield Standing("centre_worker", grants=(Held("centre_worker"), Held("centre_worker", since=-5, until=-2)))


def _kept_out(base: Standing) -> list[Standing]:
    return [replace(base, conflicts=(Barred(),))]


def _with_conflicts(base: Standing, number: int) -> Iterator[Standing]:
    """With the whole file, with one part (another for each standing), somebody else's, a lifted one; and without fresh proof."""
    some_part = list(PARTS)[1:][number % (len(PARTS) - 1)]
    bars = (Barred(), Barred("existence"), Barred(some_part), Barred(own=False), Barred(lifted=True))
    yield from (replace(base, conflicts=(bar,)) for bar in bars)
    yield replace(base, fresh=False)
