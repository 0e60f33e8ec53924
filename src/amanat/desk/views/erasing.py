"""The register of erasures, and the steps of one: asked for, carried out or declined."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.access.loaders import Hidden
from amanat.access.models import FileRow
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.desk import erasures as register
from amanat.desk.actions import erasing
from amanat.desk.forms.erasing import AskForm, CarryOutForm, ReasonForm
from amanat.desk.models import Erasure
from amanat.desk.place import around
from amanat.desk.shown import sheet
from amanat.hotline.models import Matter
from amanat.office.looks import note_look
from amanat.web.paging import keyset_page


@page("desk/erasures", does=Verb.LOOK_ERASURES)
def erasures(request: Request) -> HttpResponse:
    """What waits for a second person, and what was decided, the latest first."""
    note_look(request, Verb.LOOK_ERASURES)
    rows = register.decided(request.actor)
    context = sheet(
        request,
        waiting=register.waiting(request.actor),
        page=keyset_page(rows, order=["-decided_at", "-id"], cursor=request.GET.get("from", ""), counted=False),
        to_sweep=register.to_sweep(),
    )
    return render(request, "desk/erasures.html", context)


@page("cases/<ref:case>/erasure", does=Verb.ERASURE_ASK)
def ask_erasure(request: Request, case: Case) -> HttpResponse:
    return _ask(request, case)


@page("matters/<ref:matter>/erasure", does=Verb.ERASURE_ASK)
def matter_ask_erasure(request: Request, matter: Matter) -> HttpResponse:
    return _ask(request, matter)


@page("cases/<ref:case>/erasure/carry-out", does=Verb.ERASURE_CARRY_OUT)
def carry_out_erasure(request: Request, case: Case) -> HttpResponse:
    return _carry_out(request, case)


@page("matters/<ref:matter>/erasure/carry-out", does=Verb.ERASURE_CARRY_OUT)
def matter_carry_out_erasure(request: Request, matter: Matter) -> HttpResponse:
    return _carry_out(request, matter)


@page("cases/<ref:case>/erasure/decline", does=Verb.ERASURE_DECLINE)
def decline_erasure(request: Request, case: Case) -> HttpResponse:
    return _decline(request, case)


@page("matters/<ref:matter>/erasure/decline", does=Verb.ERASURE_DECLINE)
def matter_decline_erasure(request: Request, matter: Matter) -> HttpResponse:
    return _decline(request, matter)


def _ask(request: Request, row: FileRow) -> HttpResponse:
    form = AskForm(request, kind=row.subject.kind)
    if form.apply(erasing.ask, row):
        messages.success(request, _("Asked for. Another person decides now; until then nothing changes."))
        return redirect(row)
    context = _context(request, row) | {"form": form}
    return render(request, "desk/ask_erasure.html", context)


def _carry_out(request: Request, row: FileRow) -> HttpResponse:
    waiting, unsearched = _waiting(row), register.unsearched(row)
    form = CarryOutForm(request, code_name=str(row), kind=row.subject.kind)
    if form.apply(erasing.carry_out, row, erasure=waiting):
        request.files.clear()  # there is no file any more that could have been looked at
        messages.success(request, _erased(row) % {"number": waiting.number})
        if unsearched:
            messages.warning(request, unsearched)
        return redirect("desk.erasures")
    context = _context(request, row, waiting) | {"form": form, "unsearched": unsearched}
    return render(request, "desk/carry_out_erasure.html", context)


def _erased(row: FileRow) -> str:
    if isinstance(row, Matter):
        return _("The matter is erased. This was erasure %(number)s.")
    return _("The file is erased. This was erasure %(number)s.")


def _decline(request: Request, row: FileRow) -> HttpResponse:
    waiting = _waiting(row)
    form = ReasonForm(request, kind=row.subject.kind)
    if form.apply(erasing.decline, row, erasure=waiting):
        stays = _("Declined. The matter stays as it is.") if isinstance(row, Matter) else None
        messages.success(request, stays or _("Declined. The file stays as it is."))
        return redirect("desk.erasures")
    return render(request, "desk/decline_erasure.html", _context(request, row, waiting) | {"form": form})


def _waiting(row: FileRow) -> Erasure:
    """Raises:
    Hidden: nothing waits on this file.
    """
    found = register.of_file(row.subject_id)
    if found is None:
        raise Hidden(row.subject)
    return found


def _context(request: Request, row: FileRow, known: Erasure | None = None) -> dict[str, object]:
    """The file, and what was asked for with its reason: `known`, or as it stands now where something was just tried."""
    waiting = known if known and request.method == "GET" else register.of_file(row.subject_id)
    return around(
        request,
        row,
        erasure=waiting,
        reason=_reason(request.file, waiting, row),
        held=erasing.what_holds(row),
        mine=waiting is not None and erasing.may_carry_out(row, waiting, request.actor),
    )


def _reason(file: File, erasure: Erasure | None, row: FileRow) -> str:
    if erasure is None or not file.opens(erasure, "words"):
        return ""
    erasure.subject = row.subject
    return str((file.open(erasure, "words") or {}).get("reason", ""))
