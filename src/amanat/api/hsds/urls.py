"""Addresses below `/hsds`."""

from django.urls import path, re_path

from amanat.api.hsds import views

urlpatterns = [
    path("hsds", views.about, name="hsds.about"),
    path("hsds/", views.about, name="hsds.about"),
    path("hsds/services", views.services, name="hsds.services"),
    path("hsds/services/<uuid:pk>", views.service, name="hsds.service"),
    path("hsds/organizations", views.organizations, name="hsds.organizations"),
    path("hsds/organizations/<uuid:pk>", views.organization, name="hsds.organization"),
    path("hsds/service_at_locations", views.service_at_locations, name="hsds.service_at_locations"),
    path("hsds/service_at_locations/<uuid:pk>", views.service_at_location, name="hsds.service_at_location"),
    path("hsds/taxonomies", views.taxonomies, name="hsds.taxonomies"),
    path("hsds/taxonomies/<uuid:pk>", views.taxonomy, name="hsds.taxonomy"),
    path("hsds/taxonomy_terms", views.taxonomy_terms, name="hsds.taxonomy_terms"),
    path("hsds/taxonomy_terms/<uuid:pk>", views.taxonomy_term, name="hsds.taxonomy_term"),
    re_path(r"^hsds/", views.nothing, name="hsds.nothing"),
]
