"""“A letter has arrived”: the public page on which an organisation without Amanat enters the code of a referral letter, in the site's
own process. It knows no code, so it answers every one alike: what is entered is sealed to the intake key, and `outside.acknowledging`
compares it once the workspace is open.

Imports no model. `people.visiting` asks for work and holds up whoever tries many.
"""

from __future__ import annotations

import json
from typing import Final

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from amanat.people import visiting
from amanat.referrals.outside import codes

KIND: Final = "acknowledgement"  # of the packets in the intake
# So many in so many seconds, all ours: an office enters a few letters a day.
WITH_WORK, BY_WAITING, OF_ALL = (10, 600), (3, 600), (100, 3600)


class ArrivedForm(visiting.VisitorForm):
    kind = KIND

    code = forms.CharField(
        label=gettext_lazy("The code on the letter"),
        help_text=gettext_lazy("16 digits. You may leave out the spaces."),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """What every code has, real or not."""
        code = codes.digits_in(self.cleaned_data["code"])
        if len(code) != codes.LENGTH:
            raise forms.ValidationError(_("A code has 16 digits and nothing else."))
        if not codes.is_whole(code):
            raise forms.ValidationError(_("A digit of this code is wrong. Compare it with the letter."))
        return code

    def body(self) -> bytes:
        return json.dumps({"code": self.cleaned_data["code"]}).encode()


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrived(request: HttpRequest) -> HttpResponse:
    form, limits = ArrivedForm(request), visiting.Limits(WITH_WORK, BY_WAITING, OF_ALL)
    return visiting.answer(request, form, limits, template="referrals/arrived.html", then="referrals.arrived_sent")


@login_not_required
@require_safe
def arrived_sent(request: HttpRequest) -> HttpResponse:
    """The same for every code."""
    return render(request, "referrals/arrived_sent.html")


urlpatterns = [
    path("arrived", arrived, name="referrals.arrived"),
    path("arrived/sent", arrived_sent, name="referrals.arrived_sent"),
]
