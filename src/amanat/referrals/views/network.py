"""The network: who refers what to whom, and where it gets stuck."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from amanat.access.pages import Request, page
from amanat.access.policy import Verb
from amanat.referrals import drawing
from amanat.referrals.network import PERIODS, Asked, is_of_all, needs
from amanat.referrals.network import network as counted


@page("network", does=Verb.LOOK_NETWORK)
def network(request: Request) -> HttpResponse:
    found = counted(request.actor, Asked.of(request.GET.get("months", ""), request.GET.get("need", "")))
    context = {
        "network": found,
        "drawing": drawing.drawn(found.pairs),
        "periods": PERIODS,
        "needs": needs(),
        "is_of_all": is_of_all(request.actor),
        "agency": request.actor.membership.agency,
    }
    return render(request, "referrals/network.html", context)
