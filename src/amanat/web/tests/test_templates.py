"""What every template of the house keeps to, so that the strict content policy never has to be loosened, and bad lines suffice."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from amanat.web.icons import ICONS

HOUSE = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in HOUSE.rglob("*") if "templates" in path.parts and path.is_file())
STATIC = sorted(
    path for path in HOUSE.rglob("*") if "static" in path.parts and path.suffix in {".css", ".js", ".svg", ".html"}
)
FIRST_VISIT = 60 * 1024  # bytes, compressed, DESIGN §8

INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "an htmx attribute that runs code": re.compile(r"\shx-(on\b|on:|vars)", re.IGNORECASE),
}
FOREIGN = re.compile(r"""(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}""", re.IGNORECASE)
# Names of things, not addresses that a browser would open.
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")


def named(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_has_inline_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES + STATIC, ids=named)
def test_no_template_or_static_file_names_a_foreign_host(path: Path) -> None:
    text = path.read_text()
    for namespace in NAMESPACES:
        text = text.replace(namespace, "")
    if path.name == "htmx.min.js":
        pytest.skip("htmx compares addresses but opens none but what a page asks for")
    assert FOREIGN.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_icon_that_a_template_draws_exists(path: Path) -> None:
    drawn = re.findall(r"""\{% icon ['"]([\w-]+)['"]""", path.read_text())
    assert [name for name in drawn if name not in ICONS] == []


def test_htmx_comes_with_its_licence() -> None:
    vendor = HOUSE / "web/static/web/vendor"
    assert "Zero-Clause BSD" in (vendor / "htmx.LICENSE.txt").read_text()
    assert "sourceMappingURL" not in (vendor / "htmx.min.js").read_text()


def test_a_first_visit_fits_a_bad_line(client: Client) -> None:
    page = client.get("/note").content
    elsewhere = ("neutral.css", "public.js")  # the neutral page, the public site
    fetched = [path.read_bytes() for path in STATIC if named(path).startswith("web/") and path.name not in elsewhere]
    assert len(fetched) == 4  # the sheet, two scripts, the mark
    assert sum(len(gzip.compress(part)) for part in [page, *fetched]) < FIRST_VISIT


def test_a_page_refers_only_to_what_a_first_visit_counts(client: Client) -> None:
    page = client.get("/note").content.decode()
    assert sorted(re.findall(r'/static/([\w./-]+)"', page)) == [
        "web/amanat.css",
        "web/amanat.js",
        "web/amanat.svg",
        "web/vendor/htmx.min.js",
    ]
