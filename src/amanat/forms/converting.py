"""From a workbook to the XForm, by pyxform: the only module that imports it, when it is called (0.4 s)."""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.forms.faulty import FaultyForm
from amanat.forms.workbooks import OWN, Workbook
from amanat.packs.faults import Fault

_ROW: Final = re.compile(r"\[row\s*:\s*(\d+)\]\s*", re.IGNORECASE)
_QUOTED: Final = re.compile(r"'([^']+)'")
_ROW_IN: Final = re.compile(r"\brow\s+(?:number\s+)?(\d+)\b", re.IGNORECASE)


def convert(workbook: Workbook) -> bytes:
    """Give the XForm of a workbook.

    Raises:
        FaultyForm: what pyxform refuses, in its words, with its place where it says one.
    """
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert as made

    try:
        xform: str = made(_sheets(workbook), validate=False).xform
    except PyXFormError as error:
        raise FaultyForm([_fault(workbook, str(error))]) from None
    except (ArithmeticError, AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError) as error:
        what = _("pyxform can't convert it: %(why)s.") % {"why": f"{type(error).__name__} {error}"[:300]}
        raise FaultyForm([Fault(workbook.name, "", what, _("Look whether each row is complete."))]) from None
    return xform.encode()


def _sheets(workbook: Workbook) -> dict[str, Any]:
    """The sheets as pyxform takes them, without our own columns."""
    found: dict[str, Any] = {"sheet_names": list(workbook.sheets), "fallback_form_name": workbook.form_id}
    for name, sheet in workbook.sheets.items():
        headers = [header for header in sheet.headers if not header.startswith(OWN)]
        found[name] = [
            {header: cell for header, cell in row.cells.items() if not header.startswith(OWN)} for row in sheet.rows
        ]
        found[f"{name}_header"] = [dict.fromkeys(headers)]
    return found


def _fault(workbook: Workbook, message: str) -> Fault:
    """pyxform counts the rows that it was given, from 2; a person counts those of the file."""
    number = _ROW.search(message) or _ROW_IN.search(message)
    at = int(number[1]) - 2 if number else -1
    sheet = "choices" if "choices" in message.lower() and "survey" not in message.lower() else "survey"
    rows = workbook.sheets[sheet].rows if sheet in workbook.sheets else ()
    if at < 0 and (quoted := _QUOTED.search(message)):
        named = [quoted[1] in (row.cells.get("type"), row.cells.get("name")) for row in rows]
        at = named.index(True) if True in named else -1
    where = _("sheet %(sheet)s, row %(row)s") % {"sheet": sheet, "row": rows[at].number} if 0 <= at < len(rows) else ""
    return Fault(workbook.name, where, _ROW.sub("", message).strip(), _("Mend it and upload the form again."))
