"""The peer Splink 5, run as a script by the Python of build/peers: trains on the registry without labels, answers questions.

`python splinking.py REGISTRY.csv QUESTIONS.csv ANSWERS.json SINGLE`: all questions at once for the recall, the first SINGLE ones
one by one for the time a person would wait. It needs Splink and nothing of ours.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

import splink.comparison_library as cl  # type: ignore[import-not-found,unused-ignore]
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # type: ignore[import-not-found,unused-ignore]

BLOCKS = [
    "l.given = r.given and l.family = r.family",
    "l.given = r.family and l.family = r.given",
    "l.family = r.family and l.year = r.year",
    "l.given = r.given and l.year = r.year",
    "l.patronymic = r.patronymic and l.year = r.year",
    "l.born = r.born and substr(l.given, 1, 2) = substr(r.given, 1, 2)",
    "substr(l.given, 1, 3) = substr(r.given, 1, 3) and substr(l.family, 1, 4) = substr(r.family, 1, 4)",
]
BIRTH: dict[str, Any] = {
    "output_column_name": "birth",
    "comparison_levels": [
        {"sql_condition": "year_l is null or year_r is null", "label_for_charts": "unknown", "is_null_level": True},
        {"sql_condition": "born_l = born_r", "label_for_charts": "same day"},
        {"sql_condition": "year_l = year_r", "label_for_charts": "same year"},
        {"sql_condition": "abs(year_l - year_r) = 1", "label_for_charts": "a year beside"},
        {"sql_condition": "ELSE", "label_for_charts": "other"},
    ],
}
COLUMNS = "columns = {unique_id: 'VARCHAR', given: 'VARCHAR', family: 'VARCHAR', patronymic: 'VARCHAR', born: 'VARCHAR', year: 'INT'}"


def settings() -> Any:
    """What a team would set up for names and birth."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("given", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("family", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("patronymic", [0.92]),
            BIRTH,
        ],
        blocking_rules_to_generate_predictions=[block_on("given", "family"), block_on("family", "year")],
    )


def main(registry: str, questions: str, answers: str, single: int) -> None:
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI()
    start = time.perf_counter()
    held, asked = _table(api, registry, "registry"), _table(api, questions, "questions")
    linker = Linker(held, _trained(api), log_level=logging.ERROR)
    for column in ("given", "family"):
        linker.table_management.compute_tf_table(column)
    trained = time.perf_counter() - start
    start = time.perf_counter()
    scored = _ask(linker, asked, held)
    batch = time.perf_counter() - start
    waits = []
    for number in range(single):
        api.duckdb_con.execute(
            f"create or replace table one_{number} as select * from questions_raw where unique_id = 'q{number}'"  # noqa: S608
        )
        start = time.perf_counter()
        _ask(linker, api.register(f"one_{number}"), held)
        waits.append(time.perf_counter() - start)
    with open(answers, "w") as file:  # noqa: PTH123
        json.dump({"trained": trained, "batch": batch, "waits": waits, "scored": scored}, file)


def _trained(api: Any) -> dict[str, Any]:
    """A model learnt without labels from the first 10,000 and the questions: a registry alone holds no two entries of one child."""
    api.duckdb_con.execute(
        "create table training as select * from registry_raw where unique_id::int < 10000 union all select * from questions_raw"
    )
    linker = Linker(api.register("training"), settings(), log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([block_on("given", "family", "born")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("given", "family"), block_on("born"), block_on("patronymic", "year")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    model: dict[str, Any] = linker.misc.save_model_to_json(out_path=None)
    return model


def _table(api: Any, path: str, name: str) -> Any:
    api.duckdb_con.execute(
        f"create table {name}_raw as select * from read_csv('{path}', header = true, nullstr = '', {COLUMNS})"  # noqa: S608
    )
    return api.register(f"{name}_raw")


def _ask(linker: Any, asked: Any, held: Any) -> dict[str, list[tuple[str, float]]]:
    """For each question the best 300, by match weight."""
    found = linker.inference.predict_between(
        asked, held, link_type="link_only", blocking_rules_to_generate_predictions=BLOCKS, threshold_match_weight=-20
    )
    told: dict[str, list[tuple[str, float]]] = {}
    for row in found.as_record_list():
        asker, other = row["unique_id_l"], row["unique_id_r"]
        if not asker.startswith("q"):
            asker, other = other, asker
        told.setdefault(asker, []).append((other, row["match_weight"]))
    return {asker: sorted(pairs, key=lambda pair: -pair[1])[:300] for asker, pairs in told.items()}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
