import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from generator.errors import ThemeError
from generator.render.compiled import _codes
from generator.render.environment import environment_of, render, utc
from generator.render.i18n import load_languages
from generator.render.lean import LeanEnvironment
from generator.render.routes import Address
from generator.render.sharing import sharing
from generator.render.theme import Theme, load_theme
from generator.resources import locales_dir
from generator.view.basics import Text
from generator.view.views import NotFoundPage
from tests.sample_views import sample_info

SHOUT: Callable[[str], str] = lambda text: f"<p>{text.upper()}</p>"  # noqa: E731 short, and typed


def site(root: Path, files: dict[str, str], *, name: str = "ours") -> Path:
    for file, text in files.items():
        path = root / "themes" / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def environment(theme: Theme, lang: str = "en", *, to_html: Callable[[str], str] = SHOUT) -> Environment:
    languages = load_languages(["en", "fr"], zone="Europe/Stockholm", dirs=[locales_dir()])
    info = sample_info(lang, languages=("en", "fr"))
    return environment_of(theme, languages[lang], Address(info.url, lang, "en"), info=info, to_html=to_html)


def shown(root: Path, template: str, **values: object) -> str:
    theme = load_theme(site(root, {"templates/own.html": template}), "ours")
    return render(environment(theme), "own.html", **values)


def lost(made: Environment) -> str:
    known: dict[str, Any] = {"info": made.globals["info"], "language": made.globals["language"]}
    shared = sharing(NotFoundPage(), "404.html", address=Address("https://status.example", "en", "en"), **known)
    return render(made, "404.html", key="404.html", page=NotFoundPage(), sharing=shared)


def not_found(theme: Theme, lang: str = "en") -> str:
    return lost(environment(theme, lang))


def test_the_shipped_theme_needs_nothing_of_the_site(tmp_path: Path) -> None:
    theme = load_theme(tmp_path)
    assert theme.name == "default"
    assert "Page not found" in not_found(theme)
    assert "Page introuvable" in not_found(theme, "fr")


def test_a_page_keeps_its_own_names_beside_those_of_the_frame(tmp_path: Path) -> None:
    names = ("title", "description", "body", "address", "languages")
    values = "".join(f"{{% set {name} = 'my {name}' %}}" for name in names)
    told = "".join(f"[{{{{ {name} }}}}]" for name in names)
    page = f'{{% extends "default/404.html" %}}{values}{{% block main %}}{told}{{% endblock %}}'
    found = not_found(load_theme(site(tmp_path, {"templates/404.html": page}), "ours"))
    assert "".join(f"[my {name}]" for name in names) in found
    assert "<title>Page not found" in found


def test_a_theme_replaces_single_templates_and_assets(tmp_path: Path) -> None:
    mine = {
        "templates/404.html": '{% extends "default/404.html" %}{% block title %}Lost{% endblock %}',
        "static/style.css": "body{}",
        "static/fonts/a.woff2": "font",
    }
    theme, shipped = load_theme(site(tmp_path, mine), "ours"), load_theme(tmp_path)
    page = not_found(theme)
    assert "<title>Lost ·" in page
    assert "There is nothing at this address." in page
    names = {asset.name: asset for asset in theme.assets}
    assert names["style.css"].data == b"body{}"
    assert names["favicon.svg"] in shipped.assets
    assert re.fullmatch(r"assets/fonts/a\.[0-9a-f]{8}\.woff2", names["fonts/a.woff2"].path)
    assert f'href="/{names["style.css"].path}"' in page


def test_an_asset_is_named_by_its_content(tmp_path: Path) -> None:
    first = load_theme(site(tmp_path / "a", {"static/x.css": "a{}"}), "ours")
    second = load_theme(site(tmp_path / "b", {"static/x.css": "b{}"}), "ours")
    paths = {asset.path for theme in (first, second) for asset in theme.assets if asset.name == "x.css"}
    assert len(paths) == 2
    assert all(re.fullmatch(r"assets/x\.[0-9a-f]{8}\.css", path) for path in paths)


