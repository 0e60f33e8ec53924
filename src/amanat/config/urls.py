"""Addresses. Every page about people comes from a registry of `access.page`; the rest is listed here."""

from django.urls import include, path

import amanat.api.views as api
import amanat.cases.views as cases
import amanat.centre.views as centre
import amanat.desk.views as desk
import amanat.directory.views as directory
import amanat.exchange.views as exchange
import amanat.hotline.views as hotline
import amanat.identification.views as identification
import amanat.legal.views as legal
import amanat.monitoring.views as monitoring
import amanat.office.views as office
import amanat.plans.views as plans
import amanat.psychology.views as psychology
import amanat.referrals.views as referrals
import amanat.social.views as social
from amanat.access import views as access
from amanat.access.pages import routes
from amanat.config import incoming
from amanat.hotline.door import ring
from amanat.legal.feed import feed

ROOMS = (
    cases,
    office,
    hotline,
    identification,
    referrals,
    centre,
    psychology,
    social,
    legal,
    plans,
    monitoring,
    exchange,
    api,
    desk,
    directory,
)

urlpatterns = [
    path("", include("amanat.web.urls")),
    path("", include("amanat.people.urls")),
    path("", include("amanat.api.urls")),
    path("", include("amanat.api.hsds.urls")),
    path("", include("amanat.forms.urls")),
    path("draft", access.draft, name="access.draft"),
    path("draft/discard", access.discard, name="access.discard_draft"),
    path("intake/<slug:kind>", incoming.take, name="intake"),
    path("api/v1/hotline/ring", ring, name="hotline.ring"),
    path("calendar/<str:token>.ics", feed, name="legal.feed"),
    *(pattern for room in ROOMS for module in room.PAGES for pattern in routes(module)),
]

handler400 = "amanat.web.views.bad_request"
handler403 = "amanat.web.views.refused"
handler404 = "amanat.web.views.not_found"
handler500 = "amanat.web.views.server_error"
