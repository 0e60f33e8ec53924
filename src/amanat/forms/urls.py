"""Addresses of the room: what its screens show beside words."""

from django.urls import path

from amanat.forms import views

urlpatterns = [path("forms/files/<uuid:version>/<str:name>", views.file, name="forms.file")]
