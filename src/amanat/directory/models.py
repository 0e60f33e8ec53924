"""The tables of HSDS 3.0 as models: who offers what, where, when, to whom. Nothing here is about a child.

A field is called like the column of the standard, but for the few that say otherwise; what the standard does not have says so.
"""

from amanat.directory.details import (
    Accessibility,
    Address,
    Contact,
    CostOption,
    Funding,
    Language,
    OrganizationIdentifier,
    Phone,
    RequiredDocument,
    Schedule,
    ServiceArea,
)
from amanat.directory.offers import (
    Location,
    Organization,
    PlaceKind,
    Program,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    Status,
)
from amanat.directory.places import ConfidentialPlace
from amanat.directory.rows import Row
from amanat.directory.terms import Attribute, Metadata, MetaTableDescription, Taxonomy, TaxonomyTerm
from amanat.directory.waiting import Package
from amanat.directory.week import Frequency, Weekday
from amanat.directory.whom import ForSex

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "ConfidentialPlace",
    "Contact",
    "CostOption",
    "ForSex",
    "Frequency",
    "Funding",
    "Language",
    "Location",
    "MetaTableDescription",
    "Metadata",
    "Organization",
    "OrganizationIdentifier",
    "Package",
    "Phone",
    "PlaceKind",
    "Program",
    "RequiredDocument",
    "Row",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceNeed",
    "Status",
    "Taxonomy",
    "TaxonomyTerm",
    "Weekday",
]