def test_a_stylesheet_finds_what_it_refers_to(tmp_path: Path) -> None:
    css = 'a{src:url("fonts/a.woff2")}b{src:url(./fonts/a.woff2)}c{src:url(gone.png)}d{src:url(https://x.example/y)}'
    files = {"static/s.css": css, "static/deep/t.css": "a{src:url('../fonts/a.woff2')}", "static/fonts/a.woff2": "f"}
    assets = {asset.name: asset for asset in load_theme(site(tmp_path, files), "ours").assets}
    font = assets["fonts/a.woff2"].path.removeprefix("assets/")
    expected = f'a{{src:url("{font}")}}b{{src:url({font})}}c{{src:url(gone.png)}}d{{src:url(https://x.example/y)}}'
    assert assets["s.css"].data.decode() == expected
    assert assets["deep/t.css"].data.decode() == f"a{{src:url('../{font}')}}"


def test_tokens_follow_the_style_sheet_and_are_no_file_of_their_own(tmp_path: Path) -> None:
    theme = load_theme(
        site(tmp_path, {"static/tokens.css": ":root { --page: url(a.png) }", "static/a.png": "x"}), "ours"
    )
    names = {asset.name: asset for asset in theme.assets}
    shipped = next(asset for asset in load_theme(tmp_path).assets if asset.name == "style.css")
    own = names["a.png"].path.removeprefix("assets/")
    assert names["style.css"].data == shipped.data + f"\n:root {{ --page: url({own}) }}".encode()
    assert names["style.css"].path != shipped.path
    assert "tokens.css" not in names


MACROS = """\
{% set sign = "!" %}
{% macro first(x) %}{{ inner(x) }}{{ sign }}{% endmacro %}
{% macro inner(x) %}({{ x }}){% endmacro %}
{% macro last(x) %}{{ inner(x) }}{% endmacro %}
"""


def test_a_theme_replaces_single_macros_also_within_those_that_it_inherits(tmp_path: Path) -> None:
    mine = '{% inherit "base_parts.html" %}\n{% set sign = "?" %}\n{% macro inner(x) %}[{{ x }}]{% endmacro %}'
    site(tmp_path, {"templates/base_parts.html": MACROS, "templates/mine.html": mine})
    page = "{% import 'mine.html' as p %}{{ p.first('<') }} {{ p.inner('b') }} {{ p.last('c') }} {{ p.sign }}"
    assert shown(tmp_path, page) == "[&lt;]? [b] [c] ?"
    whole = "{% import 'base_parts.html' as p %}{{ p.first('a') }}"
    assert shown(tmp_path, whole) == "(a)!"


def test_the_shipped_macros_can_be_inherited(tmp_path: Path) -> None:
    mine = '{% inherit "default/parts.html" %}\n{% macro icon(level) %}<i>{{ level }}</i>{% endmacro %}'
    site(tmp_path, {"templates/parts.html": mine})
    page = "{% import 'parts.html' as parts %}{{ parts.state('major_outage') }}"
    assert shown(tmp_path, page) == '<span class="state major_outage"><i>major_outage</i>Major outage</span>'
    assert "There is nothing at this address." in not_found(load_theme(tmp_path, "ours"))


@pytest.mark.parametrize(
    ("mine", "line"),
    [
        ('\n{% inherit "gone.html" %}', 2),
        ('\n\n{% inherit "default/parts.html" %}{{ state("gone") }}', 3),
        ('{% inherit "default/parts.html" %}\n{% macro icon(level) %}\n{{ level.gone }}{% endmacro %}', 3),
        ("{% inherit gone %}", 1),
    ],
)
def test_a_fault_beside_what_is_inherited_is_told_by_file_and_line(tmp_path: Path, mine: str, line: int) -> None:
    site(tmp_path, {"templates/parts.html": mine})
    with pytest.raises(ThemeError, match=rf"^themes/ours/templates/parts\.html:{line}: "):
        shown(tmp_path, "{% import 'parts.html' as parts %}{{ parts.state('major_outage') }}")


