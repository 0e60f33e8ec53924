"""The gate of consent: what may be shared with whom, and what is missing. Records are written by verbs in `cases`."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from amanat.access.models import Consent, FileRow
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError


class ConsentMissing(PersonFacingError):
    """Nothing in force lets this be shared with the agency; the page offers to record a consent."""

    def __init__(self, recipient: Agency) -> None:
        super().__init__(
            _("There is no consent to share this file with %(agency)s.") % {"agency": recipient},
            _("Record the consent of the child and the guardian first, or an override with its ground."),
            field="to",
        )
        self.recipient = recipient


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
        given = [row for row in self.consents if row.recipient_id == recipient.pk and row.parts]
        if not given:
            raise ConsentMissing(recipient)
        return max(given, key=lambda row: (len(row.parts), row.given_on))
