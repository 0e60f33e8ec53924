"""For whom a service is, in words: ages and sex. Imports no model."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OLDEST: Final = 120
"""Years; ours."""


class ForSex(TextChoices):
    ANY = "any", gettext_lazy("girls and boys")
    GIRLS = "girls", gettext_lazy("girls only")
    BOYS = "boys", gettext_lazy("boys only")


def ages(youngest: float | None, oldest: float | None) -> str:
    """Nothing where neither is told."""
    told = {"low": f"{youngest or 0:g}", "high": f"{oldest or 0:g}"}
    if oldest is None:
        return "" if youngest is None else _("from %(low)s years") % told
    return _("up to %(high)s years") % told if youngest is None else _("from %(low)s to %(high)s years") % told
