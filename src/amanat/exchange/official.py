"""The layout of the official HTCDS 2.0 workbooks, with the oddities that tools for them count on. Facts of the standard's files."""

from __future__ import annotations

from typing import Final

SHEET: Final = "Case Sheet"

COLUMNS: Final = tuple(
    line.split(" | ")
    for line in """
cas_CaseOwner | Case Owner | cas_CaseOwner
prs_Salutation | Salutation | prs_Salutation
prs_FirstName | First Name | prs_FirstName
prs_SecondName | Second Name | prs_SecondName
con_Consent | Consent | con_Consent
prs_Birthdate | Birthdate | prs_Birthdate
prs_Gender | Gender | prs_Gender
prs_Citizenship | Citizenship | prs_Citizenship
prs_Title | Title | prs_Title
prs_Email | Email | prs_Email
prs_HomePhone | Home Phone | prs_HomePhone
prs_MobilePhone | Mobile Phone | prs_MobilePhone
prs_MailingCity | Mailing Street | prs_MailingStreet
prs_MailingCountry | Mailing City | prs_MailingCity
prs_MailingState | Mailing State/Province | prs_MailingState
prs_MailingStreet | Mailing Zip/Postal Code | prs_MailingPostalCode
prs_MailingPostalCode | Mailing Country | prs_MailingCountry
vic_TraffickingStatus | Trafficking Status | vic_TraffickingStatus
vic_TraffickinStatusDecisionMakingOrg | Trafficking Status Decision Making Organization | vic_TraffickingStatusDecisionMakingOrg
vic_MethodOfRecruitment | Method of Recruitment | vic_MethodOfRecruitment
vic_LocationOfRecruitment | Location of Recruitment | vic_LocationOfRecruitment
vic_MethodsOfControl | Methods of Control | vic_MethodsOfControl
vic_TypeOfExploitation | Type of Exploitation | vic_TypeOfExploitation
vic_ForcedLabourIndustry | Forced Labour Industry | vic_ForcedLabourIndustry
vic_TypeOfSexExploitation | Type of Sex Exploitation | vic_TypeOfSexExploitation
vic_LocationOfExploitation | Location of Exploitation | vic_LocationOfExploitation
cas_Status | Status | cas_Status
cas_ReferringOrganisation | Referring Organisation | cas_ReferringOrganisation
cas_IncomingReferralDate | Incoming Referral Date | cas_IncomingReferralDate
cas_ReferringPrimaryCaseWorker | Referring Primary Case Worker | cas_ReferringPrimaryCaseWorker
cas_ReasonForIncomingReferral | Reason for Incoming Referral | cas_ReasonForIncomingReferral
cas_IncomingReferralDetails | Incoming Referral Details | cas_IncomingReferralDetails
cas_ReferredOrganisation | Referred Organisation | cas_ReferredOrganisation
cas_ReferredPrimaryCaseWorker | Referred Primary Case Worker | cas_ReferredPrimaryCaseWorker
 | Reason for Outgoing Referral | cas_ReasonForOutgoingReferral
cas_OutgoingReferralDate | Outgoing Referral Date | cas_OutgoingReferralDate
cas_OutgoingReferralDetails | Outgoing Referral Details | cas_OutgoingReferralDetails
cas_ReasonForCaseClosure | Reason for Case Closure | cas_ReasonForCaseClosure
""".strip("\n").splitlines()
)
"""(hidden name, label, field that it holds) from column B on. The hidden names of the address disagree with the labels, one is
misspelt, one is empty: so they stand in the official files."""
