"""How long each kind of record is kept, as a pack says. Erasing is the work of other rooms."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from amanat.packs import lasting, toml
from amanat.packs.labels import Label
from amanat.packs.lasting import Lasting
from amanat.packs.loaders import Source, register

UNITS = ("days", "months", "years")
MOST = 36_500


@dataclass(frozen=True, slots=True)
class Period(Lasting):
    """What is kept, and from which moment it counts (`starts`, in words)."""

    starts: Label


def _read_period(table: toml.Table) -> Period:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "label", "starts", "source", "verified", *UNITS)
    held = lasting.read(table, name, UNITS, MOST, _("A period needs one length."))
    return Period(**held, starts=table.label("starts") or Label({}))


def read_periods(source: Source) -> dict[str, Period]:
    """Read `retention.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("period")
    periods: dict[str, Period] = {}
    for period in (_read_period(found) for found in table.tables("period")):
        if period.name in periods:
            table.fault(
                _("The period %(name)s stands here twice.") % {"name": period.name}, _("Take one out."), "period"
            )
        periods[period.name] = period
    return periods


RETENTION = register("retention.toml", read_periods)
