"""The language switch: on every page, by POST, and the person stays where they were."""

import pytest
from django.conf import settings
from django.test import Client


def test_a_chosen_language_is_kept_in_a_cookie_and_the_page_stays() -> None:
    client = Client()
    answer = client.post("/language", {"language": "ru", "next": "/note?from=abc"})
    assert answer.status_code == 302
    assert answer["Location"] == "/note?from=abc"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ru"
    assert '<html lang="ru" dir="ltr">' in client.get("/note").content.decode()


def test_a_link_alone_changes_nothing() -> None:
    client = Client()
    client.get("/language?language=ru")
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_nobody_is_sent_to_another_site() -> None:
    answer = Client().post("/language", {"language": "ro", "next": "//elsewhere.test/"})
    assert answer["Location"] == "/"


def test_it_needs_the_token_of_the_page() -> None:
    assert Client(enforce_csrf_checks=True).post("/language", {"language": "ru"}).status_code == 403


@pytest.mark.parametrize("address", ["/note", "/missing", "/closed", "/account/locked"])
def test_every_page_offers_the_four_languages_by_their_own_names(address: str) -> None:
    page = Client().get(address).content.decode()
    assert 'action="/language"' in page
    for code, name in {"tk": "Türkmençe", "ru": "Русский", "en": "English", "ro": "Română"}.items():
        assert f'value="{code}" lang="{code}"' in page
        assert f">{name}</button>" in page
