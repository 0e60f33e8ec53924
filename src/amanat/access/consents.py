"""The gate of consent: what may be shared with whom, and what is missing. Records are written by verbs in `cases`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from amanat.access.models import Consent, FileRow
from amanat.access.policy import Part
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError

# Purposes that open no file to anybody: a photograph may be taken, a number counted.
OPENS_NO_FILE = frozenset({"photo", "statistics"})
# The purpose of what keeps running help going after a withdrawal: it reaches whoever stands by it, and lets nobody new in.
CARRY_ON = "carry_on"


class ConsentMissing(PersonFacingError):
    """Nothing in force lets this be shared with the agency; the page offers to record a consent."""

    def __init__(self, recipient: Agency) -> None:
        super().__init__(
            _("There is no consent to share this file with %(agency)s.") % {"agency": recipient},
            _(
                "Record the consent of the child and the guardian first, or share without it on a ground that the law knows."
            ),
            field="to",
        )
        self.recipient = recipient


def parts_open_to(recipient: Agency, subjects: Iterable[uuid.UUID], now: datetime) -> dict[uuid.UUID, frozenset[Part]]:
    """By subject: the parts that the consents (or overrides) in force name for an agency. Subjects without one are not there."""
    given = Consent.objects.filter(subject__in=subjects, recipient=recipient)
    found: dict[uuid.UUID, frozenset[Part]] = {}
    for row in given:
        if row.holds(now) and opens_a_file(row):
            found[row.subject_id] = found.get(row.subject_id, frozenset()) | frozenset(map(Part, row.parts))
    return found


class Gate:
    """What the consents of a file allow at a moment."""

    def __init__(self, file_row: FileRow, now: datetime) -> None:
        self.now = now
        self.consents = [row for row in Consent.objects.filter(subject=file_row.subject_id) if row.holds(now)]

    def consent_for(self, recipient: Agency) -> Consent:
        """The consent (or override) in force that names the most parts for an agency.

        Raises:
            ConsentMissing: there is none.
        """
        given = [row for row in self.consents if row.recipient_id == recipient.pk and opens_a_file(row)]
        if not given:
            raise ConsentMissing(recipient)
        return max(given, key=lambda row: (len(row.parts), row.given_on))

    def recipients(self) -> set[uuid.UUID]:
        """The agencies to which something of the file is open now."""
        return {row.recipient_id for row in self.consents if row.recipient_id and opens_a_file(row)}


def opens_a_file(consent: Consent) -> bool:
    """Whether somebody may be brought in by it."""
    return bool(consent.parts) and consent.purpose not in OPENS_NO_FILE | {CARRY_ON}
