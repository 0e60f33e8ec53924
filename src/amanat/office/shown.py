"""What pages of workers show: what may be done about one, where they stand in circles of care, a code to hand over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, not_kept_out
from amanat.access.loaders import files_about
from amanat.access.models import Grant
from amanat.access.policy import SECOND_PERSON, Verb
from amanat.office.actions.inviting import has_begun
from amanat.office.actions.reach import looks_after, may_readmit
from amanat.people.models import User
from amanat.web.paging import Page, keyset_page


@dataclass(frozen=True)
class Act:
    """Something that the actor may do about a worker, as a link."""

    text: str | Promise
    url: str
    icon: str
    kind: str = "secondary"


@dataclass(frozen=True)
class Place:
    """A grant with the file that it is about; None where no room names it."""

    grant: Grant
    file: File | None


@dataclass(frozen=True)
class Places:
    """One page of grants."""

    page: Page[Grant]
    rows: list[Place]


def acts_on(user: User, actor: Actor) -> list[Act]:
    """What a page offers the actor to do about a worker; the verbs decide again."""
    log = f"{reverse('office.audit')}?{urlencode({'worker': user.pk.hex})}"
    looks = [Act(_("What they did, in the log"), log, "search")] if actor.may(Verb.LOOK_AUDIT) else []
    return looks if user.pk == actor.user.pk else [*looks, *_acts(user, actor)]


def _acts(user: User, actor: Actor) -> list[Act]:
    colleague = looks_after(user, actor)
    offered = [
        (Verb.PEOPLE_PROPOSE, user.is_active, _("Propose a role"), "office.propose_role", "plus", "secondary"),
        (Verb.PEOPLE_INVITE, not has_begun(user), _("Make a new code"), "office.invite_again", "key", "secondary"),
        (
            Verb.PEOPLE_RESET,
            has_begun(user) and looks_after(user, actor, but={SECOND_PERSON}),
            _("Ask for a new way in"),
            "office.propose_reset",
            "key",
            "secondary",
        ),
        (
            Verb.PEOPLE_READMIT,
            not user.is_active and may_readmit(user, actor),
            _("Let in again"),
            "office.readmit",
            "unlock",
            "secondary",
        ),
        (Verb.PEOPLE_SUSPEND, user.is_active and colleague, _("Suspend"), "office.suspend", "lock", "danger"),
    ]
    return [
        Act(text, reverse(name, args=[user.pk]), icon, kind)
        for verb, fits, text, name, icon, kind in offered
        if fits and actor.may(verb)
    ]


def grants_of(user: User, actor: Actor, cursor: str) -> Places:
    """Where a worker stands in circles of care now, the newest first, by code name."""
    return places(actor, Grant.objects.active(actor.now).filter(membership__user=user), cursor)


def new_grants(actor: Actor, since: datetime, cursor: str) -> Places:
    """What anybody was granted since, whether or not it still lasts."""
    return places(actor, Grant.objects.filter(since__gte=since, since__lte=actor.now), cursor)


def places(actor: Actor, grants: Any, cursor: str) -> Places:
    told = not_kept_out(actor, grants).select_related("membership__user", "membership__agency", "consent")
    page = keyset_page(told, order=["-since", "-id"], cursor=cursor)
    files = files_about(actor, [grant.subject_id for grant in page.rows])
    return Places(page, [Place(grant, files.get(grant.subject_id)) for grant in page.rows])


def code_sheet(user: User, code: str) -> dict[str, Any]:
    """The context of the sheet that carries a code. Its number is the invitation's, so that the log and the paper agree."""
    made = user.invitations.latest("pk")
    return {"user": user, "code": code, "groups": code.split("-"), "until": made.until, "number": made.pk}