def test_what_editors_leave_behind_is_no_part_of_a_theme(tmp_path: Path) -> None:
    theme = load_theme(
        site(tmp_path, {"static/.x.css.swp": "", "static/x.css~": "", "templates/.#gone.html": "{%"}), "ours"
    )
    assert theme.assets == load_theme(tmp_path).assets
    assert not [name for name in theme.templates if "gone.html" in name]


@pytest.mark.parametrize("name", ["gone", "..", "../themes/default", "", "/", "a/b"])
def test_a_theme_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "themes").mkdir()
    with pytest.raises(ThemeError, match="there is no such theme"):
        load_theme(tmp_path, name)


@pytest.mark.parametrize(
    ("template", "line", "says"),
    [
        ("a\n{{ page.gone }}", 2, "gone"),
        ("{{ nobody }}", 1, "'nobody' is undefined"),
        ("a\nb\n{% if %}", 3, "Expected an expression"),
        ("a\n{% include 'gone.html' %}", 2, "gone.html"),
        ("a\n{{ 1 + 'a' }}", 2, "TypeError"),
        ("\n\n{{ routes.month() }}", 3, "missing 1 required positional argument"),
        ("\n{{ at.href }}{{ language.phase('gone') }}", 2, "gone"),
        ("{{ page|gone }}", 1, "gone"),
    ],
)
def test_a_fault_in_a_template_is_told_by_file_and_line(tmp_path: Path, template: str, line: int, says: str) -> None:
    with pytest.raises(ThemeError) as caught:
        shown(tmp_path, template, page=NotFoundPage())
    assert str(caught.value).startswith(f"themes/ours/templates/own.html:{line}: ")
    assert says in str(caught.value)


def test_a_fault_in_a_macro_is_told_where_the_macro_is(tmp_path: Path) -> None:
    site(tmp_path, {"templates/m.html": "{% macro m(x) %}\n\n{{ x.gone }}{% endmacro %}"})
    with pytest.raises(ThemeError, match=r"^themes/ours/templates/m\.html:3: "):
        shown(tmp_path, "{% import 'm.html' as m %}{{ m.m(page) }}", page=NotFoundPage())


def test_a_template_of_another_encoding_is_named(tmp_path: Path) -> None:
    path = site(tmp_path, {"templates/x.html": ""}) / "themes/ours/templates/x.html"
    path.write_bytes(b"\xff")
    with pytest.raises(ThemeError, match=r"themes/ours/templates/x\.html:1: .*UTF-8"):
        load_theme(tmp_path, "ours")


def test_a_fault_of_the_program_is_not_blamed_on_the_template(tmp_path: Path) -> None:
    def broken(source: str) -> str:
        raise RuntimeError(source)

    theme = load_theme(site(tmp_path, {"templates/own.html": "{{ page|markdown }}"}), "ours")
    with pytest.raises(RuntimeError, match="words"):
        render(environment(theme, to_html=broken), "own.html", page=Text("words", "en"))


def test_values_are_escaped_and_markdown_is_not_escaped_twice(tmp_path: Path) -> None:
    text = Text("<b>", "en")
    assert shown(tmp_path, "{{ page.source }}|{{ page|markdown }}", page=text) == "&lt;b&gt;|<p><B></p>"
    assert "&lt;b&gt;" in shown(tmp_path, "{{ _('Severity: %(name)s', name=page.source) }}", page=text)


def test_headings_of_a_page_of_its_own_begin_below_its_title(tmp_path: Path) -> None:
    def made(_: str) -> str:
        return "<h4>a</h4><h5>&lt;h4&gt;</h5><h6>c</h6>"

    theme = load_theme(site(tmp_path, {"templates/own.html": "{{ page|markdown }}|{{ page|document }}"}), "ours")
    shown = render(environment(theme, to_html=made), "own.html", page=Text("", "en"))
    assert shown == f"{made('')}|<h2>a</h2><h3>&lt;h4&gt;</h3><h4>c</h4>"


def test_a_value_is_never_a_template(tmp_path: Path) -> None:
    assert shown(tmp_path, "{{ page.source }}", page=Text("{{ 7 * 7 }}%(x)s", "en")) == "{{ 7 * 7 }}%(x)s"


