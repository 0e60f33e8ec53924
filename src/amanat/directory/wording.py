"""What tables and columns of HSDS, and codes of the pack, are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from amanat import packs

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TABLE_NAMES: Final[Mapping[str, StrOrPromise]] = {
    "organizations": _("Organisations"),
    "programs": _("Programmes"),
    "services": _("Services"),
    "locations": _("Places"),
    "service_at_location": _("What is given where"),
    "contacts": _("Contact persons"),
    "phones": _("Phone numbers"),
    "addresses": _("Addresses"),
    "schedules": _("Opening hours"),
    "funding": _("Who pays for it"),
    "service_areas": _("Areas served"),
    "required_documents": _("Documents to bring"),
    "languages": _("Languages"),
    "accessibility": _("Access for people with disabilities"),
    "cost_options": _("Costs"),
    "organization_identifiers": _("Register numbers"),
    "taxonomies": _("Lists of terms"),
    "taxonomy_terms": _("Terms"),
    "attributes": _("Terms of entries"),
    "metadata": _("History of the package"),
    "meta_table_descriptions": _("Languages of the tables"),
}
COLUMNS: Final[Mapping[str, StrOrPromise]] = {
    "name": _("Name"),
    "alternate_name": _("Other name"),
    "description": _("Description"),
    "email": _("Email"),
    "website": _("Website"),
    "url": _("Website"),
    "status": _("State"),
    "minimum_age": _("From age"),
    "maximum_age": _("To age"),
    "needs": _("Needs"),
    "sex": _("For whom"),
    "places": _("Places"),
    "free_places": _("Free places"),
    "fees_description": _("Costs"),
    "wait_time": _("Waiting time"),
    "eligibility_description": _("Who can come"),
    "application_process": _("How to apply"),
    "number": _("Number"),
    "address_1": _("Address"),
    "city": _("Town"),
    "opens_at": _("Opens"),
    "closes_at": _("Closes"),
    "byday": _("Days"),
    "document": _("Document"),
    "region": _("Region"),
    "source": _("Source"),
    "verified": _("Checked"),
    "texts": _("In other languages"),
    "is_confidential": _("Confidential"),
    "is_withheld": _("For workers only"),
    "last_modified": _("Last changed"),
}
"""Those that people ask for; the others are shown as the standard calls them."""


def called(codes: str, code: str, otherwise: str = "") -> str:
    """A code of one of the pack's lists; `otherwise` where the pack does not know it."""
    known = packs.current().codes(codes)
    return known.label(code) if code in known else otherwise
