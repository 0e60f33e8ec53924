"""A form that mixes parts of the file, for the tests of filling in; turned into an XForm once a process."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.test import Client

from amanat.forms import kept
from amanat.forms.kept import Turned
from amanat.forms.models import Form, FormVersion
from amanat.forms.packed import Written
from amanat.forms.workbooks import read_workbook
from tests.cast import NOW

_COLUMNS = (
    "type | name | label::English (en) | label::Русский (ru) | relevant | required | constraint | constraint_message::English (en)"
    " | constraint_message::Русский (ru) | calculation | amanat::part | amanat::alert | amanat::score"
)
ARRIVAL = f"""
| survey |
|  | {_COLUMNS} |
|  | begin group | arrival | Arrival | Прибытие | | | | | | | | | |
|  | integer | age | Age in years | Возраст в годах | | yes | . < 18 | This form is for children. | Эта форма для детей. | | facts | | |
|  | select_one yes_no | alone | Came alone | Прибыл один | | | | | | | facts | | |
|  | text | with_whom | Who came along | Кто сопровождал | ${{alone}} = 'no' | | | | | | contacts | | |
|  | select_multiple things | has | Brought along | Взял с собой | | | | | | | facts | | |
|  | end group | | | | | | | | | | | | |
|  | begin repeat | kin | Relative | Родственник | | | | | | | facts | | |
|  | text | kin_name | Name of ${{age}} | Имя | | | | | | | facts | | |
|  | end repeat | | | | | | | | | | | | |
|  | begin group | health | Health | Здоровье | | | | | | | health_alerts | | |
|  | select_one yes_no | hurts | Something hurts now | Сейчас что-то болит | | | | | | | | . = 'yes' | |
|  | calculate | points | Points | Баллы | | | | | | if(${{hurts}} = 'yes', 2, 0) | | | pain |
|  | note | told | The child was ${{age}} | Ребёнку было ${{age}} | | | | | | | facts | | |
|  | image | paper | Picture of the paper | Снимок бумаги | | | | | | | facts | | |
|  | end group | | | | | | | | | | | | |

| choices |
|  | list_name | name | label::English (en) | label::Русский (ru) |
|  | yes_no | yes | Yes | Да |
|  | yes_no | no | No | Нет |
|  | things | bag | A bag | Сумка |
|  | things | phone | A phone | Телефон |

| settings |
|  | form_title | amanat::title::Русский (ru) | form_id | version | default_language | amanat::source | amanat::verified |
|  | Arrival at the centre | Прибытие в центр | arrival | 1 | English (en) | Invented for a test | no |
"""
# The next version: a question less, another one more.
LATER = ARRIVAL.replace("| arrival | 1 |", "| arrival | 2 |").replace(
    "|  | select_multiple things | has | Brought along | Взял с собой | | | | | | | facts | | |",
    "|  | text | slept | Slept where | Где спал | | | | | | | facts | | |",
)


@cache
def _turned(text: str) -> tuple[Written, Turned]:
    content = text.encode()
    written = Written("arrival.md", content, read_workbook("arrival.md", content))
    return written, kept.turned(written)


def publish(text: str = ARRIVAL) -> FormVersion:
    """The form as it is offered from now on."""
    written, made = _turned(text)
    form, _new = Form.objects.get_or_create(name="arrival")
    form.published = kept.keep(form, written, made, None, NOW)
    form.save()
    return form.published


def names(page: str) -> dict[str, str]:
    """The fields of a screen by their label."""
    fields = re.findall(r'<label class="label" for="id_(q\w+)">(.*?)(?: <span|</label>)', page)
    boxes = re.findall(r'<legend class="label">(.*?)(?: <span.*?)?</legend>.*?name="(q\w+)"', page, re.DOTALL)
    return {label: name for name, label in fields} | dict(boxes)


def sent(page: str, go: str = "next", **answers: Any) -> dict[str, Any]:
    """What a browser without a script sends of a screen; answers by the label of their field, its blanks as `_`."""
    by_label = {label.replace(" ", "_"): name for label, name in names(page).items()}
    body: dict[str, Any] = {by_label[label]: answer for label, answer in answers.items()}
    hidden = re.findall(r'<input type="hidden" name="(shown|instance_id|seen)" value="([^"]*)"', page)
    body["shown"] = [value for name, value in hidden if name == "shown"]
    return body | {name: value for name, value in hidden if name != "shown"} | {"go": go}


def step(client: Client, page: str, address: str, go: str = "next", **answers: Any) -> tuple[str, str]:
    """Send a screen; the page that comes next, and its address."""
    response = client.post(address, sent(page, go, **answers), follow=True)
    assert response.status_code == 200, response.status_code
    last = response.redirect_chain[-1][0] if response.redirect_chain else address
    return response.content.decode(), last
