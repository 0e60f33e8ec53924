"""A client that is not ours: ODK's own engine of forms fills in what Amanat offers, and both agree, question by question.

Where the two part for a reason, the reason stands here by name, and a test holds that they still do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from playwright.sync_api import Error

from amanat.access.files import open_file
from amanat.api import phone_forms
from amanat.api.models import Waiting
from amanat.api.tests.calling import Phone, arrive
from amanat.cases.models import Attachment, Case
from amanat.forms import records
from amanat.forms.compiling import compiled
from amanat.forms.converting import convert
from amanat.forms.filling import Filling
from amanat.forms.kept import facts_of, is_of_a_child
from amanat.forms.models import Record
from amanat.forms.tests.forms import book
from amanat.forms.tests.shipped import WRITTEN
from amanat.packs.tests import SHIPPED
from tests.cast import NOW, Cast
from tests.odk import mixed
from tests.odk.building import is_made
from tests.odk.comparing import ZONE, TheirEngine, answers_of, differences
from tests.odk.expressions import AGREE, CANT, CHOICES, PART, survey

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.sqlcipher_only
PICTURE = re.compile(r"(picture|[0-9a-f]{32})\.png")
CHOSEN = f"data/{phone_forms.CASE_REF}"


@pytest.fixture(scope="module")
def fetched_engine() -> None:
    if not is_made():
        without = pytest.fail if os.environ.get("CI") else pytest.skip
        without("ODK's engine of forms is not there; `./run test` fetches it")


@pytest.fixture(scope="module")
def engine(fetched_engine: None, browser: Browser) -> Iterator[TheirEngine]:
    with TheirEngine.opened(browser, "http://localhost") as opened:
        yield opened


@pytest.fixture
def _all_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instruments extend the forms that every workspace has."""
    monkeypatch.setattr(settings, "AMANAT_PACKS", [SHIPPED / "core", SHIPPED / "instruments"])


