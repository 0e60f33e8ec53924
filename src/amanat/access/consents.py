"""The gate of consent: what may be shared with whom, and what is missing. Records are written by verbs in `cases`."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.labels import PART_LABELS
from amanat.access.models import Consent, FileRow
from amanat.access.policy import Part
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError

# Purposes that open no file to anybody: a photograph may be taken, a number counted.
OPENS_NO_FILE = frozenset({"photo", "statistics"})
# The purpose of what keeps running help going after a withdrawal: it reaches whoever stands by it, and lets nobody new in.
CARRY_ON = "carry_on"


class ConsentMissing(PersonFacingError):
    """Nothing in force lets this be shared with the agency. It says what is missing, and leads to the page that records it."""

    def __init__(
        self,
        recipient: Agency | None,
        *,
        purpose: str = "",
        parts: Iterable[Part] = (),
        file_row: FileRow | None = None,
        outside: models.Model | None = None,
    ) -> None:
        """`outside`: an organisation that is no agency here; its name is said, but stands in no address."""
        self.recipient, self.purpose, self.file_row, self.outside = recipient, purpose, file_row, outside
        self.missing_parts = sorted(parts, key=list(Part).index)
        super().__init__(
            self._said(),
            _(
                "Record the consent of the child and the guardian first, or share without it on a ground that the law knows."
            ),
            field="to",
        )

    def _said(self) -> str:
        """What is missing; commas and colons, so that no word has to change its ending."""
        told = {
            "agency": self.recipient or self.outside or _("an organisation outside the network"),
            "parts": ", ".join(str(PART_LABELS[part]) for part in self.missing_parts),
        }
        if not self.purpose:
            return _("There is no consent to share this file with %(agency)s.") % told
        codes = packs.current().codes("consent_purpose")
        told["purpose"] = codes.label(self.purpose) if self.purpose in codes else self.purpose
        return (
            _(
                "A consent is missing. With: %(agency)s. What it is for: %(purpose)s. Parts that it does not name: %(parts)s."
            )
            % told
        )

    def way(self, back: str) -> str:
        if self.file_row is None:
            return ""
        agency = self.recipient.pk.hex if self.recipient else ""
        asked = {"agency": agency, "purpose": self.purpose, "parts": ",".join(self.missing_parts)}
        asked["to"] = self.outside.pk.hex if self.outside else ""
        query = urlencode({name: value for name, value in asked.items() if value} | {"then": back})
        href = f"{reverse('cases.record_consent', args=[self.file_row.pk])}?{query}"
        return format_html('<a class="lone" href="{}">{}</a>', href, _("Record the consent"))


def naming(agency: uuid.UUID) -> QuerySet[Consent]:
    """The consents that name an agency, as their recipient or besides it: what `Consent.is_for` says of one."""
    rows = Consent.objects.alias(named=Cast("also", TextField()))
    return rows.filter(Q(recipient=agency) | Q(named__contains=agency.hex))


def others_of(consents: Iterable[Consent]) -> dict[uuid.UUID, list[Agency]]:
    """By consent: the agencies that it names besides its recipient; one query, none where no consent names any."""
    refs = {row.pk: row.others for row in consents}
    wanted = {ref for named in refs.values() for ref in named}
    agencies = Agency.objects.in_bulk(wanted) if wanted else {}
    return {consent: [agencies[ref] for ref in named if ref in agencies] for consent, named in refs.items()}


def parts_open_to(recipient: Agency, subjects: Iterable[uuid.UUID], now: datetime) -> dict[uuid.UUID, frozenset[Part]]:
    """By subject: the parts that the consents (or overrides) in force name for an agency. Subjects without one are not there."""
    found: dict[uuid.UUID, frozenset[Part]] = {}
    for row in naming(recipient.pk).filter(subject__in=subjects):
        if row.holds(now) and opens_a_file(row):
            found[row.subject_id] = found.get(row.subject_id, frozenset()) | frozenset(map(Part, row.parts))
    return found


class Gate:
    """What the consents of a file allow at a moment."""

    def __init__(self, file_row: FileRow, now: datetime) -> None:
        self.file_row = file_row
        self.consents = [row for row in Consent.objects.filter(subject=file_row.subject_id) if row.holds(now)]

    def consent_for(self, recipient: Agency) -> Consent:
        """The consent (or override) in force that names the most parts for an agency.

        Raises:
            ConsentMissing: there is none.
        """
        given = self._given(recipient)
        if not given:
            raise ConsentMissing(recipient, file_row=self.file_row)
        return max(given, key=_reach)

    def require(self, recipient: Agency | None, parts: Iterable[Part], purpose: str) -> Consent:
        """The consent in force for this purpose, or the override, that lets an agency see all of these parts, and as little more as
        can be. None: an organisation that is no agency here, whose name stands sealed in the consent.

        Raises:
            ConsentMissing: none does; `missing_parts` are those that the one for this purpose which reaches furthest does not name.
        """
        wanted = frozenset(parts)
        if enough := self.enough(recipient, wanted, purpose):
            return narrowest(enough)
        nearest = min((wanted - set(row.parts) for row in self._given(recipient, purpose)), key=len, default=wanted)
        raise ConsentMissing(recipient, purpose=purpose, parts=nearest, file_row=self.file_row)

    def enough(self, recipient: Agency | None, parts: Collection[Part], purpose: str) -> list[Consent]:
        """All of which `require` gives the narrowest. Several may be for an organisation that is no agency here, each for another one."""
        return [row for row in self._given(recipient, purpose) if set(parts) <= set(row.parts)]

    def _given(self, recipient: Agency | None, purpose: str = "") -> list[Consent]:
        """For this purpose, or for any."""
        given = [row for row in self.consents if row.is_for(recipient) and opens_a_file(row)]
        return [row for row in given if not purpose or row.purpose == purpose or row.override_ground]

    def recipients(self) -> set[uuid.UUID]:
        """The agencies to which something of the file is open now."""
        return {agency for row in self.consents if opens_a_file(row) for agency in row.recipients}


def _reach(consent: Consent) -> tuple[int, date]:
    return len(consent.parts), consent.given_on


def narrowest(enough: Iterable[Consent]) -> Consent:
    """The one that names the fewest parts, the latest of those; a ground of the law only where no consent is enough."""
    return min(enough, key=lambda row: (bool(row.override_ground), len(row.parts), -row.given_on.toordinal()))


def opens_a_file(consent: Consent) -> bool:
    """Whether somebody may be brought in by it."""
    return bool(consent.parts) and consent.purpose not in OPENS_NO_FILE | {CARRY_ON}
