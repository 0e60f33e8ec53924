"""Addresses that phones know: the server they are set up with is `/phone`."""

from django.urls import path

from amanat.api import door, fetching

urlpatterns = [
    path("phone/submission", door.submission, name="openrosa.submission"),
    path("phone/formList", fetching.form_list, name="openrosa.forms"),
    path("phone/forms/<str:form_name>", fetching.form, name="openrosa.form"),
    path("phone/forms/<str:form_name>/manifest", fetching.manifest, name="openrosa.manifest"),
    path("phone/forms/<str:form_name>/media/<str:file_name>", fetching.media, name="openrosa.media"),
]
