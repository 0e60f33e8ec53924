"""Addresses of a locked workspace: the shell's own, what comes in, the way to unlock it here, and one page for all the rest."""

from django.urls import include, path, re_path

from amanat.api import door
from amanat.config import incoming
from amanat.config.tree import locked_views as views

urlpatterns = [
    path("", include("amanat.web.urls")),
    path("intake/<slug:kind>", incoming.take, name="intake"),
    path("phone/submission", door.submission, name="openrosa.submission"),
    path("api/v1/hotline/ring", views.ring, name="hotline.ring"),
    re_path("^hsds(/|$)", views.directory),
    path("unlock", views.unlock, name="unlock"),
    re_path("", views.locked, name="locked"),
]

handler400 = "amanat.web.views.bad_request"
handler404 = "amanat.web.views.not_found"
handler500 = "amanat.web.views.server_error"
