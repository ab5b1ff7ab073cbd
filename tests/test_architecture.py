"""The house's walls: which room may import which, and what only one room may do."""

import ast
import re
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "generator"

# module, or folder with everything in it (`x.*`) -> what it may import, written alike. A module's own row goes before
# its folder's. A module without a row fails: a new one gets its row here, and the picture of the house stays true.
ROOMS: Mapping[str, frozenset[str]] = {
    room: frozenset(allowed.split())
    for room, allowed in {
        "generator": "",
        "terms": "",
        "hashing": "",
        "errors": "",
        "resources": "",
        "recall": "",
        "colour": "",
        # what the files say
        "record": "",
        "record.source": "errors",
        "record.nodes": "record.source",
        "record.syntax": "errors record.source record.nodes",
        "record.sections": "record.nodes record.source record.syntax",
        "record.model": "terms record.folding",
        "record.fields": "record.source record.model errors record.nodes",
        "record.severities": "record.model terms",
        "record.picture": "record.source record.model recall errors",
        "record.branding": "record.model record.fields colour errors record.nodes",
        "record.settings": (
            "record.source record.model record.fields record.severities record.branding errors terms record.nodes"
        ),
        "record.messages": "record.source record.model record.fields errors terms record.sections",
        "record.schema": "record.source record.model record.fields errors terms record.nodes record.sections",
        "record.keys": "record.branding record.fields record.schema record.postmortem terms",
        # the limits of an author's text, and the paths that are taken, are known to those who make HTML and paths
        "record.check": (
            "record.model record.fields record.reviews record.unanswered render.routes errors terms hashing "
            "recall record.lots record.wording"
        ),
        "record.unanswered": "record.model errors terms",
        "record.texts": "record.model render.text errors terms render.rendered",
        "record.chapters": "terms",
        "record.postmortem": (
            "record.source record.model record.fields record.schema record.chapters errors terms record.nodes "
            "record.sections"
        ),
        "record.wording": "errors record.fields record.messages record.model",
        "record.lots": "record.model",
        "record.folding": "",
        "record.reviews": "record.model record.fields render.routes errors terms recall record.lots",
        "record.parse": (
            "errors hashing record.messages record.model record.postmortem record.schema record.source "
            "record.texts terms record.sections"
        ),
        "record.folder": "errors record.fields record.parse record.source",
        "record.group": "errors recall record.fields record.model record.parse record.folder",
        "record.load": (
            "errors recall record.check record.fields record.folder record.group record.model record.parse "
            "record.picture record.settings record.source terms record.nodes record.syntax"
        ),
        # what the responders know
        "record.internal_model": "record.model terms",
        "record.internal_fields": "record.source record.fields record.internal_model errors record.nodes",
        "record.internal_facts": (
            "record.source record.internal_model record.internal_fields record.nodes record.sections"
        ),
        "record.internal_sections": (
            "record.source record.fields record.internal_model record.internal_fields errors terms record.sections"
        ),
        "record.internal_leaks": "record.model record.internal_model errors",
        "record.internal_check": "record.model record.internal record.internal_leaks errors",
        "record.internal": "record.* render.text errors terms",
        "record.people": "record.source record.model record.fields errors record.nodes",
        "record.oncall": "record.source record.model record.fields record.people errors record.nodes",
        "record.duty": "record.model record.oncall",
        "record.cover": "record.model record.fields record.people record.oncall record.duty errors",
        "record.roster": (
            "record.source record.model record.people record.oncall record.cover errors record.nodes record.syntax"
        ),
        "record.blameless": (
            "record.source record.model record.fields record.people errors record.folder record.parse record.sections"
        ),
        "record.process": "record.model record.fields errors terms",
        "record.inside": (
            "record.model record.load record.internal_model record.roster record.blameless record.process errors "
            "terms record.folder"
        ),
        "record.git": "record.fields errors",
        "record.promises": "record.model record.fields errors terms",
        "record.history": "record.model record.git record.promises errors record.folder record.parse",
        "record.ages": "record.model record.history record.git errors record.folder record.parse",
        "record.dates": "record.model record.history record.promises recall errors hashing record.folder record.parse",
        # what an audience may see
        "view": "",
        "view.basics": "terms hashing",
        "view.library": "view.basics terms",
        "view.record_views": "terms view.basics view.library",
        "view.program_views": "terms view.basics view.record_views",
        "view.views": "terms view.basics view.library view.program_views view.record_views",
        "view.status": "terms view.record_views",
        "view.volumes": "",
        "view.words": "",
        "view.similar": "view.words",
        "view.records": (
            "hashing view.basics view.facts view.gathered view.lessons view.library view.record_views "
            "view.reviews view.similar view.speaker"
        ),
        "view.histories": "recall record.model terms view.facts view.record_views view.status view.lots",
        "view.likeness": "hashing recall view.similar",
        "view.lots": "hashing recall record.lots record.model terms view.facts",
        "view.facts": "record.model view.status view.similar terms hashing view.record_views",
        "view.forge": "record.model terms",
        "view.speaker": (
            "record.model view.views view.status view.similar view.facts view.forge terms hashing view.lessons "
            "view.basics view.record_views recall view.lots view.library"
        ),
        "view.lessons": "record.model view.similar view.facts recall hashing terms view.lots",
        "view.reviews": (
            "record.model view.basics view.library view.lessons view.similar view.speaker view.forge terms "
            "hashing view.gathered"
        ),
        "view.news": (
            "view.facts view.speaker recall terms hashing view.basics view.program_views view.record_views view.lots"
        ),
        "view.api": (
            "view.status view.facts terms view.speaker view.basics view.program_views view.record_views view.lots"
        ),
        "view.archive": "view.views view.status view.facts recall terms view.record_views view.basics view.lots",
        "view.calendar": "view.status view.facts view.speaker terms view.program_views view.record_views",
        "view.search": (
            "view.views view.facts view.lessons view.speaker terms view.basics view.program_views view.volumes "
            "recall view.lots view.library"
        ),
        "view.gathered": (
            "record.model view.status view.similar view.facts view.news view.archive view.lessons view.search "
            "view.statuspage recall terms hashing view.api view.basics view.likeness view.histories view.lots"
        ),
        "view.statuspage": (
            "view.status view.facts terms view.speaker view.basics view.program_views view.record_views "
            "view.histories view.lots"
        ),
        "view.project": (
            "record.model view.views view.status view.facts view.gathered view.speaker view.news view.api "
            "view.reviews view.calendar view.search view.statuspage view.archive terms view.basics "
            "view.record_views view.likeness recall view.histories view.records view.lots view.lessons"
        ),
        "view.oncall_views": "view.basics",
        "view.oncall": "record.people record.oncall record.duty view.oncall_views",
        # what responders may see: the second door
        "view.war_room_views": "view.views view.oncall_views terms view.basics",
        "view.response": "record.model record.internal_model view.war_room_views view.basics view.record_views",
        "view.war_room": (
            "record.model record.internal_model record.internal_fields record.people record.oncall view.views "
            "view.war_room_views view.response view.oncall terms view.basics view.record_views"
        ),
        # views -> HTML
        "render": "",
        "render.routes": "terms",
        "render.emphasis": "",
        "render.markup": "render.emphasis",
        "render.findings": "render.markup errors render.rendered",
        "render.limits": "render.markup render.rendered",
        "render.fragment": "render.markup",
        "render.secrets": "",
        "render.gfm": "render.markup render.findings errors",
        "render.text": (
            "render.markup render.gfm render.limits render.findings render.fragment render.secrets terms "
            "render.rendered"
        ),
        "render.cldr": "beside hashing resources",
        "render.collation": "",
        "render.catalogues": "errors beside hashing resources",
        "render.i18n": "render.cldr render.collation errors terms render.catalogues",
        "render.progress": "terms view.record_views",
        "render.chart": "terms view.record_views",
        "render.brand": "",
        "render.inherit": "",
        "render.inside": "",
        "render.mentions": "render.i18n view.basics",
        "render.lean": "",
        "beside": "",
        "render.compiled": "hashing render.theme resources beside",
        "render.texts": "render.i18n render.lean",
        "render.environment": (
            "errors render.brand render.chart render.i18n render.inherit render.inside render.lean "
            "render.progress render.routes render.texts render.theme view.basics view.views render.compiled"
        ),
        "render.theme": "render.brand resources errors",
        "render.embed": "render.routes render.i18n render.theme publish.artifact resources view.basics",
        "render.poster": "colour render.states",
        "render.linked": "render.routes render.i18n view.views terms view.library view.basics view.record_views",
        "render.rendered": "",
        "render.states": "",
        "render.sharing": (
            "render.linked render.routes render.i18n view.views view.library terms view.basics view.record_views "
            "render.states"
        ),
        "render.pages": (
            "render.* view.views view.library publish.artifact resources hashing view.basics view.record_views"
        ),
        # views -> bytes
        "feeds.oncall": "feeds.* view.oncall_views render.routes render.i18n",
        "feeds.*": (
            "feeds.* view.views render.routes render.i18n publish.artifact resources terms hashing view.basics "
            "view.program_views view.record_views recall"
        ),
        # views -> what readers search: the index is made by another program, whose output is put into an order
        "search.program": "errors publish.*",
        "search.canonical": "",
        "search.*": (
            "search.* view.views view.library render.routes render.i18n feeds.* publish.* resources terms hashing "
            "view.basics view.program_views view.record_views"
        ),
        # bytes -> files
        "publish.artifact": "errors",
        "publish.*": "publish.* errors",
        # text in, text out
        "author.*": "author.* record.* errors terms",
        # beside the form of a source, only the limits, the spelling and the taken names that their texts will meet
        "importers.*": (
            "importers.* record.source record.fields record.schema record.chapters record.internal_model "
            "record.internal_fields record.internal_sections render.routes errors terms record.nodes "
            "record.sections record.syntax"
        ),
        # around it
        "live.*": "live.* preview errors",
        "connect.*": "author.* record.* errors terms",
        "build": "record.* view.* render.* feeds.* search.* publish.* reading unmoved errors terms colour",
        # what every command begins with
        "reading": "sources record.* view.* render.i18n publish.* recall resources terms render.rendered",
        "sources": "publish.* record.folder record.parse",
        "unmoved": (
            "record.dates record.load record.model record.reviews view.facts search.program publish.* resources "
            "errors terms hashing record.folder"
        ),
        # the build's flow once more, stopped before it publishes
        "difference": "build reading record.* view.* render.* publish.artifact errors",
        "digest": "difference reports render.* view.views errors terms view.record_views",
        # the flow once more, with what only responders may know: nothing of the public site imports it
        "inner": "",
        "inner.pages": (
            "view.war_room_views view.oncall_views render.* feeds.oncall publish.artifact resources hashing view.basics"
        ),
        "inner.*": "inner.* build preview recall record.* view.* render.* publish.* errors terms",
        "holding": "record.folder record.parse terms",
        "preview": "build reading record.* view.* render.* feeds.* search.* publish.* recall errors terms holding",
        "alike": "record.model view.facts view.lessons view.similar view.words terms view.lots",
        "reports": "render.i18n view.views errors terms view.record_views",
        # what responders tell each other
        "watchlist": "record.people record.oncall record.duty",
        "briefing": "record.model record.fields record.people record.oncall record.duty record.process terms",
        "insight": "briefing record.internal_model record.internal_fields terms",
        "slack": "briefing record.fields",
        "cli.*": (
            "cli.* alike build reading inner.* difference digest preview reports watchlist briefing insight slack "
            "record.* view.* render.* author.* importers.* live.* connect.* resources generator errors terms"
        ),
    }.items()
}

