"""Filled forms that leave: on paper or as a table, what the worker sees of them and no more than goes to whoever gets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_files
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases.going_out import NoConsent, going_to, newest
from amanat.cases.models import Case
from amanat.forms import records
from amanat.forms.records import Reading
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError

MOST = 2000  # records in a table: all of it is made in memory


@dataclass(frozen=True)
class BroughtOut:
    """Records as far as they go to whoever gets them."""

    readings: Sequence[Reading]
    to: Agency


@verb(Verb.CASE_EXPORT, about=lambda _case, form: form, asked=["form"], to=lambda taken: taken.to)
def bring_out_forms(
    case: Case,
    *,
    siblings: Sequence[Case] = (),
    form: str,
    number: int | None = None,
    to: Agency,
    reason: str,
    actor: Actor,
) -> BroughtOut:
    """The records of a form of these children, or the one of a number; an entry in the log of each child, with reason and recipient.

    Raises:
        NoConsent: of some of these children nothing may go to that agency; nothing leaves.
        PersonFacingError: nothing of such a record goes there, or there are more than 2,000.
    """
    going = going_to(to, open_files(actor, newest([case, *siblings])))
    if without := [str(file.row) for file, leaves in going if leaves is None]:
        raise NoConsent(to, without)
    found = list(islice(records.all_of([leaves for _file, leaves in going if leaves], form, number), MOST + 1))
    if not found:
        raise PersonFacingError(
            _("Nothing of this form may go there."), _("See which consents are in force."), field="to"
        )
    if len(found) > MOST:
        raise PersonFacingError(
            _("More than 2,000 records do not go into one table."), _("Bring them out child by child.")
        )
    return BroughtOut(found, to)
