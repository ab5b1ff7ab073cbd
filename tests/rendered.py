"""The sample site as pages: what the tests of pages ask for, made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from lxml import html as lxml_html

from generator.publish.artifact import Artifact
from generator.render.i18n import load_languages
from generator.render.pages import pages
from generator.render.theme import load_theme
from generator.resources import locales_dir
from generator.view.views import SiteView
from tests.sample_views import URL, sample_site

Element = Any
"""An element of a page; the types of what XPath returns would have to be told apart at every use."""

HERE = Path(__file__).resolve().parent
SHIPPED = ("en", "fr")


def escaped(source: str) -> str:
    """Return a stand-in for Markdown: one safe paragraph."""
    return f"<p>{source.replace('&', '&amp;').replace('<', '&lt;')}</p>"


def made(
    view: SiteView, *, root: Path = HERE, theme: str = "default", to_html: Callable[[str], str] = escaped
) -> dict[str, Artifact]:
    """Return the artifacts of a site's pages by path; ``root`` may hold locales and themes."""
    codes = [site.info.lang for site in view.languages]
    languages = load_languages(codes, zone="Europe/Stockholm", dirs=[locales_dir(), root / "locales"])
    artifacts = list(pages(view, load_theme(root, theme), languages=languages, to_html=to_html))
    assert len({artifact.path for artifact in artifacts}) == len(artifacts)
    return {artifact.path: artifact for artifact in artifacts}


@cache
def site() -> Mapping[str, bytes]:
    """Return the sample site's files."""
    return {path: artifact.make() for path, artifact in made(sample_site()).items()}


@cache
def trees() -> Mapping[str, Element]:
    """Return the sample site's pages, parsed."""
    return {path: tree(data) for path, data in site().items() if path.endswith(".html")}


def one(view: SiteView, path: str) -> Element:
    """Return one page of a site."""
    return tree(made(view)[path].make())


def tree(data: bytes) -> Element:
    """Return a page, parsed."""
    return lxml_html.document_fromstring(data, parser=lxml_html.HTMLParser(encoding="utf-8"))


def words(element: Element) -> str:
    """Return what an element says."""
    return " ".join(element.text_content().split())


def changed(view: SiteView, **fields: object) -> SiteView:
    """Return the site with other views in its first language."""
    first, *others = view.languages
    return msgspec.structs.replace(view, languages=(msgspec.structs.replace(first, **fields), *others))


def address_of(path: str) -> str:
    """Return the address of a page of the sample site."""
    return f"{URL}/{path.removesuffix('index.html')}"


def lasting(found: Mapping[str, Element]) -> Mapping[str, Element]:
    """Return the pages that are there to stay: no redirects, no pages for missing ones."""
    return {path: page for path, page in found.items() if not page.xpath("//meta[@name = 'robots']")}