# The wall's one door, what turns the record into views; and the composition, which carries values through it.
DOOR = frozenset(
    {
        "view.project",
        "view.facts",
        "view.speaker",
        "view.reviews",
        "view.gathered",
        "view.histories",
        "view.war_room",
        "view.response",
        "reading",
        "build",
        "preview",
        "inner.build",
    }
)

# The rooms of views alone.
VIEWS = frozenset({"view.views", "view.record_views", "view.program_views", "view.library", "view.basics"})

# What may not be reached from where, not even by a detour.
WALLS = (
    ("record", "view"),
    ("record", "publish"),
    ("record", "feeds"),
    ("view.views", "record"),
    ("view.library", "record"),
    ("view.record_views", "record"),
    ("view.program_views", "record"),
    ("render", "record"),
    ("render", "view.project"),
    ("render", "view.war_room"),
    ("feeds", "record"),
    ("feeds", "view.project"),
    ("feeds", "view.war_room"),
    ("search", "record"),
    ("publish", "record"),
    ("publish", "view"),
    ("publish", "render"),
)

# Rooms of the public site, from which no way leads to what only the responders know.
PUBLIC = (
    "record.load",
    "record.history",
    "record.check",
    "view.views",
    "view.project",
    "render",
    "feeds",
    "publish",
    "reading",
    "build",
    "preview",
)

