"""How the fields of a section stand together on a page, which of them tell a record apart, and which say most at a glance.

Names of fields are those of the standard. What a country's pack adds stands below, in its own order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from amanat.packs import Field, FieldSection

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading ("" for none). `folded`: rarely asked, so it stays folded away while nothing stands in it."""

    title: StrOrPromise
    names: tuple[str, ...]
    folded: bool = False


_ON_THE_MAP, _EXACT_PLACE = _("On the map"), _("Exact place")
_GROUPS: dict[str, tuple[Group, ...]] = {
    "person": (
        Group(
            "",
            (
                "prs_Citizenship",
                "prs_HighestLevelOfEducation",
                "prs_MaritalStatus",
                "prs_NumberOfChildren",
                "prs_Deceased",
            ),
        ),
        Group(
            _("Address"),
            (
                "prs_MailingStreet",
                "prs_MailingCity",
                "prs_MailingState",
                "prs_MailingPostalCode",
                "prs_MailingCountry",
                "prs_Email",
            ),
        ),
        Group(_ON_THE_MAP, ("prs_MailingLatitude", "prs_MailingLongitude"), folded=True),
        Group(_("How the person is addressed"), ("prs_Salutation", "prs_Title"), folded=True),
    ),
    "victim_context": (
        Group(_("Trafficking status"), ("vic_TraffickingStatus", "vic_TraffickingStatusDecisionMakingOrg")),
        Group(
            _("Recruitment"),
            (
                "vic_AgeWhenTrafficked",
                "vic_RelationshipToTrafficker",
                "vic_MethodOfRecruitment",
                "vic_LocationOfRecruitment",
            ),
        ),
        Group(
            _("Exploitation"),
            (
                "vic_TypeOfExploitation",
                "vic_ForcedLabourIndustry",
                "vic_TypeOfSexExploitation",
                "vic_LocationOfExploitation",
            ),
        ),
        Group(_("Control"), ("vic_MethodsOfControl",)),
        Group(_("Sites and apps"), ("vic_RecruitmentWebsitesAndApps", "vic_ExploitationWebsitesAndApps"), folded=True),
    ),
    "historic_event": (
        Group("", ("hte_Type", "hte_Date", "hte_City", "hte_State", "hte_Country", "hte_Description")),
        Group(_EXACT_PLACE, ("hte_Street", "hte_PostalCode", "hte_Latitude", "hte_Longitude"), folded=True),
    ),
    "referral": (
        Group(
            _("Incoming referral"),
            (
                "cas_ReferringOrganisation",
                "cas_ReferringPrimaryCaseWorker",
                "cas_IncomingReferralDate",
                "cas_ReasonForIncomingReferral",
                "cas_IncomingReferralDetails",
            ),
        ),
        Group(
            _("Outgoing referral"),
            (
                "cas_ReferredOrganisation",
                "cas_ReferredPrimaryCaseWorker",
                "cas_OutgoingReferralDate",
                "cas_ReasonForOutgoingReferral",
                "cas_OutgoingReferralDetails",
            ),
        ),
    ),
    "support_plan": (
        Group("", ("spl_Type", "spl_Objectives", "spl_ActionPlan", "spl_PlannedEndDate", "spl_ActualEndDate")),
    ),
    "organisation": (
        Group("", ("org_Name", "org_Type", "org_Phone")),
        Group(
            _("Address"),
            (
                "org_ShippingStreet",
                "org_ShippingCity",
                "org_ShippingState",
                "org_ShippingPostalCode",
                "org_ShippingCountry",
            ),
        ),
        Group(_ON_THE_MAP, ("org_ShippingLatitude", "org_ShippingLongitude"), folded=True),
    ),
}
# By what people tell the records of a section apart; else by what is filled in first.
HEADS = {
    "historic_event": ("hte_Date",),
    "referral": ("cas_IncomingReferralDate", "cas_OutgoingReferralDate"),
    "support_plan": ("spl_Type",),
    "organisation": ("org_Name",),
}
# The day by which records stand in order; without one they stand as they were written.
DAYS = {
    "historic_event": ("hte_Date",),
    "referral": ("cas_IncomingReferralDate", "cas_OutgoingReferralDate"),
    "support_plan": ("spl_PlannedEndDate", "spl_ActualEndDate"),
}
# What the file's own page shows of a section; else what is filled in first.
TELLING = {
    "victim_context": (
        "vic_TraffickingStatus",
        "vic_TypeOfExploitation",
        "vic_MethodOfRecruitment",
        "vic_MethodsOfControl",
    ),
    "person": ("prs_Citizenship", "prs_MailingCity", "prs_MailingCountry", "prs_HighestLevelOfEducation"),
    "historic_event": ("hte_Type", "hte_City", "hte_Country"),
    "referral": ("cas_ReferringOrganisation", "cas_ReferredOrganisation"),
    "support_plan": ("spl_Objectives", "spl_ActualEndDate"),
    "organisation": ("org_Type", "org_ShippingCity"),
}


def grouped(section: FieldSection, fields: Iterable[Field]) -> list[tuple[Group, list[Field]]]:
    """The fields under their headings, in reading order; headings without a field are left out."""
    left = {field.name: field for field in fields}
    found = []
    for group in _GROUPS.get(section.name, ()):
        if held := [left.pop(name) for name in group.names if name in left]:
            found.append((group, held))
    deprecated = [left.pop(name) for name, field in list(left.items()) if field.deprecated]
    if left:
        found.append((Group(_("More") if found else "", tuple(left)), list(left.values())))
    if deprecated:
        names = tuple(field.name for field in deprecated)
        found.append((Group(_("No longer asked by the standard"), names), deprecated))
    return found


def in_order(section: FieldSection, fields: Iterable[Field]) -> list[Field]:
    """The fields in the order of their groups."""
    return [field for _group, held in grouped(section, fields) for field in held]
