"""The register of erasures, and the steps of one: asked for, carried out or declined."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.access.loaders import Hidden
from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.desk import erasures as register
from amanat.desk.actions import erasing
from amanat.desk.forms.erasing import AskForm, CarryOutForm, ReasonForm
from amanat.desk.holding import standing
from amanat.desk.models import Erasure
from amanat.desk.shown import sheet
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
    form = AskForm(request)
    if form.apply(erasing.ask, case):
        messages.success(request, _("Asked for. Another person decides now; until then nothing changes."))
        return redirect(case)
    context = _context(request, case) | {"form": form, "is_held": standing(case.subject_id).exists()}
    return render(request, "desk/ask_erasure.html", context)


@page("cases/<ref:case>/erasure/carry-out", does=Verb.ERASURE_CARRY_OUT)
def carry_out_erasure(request: Request, case: Case) -> HttpResponse:
    waiting, unsearched = _waiting(case), register.unsearched(case)
    form = CarryOutForm(request, code_name=case.child.code_name)
    if form.apply(erasing.carry_out, case, erasure=waiting):
        request.files.clear()  # there is no file any more that could have been looked at
        messages.success(request, _("The file is erased. This was erasure %(number)s.") % {"number": waiting.number})
        if unsearched:
            messages.warning(request, unsearched)
        return redirect("desk.erasures")
    context = _context(request, case) | {"form": form, "unsearched": unsearched}
    return render(request, "desk/carry_out_erasure.html", context)


@page("cases/<ref:case>/erasure/decline", does=Verb.ERASURE_DECLINE)
def decline_erasure(request: Request, case: Case) -> HttpResponse:
    waiting = _waiting(case)
    form = ReasonForm(request)
    if form.apply(erasing.decline, case, erasure=waiting):
        messages.success(request, _("Declined. The file stays as it is."))
        return redirect("desk.erasures")
    return render(request, "desk/decline_erasure.html", _context(request, case) | {"form": form})


def _waiting(case: Case) -> Erasure:
    """Raises:
    Hidden: nothing waits on this file.
    """
    found = register.of_file(case.subject_id)
    if found is None:
        raise Hidden(case.subject)
    return found


def _context(request: Request, case: Case) -> dict[str, object]:
    """The file, and what was asked for with its reason."""
    waiting = register.of_file(case.subject_id)
    return about(request, case) | {
        "erasure": waiting,
        "reason": _reason(request.file, waiting, case),
        "mine": waiting is not None and erasing.may_carry_out(case, waiting, request.actor),
    }


def _reason(file: File, erasure: Erasure | None, case: Case) -> str:
    if erasure is None or not file.opens(erasure, "words"):
        return ""
    erasure.subject = case.subject
    return str((file.open(erasure, "words") or {}).get("reason", ""))
