"""What is being prepared for a child at once: needs that still look for somebody, and drafts that wait to leave together.

The needs stand in the address, as codes; the drafts are rows.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Verb
from amanat.cases.forms.choices import UNVERIFIED
from amanat.cases.shown import case_of
from amanat.directory.models import Service
from amanat.people.models import Agency
from amanat.referrals import inbox, preparing, terms
from amanat.referrals.actions.preparing import Ask, prepare
from amanat.referrals.actions.sending import send
from amanat.referrals.models import Referral, Response
from amanat.referrals.preparing import Draft, Looked, Need
from amanat.referrals.recipients import NotSent
from amanat.referrals.showing import Line
from amanat.web.errors import PersonFacingError


@dataclass(frozen=True)
class Basket:
    """`ref`: of the response that the address names; `again`: the referral that nobody took, whose words a new one begins with."""

    file: File
    ref: str
    needs: tuple[Need, ...]
    again: str = ""

    @classmethod
    def of(cls, file: File, query: QueryDict) -> Basket:
        chosen = [Need(code, query.get(code, "")) for code, _label in needs_offered()]
        told = (*preparing.needs_in(query), *(one for one in chosen if one.urgency in terms.urgencies()))
        needs = {one.code: one for one in told}
        return cls(file, query.get("response", "")[:36], tuple(needs.values()), query.get("again", "")[:36])

    @cached_property
    def response(self) -> Response | None:
        """The one that the address names, else the one that was prepared last.

        Raises:
            Http404: this file has none of that reference.
        """
        return preparing.response_of(self.file, self.ref)

    def without_first(self) -> Basket:
        return replace(self, needs=self.needs[1:], again="")

    def with_response(self, response: Response) -> Basket:
        return replace(self, ref=response.pk.hex)

    def first(self, need: Need) -> Basket:
        """The same with this need looked for first."""
        return replace(self, needs=(need, *(one for one in self.needs if one != need)))

    @property
    def held(self) -> list[tuple[str, str]]:
        """What the address says of it, as pairs."""
        words = {"response": self.ref, "again": self.again}
        needs = [(preparing.NEED, str(one)) for one in self.needs]
        return [*((name, word) for name, word in words.items() if word), *needs]

    @property
    def query(self) -> str:
        return urlencode(self.held)

    def address(self, page: str = "prepare", *more: object) -> str:
        there = reverse(f"referrals.{page}", args=[case_of(self.file), *more])
        return f"{there}?{self.query}" if self.query else there

    @cached_property
    def drafts(self) -> list[Draft]:
        return preparing.drafts_of(self.file, self.response)

    def send(self, *, actor: Actor) -> Response:
        """Let all of it leave.

        Raises:
            PersonFacingError: nothing was prepared, or one of them can't leave; the sentence says which.
        """
        if self.response is None:
            raise PersonFacingError(
                _("There is nothing to send yet."), _("Say what is needed, and choose who could help.")
            )
        try:
            return send(self.response, actor=actor)
        except NotSent as error:
            if error.referral is not None:
                told = {"need": Line(error.referral, actor.now).need, "to": error.referral.to, "why": error.sentence}
                error.sentence = _("%(need)s, %(to)s: %(why)s") % told
            raise

    def told(self) -> dict[str, Any]:
        """What the page shows."""
        ready = bool(self.drafts) and all(one.is_ready for one in self.drafts)
        return {
            "drafts": self.drafts,
            "looking": [(need, self.address("find", need), self.address("ask", need)) for need in self.needs],
            "offered": needs_offered(),
            "urgencies": terms.choices(),
            "response": self.response,
            "here": self.address(),
            "is_ready": ready,
            "may_send": self.file.may(Verb.REFERRAL_SEND),
            "may_record": self.file.may(Verb.CONSENT_RECORD),
            "unverified": any(not one.verified for one in terms.urgencies().values()),
            "caution": UNVERIFIED if not packs.current().codes("service_need").verified else "",
        }


def needs_offered() -> list[tuple[str, str]]:
    return packs.current().codes("service_need").choices()


def search(basket: Basket, query: QueryDict) -> dict[str, Any]:
    """The finder for the first need, filled in from the file."""
    looked = Looked.of(basket.needs[0], query, preparing.known_of(basket.file))
    found = looked.found(basket.file, query.get("from", ""))
    codes = packs.current().codes
    return {
        "looked": looked,
        "page": found,
        "query": f"{basket.query}&{looked.query}",
        "hidden": basket.held,
        "straight": basket.address("ask", looked.need),
        "regions": codes("region").choices(),
        "sexes": codes("sex").choices(),
        "spoken": codes("language").choices(),
        "back": basket.address(),
        "own": case_of(basket.file).agency_id,
    }


def choose(basket: Basket, *, service: Service | None = None, agency: Agency | None = None, actor: Actor) -> Response:
    """A draft more: the first need, asked of who gives this service or of this agency."""
    need, response = basket.needs[0], basket.response
    to = service.organization if service is not None else agency
    assert to is not None
    others = preparing.rows_of(basket.file, response) if response else []
    summary, parts = preparing.begins_with(basket.file, others, _again(basket))
    asked = Ask(to, need.code, need.urgency, summary, parts, service)
    return prepare(case_of(basket.file), asked=[asked], response=response, actor=actor)


def _again(basket: Basket) -> Referral | None:
    try:
        return inbox.one_of_case(basket.file, uuid.UUID(basket.again)) if basket.again else None
    except ValueError:
        raise Http404 from None
