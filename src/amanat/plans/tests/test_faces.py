"""The child's page says only what is said to the child, in its language; the authority's sheet stands in the state's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from amanat import packs
from amanat.access.models import Consent
from amanat.plans import terms
from amanat.plans.actions import talking
from amanat.plans.models import Plan
from amanat.plans.tests.planned import TODAY, Drafted, drafted, team
from amanat.web import pdf
from amanat.web.formats import written

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]

Browse = Callable[..., Client]
LANGUAGES = ("tk", "ru", "en", "ro")


def page(client: Client, drafted: Drafted, face: str, **asked: str) -> str:
    answer = client.get(f"{drafted.case.get_absolute_url()}/plan/{face}", asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def article(html: str) -> str:
    found = re.search(r"<article.*</article>", html, re.DOTALL)
    assert found
    return found[0]


def test_the_childs_page_says_only_what_is_said_to_the_child(drafted: Drafted, browse: Browse) -> None:
    told = article(page(browse("jemal"), drafted, "child", language="en"))
    assert "I go to school again." in told
    assert "I want to draw and to be with others" in told
    assert "School and learning" in told
    for said in ("Has not been to school", "ninth form", "asks nothing", "high", "Nine of ten days", "Aylar"):
        assert said not in told


@pytest.mark.parametrize(
    ("language", "said"),
    [("tk", "Men ýene mekdebe gidýärin."), ("ru", "Я снова хожу в школу."), ("ro", "Merg din nou la școală.")],
)
def test_the_childs_page_is_in_the_childs_language(drafted: Drafted, browse: Browse, language: str, said: str) -> None:
    told = article(page(browse("jemal"), drafted, "child", language=language))
    assert said in told
    assert f'lang="{language}"' in told


def test_the_childs_page_begins_in_a_language_of_the_child(drafted: Drafted, browse: Browse) -> None:
    assert 'lang="tk"' in article(page(browse("jemal"), drafted, "child"))


def test_a_station_that_is_reached_is_behind(drafted: Drafted, browse: Browse) -> None:
    drafted.agree()
    talking.report(drafted.case, row=drafted.objective, state="reached", on=TODAY, actor=drafted.cast.actor("jemal"))
    told = article(page(browse("jemal"), drafted, "child", language="en"))
    assert "I am there!" in told
    assert '<svg class="road"' in told


@pytest.mark.parametrize("name", ["plan_phrase", "plan_domain_child", "plan_owner_child"])
def test_what_a_child_reads_is_there_in_every_language_and_frightens_nobody(name: str) -> None:
    kind, codes = terms.kind(), packs.current().codes(name)
    for code in codes.codes:
        texts = [codes[code.code].label.text(language) for language in LANGUAGES]
        assert len(set(texts)) == len(LANGUAGES), code.code
        for text in texts:
            assert not kind.frightens(text), text
            assert len(text) < 90, text


def test_a_template_says_nothing_to_the_child_that_has_no_phrase() -> None:
    phrases = packs.current().codes("plan_phrase")
    for template in terms.templates():
        for one in template.objectives:
            assert one.phrase in phrases, template.name
            assert one.indicator.text("ro"), template.name


def test_the_authoritys_sheet_has_every_row_and_lines_to_sign_on(
    drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    drafted.agree("child", "guardian", "team", name="Gözel")
    answer = browse("jemal").get(f"{drafted.case.get_absolute_url()}/plan/authority", {"as": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    told = answer.content.decode()
    for said in ("ninth form", "Find a school", drafted.case.child.code_name, "Signatures", "Gözel", "Sheet 261124-"):
        assert said in told
    assert "Aylar" not in told


def test_the_authoritys_sheet_says_by_which_consent_it_leaves_and_of_no_other(
    drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    jemal, cast = browse("jemal"), drafted.cast
    assert "No consent in force names the plan" in page(jemal, drafted, "authority")
    assert "No consent is named" in page(jemal, drafted, "authority", **{"as": "pdf"})
    common = {"subject": drafted.case.subject, "recorded_by": cast["jemal"], "given_on": TODAY}
    by = Consent.objects.create(purpose="assistance_by_partner", number="AAAA", parts=["plan"], **common)
    Consent.objects.create(purpose="referral", number="BBBB", parts=["plan"], **common)
    Consent.objects.create(purpose="referral", number="CCCC", parts=["safety"], **common)
    assert page(jemal, drafted, "authority").count('<option value="') == len(LANGUAGES) + 3
    told = page(jemal, drafted, "authority", consent=by.pk.hex, **{"as": "pdf"})
    assert "Handed over by consent AAAA of" in told
    assert "BBBB" not in told


def test_an_approval_late_in_the_evening_has_the_day_of_the_site(
    drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    drafted.agree()
    late = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)  # in Ashgabat it is tomorrow already
    Plan.objects.update(approved_by=drafted.cast["aman"], approved_at=late)
    told = page(browse("jemal"), drafted, "authority", **{"as": "pdf"})
    assert f"Aman, {written(date(2026, 11, 25), 'SHORT_DATE_FORMAT')}" in told


def test_a_word_that_only_holds_the_letters_frightens_nobody() -> None:
    kind = terms.kind()
    assert kind.frightens("A therapeutic group with grapes") == ""
    assert kind.frightens("What the Traffickers did") == "traffick"


def test_the_childs_sheet_names_nobody(drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    at = f"{drafted.case.get_absolute_url()}/plan/child"
    told = browse("jemal").get(at, {"as": "pdf", "language": "tk"}).content.decode()
    assert "Men ýene mekdebe gidýärin." in told
    assert "<svg" in told
    for said in ("Aylar", "Aýa", "Jemal", "Northern", drafted.case.child.code_name):
        assert said not in told


def test_the_authoritys_sheet_is_in_the_states_language(drafted: Drafted, browse: Browse) -> None:
    told = page(browse("jemal"), drafted, "authority")
    assert '<option value="en" lang="en" selected>' in told
