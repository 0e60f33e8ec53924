"""A phone, and a place of its own for what it sends."""

from amanat.api.tests.conftest import _no_office, _one_key, office, once, phone  # noqa: F401
