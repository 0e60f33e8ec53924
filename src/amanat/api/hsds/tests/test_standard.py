"""The read API is what the OpenAPI of HSDS 3.0 says, and its answers are what the compiled schemas say."""

from __future__ import annotations

from typing import Any

import pytest

from amanat.api.hsds.tests.conftest import Asker
from amanat.api.hsds.tests.standard import PARENTS, example, faults, take_examples, told
from amanat.directory.models import Service, ServiceAtLocation, Taxonomy, TaxonomyTerm

pytestmark = [pytest.mark.sqlcipher_only]  # the shape of answers; what is asked of a database stands in the other files
FULL = {"/services": "service", "/organizations": "organization", "/service_at_locations": "service_at_location"}
NOT_ASKED = (*PARENTS, "metadata", "link_entity")  # not held, not told, and filled in by what it is about
SAID = {
    "format": "json",
    "modified_after": "2020-01-01T00:00:00Z",
    "page": "1",
    "per_page": "5",
    "postcode": "ZZ1 1ZZ",
    "proximity": "100000",
    "search": "",
}


def resolved(told_there: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """A parameter, where it says that it stands among the components."""
    if reference := told_there.get("$ref"):
        return dict(whole["components"]["parameters"][reference.rpartition("/")[2]])
    return told_there


def schema_of(told_there: dict[str, Any]) -> str:
    """The file that an answer of the OpenAPI refers to."""
    return str(told_there["$ref"]).rpartition("/")[2].removesuffix(".json")


def somebody_of(path: str) -> str:
    """The path with the id of one that is there."""
    models = {"services": Service, "taxonomies": Taxonomy, "taxonomy_terms": TaxonomyTerm}
    models["service_at_locations"] = ServiceAtLocation
    models["organizations"] = Service.organization.field.related_model  # type: ignore[attr-defined]
    model = models[path.split("/")[1]]
    return path.replace("{id}", str(model._default_manager.values_list("pk", flat=True)[0]))


def test_every_address_answers_as_the_openapi_says(ask: Asker) -> None:
    take_examples()
    openapi = told("schema/openapi.json")
    page = openapi["components"]["schemas"]["Page"]["properties"]
    assert len(openapi["paths"]) == 11
    for path, there in openapi["paths"].items():
        answer = ask(somebody_of(path) if "{id}" in path else path)
        schema = there["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        if "$ref" in schema:
            assert faults(schema_of(schema), answer, strict=False) == [], path
        elif path == "/":
            assert answer.keys() == schema["properties"].keys()
        else:
            assert answer.keys() == {*page, "contents"}
            assert answer["contents"], path
            for row in answer["contents"]:
                assert faults(schema_of(schema["properties"]["contents"]["items"]), row) == [], path


def test_every_parameter_of_the_openapi_is_known_at_its_address(ask: Asker) -> None:
    take_examples()
    openapi = told("schema/openapi.json")
    seen = 0
    for path, there in openapi["paths"].items():
        for parameter in (resolved(one, openapi) for one in there["get"].get("parameters", ())):
            name = parameter["name"]
            value = SAID.get(name, "true" if parameter["schema"]["type"] == "boolean" else None)
            more = {"postcode": "00000"} if name == "proximity" else {}
            value = value or str(Service.objects.get().organization_id)
            status = 400 if more else 200  # nobody knows where this postcode is
            ask(somebody_of(path) if "{id}" in path else path, status, **{name: value}, **more)
            seen += 1
    assert seen == 39


@pytest.mark.parametrize("path", FULL)
def test_a_full_answer_is_what_its_schema_says_and_no_more(ask: Asker, path: str) -> None:
    take_examples()
    (row,) = ask(path, full="true")["contents"]
    assert faults(FULL[path], row) == []
    whole = ask(f"{path}/{row['id']}")
    more = {"name", "status"} if path == "/service_at_locations" else set()
    assert {name: part for name, part in whole.items() if name not in more} == row
    assert ask.lines(path, full="true") == [row]


@pytest.mark.parametrize("path", FULL)
def test_the_examples_of_the_standard_come_back_whole(ask: Asker, path: str) -> None:
    take_examples()
    parameters = {"full_service": "true"} if path == "/organizations" else {"full": "true"}
    (row,) = ask(path, **parameters)["contents"]
    assert missing(example(f"{FULL[path]}_full"), row) == []


def missing(wanted: Any, given: Any, at: str = "") -> list[str]:
    """What an example says and an answer does not."""
    match wanted:
        case dict():
            kept = {name: part for name, part in wanted.items() if name not in NOT_ASKED}
            return [one for name, part in kept.items() for one in missing(part, given.get(name, {}), f"{at}.{name}")]
        case list():
            held = {row["id"]: row for row in given or []}
            return [one for row in wanted for one in missing(row, held.get(row["id"], {}), f"{at}[]")]
        case str():
            return [] if wanted.strip() == given else [f"{at}: {wanted!r}, not {given!r}"]
        case _:
            return [] if wanted == given else [f"{at}: {wanted!r}, not {given!r}"]


def test_a_service_at_a_location_meets_both_schemas_that_the_openapi_could_mean(ask: Asker) -> None:
    """It describes one and refers to the schema of a service."""
    take_examples()
    answer = ask(f"/service_at_locations/{ServiceAtLocation.objects.get().pk}")
    assert faults("service", answer, strict=False) == []
    assert faults("service_at_location", answer, strict=False) == []
    assert answer["service"]["name"] == answer["name"] == "Community Counselling"
    assert answer["location"]["addresses"][0]["city"]
