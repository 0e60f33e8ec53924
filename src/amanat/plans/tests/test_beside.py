"""What a worker is told beside the child's own plan, and the child never reads: another language, a word that can frighten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.cases import papers
from amanat.plans import beside, one_sheet
from amanat.plans.models import PlanRow, RowKind
from amanat.plans.reading import Standing
from amanat.plans.tests.planned import Drafted, drafted, team
from amanat.plans.tests.test_faces import article, page
from amanat.plans.texts import Row

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
Browse = Callable[..., Client]
FOREIGN, FRIGHTENS = "Not all of it is in this language", "A word that can frighten or shame"
LONG = "Much to read for a child"


def says_to_the_child(drafted: Drafted, said: str, language: str = "") -> None:
    told = {"words": "Attends a form", "indicator": "Nine of ten days", "owner": "social_worker"}
    drafted.write(row=drafted.objective, for_child=said, child_language=language, **told)


def on_paper(drafted: Drafted, language: str) -> str:
    one = papers.named(one_sheet.PAPER)
    assert one is not None
    made = papers.made(open_file(drafted.cast.actor("jemal"), drafted.case), one, "", language)
    assert made is not None
    return made


def whole(drafted: Drafted) -> PlanRow:
    return PlanRow.objects.get(case=drafted.case, kind=RowKind.WHOLE)


@pytest.mark.parametrize(
    ("said", "written", "shown", "is_foreign"),
    [
        ("Ты снова в школе.", "", "tk", True),
        ("Ты снова в школе.", "", "ru", False),
        ("Ты напишешь в WhatsApp.", "", "ru", False),
        ("Men mekdebe gidýärin.", "", "ru", True),
        ("Mergi din nou la școală.", "", "tk", False),  # nothing tells the one from the other
        ("Mergi din nou la școală.", "ro", "tk", True),
        ("Mergi din nou la școală.", "ro", "ro", False),
        ("", "", "ru", False),
        ("Ти знову в школі.", "", "uk", False),  # any language that a pack brings, by how it writes its own name
        ("Сен қайтадан мектептесің.", "", "kk", False),
        ("Men mekdebe gidýärin.", "", "kk", True),
    ],
)
def test_a_sentence_is_foreign_by_what_it_was_written_for_or_by_its_letters(
    said: str, written: str, shown: str, is_foreign: bool
) -> None:
    row = Row("0" * 32, RowKind.OBJECTIVE, fields={"for_child": said, "child_language": written})
    assert beside.is_foreign(row, shown) is is_foreign


def test_the_worker_reads_that_a_sentence_is_not_in_the_language_of_the_child(drafted: Drafted, browse: Browse) -> None:
    jemal = browse("jemal")
    says_to_the_child(drafted, "Ты снова в школе.", "ru")
    told = page(jemal, drafted, "child")
    assert f"{FOREIGN}: Turkmen" in told
    assert "“Ты снова в школе.”" in told
    assert FOREIGN not in article(told)
    assert FOREIGN not in page(jemal, drafted, "child", language="ru")
    for language in ("tk", "ru", "en", "ro"):
        assert "Ты снова в школе." in on_paper(drafted, language)
        assert "“Ты снова" not in on_paper(drafted, language), "the notice is the worker's"


def test_the_form_names_the_language_of_the_child_and_proposes_it(drafted: Drafted, browse: Browse) -> None:
    at = f"{drafted.case.get_absolute_url()}/plan/{drafted.need.pk}/add/objective"
    told = browse("jemal").get(at).content.decode()
    assert "The child’s language: Turkmen" in told
    assert '<option value="tk" selected>' in told


def test_a_sentence_of_which_nobody_said_the_language_gets_none_by_opening_the_form(
    drafted: Drafted, browse: Browse
) -> None:
    says_to_the_child(drafted, "Ты снова в школе.")
    at = f"{drafted.case.get_absolute_url()}/plan/rows/{drafted.objective.pk}"
    assert '<option value="tk" selected>' not in browse("jemal").get(at).content.decode()


def test_a_language_without_a_sentence_is_not_kept(drafted: Drafted) -> None:
    says_to_the_child(drafted, "", "tk")
    assert (
        "child_language"
        not in Standing(open_file(drafted.cast.actor("jemal"), drafted.case)).live[drafted.objective.pk.hex].fields
    )


def test_of_two_who_write_nothing_to_the_child_nobody_is_asked_for_its_language(
    drafted: Drafted, browse: Browse
) -> None:
    at = f"{drafted.case.get_absolute_url()}/plan/rows/{drafted.objective.pk}"
    sent = {"indicator": "Nine days", "owner": "social_worker", "end": "2027-02-01", "seen": 1, "child_language": "tk"}
    browse("jemal").post(at, sent | {"words": "Attends the eighth form"})
    told = browse("merdan").post(at, sent | {"words": "Attends an evening course"}).content.decode()
    assert "theirs-words" in told
    assert "theirs-child_language" not in told


def test_the_authority_learns_nothing_of_what_is_said_to_the_child(drafted: Drafted) -> None:
    says_to_the_child(drafted, "Sen ýene mekdepde.", "tk")
    one = papers.named("plan-authority")
    assert one is not None
    made = papers.made(open_file(drafted.cast.actor("jemal"), drafted.case), one, "", "en")
    assert made is not None
    assert "Language of what is said" not in made


def test_the_childs_own_words_stay_and_the_worker_is_told_of_what_can_frighten(
    drafted: Drafted, browse: Browse
) -> None:
    jemal, said = browse("jemal"), "Я больше не жертва."
    at = f"{drafted.case.get_absolute_url()}/plan/rows/{whole(drafted).pk}"
    answer = jemal.post(at, {"goal": said, "seen": whole(drafted).version}, follow=True).content.decode()
    assert "“жертв…”" in answer, "said where it was written"
    told = page(jemal, drafted, "child")
    assert FRIGHTENS in told
    assert FRIGHTENS not in article(told)
    assert said in article(told)
    assert said in on_paper(drafted, "ru")
    assert "“жертв…”" not in on_paper(drafted, "ru")


def test_own_words_that_frighten_nobody_are_saved_without_a_word(drafted: Drafted, browse: Browse) -> None:
    at = f"{drafted.case.get_absolute_url()}/plan/rows/{whole(drafted).pk}"
    told = browse("jemal").post(at, {"goal": "Aşpez boljak.", "seen": whole(drafted).version}, follow=True)
    assert "have “" not in told.content.decode()
    assert FRIGHTENS not in page(browse("jemal"), drafted, "child")


def test_a_long_sentence_to_the_child_is_no_hindrance_and_the_worker_is_told(drafted: Drafted, browse: Browse) -> None:
    """An agreed plan may have one, and every draft begins with it: the other fields of the row are written all the same."""
    jemal, said = browse("jemal"), "Sen ýene mekdepde. " * 30
    says_to_the_child(drafted, said, "tk")
    at = f"{drafted.case.get_absolute_url()}/plan/rows/{drafted.objective.pk}"
    sent = {"words": "Attends a form", "indicator": "Eight of ten days", "owner": "social_worker", "end": "2027-02-01"}
    sent |= {"for_child": said, "child_language": "tk", "seen": "2"}
    assert jemal.post(at, sent).status_code == 302
    live = Standing(open_file(drafted.cast.actor("jemal"), drafted.case)).live[drafted.objective.pk.hex]
    assert (live.get("indicator"), live.get("for_child")) == ("Eight of ten days", said.strip())
    told = page(jemal, drafted, "child")
    assert LONG in told
    assert LONG not in article(told)
    says_to_the_child(drafted, "Sen ýene mekdepde.", "tk")
    assert LONG not in page(jemal, drafted, "child")
