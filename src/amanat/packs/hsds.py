"""The tables of HSDS 3.0 (Human Services Data Specification, Open Referral) as CSV files, and what may stand in each column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

# Of each file its columns: `!` has to say something, `>` names a row of that file, `=` is one of, `:` is of that kind.
_TABLES: Final = {
    "organizations": (
        "id! name! alternate_name description! email website tax_status tax_id year_incorporated:whole legal_status "
        "logo uri parent_organization_id>organizations"
    ),
    "programs": "id! organization_id>organizations! name! alternate_name description!",
    "services": (
        "id! organization_id>organizations! program_id>programs name! alternate_name description url email "
        "status=active|inactive|defunct|temporarily_closed! interpretation_services application_process "
        "fees_description wait_time fees accreditations eligibility_description minimum_age:number maximum_age:number "
        "assured_date:date assurer_email licenses alert last_modified:datetime"
    ),
    "attributes": "id! link_id! taxonomy_term_id>taxonomy_terms! link_type link_entity! value",
    "service_at_location": "id! service_id>services! location_id>locations! description",
    "locations": (
        "id! location_type=physical|postal|virtual! url organization_id>organizations name alternate_name description "
        "transportation latitude:number longitude:number external_identifier external_identifier_type"
    ),
    "phones": (
        "id! location_id>locations service_id>services organization_id>organizations contact_id>contacts "
        "service_at_location_id>service_at_location number! extension type description"
    ),
    "contacts": (
        "id! organization_id>organizations service_id>services service_at_location_id>service_at_location "
        "location_id>locations name title department email"
    ),
    "addresses": (
        "id! location_id>locations attention address_1! address_2 city! region state_province! postal_code! country! "
        "address_type=physical|postal|virtual!"
    ),
    "schedules": (
        "id! service_id>services location_id>locations service_at_location_id>service_at_location valid_from:date "
        "valid_to:date dtstart:date timezone until:date count:whole wkst=MO|TU|WE|TH|FR|SA|SU freq=WEEKLY|MONTHLY "
        "interval:whole byday byweekno bymonthday byyearday description opens_at:time closes_at:time schedule_link "
        "attending_type notes"
    ),
    "funding": "id! organization_id>organizations service_id>services source",
    "service_areas": "id! service_id>services name description extent extent_type uri",
    "required_documents": "id! service_id>services document uri",
    "languages": "id! service_id>services location_id>locations phone_id>phones name code note",
    "accessibility": "id! location_id>locations description details url",
    "taxonomy_terms": "id! code name! description! parent_id>taxonomy_terms taxonomy language taxonomy_id>taxonomies term_uri",
    "cost_options": "id! service_id>services! valid_from:date valid_to:date option currency amount:number amount_description",
    "organization_identifiers": "id! organization_id>organizations! identifier_scheme identifier_type! identifier!",
    "taxonomies": "id! name! description! uri version",
    "metadata": (
        "id! resource_id! resource_type! last_action_date:date! last_action_type! field_name! previous_value! "
        "replacement_value! updated_by!"
    ),
    "meta_table_descriptions": "id! name language character_set",
}

_KINDS: Final = {
    "number": re.compile(r"-?\d{1,15}(\.\d{1,15})?"),
    "whole": re.compile(r"\d{1,9}(\.0+)?"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "time": re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:\d\d)?"),
    "codes": re.compile(r"[a-z][a-z0-9_]{0,39}( [a-z][a-z0-9_]{0,39}){0,19}"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"),
}
_READ: Final[Mapping[str, Callable[[str], object]]] = {"date": date.fromisoformat, "datetime": datetime.fromisoformat}
_EXAMPLES: Final = {
    "date": "2026-11-26",
    "datetime": "2026-11-26T09:30:00Z",
    "time": "09:30",
    "number": "12",
    "whole": "12",
    "codes": "shelter medical",
}
LONGEST_NAME: Final = 500
LONGEST_CODE: Final = 100
"""Letters of a name, and of a code; both are ours: what lists are ordered by must fit into an index."""
_LONGEST: Final = {"name": LONGEST_NAME, "code": LONGEST_CODE}


@dataclass(frozen=True, slots=True)
class Column:
    """What the standard says of one column. `link`: the file in which the row stands that it names."""

    name: str
    needed: bool
    link: str = ""
    one_of: tuple[str, ...] = ()
    kind: str = ""

    def takes(self, value: str) -> bool:
        """Whether a value is of its kind; whether a row that it names is there shows only with all files."""
        if len(value) > _LONGEST.get(self.name, len(value)) or "\0" in value:
            return False
        if self.one_of:
            return value in self.one_of
        if (is_read := _READ.get(self.kind)) and not _is_read(is_read, value):
            return False
        return not self.kind or _KINDS[self.kind].fullmatch(value) is not None

    @property
    def wanted(self) -> str:
        """What stands there, in the words of the standard."""
        return ", ".join(self.one_of) or _EXAMPLES.get(self.kind, self.kind)


def _is_read(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_COLUMN: Final = re.compile(r"(?P<name>\w+)(?:>(?P<link>\w+)|=(?P<one_of>[^!]+)|:(?P<kind>\w+))?(?P<needed>!?)")


def _column(told: str) -> Column:
    found = _COLUMN.fullmatch(told)
    assert found, told
    one_of = tuple(one.replace("_", " ") for one in (found["one_of"] or "").split("|") if one)
    return Column(found["name"], bool(found["needed"]), found["link"] or "", one_of, found["kind"] or "")


TABLES: Final[Mapping[str, Mapping[str, Column]]] = {
    name: {column.name: column for column in map(_column, told.split())} for name, told in _TABLES.items()
}

# Columns that are not of the standard, beside `amanat::source`, `amanat::verified` and texts in other languages.
_YES_NO: Final = ("yes", "no")
OWN: Final[Mapping[str, Mapping[str, Column]]] = {
    table: {column.name: column for column in columns}
    for table, columns in {
        "organizations": [Column("amanat::withheld", False, one_of=_YES_NO)],
        "services": [
            Column("amanat::withheld", False, one_of=_YES_NO),
            Column("amanat::needs", False, kind="codes"),
            Column("amanat::sex", False, one_of=("any", "girls", "boys")),
            Column("amanat::places", False, kind="whole"),
            Column("amanat::free_places", False, kind="whole"),
            Column("amanat::free_places_at", False, kind="datetime"),
        ],
        "locations": [Column("amanat::region", False), Column("amanat::confidential", False, one_of=_YES_NO)],
    }.items()
}
