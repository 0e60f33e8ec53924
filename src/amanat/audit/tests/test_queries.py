"""What the page *who looked* and the page of refusals ask of the log."""

from collections.abc import Callable
from datetime import timedelta

from amanat.audit import queries
from amanat.audit.models import Entry, Outcome
from amanat.audit.sealer import seal_pending
from amanat.audit.tests import NOON
from amanat.people.models import Membership
from amanat.vault.models import Subject, SubjectKind

Look = Callable[..., Entry]


def test_who_looked_at_a_child_is_told_newest_first_in_one_query(
    look: Look, child: Subject, django_assert_num_queries: Callable[..., object]
) -> None:
    sibling = Subject.objects.begin(SubjectKind.CHILD)
    first, second = look(), look(at=NOON + timedelta(hours=1), verb="reveal")
    look(subject=sibling)

    with django_assert_num_queries(1):
        looks = [(entry.user.display_name, entry.membership.agency.name, entry) for entry in queries.looks_at(child)]

    assert looks == [("Jemal", "Centre of assistance", second), ("Jemal", "Centre of assistance", first)]


def test_refusals_and_the_acts_of_one_worker_are_found(look: Look, jemal: Membership) -> None:
    seen, refused = look(), look(outcome=Outcome.REFUSED, at=NOON + timedelta(hours=1))
    look(user=None, membership=None)

    assert list(queries.refusals()) == [refused]
    assert list(queries.acts_of(jemal.user)) == [refused, seen]


def test_the_head_is_the_newest_seal(look: Look) -> None:
    assert queries.head() is None
    look()
    seal_pending(NOON)
    first = queries.head()
    look()
    seal_pending(NOON)

    assert first
    assert first.startswith("1:")
    assert str(queries.head()).startswith("2:")
