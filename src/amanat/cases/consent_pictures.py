"""Pictures beside the simple words of a consent: a few lines on a grid of 48, drawn for this product. None shows a person."""

from __future__ import annotations

from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PICTURES: Final[dict[str, str]] = {
    "mouth": '<path d="M8 10h32v22H22l-8 8v-8H8z"/><path d="M24 15v8M24 27v.5"/>',
    "hand": (
        '<path d="M15 26V13a2.5 2.5 0 0 1 5 0v9V9a2.5 2.5 0 0 1 5 0v13V11a2.5 2.5 0 0 1 5 0v12-7a2.5 2.5 0 0 1 5 0v14'
        'c0 7-4 12-11 12-5 0-8-2-10-6L8 27a2.6 2.6 0 0 1 4-3z"/>'
    ),
    "back": '<path d="M14 12 6 20l8 8"/><path d="M6 20h22a11 9 0 0 1 0 18H14"/>',
    "question": '<path d="M8 8h32v24H26l-9 8v-8H8z"/><path d="M20 17a4 4 0 1 1 5 4c-1 .4-1 1-1 2.5M24 27v.5"/>',
    "bridge": '<path d="M4 36h40M8 36V22M40 36V22"/><path d="M8 22c9 10 23 10 32 0M18 28v8M30 28v8"/>',
    "together": '<path d="M6 24 16 14l8 8 8-8 10 10-18 18z"/><path d="m24 22-6 6"/>',
    "bag": '<rect x="7" y="16" width="34" height="24" rx="3"/><path d="M18 16v-5h12v5M24 22v12M18 28h12"/>',
    "scales": '<path d="M24 7v34M15 41h18M9 14h30"/><path d="m9 14-5 13h10zM39 14l-5 13h10z"/>',
    "camera": '<path d="M6 15h9l3-5h12l3 5h9v24H6z"/><circle cx="24" cy="26" r="7.5"/>',
    "bars": '<path d="M7 41h34"/><path d="M13 41V29h5v12M22 41V19h5v22M31 41V9h5v32"/>',
    "note": '<path d="M12 6h16l8 8v28H12z"/><path d="M28 6v8h8M18 22h12M18 29h12"/>',
    "card": '<rect x="5" y="11" width="38" height="26" rx="3"/><circle cx="16" cy="22" r="4"/><path d="M10 31h12M27 20h11M27 27h8"/>',
    "phone": '<rect x="14" y="5" width="20" height="38" rx="3"/><path d="M20 9h8M24 37.5v.5"/>',
    "shield": '<path d="M24 6 9 12v11c0 9 6 15 15 19 9-4 15-10 15-19V12z"/><path d="m17 23 5 5 9-10"/>',
    "list": '<rect x="10" y="7" width="28" height="34" rx="2"/><path d="m15 16 2 2 4-4M25 16h8M15 25l2 2 4-4M25 26h8M25 34h8"/>',
    "bubble": '<path d="M7 9h34v23H24l-9 8v-8H7z"/><path d="M15 17h18M15 24h11"/>',
    "notebook": '<rect x="12" y="6" width="26" height="36" rx="2"/><path d="M8 13h8M8 20h8M8 27h8M8 34h8M22 17h10M22 24h10"/>',
    "heart": '<path d="M24 40C14 33 7 27 7 18.5A8.5 8.5 0 0 1 24 15a8.5 8.5 0 0 1 17 3.5C41 27 34 33 24 40z"/>',
    "pill": '<rect x="4" y="17" width="40" height="14" rx="7" transform="rotate(-35 24 24)"/><path d="m20 17 8 14"/>',
    "seal": '<path d="M10 6h28v24H10z"/><path d="M16 13h16M16 20h8"/><circle cx="30" cy="30" r="6"/><path d="m27 35-2 8 5-3 5 3-2-8"/>',
    "house": '<path d="m5 23 19-15 19 15"/><path d="M10 20v21h28V20"/><path d="M20 41V29h8v12"/>',
    "path": '<path d="M24 42V7"/><path d="M24 10h14l5 5-5 5H24zM24 23H11l-5 5 5 5h13"/>',
}


def drawn(name: str) -> SafeString | str:
    """The picture of this name, hidden from assistive technology, for its sentence stands beside it; "" where none is drawn."""
    lines = PICTURES.get(name)
    return (
        format_html(
            '<svg class="pictogram" viewBox="0 0 48 48" width="48" height="48" fill="none" stroke="currentColor" '
            'stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
            mark_safe(lines),  # noqa: S308 - a constant of this module
        )
        if lines
        else ""
    )
