"""Pictures beside a form: uploaded with it, checked, shown to whoever may see forms, and to nobody else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from PIL import Image

from amanat.cases.models import Case
from amanat.forms import files, kept
from amanat.forms.limits import LIMITS
from amanat.forms.models import Form, FormFile, FormVersion
from amanat.office.models import Upload
from amanat.office.tests.sheets import arrival, sent
from amanat.office.tests.ways import read, send
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # rows as any others
Browse = Callable[..., Client]
PICTURED = arrival(
    "1",
    ("| amanat::part | amanat::alert", "| amanat::part | amanat::alert | media::image"),
    (
        "| . < 18 | This form is for children. | facts | |",
        "| . < 18 | This form is for children. | facts | | house.png |",
    ),
)


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (6, 4), "teal").save(out, kind)
    return out.getvalue()


def packed(**contents: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in contents.items():
            archive.writestr(f"media/{name.replace('_', '.')}", content)
    return out.getvalue()


@pytest.fixture
def viktor(cast: Cast, browse: Browse) -> Client:
    return browse("viktor")


def test_a_picture_comes_with_its_form_and_whoever_may_see_forms_gets_it(
    viktor: Client, browse: Browse, case: Case
) -> None:
    page = send(viktor, "/forms/upload", file=sent(PICTURED), lists=[sent(picture(), "house.png")])
    assert "It has no faults." in page
    version = FormVersion.objects.get()
    address = f"/forms/files/{version.pk}/house.png"
    assert f'<img src="{address}" alt="Age in years">' in read(viktor, f"/forms/named/arrival/{version.pk}/try")
    answer = viktor.get(address)
    assert (answer.content, answer["Content-Type"]) == (picture(), "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert [browse(name).get(address).status_code for name in ("jemal", "kerim", "tamara")] == [200, 200, 404]
    assert Client().get(address).status_code != 200
    assert viktor.get(f"/forms/files/{version.pk}/plan.png").status_code == 404
    Form.objects.update(published=version)
    assert (
        f'<img src="{address}"'
        in browse("jemal").get(f"/cases/{case.pk.hex}/forms/arrival", follow=True).content.decode()
    )


def test_a_picture_that_a_form_names_and_nobody_gave_is_a_fault(viktor: Client) -> None:
    assert "The file “house.png” is missing." in send(viktor, "/forms/upload", file=sent(PICTURED))
    assert Upload.objects.exists()
    assert not FormVersion.objects.exists()


def test_many_files_come_in_one_zip_and_another_picture_is_another_version(viktor: Client) -> None:
    together = packed(house_png=picture(), towns_csv=b"name,label\nnorth,North\n", read_mp3=b"ID3")
    assert "It has no faults." in send(
        viktor, "/forms/upload", file=sent(PICTURED), lists=[sent(together, "media.zip")]
    )
    version = FormVersion.objects.get()
    assert version.media == {"towns.csv": "name,label\nnorth,North\n"}
    assert set(version.files.values_list("name", flat=True)) == {"house.png", "read.mp3"}
    assert viktor.get(f"/forms/files/{version.pk}/read.mp3")["Content-Disposition"] == "attachment"
    send(viktor, "/forms/upload", file=sent(PICTURED), lists=[sent(picture(), "house.png")])
    assert FormVersion.objects.get().pk != version.pk  # a draft of the same number gives way, with its files
    assert FormFile.objects.count() == 1
    assert kept.file_of(version.pk, "house.png") is None


@pytest.mark.parametrize(("name", "content", "told"), [
    ("house.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "of a kind that a form"),
    ("house.png", b"<html><script>alert(1)</script>", "is no picture that can be read"),
    ("house.png", picture("JPEG"), "is no picture that can be read"),
    ("house.png", picture() + b"x" * LIMITS.picture, "is larger than 1 MB"),
    ("media.zip", b"PK nothing", "It is no .zip that can be read."),
    ("media.zip", packed(**{f"n{number}_png": b"" for number in range(LIMITS.files + 1)}), "more than 100 files"),
    ("media.zip", packed(house_png=picture())[:-4] + b"\xff" * 4, "It is no .zip that can be read."),
    ("media.zip", packed(house_svg=b"<svg/>"), "of a kind that a form"),
    ("towns.csv", b"\xff\xfe", "is no text in UTF-8"),
])  # fmt: skip
def test_what_is_not_taken_is_told(name: str, content: bytes, told: str) -> None:
    with pytest.raises(files.FaultyFile) as refused:
        files.told_apart([(name, content)])
    assert told in str(refused.value)
    assert refused.value.mend


def test_a_zip_that_unpacks_to_more_than_it_may_is_given_up_on_the_way() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("film.mp4", bytes(LIMITS.beside + 1))
    assert len(out.getvalue()) < LIMITS.beside // 100
    with pytest.raises(files.FaultyFile, match="10 MB at most together"):
        files.unpacked(out.getvalue())


def test_an_upload_that_is_refused_says_so_at_its_field(viktor: Client) -> None:
    page = send(viktor, "/forms/upload", file=sent(PICTURED), lists=[sent(b"<svg/>", "house.svg")])
    assert "of a kind that a form" in page
    assert not FormVersion.objects.exists()
    assert not Upload.objects.exists()