def begun(form: Any, language: str) -> Filling:
    return Filling.begin(form, language=language, now=NOW, zone=ZONE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_all_packs", "fetched_engine")
def test_every_shipped_form_comes_to_the_same_and_is_filed_with_equal_answers(
    browser: Browser, live_server: LiveServer, phone: Phone, office: Path, case: Case, cast: Cast
) -> None:
    with TheirEngine.opened(browser, live_server.url) as engine:
        sent = filled_and_sent(engine, phone.basic["authorization"], case)
    arrive(office)
    assert not Waiting.objects.exists()
    for name, (holds, instance) in sent.items():
        record = Record.objects.get(form_version__form__name=name)
        reading = records.read(open_file(cast.actor("jemal"), case), record)
        theirs, ours = named_alike(answers_of(instance)), named_alike(answers_of(reading.whole))
        assert theirs.pop(CHOSEN) == [case.pk.hex]
        faults = records.filled(record.form_version, reading.whole, NOW).faults()
        assert (name, ours, not faults) == (name, theirs, holds)
        assert holds or record.needs_review, name
    # Else nothing was said of what holds, or of what does not.
    assert {holds for holds, _instance in sent.values()} == {True, False}
    assert Attachment.objects.exists()


def filled_and_sent(engine: TheirEngine, basic: str, case: Case) -> dict[str, tuple[bool, str]]:
    """Fetch the forms as a phone does, fill each by chance, and send it; of each whether it holds, and the instance."""
    forms, parting, sent = engine.call("fetched", "/phone", basic), {}, {}
    assert forms.keys() == {name for name, written in WRITTEN.items() if is_of_a_child(facts_of(written))}
    for number, (name, fetched) in enumerate(sorted(forms.items())):
        form = compiled(fetched["xform"].encode(), media={key: text.encode() for key, text in fetched["files"].items()})
        language = form.languages[number % len(form.languages)]
        engine.call("load", fetched["xform"], fetched["files"])
        steps = engine.course(form, number, language, {f"/{CHOSEN}": case.pk.hex})
        parting[name] = differences(form, steps, begun(form, language))
        status, holds, instance = engine.call("send", "/phone", basic)
        assert status == 201, name
        sent[name] = (holds, instance)
    assert {name: found for name, found in parting.items() if found} == {}
    return sent


def named_alike(answers: dict[str, list[str]]) -> dict[str, list[str]]:
    """A picture becomes a document, whose name is another."""
    return {path: [PICTURE.sub("a picture", text) for text in texts] for path, texts in answers.items()}


def test_forms_for_those_who_are_taught_come_to_the_same(engine: TheirEngine) -> None:
    """No phone fetches them, since they are about no child."""
    taught = [name for name, written in WRITTEN.items() if not is_of_a_child(facts_of(written))]
    assert taught
    assert parting_in_each_language(engine, taught, seeds=1) == {}


@pytest.mark.thorough
def test_every_form_comes_to_the_same_in_each_language(engine: TheirEngine) -> None:
    assert parting_in_each_language(engine, list(WRITTEN), seeds=5) == {}


def parting_in_each_language(
    engine: TheirEngine, names: list[str], *, seeds: int
) -> dict[tuple[str, str, int], set[str]]:
    parting = {}
    for name in names:
        xform = convert(WRITTEN[name].workbook)
        form = compiled(xform)
        engine.call("load", xform.decode(), {})
        for language in form.languages:
            for seed in range(seeds):
                parting[name, language, seed] = differences(
                    form, engine.course(form, seed, language), begun(form, language)
                )
    return {key: found for key, found in parting.items() if found}


@pytest.mark.parametrize("expressions", AGREE, ids=["operators", "texts", "choices", "numbers", "days", "repeats"])
def test_an_expression_comes_to_the_same(engine: TheirEngine, expressions: tuple[str, ...]) -> None:
    assert parting_of(engine, list(expressions), seeds=2) == {}


def test_where_the_two_part_on_purpose_they_still_do(engine: TheirEngine) -> None:
    """Where they agree again, the expression moves to those above; what differs stands in docs/xlsform.md."""
    assert parting_of(engine, list(PART), seeds=4).keys() == PART.keys()


@pytest.mark.parametrize("expression", CANT)
def test_what_their_engine_cannot_run_it_still_cannot(engine: TheirEngine, expression: str) -> None:
    with pytest.raises(Error):
        parting_of(engine, [expression], seeds=2)


def parting_of(engine: TheirEngine, expressions: list[str], *, seeds: int) -> dict[str, set[str]]:
    """Where the two engines part in a form that computes the expressions, by expression, or by path."""
    workbook = book(survey(expressions), CHOICES)
    xform, found = convert(workbook), {}
    form = compiled(xform)
    assert form.check() == []
    engine.call("load", xform.decode(), {})
    for seed in range(seeds):
        language = form.default_language
        for told in differences(form, engine.course(form, seed, language), begun(form, language), close=True):
            path, _colon, what = told.partition(": ")
            number = path.removeprefix("/data/c")
            found.setdefault(expressions[int(number)] if number.isdigit() else path, set()).add(what)
    return found


@pytest.mark.parametrize("seeds", [3, pytest.param(60, marks=pytest.mark.thorough)])
def test_a_form_with_all_that_moves_comes_to_the_same(engine: TheirEngine, seeds: int) -> None:
    xform, files = convert(book(mixed.SURVEY, mixed.CHOICES, mixed.SETTINGS)), {"towns.csv": mixed.TOWNS}
    form = compiled(xform, media={"towns.csv": mixed.TOWNS.encode()})
    assert form.check() == []
    engine.call("load", xform.decode(), files)
    for seed in range(seeds):
        language = form.languages[seed % 2]
        filling = begun(form, language)
        assert differences(form, engine.course(form, seed, language), filling) == set(), seed
        assert answers_of(filling.instance()) == answers_of(engine.call("instance")), seed
