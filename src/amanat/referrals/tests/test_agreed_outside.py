"""A consent to an organisation without Amanat: whatever its name is called, and asked for without the name in an address."""

from __future__ import annotations

import pytest
from django.urls import reverse

from amanat.access.consents import ConsentMissing
from amanat.access.files import open_file
from amanat.cases.tests.looking import read
from amanat.directory.models import Organization
from amanat.referrals.actions.preparing import prepare
from amanat.referrals.models import State
from amanat.referrals.preparing import drafts_of, response_of
from amanat.referrals.tests.network import agree, ask, sent

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
RUSSIAN = "Ночной приют"


@pytest.fixture
def night(db) -> Organization:
    texts = {"name": {"ru": RUSSIAN, "tk": "Gijeki gaçybatalga"}}
    return Organization.objects.create(name="Night Shelter", alternate_name="The Blue Door", texts=texts)


@pytest.mark.parametrize("told", ["Night shelter", RUSSIAN, "gijeki gacybatalga", "The Blue Door", "Nochnoy priyut"])
def test_it_counts_in_whatever_language_the_child_was_told(case, cast, night, told):
    agree(case, None, cast, also=["outside"], details={"outside": told})
    assert sent(case, cast, ask(night))[0].state == State.SENT


@pytest.mark.parametrize("told", ["Day Shelter", "", "!"])
def test_another_name_or_none_is_no_consent_and_it_is_said_to_whom(case, cast, night, told):
    agree(case, None, cast, also=["outside"], details={"outside": told})
    with pytest.raises(ConsentMissing, match="Night Shelter"):
        sent(case, cast, ask(night))


def test_the_way_to_record_it_names_nobody_and_the_page_does(case, cast, actor, browse, night):
    prepare(case, asked=[ask(night)], actor=actor("jemal"))
    file = open_file(actor("jemal"), case)
    (draft,) = drafts_of(file, response_of(file, ""))
    way = draft.way.split('"')[3].replace("&amp;", "&")
    assert f"to={night.pk.hex}" in way
    assert "Night" not in way
    page = read(browse("jemal"), way)
    assert 'value="Night Shelter"' in page.split('name="outside"')[1].split(">")[0]
    assert '<option value="Night Shelter">' in page
    plain = read(browse("jemal"), reverse("cases.record_consent", args=[case]))
    assert '<option value="Night Shelter">' in plain, "it is offered"
    assert "value=" not in plain.split('name="outside"')[1].split(">")[0]
    assert read(browse("jemal"), way.replace(night.pk.hex, "nonsense"))
