"""The files of a new site, from those that ship with the program and what is asked about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from generator.author.files import create
from generator.errors import SystemFault, UsageError
from generator.record.fields import LANGUAGE
from generator.record.settings import read_config
from generator.record.source import Report
from generator.record.syntax import parse_yaml

SITE = "content/site.yml"
COMPONENTS = "content/components.yml"
MESSAGES = "content/messages/"
# A new repository may be there already; nothing in it is ours to touch.
LET_BE = frozenset({".git"})

_PAGE = re.compile(r"(?P<page>content/pages/[^.]+)\.(?P<lang>[^.]+)\.md")
# What stands in the original of a page alone, the remark on it too.
_ORIGINAL_ONLY = re.compile(r"^(?:menu:|draft:|#).*\n", re.MULTILINE)
_FRONT = re.compile(r"---\n.*?^---\n", re.DOTALL | re.MULTILINE)

_SECTION = re.compile(r"^## (\S+)\n", re.MULTILINE)
_TITLE = re.compile(r"^  (\S+): .*\n", re.MULTILINE)

# What the page lists until its team writes what it really runs.
_NAMES: Mapping[str, Mapping[str, str]] = {
    "group": {
        "en": "Services", "fr": "Services", "es": "Servicios", "sv": "Tjänster",
        "de": "Dienste", "ja": "サービス", "pt-BR": "Serviços", "ar": "الخدمات",
    },
    "website": {
        "en": "Website", "fr": "Site web", "es": "Sitio web", "sv": "Webbplats",
        "de": "Website", "ja": "ウェブサイト", "pt-BR": "Site", "ar": "الموقع الإلكتروني",
    },
    "login": {
        "en": "Login", "fr": "Connexion", "es": "Inicio de sesión", "sv": "Inloggning",
        "de": "Anmeldung", "ja": "ログイン", "pt-BR": "Login", "ar": "تسجيل الدخول",
    },
    "api": dict.fromkeys(("en", "fr", "es", "sv", "de", "ja", "pt-BR", "ar"), "API"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Start:
    """What is asked about a new site; the first of ``languages`` is its default."""

    name: str
    url: str
    languages: tuple[str, ...]
    zone: str
    repository: str | None
    today: date


def speakable(languages: Collection[str], shipped: Collection[str]) -> None:
    """Raise UsageError unless the interface has texts in each of ``languages``; ``shipped`` are those that it has."""
    if not languages:
        raise UsageError("a site needs a language; write it as in --languages en,fr")
    for code in languages:
        if not LANGUAGE.match(code):
            raise UsageError(f'"{code}" is not a language; write en, fr, pt-BR …')
        if known_as(code, shipped) is None:
            raise UsageError(
                f'the pages have no texts in "{code}" yet; there are {", ".join(sorted(shipped))}. Begin with one of '
                f"these; then add locales/{code.replace('-', '_')}/LC_MESSAGES/messages.po and the language in {SITE}"
            )


def known_as(code: str, known: Collection[str]) -> str | None:
    """Return what ``known`` has of a language: the code itself, else the one without its region, else None."""
    return next((name for name in (code, code.partition("-")[0]) if name in known), None)


def begin(folder: Path, start: Start, *, starter: Path, version: str) -> tuple[str, ...]:
    """Write a new site into an empty folder; return the paths of its files.

    Raises UsageError for a folder that is not empty and for what is no name or address, SystemFault.
    """
    files = dict(_files(start, starter, version))
    _check(files[SITE])
    _refuse_full(folder)
    for path, text in files.items():
        if not create(folder / path, text):
            raise SystemFault(f"cannot write {folder / path}: somebody else wrote it just now")
    return tuple(files)


def _refuse_full(folder: Path) -> None:
    try:
        found = sorted({path.name for path in folder.iterdir()} - LET_BE) if folder.exists() else []
    except OSError as error:
        raise SystemFault(f"cannot look into {folder}: {error.strerror}") from None
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise UsageError(f"{folder} is not empty: {', '.join(found[:3])}{more}; choose an empty folder or a new one")


def _check(settings: str) -> None:
    """Raise UsageError for the first thing that a check would say about the settings."""
    report = Report(SITE)
    front = parse_yaml(settings, report)
    if front is not None:
        read_config(front, report)
    for problem in report.problems:
        hint = f"; {problem.hint}" if problem.hint else ""
        raise UsageError(f"{problem.message}{hint}")


def _files(start: Start, starter: Path, version: str) -> Iterator[tuple[str, str]]:
    words = {
        "VERSION": version,
        "CODES": ", ".join(start.languages),
        "LANGUAGES": " and ".join((", ".join(start.languages[:-1]), start.languages[-1])).removeprefix(" and "),
        "ZONE": start.zone,
        "REPOSITORY": f"repository: {_scalar(start.repository)}" if start.repository else "# repository: https://…",
    }
    pages: dict[str, dict[str, str]] = {}
    for file in sorted(path for path in starter.rglob("*") if path.is_file()):
        path = re.sub(r"(^|/)dot-", r"\1.", file.relative_to(starter).as_posix())
        text = file.read_text(encoding="utf-8")
        if found := _PAGE.fullmatch(path):
            pages.setdefault(found["page"], {})[found["lang"]] = text
        elif path.startswith(MESSAGES):
            yield path, _message(text, start.languages)
        else:
            said = _scalar if path == SITE else str
            yield (
                path,
                _filled(
                    text,
                    {
                        **words,
                        "TRANSLATIONS": _form(start.languages[1:]),
                        "NAME": said(start.name),
                        "URL": said(start.url),
                    },
                ),
            )
    for page, texts in pages.items():
        yield from _page(page, texts, start)
    yield COMPONENTS, _components(start)


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"%([A-Z]+)%", lambda mark: words[mark[1]], text)


def _form(languages: Iterable[str]) -> str:
    """Return the fields of the issue form for other languages than the default one."""
    fields = (
        f"  - type: {kind}\n    attributes:\n      label: {label} ({code})"
        for code in languages
        for kind, label in (("input", "Title"), ("textarea", "What readers should know"))
    )
    return "\n".join(fields)


def _page(page: str, texts: Mapping[str, str], start: Start) -> Iterator[tuple[str, str]]:
    """Yield an example page in each language of the site that it is written in.

    The default language's is the original, without a suffix; where there is none, the English text begins it.
    """
    for code in start.languages:
        written = known_as(code, texts)
        if code == start.languages[0]:
            home = start.url.rstrip("/")
            yield f"{page}.md", _filled(texts[written or "en"], {"HOME": home})
        elif written:
            text = _FRONT.sub(lambda front: _ORIGINAL_ONLY.sub("", front[0]), texts[written], count=1)
            yield f"{page}.{code}.md", _filled(text, {"HOME": f"{start.url.rstrip('/')}/{code}"})


def _message(text: str, languages: tuple[str, ...]) -> str:
    """Return a ready-made update with the site's languages, in their order."""
    head, *parts = _SECTION.split(text)
    bodies = dict(zip(parts[::2], parts[1::2], strict=True))
    titles = {line[1]: line[0] for line in _TITLE.finditer(head)}
    kept = "".join(
        titles[name].replace(f"  {name}:", f"  {code}:", 1) for code in languages if (name := known_as(code, titles))
    )
    sections = [f"## {code}\n\n{bodies[name].strip()}\n" for code in languages if (name := known_as(code, bodies))]
    return _TITLE.sub("", head).replace("title:\n", f"title:\n{kept}").rstrip("\n") + "\n\n" + "\n".join(sections)


def _components(start: Start) -> str:
    lines = [
        "# What the page lists, in this order. Put your own services here; an id never changes, a name may.",
        "groups:",
        "  - id: services",
        f"    name: {_named('group', start.languages)}",
        "    components:",
    ]
    for id in ("website", "login", "api"):
        lines += [f"      - id: {id}", f"        name: {_named(id, start.languages)}", f"        since: {start.today}"]
    return "\n".join(lines) + "\n"


def _named(what: str, languages: tuple[str, ...]) -> str:
    texts = {code: _NAMES[what][name] for code in languages if (name := known_as(code, _NAMES[what]))}
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "{" + ", ".join(f"{code}: {text}" for code, text in texts.items()) + "}"


def _scalar(text: str) -> str:
    """Return a text as YAML has it on one line, in quotes where it needs them."""
    line: str = yaml.safe_dump(text, allow_unicode=True, width=float("inf"))
    return line.removesuffix("\n").removesuffix("\n...")
