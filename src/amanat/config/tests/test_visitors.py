"""The public site keeps nothing on a visitor's device: language in the address, forms without a cookie."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import get_language, override

from amanat.config.tree import visitors

pytestmark = pytest.mark.sqlcipher_only

OURS = "http://testserver"


def speaks(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_language())


@pytest.mark.parametrize(
    ("address", "browser", "spoken"),
    [("/?lang=tk", "ru", "tk"), ("/", "ru", "ru"), ("/?lang=xx", "ro", "ro"), ("/", "de", "en")],
)
def test_the_language_of_the_address_comes_before_the_browsers(address: str, browser: str, spoken: str) -> None:
    request = RequestFactory().get(address, headers={"Accept-Language": browser})
    with override("en"):
        answer = visitors.LanguageMiddleware(speaks)(request)
    assert answer.content.decode() == answer.headers["Content-Language"] == spoken


def test_links_lead_to_the_same_page_in_another_language() -> None:
    with override("ru"):
        context = visitors.languages(RequestFactory().get("/call-back?lang=ru&sent=1"))
    assert context["language_links"][0]["address"] == "/call-back?lang=tk&sent=1"
    assert context["spoken"] == "lang=ru"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": OURS}, {"Origin": OURS, "Sec-Fetch-Site": "same-origin"}],
)
def test_a_form_of_ours_is_taken(headers: dict[str, str]) -> None:
    middleware, request = visitors.OwnFormsMiddleware(speaks), RequestFactory().post("/", headers=headers)
    assert middleware.process_view(request) is None  # and raises nothing: the view is asked
    assert middleware(request).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "https://testserver"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": OURS, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_somebody_elses_page_is_not(headers: dict[str, str]) -> None:
    middleware = visitors.OwnFormsMiddleware(speaks)
    middleware.process_view(RequestFactory().get("/", headers=headers))
    with pytest.raises(PermissionDenied):
        middleware.process_view(RequestFactory().post("/", headers=headers))