def test_what_is_compiled_for_one_language_serves_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = load_theme(tmp_path)
    english, french = environment(theme), environment(theme, "fr")
    before = lost(english)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(french, "compile", refuse)
    after = lost(french)
    assert ("Page not found" in before, "Page introuvable" in after) == (True, True)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which code is kept, with that of the pages for what is not found."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    _codes.cache_clear()
    not_found(load_theme(tmp_path))
    return tmp_path / "kept"


def compiled(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the templates that a new process compiles for one page."""
    names = list[str]()
    compiling = LeanEnvironment.compile

    def noted(self: LeanEnvironment, source: str, name: str, *rest: Any, **named: Any) -> Any:
        names.append(name)
        return compiling(self, source, name, *rest, **named)

    _codes.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(LeanEnvironment, "compile", noted)
        assert "Page not found" in not_found(theme)
    return names


def test_shipped_templates_are_compiled_by_one_process_for_all(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {file: file.read_bytes() for file in kept.rglob("*.pyc")}
    assert compiled(load_theme(tmp_path), monkeypatch) == []
    own = load_theme(site(tmp_path, {"templates/404.html": '{% extends "default/404.html" %}'}), "ours")
    assert compiled(own, monkeypatch) == ["404.html", "default/404.html"]
    # A site's own template is kept for nobody.
    assert compiled(own, monkeypatch) == ["404.html"]
    assert {file: file.read_bytes() for file in before} == before


@pytest.mark.parametrize("fault", ["cut", "changed", "of another program", "empty", "none"])
def test_code_that_is_not_what_was_kept_is_compiled_anew(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    (file,) = kept.rglob("template-404.html.*")
    code = file.read_bytes()
    if fault == "of another program":
        monkeypatch.setattr("generator.render.compiled.fingerprint", lambda: b"another")
        assert "404.html" in compiled(load_theme(tmp_path), monkeypatch)
    elif fault == "none":
        file.unlink()
    else:
        file.write_bytes({"cut": code[:-1], "changed": code[:-1] + bytes([code[-1] ^ 1]), "empty": b""}[fault])
    expected = ["404.html"] if fault != "of another program" else []
    assert compiled(load_theme(tmp_path), monkeypatch) == expected
    assert compiled(load_theme(tmp_path), monkeypatch) == []


def test_code_is_kept_only_where_python_keeps_its_own(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in kept.rglob("*.pyc"):
        file.unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert "404.html" in compiled(load_theme(tmp_path), monkeypatch)
    assert not [*kept.rglob("*.pyc")]
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    blocked = tmp_path / "a file"
    blocked.write_bytes(b"")
    monkeypatch.setattr(sys, "pycache_prefix", str(blocked))
    assert "404.html" in compiled(load_theme(tmp_path), monkeypatch)


def test_the_fingerprint_covers_templates_and_assets(tmp_path: Path) -> None:
    folders = [
        site(tmp_path / "none", {"README": ""}),
        site(tmp_path / "template", {"templates/404.html": "x"}),
        site(tmp_path / "other", {"templates/404.html": "y"}),
        site(tmp_path / "asset", {"static/style.css": "x"}),
    ]
    prints = [load_theme(root, "ours").fingerprint for root in folders]
    assert len(set(prints)) == len(prints)
    assert load_theme(folders[0], "ours").fingerprint == prints[0] == load_theme(tmp_path).fingerprint


@pytest.mark.parametrize(
    ("when", "written"),
    [
        (datetime(2026, 2, 22, 2, 51, tzinfo=UTC), "2026-02-22T02:51Z"),
        (datetime(2026, 2, 22, 2, 51, 7, tzinfo=UTC), "2026-02-22T02:51:07Z"),
        (datetime(2026, 2, 22, 3, 51, tzinfo=timezone(timedelta(hours=1))), "2026-02-22T02:51Z"),
    ],
)
def test_a_machine_reads_utc(when: datetime, written: str) -> None:
    assert utc(when) == written
