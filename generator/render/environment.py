"""The environments that render a theme's templates; every fault in one names its file and line."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from operator import attrgetter
from traceback import walk_tb

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.exceptions import TemplateSyntaxError
from markupsafe import Markup, escape

from generator.errors import StatiqueError, ThemeError
from generator.render import routes
from generator.render.brand import Brand
from generator.render.chart import chart
from generator.render.compiled import Compiled
from generator.render.i18n import Language
from generator.render.inherit import Inherit
from generator.render.inside import Inside
from generator.render.lean import LeanEnvironment
from generator.render.progress import steps
from generator.render.routes import Address
from generator.render.texts import texts
from generator.render.theme import ICON, Template, Theme
from generator.view.basics import Text
from generator.view.views import SiteInfo

_BEHIND_TEMPLATES = (
    "jinja2.",
    "markupsafe",
    "babel.",
    *(f"generator.render.{name}" for name in ("i18n", "lean", "routes", "texts", "environment")),
)
_HEADING = re.compile(r"(</?h)([456])>")


@dataclass(frozen=True)
class Badge:
    """The site's icon as a page names it."""

    href: str
    type: str


@dataclass(frozen=True)
class Edition:
    """The same site in one of its languages, as a link to it shows it."""

    code: str
    name: str
    direction: str
    at: Address


def environment_of(
    theme: Theme,
    language: Language,
    address: Address,
    *,
    info: SiteInfo,
    to_html: Callable[[str], str],
    inside: Inside | None = None,
) -> Environment:
    """Return the environment that renders one language's pages; all of a theme share what was compiled.

    ``inside`` is what pages of an internal site know of it; those of a public one have None.
    """
    made = LeanEnvironment(
        loader=_Loader(theme.templates),
        bytecode_cache=Compiled(theme),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", Inherit],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.globals.update(texts(language, made.escaped))
    paths = {asset.name: address.shared(asset.path) for asset in theme.assets}
    made.globals.update(routes=routes, at=address, language=language, info=info, asset=paths.__getitem__)
    made.globals.update(brand=theme.brand, icon=_icon(theme.brand, paths), inside=inside)
    made.globals["editions"] = tuple(_edition(code, language, address) for code in info.languages)
    made.filters.update(
        markdown=_Markdown(to_html, language),
        document=_Document(to_html, language),
        chapter=_Chapter(to_html, language),
        utc=utc,
        source=source,
        by_name=partial(language.sorted, key=attrgetter("name.text")),
        steps=steps,
        chart=partial(chart, zone=language.zone),
    )
    return made


def render(environment: Environment, template: str, /, **values: object) -> str:
    """Return the page that ``template`` makes of ``values``; raises ThemeError with the template's file and line."""
    try:
        return environment.get_template(template).render(values)
    except StatiqueError:
        raise
    except TemplateSyntaxError as error:
        raise ThemeError(f"{error.filename or template}:{error.lineno}: {error.message}") from error
    except TemplateNotFound as error:
        raise ThemeError(f"{_place(error) or template}: there is no template {error.message!r}") from error
    except Exception as error:
        # Whatever a template's own line raises is the template's fault; what code behind it raises is not.
        place = _place(error)
        if place is None:
            raise
        raise ThemeError(f"{place}: {error.message if isinstance(error, TemplateError) else error!r}") from error


def utc(when: date) -> str:
    """Return a moment as HTML's ``datetime`` has it, ``2026-02-22T02:51Z``, and a day as it is: ``2026-02-22``."""
    if not isinstance(when, datetime):
        return when.isoformat()
    return when.astimezone(UTC).isoformat(timespec="auto" if when.second else "minutes").replace("+00:00", "Z")


def source(script: str) -> Markup:
    """Return what a Content-Security-Policy calls a script that stands in the page (CSP Level 3, section 2.3.1)."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return Markup(f"'sha256-{digest}'")  # noqa: S704 Base64 has nothing that HTML reads


def _edition(code: str, language: Language, address: Address) -> Edition:
    return Edition(code, language.native_name(code), language.direction_of(code), address.within(code))


def _icon(brand: Brand, paths: Mapping[str, str]) -> Badge:
    own = brand.icon
    return Badge(paths[f"brand/icon{own.ending}"], own.type) if own else Badge(paths[ICON], "image/svg+xml")


class _Markdown:
    """The filter ``markdown``: an author's text as HTML, its headings from level 4 on, as within an update."""

    def __init__(self, to_html: Callable[[str], str], language: Language) -> None:
        self._to_html = to_html
        self._language = language

    def __call__(self, text: Text) -> Markup:
        html = self._to_html(text.source)
        if "<table>" in html:
            # As in our own tables: what is wider than the screen scrolls by itself, by keyboard too.
            label = escape(self._language.gettext("Table"))
            html = html.replace("<table>", f'<div class="wide" role="group" tabindex="0" aria-label="{label}"><table>')
            html = html.replace("</table>", "</table></div>")
        return Markup(html)  # noqa: S704 to_html returns sanitised HTML, whose tags are as we look for them


class _Document(_Markdown):
    """The filter ``document``: an author's text as HTML that is a page's own, its headings from level 2 on."""

    rise = 2

    def __call__(self, text: Text) -> Markup:
        # The tags have no attributes, and what looks like one in the text is escaped.
        return Markup(_HEADING.sub(lambda tag: f"{tag[1]}{int(tag[2]) - self.rise}>", super().__call__(text)))  # noqa: S704 likewise


class _Chapter(_Document):
    """The filter ``chapter``: an author's text as HTML below a heading of level 2, its own from level 3 on."""

    rise = 1


class _Loader(BaseLoader):
    """The theme's templates by name."""

    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = templates

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:  # noqa: ARG002 jinja2 passes it
        if template not in self._templates:
            raise TemplateNotFound(template)
        found = self._templates[template]
        return found.source, found.file, lambda: True

    def list_templates(self) -> list[str]:
        return sorted(self._templates)


def _place(error: BaseException) -> str | None:
    """Return ``file:line`` of the template whose line raised the error, itself or by calling what it may, else None."""
    frames = [(frame.f_globals, line) for frame, line in walk_tb(error.__traceback__)]
    while frames and frames[-1][0].get("__name__", "").startswith(_BEHIND_TEMPLATES):
        frames.pop()
    # jinja2 puts such frames in the place of those of compiled templates.
    if not frames or "__jinja_exception__" not in frames[-1][0]:
        return None
    return f"{frames[-1][0]['__file__']}:{frames[-1][1]}"
