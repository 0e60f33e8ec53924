"""Evidence: the list with each chain, taking in, handing on, and the receipt."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.access.files import Closed
from amanat.access.pages import Request, page
from amanat.access.policy import Part, Verb
from amanat.cases.models import Case
from amanat.cases.views.telling import about
from amanat.legal import pieces
from amanat.legal.actions import evidence as acts
from amanat.legal.forms.others import EvidenceForm, HandOnForm
from amanat.legal.models import Evidence
from amanat.web.paging import keyset_page

SIZE = 20


@page("cases/<ref:case>/evidence", does=Verb.EVIDENCE_TAKE_IN)
def evidence(request: Request, case: Case) -> HttpResponse:
    acts.part_for(request.file)
    found = keyset_page(
        pieces.evidence_rows(request.file),
        order=["-number"],
        cursor=request.GET.get("from", ""),
        size=SIZE,
        counted=False,
    )
    context = {"page": found, "pieces": pieces.evidence_of(request.file, found.rows)}
    return render(request, "legal/evidence.html", about(request, case) | context)


@page("cases/<ref:case>/evidence/take-in", does=Verb.EVIDENCE_TAKE_IN)
def take_in(request: Request, case: Case) -> HttpResponse:
    acts.part_for(request.file)
    form = EvidenceForm(request, request.file)
    if form.apply(acts.take_in, case):
        messages.success(request, _("It is taken in. Print the receipt for whoever gave it."))
        return redirect("legal.receipt", form.result)
    return render(request, "legal/take_in.html", about(request, case) | {"form": form})


@page("evidence/<ref:evidence>/hand-on", does=Verb.EVIDENCE_HAND_ON)
def hand_on(request: Request, evidence: Evidence) -> HttpResponse:
    piece = _opened(request, evidence)
    form = HandOnForm(request)
    if form.apply(acts.hand_on, evidence):
        messages.success(request, _("It is handed on. Print the receipt and let both sign."))
        return redirect("legal.receipt", evidence)
    return render(request, "legal/hand_on.html", about(request, evidence.case) | {"form": form, "piece": piece})


@page("evidence/<ref:evidence>/receipt", does=Verb.EVIDENCE_HAND_ON)
def receipt(request: Request, evidence: Evidence) -> HttpResponse:
    """What the paper to sign says."""
    piece = _opened(request, evidence)
    numbers = pieces.case_number(request.file, piece)
    context = about(request, evidence.case) | {"piece": piece, "last": piece.links[-1], "case_numbers": numbers}
    return render(request, "legal/receipt.html", context)


def _opened(request: Request, evidence: Evidence) -> pieces.ShownEvidence:
    """Raises:
    Closed: the piece stands in a part that is not open to the actor.
    """
    found = pieces.evidence_of(request.file, [evidence])
    if not found:
        raise Closed(Part(evidence.part))
    return found[0]
