"""Whether a referral may leave: to whom, by which consent, saying what. Each reason against it is a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.directory.models import Service, Status
from amanat.referrals import naming, telling
from amanat.referrals.agreeing import consent_for
from amanat.referrals.models import IN_HANDS, Kind, Referral
from amanat.web.errors import PersonFacingError


class NotSent(PersonFacingError):
    """Why this one does not leave; `referral` says which, for the page."""

    referral: Referral | None = None


def check(referral: Referral, file: File) -> None:
    """Before it leaves; the consent is looked for last, since what is missing there opens another page. Sets `consent`.

    Raises:
        NotSent: it goes to one's own agency, to one where nobody can take it, to a service that is not given; asks twice for the
            same; or its summary names the child.
        ConsentMissing: the child has not agreed to it.
    """
    try:
        _check_to(referral, file.actor)
        _check_service(referral)
        _check_twice(referral)
        _check_summary(referral, file)
    except NotSent as error:
        error.referral = referral
        raise
    referral.consent = consent_for(referral, file.actor.now, file)


def _check_to(referral: Referral, actor: Actor) -> None:
    if referral.agency_id is not None and referral.agency_id == referral.case.agency_id:
        raise NotSent(
            _("This is the agency that has the case."), _("Bring the colleague into the circle of care."), field="to"
        )
    if referral.agency is None:
        if referral.kind == Kind.TRANSFER:
            raise NotSent(_("A whole case goes only to an agency of this network."), field="to")
        return
    if not telling.could_receive(referral, actor.now).exists():
        raise NotSent(
            _("Nobody at %(agency)s can take this referral.") % {"agency": referral.agency},
            _("Choose another agency."),
            field="to",
        )


def _check_service(referral: Referral) -> None:
    service = referral.service
    if service is None:
        return
    if service.status != Status.ACTIVE:
        raise NotSent(
            _("The service %(service)s is not given at present.") % {"service": service},
            _("Choose another service."),
            field="service",
        )
    if _gives(service) != referral.to:
        raise NotSent(_("This service is somebody else's."), _("Choose another service."), field="service")


def _gives(service: Service) -> object:
    organization = service.organization
    return organization.agency or organization


def _check_twice(referral: Referral) -> None:
    same = Referral.objects.filter(
        case__subject=referral.subject_id,
        kind=referral.kind,
        need=referral.need,
        agency=referral.agency_id,
        organisation=referral.organisation_id,
        service=referral.service_id,
        state__in=IN_HANDS,
    )
    standing = same.exclude(pk=referral.pk).first()
    if standing is not None:
        raise NotSent(
            _("This is asked there already: referral %(number)s.") % {"number": standing.number},
            _("Wait for the answer, or revoke that one first."),
            field="to",
        )


def _check_summary(referral: Referral, file: File) -> None:
    summary = file.open(referral, "summary") or {}
    said = [text for text in summary.values() if isinstance(text, str)]
    if not any(str(summary.get(name) or "").strip() for name in ("need", "words")):
        raise NotSent(_("Write what is needed."), field="words")
    child = referral.case.child
    child.subject = referral.case.subject
    if naming.tells(said, file.open(child, "identity") or {}, file.open(child, "contacts") or {}):
        raise NotSent(
            _("The summary names the child: a name, a phone or a number of a document stands in it."),
            _("Write it without. Who the child is, the receiver learns after accepting, as far as was agreed to."),
            field="words",
        )
