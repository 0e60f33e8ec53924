"""The child's page says only what is said to the child, in its language; the authority's sheet stands in the state's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from amanat import packs
from amanat.access.files import open_file
from amanat.access.models import Consent
from amanat.audit.models import Entry
from amanat.cases import agreed
from amanat.cases.models import Case
from amanat.plans import terms
from amanat.plans.actions import talking
from amanat.plans.models import Plan
from amanat.plans.tests.planned import TODAY, Drafted, drafted, team
from amanat.vault.sealing import open_sealed
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


def handed(client: Client, drafted: Drafted, paper: str, language: str = "en", key: str = "") -> str:
    """The paper as it would be made a PDF of (`pdf.made` is left out)."""
    at = f"{drafted.case.get_absolute_url()}/papers/{paper}"
    answer = client.post(f"{at}?key={key}" if key else at, {"language": language, "to": "The ministry"})
    assert answer["Content-Type"] == "application/pdf", answer.content.decode()
    return answer.content.decode()


def test_the_authoritys_sheet_has_every_row_and_lines_to_sign_on(
    drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    drafted.agree("child", "guardian", "team", name="Gözel")
    talking.report(drafted.case, row=drafted.objective, state="stuck", on=TODAY, actor=drafted.cast.actor("jemal"))
    told = handed(browse("jemal"), drafted, "plan-authority")
    for said in (
        "ninth form",
        "Find a school",
        drafted.case.child.code_name,
        "Signatures",
        "Recorded: ",
        "Sheet 261124-",
    ):
        assert said in told
    for name in ("Aylar", "Gözel"):
        assert name not in told, "names are written by hand"
    for side in ("Child, name and signature", "Guardian, name and signature", "Case manager, for the team"):
        assert side in told
    assert "How it goes" not in told, "that is between colleagues"


def test_handing_it_out_stands_in_the_log_of_the_child(
    drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    for paper, key in (("plan-authority", "1."), ("plan-child", "")):
        handed(browse("jemal"), drafted, paper, key=key)
    rows = Entry.objects.filter(verb="paper.hand_out", subject=drafted.case.subject_id, outcome="done")
    told = {open_sealed(one, "details")["about"] for one in rows}
    assert told == {"Plan for the authority, 1., en", "The child’s own plan, en"}, "which version, and by which consent"


def test_only_who_leads_the_plan_hands_it_to_the_authority(drafted: Drafted, browse: Browse) -> None:
    at = f"{drafted.case.get_absolute_url()}/papers"
    assert "papers/plan-authority" in page(browse("jemal"), drafted, "authority")
    assert "papers/plan-authority" not in page(browse("sona"), drafted, "authority")
    assert browse("sona").get(f"{at}/plan-authority").status_code == 403
    assert browse("sona").get(f"{at}/plan-child").status_code == 200


def test_the_authoritys_sheet_says_by_which_consent_it_leaves_and_of_no_other(
    drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    jemal, cast = browse("jemal"), drafted.cast
    assert "No consent in force names the plan" in page(jemal, drafted, "authority")
    assert "No consent is named" in handed(jemal, drafted, "plan-authority")
    common = {"subject": drafted.case.subject, "recorded_by": cast["jemal"], "given_on": TODAY}
    by = Consent.objects.create(purpose="assistance_by_partner", number="AAAA", parts=["plan"], **common)
    Consent.objects.create(purpose="referral", number="BBBB", parts=["plan"], **common)
    Consent.objects.create(purpose="referral", number="CCCC", parts=["safety"], **common)
    assert page(jemal, drafted, "authority").count("papers/plan-authority?key=") == 3
    told = handed(jemal, drafted, "plan-authority", key=f"1.{by.pk.hex}")
    assert "Handed over by consent AAAA of" in told
    assert "BBBB" not in told


def test_an_approval_late_in_the_evening_has_the_day_of_the_site(
    drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    drafted.agree()
    late = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)  # in Ashgabat it is tomorrow already
    Plan.objects.update(approved_by=drafted.cast["aman"], approved_at=late)
    told = handed(browse("jemal"), drafted, "plan-authority")
    assert f"Aman, {written(date(2026, 11, 25), 'SHORT_DATE_FORMAT')}" in told


def test_a_word_that_only_holds_the_letters_frightens_nobody() -> None:
    kind = terms.kind()
    assert kind.frightens("A therapeutic group with grapes") == ""
    assert kind.frightens("What the Traffickers did") == "traffick"


def test_the_childs_sheet_names_nobody(drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    told = handed(browse("jemal"), drafted, "plan-child", "tk")
    assert "Men ýene mekdebe gidýärin." in told
    assert "<svg" in told
    for said in ("Aylar", "Aýa", "Jemal", "Northern", drafted.case.child.code_name):
        assert said not in told


def test_a_step_says_nothing_that_its_station_said(drafted: Drafted, browse: Browse) -> None:
    drafted.write(row=drafted.activity, words="x", owner="social_worker", phrase="school_back")
    drafted.write(kind="activity", parent=drafted.objective, words="x", owner="social_worker", phrase="play")
    told = article(page(browse("jemal"), drafted, "child", language="en"))
    assert told.count("I go to school again.") == 1
    assert told.count("social worker") == 1


def test_each_sheet_proposes_the_language_of_who_gets_it(drafted: Drafted, browse: Browse) -> None:
    def proposed(paper: str) -> str:
        told = browse("jemal").get(f"{drafted.case.get_absolute_url()}/papers/{paper}").content.decode()
        found = re.search(r'value="(\w\w)"[^>]*checked', told)
        assert found
        return found[1]

    assert proposed("plan-authority") == "en"
    assert proposed("plan-child") == "tk"


def test_whoever_visits_the_child_is_told_what_is_in_force_and_not_reached(drafted: Drafted) -> None:
    def told(who: str = "jemal") -> list[str]:
        case = Case.objects.get(pk=drafted.case.pk)
        return [one.text.text for one in agreed.still(open_file(drafted.cast.actor(who), case))]

    assert told() == [], "a draft is not agreed"
    drafted.agree()
    assert told() == ["Attends the ninth form"]
    assert told("selbi") == [], "the plan is closed to her"
    jemal = drafted.cast.actor("jemal")
    talking.report(drafted.case, row=drafted.objective, state="reached", on=TODAY, actor=jemal)
    assert told() == []
