"""A form that mixes parts within one repeat: its screens repeat no closed answer, and no answer goes to another relative."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.policy import Relation
from amanat.cases.actions.recording import record_form
from amanat.cases.models import Case
from amanat.cases.tests.arriving import ARRIVAL, publish, sent, step
from amanat.cases.tests.looking import bring_in, read
from amanat.forms import kept
from amanat.forms.filling import Filling
from amanat.forms.models import Record
from tests.cast import NOW, Cast

pytestmark = pytest.mark.sqlcipher_only
Browse = Callable[..., Client]
_ILL = "|  | text | kin_ill | Is ${kin_name} ill | | | | | | | | health_alerts | | |"
MIXED = ARRIVAL.replace("|  | end repeat |", f"{_ILL}\n|  | end repeat |", 1).replace(
    "| health | Health |", "| health | Health at ${age} |"
)
KIN = (("Zyliha", "no"), ("Bibi", "a cough"))


@pytest.fixture
def record(case: Case, cast: Cast) -> Record:
    version = publish(MIXED)
    filling = Filling.begin(kept.form_of(version), language="en", now=NOW, zone=NOW.tzinfo)  # type: ignore[arg-type]
    filling.put("/data/arrival/age", "12")
    filling.add("/data/kin")
    for number, (name, ill) in enumerate(KIN, 1):
        filling.put(f"/data/kin[{number}]/kin_name", name)
        filling.put(f"/data/kin[{number}]/kin_ill", ill)
    return record_form(
        case,
        version=version,
        instance=filling.instance(),
        instance_id=filling.instance_id,
        language="en",
        actor=cast.actor("jemal"),
        from_phone=True,  # so that what she does not write is kept, too
    )


@pytest.fixture
def sona(browse: Browse, case: Case, cast: Cast) -> Client:
    """A health worker, who does not see the part with names and age."""
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    return browse("sona")


def correct(client: Client, case: Case) -> tuple[str, str]:
    response = client.get(f"{case.get_absolute_url()}/records/1/correct", follow=True)
    return response.content.decode(), response.redirect_chain[-1][0]


def test_a_correction_asks_without_what_is_closed_to_who_corrects(sona: Client, case: Case, record: Record) -> None:
    page, address = correct(sona, case)
    assert page.count("Is … ill") == len(KIN)
    following, address = step(sona, page, address)
    assert "Health at …" in following
    why, _address = step(sona, following, address, Something_hurts_now="yes")
    assert "Something hurts now" in why
    whole = read(sona, f"{case.get_absolute_url()}/records/1")
    assert "a cough" in whole
    everything = page + following + why + whole
    assert [told for told in ("Zyliha", "Bibi", "Health at 12") if told in everything] == []


def test_who_sees_all_of_it_is_asked_with_names(browse: Browse, case: Case, record: Record) -> None:
    assert "Zyliha" in read(browse("jemal"), f"{case.get_absolute_url()}/records/1")


def test_nobody_takes_out_a_relative_of_whom_a_closed_part_tells(sona: Client, case: Case, record: Record) -> None:
    page, address = correct(sona, case)
    assert 'name="remove"' not in page
    heading = page.split('question-heading"')[0].rsplit('id="', 1)[1].split('"')[0]
    sona.post(address, sent(page) | {"remove": heading, "go": ""})
    assert read(sona, address).count("Is … ill") == len(KIN)
