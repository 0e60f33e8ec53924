"""Addresses of the public site: what rooms give to everybody, and where *Leave quickly* leads. All else is not there."""

from django.urls import include, path

from amanat.web.views import neutral

urlpatterns = [
    path("neutral", neutral, name="web.neutral"),
    path("", include("amanat.hotline.public")),
    path("", include("amanat.referrals.public")),
    path("", include("amanat.directory.site")),
]

handler400 = "amanat.web.views.bad_request"
handler403 = "amanat.web.views.refused"
handler404 = "amanat.web.views.not_found"
handler500 = "amanat.web.views.server_error"
