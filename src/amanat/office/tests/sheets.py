"""Small forms as people write them, for the tests of publishing. The same words in two languages, and no real child."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

COLUMNS = (
    "type | name | label::English (en) | label::Русский (ru) | relevant | required | constraint | constraint_message"
    " | amanat::part | amanat::alert"
)
SURVEY = f"""
| survey |
| | {COLUMNS} |
|  | begin group | arrival | Arrival | Прибытие | | | | | | |
|  | integer | age | Age in years | Возраст в годах | | yes | . < 18 | This form is for children. | facts | |
|  | select_one yes_no | alone | Came alone | Прибыл один | | | | | facts | |
|  | text | with_whom | Who came along | Кто сопровождал | ${{alone}} = 'no' | | | | contacts | |
|  | end group | | | | | | | | | |
|  | begin group | health | Health | Здоровье | | | | | | |
|  | select_one yes_no | hurts | Something hurts now | Сейчас что-то болит | | | | | health_alerts | ${{hurts}} = 'yes' |
|  | end group | | | | | | | | | |
"""
CHOICES = """
| choices |
|  | list_name | name | label::English (en) | label::Русский (ru) |
|  | yes_no | yes | Yes | Да |
|  | yes_no | no | No | Нет |
|  | yes_no | unknown | Not known | Неизвестно |
"""
SETTINGS = """
| settings |
|  | form_title | form_id | version | default_language | amanat::source | amanat::licence | amanat::verified |
|  | Arrival at the centre | arrival | {version} | English (en) | Invented for a test | CC0 | {verified} |
"""


def arrival(version: str = "1", *changes: tuple[str, str], verified: str = "yes") -> str:
    """The form *arrival*, with pieces of it changed."""
    text = SURVEY + CHOICES + SETTINGS.format(version=version, verified=verified)
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text


def sent(text: str | bytes, name: str = "arrival.md") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
