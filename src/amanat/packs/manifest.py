"""`pack.toml`: what a pack is called, what it extends, and the languages, time zone, weekend and holidays of its country."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pycountry
from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.faults import Fault
from amanat.packs.holidays import Holidays, read_holidays
from amanat.packs.labels import Label
from amanat.packs.loaders import Source

FILE: Final = "pack.toml"
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_VERSION = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `pack.toml` says. `weekend` holds numbers of days as `date.weekday()` gives them (Monday is 0). `country`: alpha-2, by whose
    rules telephone numbers are read; "" where the title names it, or the pack is no country's.
    """

    name: str
    title: Label
    version: str
    extends: str
    languages: tuple[str, ...]
    time_zone: ZoneInfo
    weekend: frozenset[int]
    holidays: Holidays = field(default_factory=Holidays)
    country: str = ""


def read_manifest(folder: Path, faults: list[Fault]) -> Manifest | None:
    """Read the `pack.toml` of a folder; None if there is nothing to read."""
    file = folder / FILE
    source = Source(file, folder, (), faults)
    if not file.is_file():
        source.fault("", _("A pack needs this file."), _("Make it, or name the folder of a pack."))
        return None
    table = toml.read_table(source, file)
    if table is None:
        return None
    table.allow(
        "name", "title", "version", "extends", "languages", "time_zone", "weekend", "holidays", "calendars", "country"
    )
    languages = _languages(table)
    title = toml.Table(Source(file, folder, languages, faults), file, "", table.content).label("title")
    return Manifest(
        name=_name(table, folder),
        title=title or Label({}),
        version=_version(table),
        extends=table.get("extends", str, ""),
        languages=languages,
        time_zone=_time_zone(table),
        weekend=read_weekend(table),
        holidays=read_holidays(table),
        country=_country(table),
    )


def _name(table: toml.Table, folder: Path) -> str:
    name = table.need("name", str, "")
    if name and not _NAME.fullmatch(name):
        table.fault(_("A name has only small plain letters, digits and underscores."), _("Write it like core."), "name")
    elif name and name != folder.name:
        table.fault(
            _("The folder is called %(folder)s.") % {"folder": folder.name}, _("Give both the same name."), "name"
        )
    return name


def _version(table: toml.Table) -> str:
    version = table.need("version", str, "")
    if version and not _VERSION.fullmatch(version):
        table.fault(_("A version is three numbers."), _("Write it like 1.0.0."), "version")
    return version


def _languages(table: toml.Table) -> tuple[str, ...]:
    languages = table.need("languages", list, [])
    found = tuple(code for code in languages if isinstance(code, str) and _LANGUAGE.fullmatch(code))
    if len(found) < len(languages) or len(set(found)) < len(found):
        table.fault(
            _("A language is a code of two or three letters, once."), _('Write them like ["tk", "en"].'), "languages"
        )
    if languages and "en" not in found:
        table.fault(_("English is missing; it stands in for other languages."), _('Add "en".'), "languages")
    return found


def _country(table: toml.Table) -> str:
    code = table.get("country", str, "")
    if code and (pycountry.countries.get(alpha_2=code) is None or code != code.upper()):
        table.fault(_("ISO 3166-1 has no country %(code)s.") % {"code": code}, _("Write it like TM."), "country")
    return code


def _time_zone(table: toml.Table) -> ZoneInfo:
    name = table.need("time_zone", str, "UTC")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # what zoneinfo raises for bad, foreign and missing keys
        table.fault(
            _("There is no time zone %(name)s.") % {"name": name}, _("Write it like Asia/Ashgabat."), "time_zone"
        )
        return ZoneInfo("UTC")


def read_weekend(table: toml.Table) -> frozenset[int]:
    """Read the days of the week on which people do not work."""
    days = table.need("weekend", list, [])
    if not set(map(str, days)) <= set(WEEKDAYS):
        table.fault(_("A day of the weekend is unknown."), _('Write it like "sunday".'), "weekend")
    if set(WEEKDAYS) <= set(map(str, days)):
        table.fault(_("This week has no working day."), _("Leave out the days on which people work."), "weekend")
        return frozenset()
    return frozenset(number for number, day in enumerate(WEEKDAYS) if day in days)
