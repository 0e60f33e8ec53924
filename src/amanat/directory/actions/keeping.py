"""Agencies keep their own entries: an organisation, its services, whom they are for, how many places are free, and that all is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.directory import keepers, refreshing
from amanat.directory.actions.changes import Changed, change, touch
from amanat.directory.models import Language, Organization, RequiredDocument, Service, ServiceNeed, Status
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError


@verb(Verb.DIRECTORY_EDIT, about=str)
def add_organization(
    *, name: str, description: str, website: str, email: str, agency: Agency | None = None, actor: Actor
) -> Organization:
    """An organisation of the directory: one's own agency, or one that is no agency here.

    Raises:
        Refused: the actor does not keep the entries of this one.
        PersonFacingError: the agency stands in the directory already.
    """
    told = {"name": name, "description": description, "website": website, "email": email}
    made = Organization(
        agency=agency, confirmed_on=timezone.localdate(actor.now), confirmed_by=actor.membership, **told
    )
    keepers.check(actor, made)
    _check_agency(made, agency)
    made.save()
    return made


@verb(Verb.DIRECTORY_EDIT, about=str)
def change_organization(*, organization: Organization, actor: Actor, **fields: Any) -> Changed:
    """Name, description, website, email; by whoever keeps others' entries also which agency it is, which keeps it from then on.

    Raises:
        Refused: the actor does not keep these entries.
        PersonFacingError: the agency is another organisation already.
    """
    keepers.check(actor, organization)
    if "agency" in fields:
        _check_agency(organization, fields["agency"])
    return change(organization, fields, actor)


def _check_agency(organization: Organization, agency: Agency | None) -> None:
    if agency and Organization.objects.filter(agency=agency).exclude(pk=organization.pk).exists():
        raise PersonFacingError(_("This agency stands in the directory already."), field="agency")


@verb(Verb.DIRECTORY_EDIT, about=str)
def add_service(*, organization: Organization, needs: Sequence[str], actor: Actor, **fields: Any) -> Service:
    """A service of an organisation. `needs`: codes of the pack's list `service_need`.

    Raises:
        Refused: the actor does not keep these entries.
    """
    keepers.check(actor, organization)
    confirmed = {"confirmed_on": timezone.localdate(actor.now), "confirmed_by": actor.membership}
    made = Service.objects.create(organization=organization, last_modified=actor.now, **confirmed, **fields)
    ServiceNeed.objects.bulk_create(ServiceNeed(service=made, code=code) for code in needs)
    return made


@verb(Verb.DIRECTORY_EDIT, about=str)
def change_service(*, service: Service, needs: Sequence[str], actor: Actor, **fields: Any) -> Changed:
    """What it is, what it is for, how one comes to it, and whether it is for workers only.

    Raises:
        Refused: the actor does not keep these entries.
    """
    keepers.check(actor, service.organization)
    changed = change(service, fields, actor)
    if service.is_withheld:
        refreshing.after_this(actor.now)
    kept = list(ServiceNeed.objects.filter(service=service).values_list("code", flat=True))
    if set(kept) == set(needs):
        return changed
    ServiceNeed.objects.filter(service=service).exclude(code__in=needs).delete()
    ServiceNeed.objects.bulk_create(ServiceNeed(service=service, code=code) for code in needs if code not in kept)
    return Changed(service, [*changed.differences, ("needs", ", ".join(kept), ", ".join(needs))])


@verb(Verb.DIRECTORY_EDIT, about=str)
def say_for_whom(
    *,
    service: Service,
    minimum_age: int | None,
    maximum_age: int | None,
    sex: str,
    languages: Sequence[str],
    documents: Sequence[str],
    eligibility_description: str,
    actor: Actor,
) -> Changed:
    """Whom it is for. `languages`: codes of the pack's list; `documents`: one line each, codes of `document_kind` or words.

    Raises:
        Refused: the actor does not keep these entries.
        PersonFacingError: it ends at a younger age than it begins.
    """
    keepers.check(actor, service.organization)
    if minimum_age is not None and maximum_age is not None and minimum_age > maximum_age:
        raise PersonFacingError(_("The oldest age is below the youngest."), field="maximum_age")
    ages = {"minimum_age": minimum_age, "maximum_age": maximum_age}
    changed = change(service, {**ages, "sex": sex, "eligibility_description": eligibility_description}, actor)
    told = [
        ("languages", *_replace(service, Language, "code", languages)),
        ("documents", *_replace(service, RequiredDocument, "document", documents)),
    ]
    return Changed(service, [*changed.differences, *(line for line in told if line[1] != line[2])])


def _replace(
    service: Service, model: type[Language | RequiredDocument], column: str, wanted: Sequence[str]
) -> tuple[str, str]:
    """Leave the rows that are wanted; what stood there before, and what stands there now."""
    rows = model.objects.filter(service=service)
    kept = [getattr(row, column) for row in rows.order_by("id")]
    rows.exclude(**{f"{column}__in": wanted}).delete()
    for value in dict.fromkeys(wanted):
        if value not in kept:
            model.objects.create(service=service, **{column: value})
    return ", ".join(kept), ", ".join(wanted)


@verb(Verb.DIRECTORY_EDIT, about=str)
def set_status(*, service: Service, status: Status, alert: str, actor: Actor) -> Changed:
    """Pause a service, end it, or give it again. `alert`: what whoever looks at it should know now.

    Raises:
        Refused: the actor does not keep these entries.
    """
    keepers.check(actor, service.organization)
    refreshing.after_this(actor.now)
    return change(service, {"status": status, "alert": alert}, actor)


@verb(Verb.DIRECTORY_EDIT, about=str)
def tell_free_places(*, service: Service, free_places: int, places: int | None = None, actor: Actor) -> Changed:
    """How many places are free now; `places`: of how many, where that is another number than before.

    Raises:
        Refused: the actor does not keep these entries.
        PersonFacingError: more are free than there are.
    """
    keepers.check(actor, service.organization)
    of = service.places if places is None else places
    if of is not None and free_places > of:
        raise PersonFacingError(
            _("More places are free than there are: %(places)d.") % {"places": of}, field="free_places"
        )
    changed = change(service, {"free_places": free_places, "places": of}, actor)
    service.free_places_at = actor.now
    touch(service, actor, "free_places_at")
    return changed


@verb(Verb.DIRECTORY_CONFIRM, about=str)
def confirm(service: Service, *, actor: Actor) -> Service:
    """All that the entry says is right today.

    Raises:
        Refused: the actor does not keep these entries.
    """
    keepers.check(actor, service.organization)
    service.confirmed_on, service.confirmed_by = timezone.localdate(actor.now), actor.membership
    service.save(update_fields=["confirmed_on", "confirmed_by"])
    return service