# Who answers and who is on call: for responders alone, too.
ROSTER = frozenset(f"record.{name}" for name in ("people", "oncall", "duty", "cover", "roster", "blameless", "inside"))

# What makes and shows the internal site.
INNER = frozenset(
    ["view.war_room", "view.war_room_views", "view.response", "inner.build", "inner.pages", "inner.preview"]
)

# Only the command line prints, exits, and reads the clock: everywhere else they are results and arguments.
CLI_ALONE = frozenset(
    ["print", "input", "sys.exit", "sys.stdout", "sys.stderr", "os._exit", "SystemExit", "exit", "quit"]
    + [f"click.{name}" for name in ("echo", "secho", "prompt", "confirm", "progressbar")]
    + [f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime")]
    + [f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")]
    + ["datetime.date.today"]
)

REASONED = re.compile(r"(?:type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)[\s#:-]+\w+.*\w")
SILENCED = re.compile(r"type:\s*ignore|noqa|pragma:\s*no cover|mypy:\s*ignore")


@cache
def modules() -> Mapping[str, ast.Module]:
    """Return each module's syntax by its name within the package; a folder's `__init__` has the folder's name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts) or PACKAGE.name
        found[name] = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return found


def imports(name: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of each module of the package that `name` imports, in functions and for types too."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == PACKAGE.name:
                    yield node.lineno, alias.name.removeprefix(f"{PACKAGE.name}.")
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, target) for target in _imported_from(node, name))


def _imported_from(node: ast.ImportFrom, name: str) -> Iterator[str]:
    assert node.level == 0, f"generator/{name}:{node.lineno}: write imports in full, so that they can be searched for"
    source, _, folder = (node.module or "").partition(".")
    if source != PACKAGE.name:
        return
    for alias in node.names:
        below = f"{folder}.{alias.name}".lstrip(".")
        yield below if below in modules() else folder or PACKAGE.name


def room_of(name: str) -> str | None:
    """Return the row that covers a module: its own, or its folder's."""
    return next((room for room in sorted(ROOMS, key=lambda room: room.endswith("*")) if _covers(room, name)), None)


def _covers(room: str, name: str) -> bool:
    return name == room or (room.endswith(".*") and _within(name, room[:-2]))


def _within(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


def _every_import() -> list[tuple[str, int, str]]:
    return [(name, line, target) for name in modules() for line, target in imports(name)]


def test_every_module_has_a_room() -> None:
    assert [name for name in modules() if room_of(name) is None] == [], "give it a row in ROOMS"


def test_rooms_import_what_the_table_allows() -> None:
    wrong = [
        f"generator/{name.replace('.', '/')}:{line}: {room_of(name)} may not import {target}"
        for name, line, target in _every_import()
        if not any(_covers(allowed, target) for allowed in ROOMS[room_of(name) or PACKAGE.name])
    ]
    assert wrong == []


def test_the_table_allows_no_more_than_rooms_import() -> None:
    used: dict[str, set[str]] = {}
    for name, _, target in _every_import():
        used.setdefault(room_of(name) or PACKAGE.name, set()).add(target)
    idle = {
        (room, one)
        for room, allowed in ROOMS.items()
        for one in allowed
        if not any(_covers(one, target) for target in used.get(room, ()))
    }
    assert idle == set()


def test_the_table_names_rooms_only() -> None:
    named = {allowed for row in ROOMS.values() for allowed in row}
    assert [name for name in named if not any(_covers(name, room.removesuffix(".*")) for room in ROOMS)] == []


@pytest.mark.parametrize(("start", "end"), WALLS)
def test_no_way_leads_through_a_wall(start: str, end: str) -> None:
    assert sorted(name for name in reached(start) if _within(name, end)) == []


def reached(start: str) -> set[str]:
    """Return the modules that a room imports, by any detour, and its own."""
    ways: dict[str, set[str]] = {}
    for name, _, target in _every_import():
        ways.setdefault(name, set()).add(target)
    found, ahead = set(), [name for name in modules() if _within(name, start)]
    while ahead:
        name = ahead.pop()
        found.add(name)
        ahead += sorted(ways.get(name, set()) - found)
    return found


@pytest.mark.parametrize("start", PUBLIC)
def test_what_the_responders_know_is_out_of_the_publics_reach(start: str) -> None:
    internal = {name for name in modules() if name.startswith("record.internal")} | ROSTER
    assert internal <= modules().keys()
    assert not reached(start) & internal
    assert not (reached(start) & {"view.oncall", "view.oncall_views", "feeds.oncall"}) or start == "feeds"
    assert not reached(start) & INNER


def test_the_internal_site_is_what_that_test_looks_for() -> None:
    assert modules().keys() >= INNER
    assert reached("cli") >= INNER


def test_no_public_feed_is_made_of_the_plan() -> None:
    importers = {name for name, _, target in _every_import() if target in ("view.oncall_views", "feeds.oncall")}
    assert importers == {"view.oncall", "feeds.oncall", "view.war_room_views", "inner.pages"}


def test_model_and_views_meet_at_the_door_alone() -> None:
    both = {name for name in modules() if _meets(name)}
    assert both <= DOOR


def _meets(name: str) -> bool:
    targets = {target for _, target in imports(name)}
    return "record.model" in targets and bool(targets & VIEWS)


def test_nothing_imports_the_command_line() -> None:
    outside = ((name, line, target) for name, line, target in _every_import() if not _within(name, "cli"))
    assert [f"{name}:{line}" for name, line, target in outside if _within(target, "cli")] == []


def test_no_import_comes_back_to_where_it_began() -> None:
    ways = {name: {target for _, target in imports(name)} - {name} for name in modules()}
    while leaves := {name for name, targets in ways.items() if not targets & ways.keys()}:
        ways = {name: targets for name, targets in ways.items() if name not in leaves}
    assert sorted(ways) == [], "these modules import each other in a circle, or lead to one"


def test_only_the_command_line_prints_exits_and_reads_the_clock() -> None:
    wrong = [
        f"generator/{name.replace('.', '/')}:{line}: {used} belongs in cli"
        for name, tree in modules().items()
        if not _within(name, "cli")
        for line, used in _names_used(tree)
        if used in CLI_ALONE
    ]
    assert wrong == []


def _names_used(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and full dotted name of everything that is used, whatever it was imported as."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known.update({(a.asname or a.name): a.name for a in node.names})
        elif isinstance(node, ast.ImportFrom):
            known.update({(a.asname or a.name): f"{node.module}.{a.name}" for a in node.names})
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, *rest = ast.unparse(node).split(".")
            yield node.lineno, ".".join((known.get(first, first), *rest))


def test_a_silenced_check_says_why() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {comment}"
        for path in (
            *PACKAGE.rglob("*.py"),
            *ROOT.glob("tests/*.py"),
            *ROOT.glob("bench/*.py"),
            *ROOT.glob("look/*.py"),
            *ROOT.glob("*.py"),
        )
        for line, comment in _comments(path)
        if SILENCED.search(comment) and not REASONED.search(comment)
    ]
    assert wrong == [], "write which check, and after it the reason: `# noqa: S606 a list, and no shell`"


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    with tokenize.open(path) as text:
        for token in tokenize.generate_tokens(text.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def test_the_reason_is_looked_for() -> None:
    """The pattern itself: a bare or an empty silence is found, a reasoned one passes."""
    bare = ("# noqa", "# noqa: S606", "# type: ignore", "# type: ignore[arg-type]", "# noqa: S606, S607 -")
    reasoned = ("# noqa: S606 a list", "# type: ignore[arg-type]  # the stub is wrong", "# noqa: A001, A002: its name")
    assert [c for c in bare if REASONED.search(c)] == []
    assert [c for c in reasoned if not REASONED.search(c)] == []
