"""Addresses of the page shell: the language switch and the neutral page of "Leave quickly"."""

from django.urls import path
from django.views.i18n import set_language

from amanat.web import views

urlpatterns = [
    path("language", set_language, name="web.set_language"),
    path("neutral", views.neutral, name="web.neutral"),
]
