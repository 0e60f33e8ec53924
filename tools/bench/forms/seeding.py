"""Fills an empty workspace with one worker's children, a phone of hers, and the form that is measured, published.

Run as `python -m tools.bench.forms.seeding CHILDREN` in a workspace's environment. What a phone has to know stands in `phone.json`
beside the workspace.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.bench.data.seeding import prepare
from tools.bench.forms.sheet import answer_to, name_of, sheet
from tools.bench.people import Office

if TYPE_CHECKING:
    from amanat.forms.models import FormVersion

QUESTIONS = 250
COUNTED = 2  # children of the second worker, for `counting`


def main(count: int, told: Path) -> None:
    from amanat.api import actions, phone_forms
    from amanat.cases.actions.registering import NewChild, register
    from tools.bench.seed import children

    office, told_of = Office.settle(1, 2), children(count + COUNTED, 1)
    new = [NewChild(identity, contacts, risk="medium", priority="P3") for identity, contacts in told_of]
    worker = office.worker(0)
    cases = register(new[:count], actor=worker)
    counted = register(new[count:], actor=office.worker(1))  # whose code of the app nobody used a moment ago
    version = publish(QUESTIONS)
    added = actions.add_device(label="Work phone", actor=worker)
    phone = {
        "name": added.device.name,
        "password": added.password,
        "cases": [case.pk.hex for case in cases],
        "counted": [case.pk.hex for case in counted],
        "instance": filled(version, phone_forms.version_of(version)),
    }
    told.write_text(json.dumps(phone))


def publish(questions: int) -> FormVersion:
    """The form, offered from now on."""
    from amanat.forms import kept
    from amanat.forms.models import Form
    from amanat.forms.packed import Written
    from amanat.forms.workbooks import read_workbook

    name, content = name_of(questions), sheet(questions).encode()
    written = Written(f"{name}.md", content, read_workbook(f"{name}.md", content))
    form = Form.objects.create(name=name)
    form.published = kept.keep(form, written, kept.turned(written), None, datetime.now(UTC))
    form.save()
    return form.published


def filled(version: FormVersion, told: str) -> str:
    """All its questions answered, as a phone sends it; `{case}` and `{id}` stand where a filling differs from the next."""
    from amanat.forms import kept
    from amanat.forms.documents import parsed, written
    from amanat.forms.filling import Filling

    form = kept.form_of(version)
    filling = Filling.begin(form, language="en", now=datetime.now(UTC), zone=UTC)
    for screen in filling.screens():
        for question in screen.questions:
            filling.put(question.path, answer_to(form, question.path))
    assert not filling.faults()
    root: Any = parsed(filling.instance())
    root.set("version", told)
    text = str(bytes(written(root)).decode())
    head, mark, rest = text.partition(">")
    if head.startswith("<?xml"):
        before, mark, rest = rest.partition(">")
        head = f"{head}>{before}"
    return f"{head}{mark}<case_ref>{{case}}</case_ref>{rest}".replace(filling.instance_id, "{id}")


if __name__ == "__main__":
    prepare()
    main(int(sys.argv[1]), Path(os.environ["AMANAT_WORKSPACE"]) / "phone.json")
