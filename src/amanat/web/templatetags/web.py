"""Template tags of the page shell: icons, the navigation, moments in time, texts of a pack."""

import datetime
from functools import cache
from typing import Any, Protocol

from django import template
from django.forms import BaseForm
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from amanat.web import forms
from amanat.web import navigation as registry
from amanat.web.formats import written
from amanat.web.icons import ICONS

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """An inline icon, hidden from assistive technology; `size` is "" (1.25 em) or "large".

    Raises:
        KeyError: there is no icon of this name.
    """
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" icon-{size}" if size else "",
        mark_safe(ICONS[name]),  # noqa: S308 - a constant of this package
    )


@register.inclusion_tag("web/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """The primary navigation for `request.actor`. The page is current by its `nav` context variable, else by URL name."""
    request = context.get("request")
    current = context.get("nav")
    match = getattr(request, "resolver_match", None) if current is None else None
    url_name = match.url_name if match else None
    return {
        "links": [
            (entry, entry.name == current or entry.url_name == url_name)
            for entry in registry.entries_for(getattr(request, "actor", None))
        ]
    }


@register.filter
def summary(form: BaseForm) -> list[tuple[str, str, str]]:
    """The errors of any form as (id of the control, label, message); see `amanat.web.forms.summary`."""
    return forms.summary(form)


@register.simple_tag
def when(moment: datetime.datetime | datetime.date | None, style: str = "full") -> SafeString | str:
    """A `<time>` in the active language; a moment (UTC) in the active time zone, a date as it is; nothing for None.

    Args:
        moment: an aware datetime, or a date.
        style: "full" (24 November 2026, 14:02), "date", "weekday" (Tuesday, 24 November 2026), "time",
            "short" (24.11.2026, 14:02) or "day" (24.11.2026).
    """
    if moment is None:
        return ""
    if isinstance(moment, datetime.datetime):
        local: datetime.date = timezone.localtime(moment)
        machine = moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    else:
        local, machine = moment, moment.isoformat()
    text = written(local, _format_name(style, isinstance(moment, datetime.datetime)))
    if style == "weekday":
        text = f"{written(local, 'l')}, {text}"
    return format_html('<time datetime="{}">{}</time>', machine, text)


class Spoken(Protocol):
    """A text of a pack, in several languages (`packs.Label`)."""

    def text(self, language: str | None = None) -> str: ...

    def language(self, language: str | None = None) -> str: ...


@register.simple_tag
def said(label: Spoken) -> SafeString | str:
    """A text of a pack; marked with its language, where it is not there in the page's."""
    text, language = label.text(), label.language()
    is_of_the_page = (get_language() or language).split("-")[0] == language
    return text if is_of_the_page else format_html('<span lang="{}">{}</span>', language, text)


def _format_name(style: str, is_moment: bool) -> str:
    if not is_moment:
        return "SHORT_DATE_FORMAT" if style in {"short", "day"} else "DATE_FORMAT"
    return {
        "full": "DATETIME_FORMAT",
        "date": "DATE_FORMAT",
        "weekday": "DATE_FORMAT",
        "time": "TIME_FORMAT",
        "short": "SHORT_DATETIME_FORMAT",
        "day": "SHORT_DATE_FORMAT",
    }[style]
