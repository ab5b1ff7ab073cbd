import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from gettext import c2py
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import dev
from generator.errors import ThemeError
from generator.render import cldr
from generator.render.i18n import Language, load_languages
from generator.resources import locales_dir
from generator.terms import Impact, Level, Overall, Phase

SHIPPED = ("en", "fr", "es", "sv", "de", "ja", "pt-BR", "ar")
NIGHT = datetime(2026, 2, 22, 2, 51, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])|%%|%")


def language(code: str = "en", *, zone: str = "Europe/Stockholm", own: Path | None = None) -> Language:
    return load_languages([code], zone=zone, dirs=[locales_dir(), *([own] if own else [])])[code]


def catalogue(folder: Path, code: str, *texts: str, plural: str = "nplurals=2; plural=(n != 1);") -> Path:
    path = folder / code / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    head = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {plural}\\n"\n'
    path.write_text("\n".join([head, *texts]), encoding="utf-8")
    return folder


def plain(text: str) -> str:
    """Return the text with one kind of space: which one stands where is the business of the languages' data."""
    return re.sub(r"[\u00a0\u202f\u2009]", " ", text)


@pytest.mark.parametrize(
    ("code", "moment", "day", "month"),
    [
        ("en", "Feb 22, 2026, 3:51 AM CET", "February 22, 2026", "February 2026"),
        ("fr", "22 févr. 2026, 03:51 CET", "22 février 2026", "février 2026"),
        ("es", "22 feb 2026, 3:51 CET", "22 de febrero de 2026", "febrero de 2026"),
        ("sv", "22 feb. 2026 03:51 CET", "22 februari 2026", "februari 2026"),
        ("de", "22. Feb. 2026, 03:51 MEZ", "22. Februar 2026", "Februar 2026"),
        ("ja", "2026年2月22日 3:51 CET", "2026年2月22日", "2026年2月"),
        ("pt-BR", "22 de fev. de 2026 03:51 CET", "22 de fevereiro de 2026", "fevereiro de 2026"),
        ("ar", "22 فبراير 2026، 3:51 ص CET", "22 فبراير 2026", "فبراير 2026"),
    ],
)
def test_times_are_written_as_the_language_writes_them(code: str, moment: str, day: str, month: str) -> None:
    asked = language(code)
    assert plain(asked.moment(NIGHT)) == moment
    assert plain(asked.date(NIGHT)) == day
    assert plain(asked.month("2026-02")) == month


def test_a_moment_falls_on_the_day_that_it_has_in_the_sites_time_zone() -> None:
    late = datetime(2026, 2, 21, 23, 30, tzinfo=UTC)
    assert language().date(late) == "February 22, 2026"
    assert language(zone="UTC").date(late) == "February 21, 2026"
    assert language().date(date(2026, 2, 21)) == "February 21, 2026"


@pytest.mark.parametrize(
    ("zone", "when", "name"),
    [
        ("Europe/Stockholm", NIGHT, "CET"),
        ("Europe/Stockholm", NIGHT.replace(month=7), "CEST"),
        ("UTC", NIGHT, "UTC"),
        ("Etc/UTC", NIGHT, "UTC"),
        ("Asia/Kolkata", NIGHT, "IST"),
        ("America/Sao_Paulo", NIGHT, "GMT-03:00"),
    ],
)
@pytest.mark.parametrize("code", ["en", "es", "sv"])
def test_every_time_names_its_zone(zone: str, when: datetime, name: str, code: str) -> None:
    asked = language(code, zone=zone)
    assert asked.time(when).endswith(f" {name}")
    assert name in asked.moment(when)


def test_the_two_same_hours_of_an_autumn_night_are_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    asked = language("sv")
    assert asked.time(first) == "02:30 CEST"
    assert asked.time(first + timedelta(hours=1)) == "02:30 CET"


@given(st.integers(0, 40 * 365 * 24 * 60), st.integers(-12, 12))
def test_what_was_said_before_changes_nothing(minutes: int, hours: int) -> None:
    when = datetime(1990, 1, 1, tzinfo=timezone(timedelta(hours=hours))) + timedelta(minutes=minutes)
    asked = LONG_USED
    fresh = language("fr")
    assert (asked.moment(when), asked.date(when)) == (fresh.moment(when), fresh.date(when))


LONG_USED = language("fr")


@pytest.mark.parametrize(
    ("span", "en", "fr"),
    [
        (timedelta(hours=1, minutes=12), "1 hour 12 minutes", "1 heure 12 minutes"),
        (timedelta(minutes=72, seconds=59), "1 hour 12 minutes", "1 heure 12 minutes"),
        (1, "1 minute", "1 minute"),
        (0, "0 minutes", "0 minute"),
        (60, "1 hour", "1 heure"),
        (24 * 60, "1 day", "1 jour"),
        (24 * 60 + 5, "1 day", "1 jour"),
        (51 * 60 + 30, "2 days 3 hours", "2 jours 3 heures"),
        (timedelta(days=400), "400 days", "400 jours"),
    ],
)
def test_a_duration_has_its_two_largest_units(span: timedelta | int, en: str, fr: str) -> None:
    assert plain(language("en").duration(span)) == en
    assert plain(language("fr").duration(span)) == fr


@pytest.mark.parametrize(
    ("code", "spans"),
    [
        ("es", ("1 hora 12 minutos", "2 días 3 horas", "3 días", "0 minutos")),
        ("sv", ("1 timme 12 minuter", "2 dygn 3 timmar", "3 dygn", "0 minuter")),
        ("de", ("1 Stunde, 12 Minuten", "2 Tage, 3 Stunden", "3 Tage", "0 Minuten")),
        ("ja", ("1時間12分", "2日3時間", "3日", "0分")),
        ("pt-BR", ("1 hora 12 minutos", "2 dias 3 horas", "3 dias", "0 minuto")),
        ("ar", ("ساعة و12 دقيقة", "يومان و3 ساعات", "3 أيام", "0 دقيقة")),
    ],
)
def test_a_duration_is_said_as_the_language_says_it(code: str, spans: tuple[str, ...]) -> None:
    asked = language(code)
    assert tuple(plain(asked.duration(minutes)) for minutes in (72, 51 * 60, 3 * 24 * 60, 0)) == spans


@pytest.mark.parametrize(
    "code", ["ar", "fa", "fi", "he", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "zh_Hant", "haw"]
)
def test_no_language_shows_the_name_of_a_unit_or_an_amount_twice(code: str) -> None:
    asked = Locale.parse(code)
    for unit in ("duration-day", "duration-hour", "duration-minute"):
        assert not any("duration" in cldr.amount(number, unit, asked) for number in (0, 1, 2, 3, 11, 21, 100))
    joined = cldr.amounts(("<<", ">>"), asked)
    assert (joined.count("<<"), joined.count(">>")) == (1, 1)


@pytest.mark.parametrize(
    ("share", "en"),
    [(1.0, "100%"), (0.9998, "99.98%"), (0.99999999, "99.99%"), (1 - 1e-16, "99.99%"), (0.5, "50.00%"), (0.0, "0.00%")],
)
def test_a_percentage_has_two_decimals(share: float, en: str) -> None:
    assert language("en").percent(share) == en


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", "99.98%"), ("fr", "99,98 %"), ("es", "99,98 %"), ("sv", "99,98 %"),
        ("de", "99,98 %"), ("ja", "99.98%"), ("pt-BR", "99,98%"), ("ar", "99.98%"),
    ],
)  # fmt: skip
def test_a_percentage_is_written_as_the_language_writes_it(code: str, shown: str) -> None:
    assert plain(language(code).percent(0.99987)) == shown


@given(st.floats(0, 1))
def test_a_percentage_never_promises_too_much(share: float) -> None:
    shown = float(LONG_USED_EN.percent(share).rstrip("%"))
    assert shown <= share * 100 + 1e-6
    assert (shown == 100) == (share == 1)
    assert share == 1 or shown > share * 100 - 0.011


LONG_USED_EN = language("en")


def test_numbers_and_lists_are_the_languages_own() -> None:
    assert language("en").number(12345) == "12,345"
    assert plain(language("sv").number(12345)) == "12 345"
    assert {language(code).number(12345) for code in ("de", "pt-BR")} == {"12.345"}
    assert {language(code).number(12345) for code in ("ja", "ar")} == {"12,345"}
    assert language("fr").listing(["a", "b", "c"]) == "a, b et c"
    assert language("es").listing([]) == ""


@pytest.mark.parametrize("code", [*SHIPPED, "ar-EG", "ar-SA", "fa", "hi-IN", "mr"])
def test_digits_are_the_same_wherever_a_number_stands(code: str) -> None:
    # Ids, versions and what gettext fills in have these too: two kinds of digits on one page would be one too many.
    asked = Language(code, ZoneInfo("Europe/Stockholm"), (), "")
    said = (asked.moment(NIGHT), asked.date(NIGHT), asked.duration(3000), asked.number(12345), asked.percent(0.9987))
    assert {char for text in said for char in text if char.isdigit()} <= set("0123456789")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ["api", "API 2", "Café", "cafes", "Éclair", "zoo"]),
        ("de", ["Abo", "Ärger", "Ast", "Öl", "Ort", "Straße", "Strasse 2", "Zoo"]),
        ("sv", ["Abonnemang", "Webbplats", "Zon", "Åtkomst", "Ärenden", "Överföring"]),
        ("es", ["mañana", "nada", "nube", "ñandú", "ópera", "oro"]),
        ("pt-BR", ["ação", "acesso", "água", "área", "Zona"]),
        ("ja", ["API", "いろ", "ウェブ", "ガス", "カスタム", "ログイン", "決済"]),
        ("ar", ["الإشعارات", "البوابة", "التطبيق", "Webhooks"]),
    ],
)
def test_words_stand_where_readers_look_for_them(code: str, words: list[str]) -> None:
    asked = language(code)
    assert asked.sorted(reversed(words)) == words
    assert asked.sorted([(word,) for word in reversed(words)], key=lambda pair: pair[0]) == [(word,) for word in words]


def test_the_order_of_words_is_that_of_the_language() -> None:
    assert language("de").sorted(["Zoo", "Öl"]) == ["Öl", "Zoo"]
    assert language("sv").sorted(["Zoo", "Öl"]) == ["Zoo", "Öl"]
    assert language("fr").sorted(["cote", "côté", "coté", "Cote"]) == ["Cote", "cote", "coté", "côté"]


def test_languages_know_each_others_names_and_directions() -> None:
    french = language("fr")
    assert (french.name, french.direction) == ("Français", "ltr")
    assert french.name_of("en") == "anglais"
    assert french.native_name("sv") == "Svenska"
    assert (french.direction_of("ar"), french.direction_of("sv")) == ("rtl", "ltr")


@pytest.mark.parametrize("code", SHIPPED)
@pytest.mark.parametrize(
    ("say", "terms"),
    [(Language.phase, Phase), (Language.level, Level), (Language.impact, Impact), (Language.overall, Overall)],
    ids=["phase", "level", "impact", "overall"],
)
def test_every_term_has_words_of_its_own(code: str, say: object, terms: object) -> None:
    words = [say(language(code), term) for term in terms]  # type: ignore[operator, attr-defined] # pairs that fit
    assert all(words)
    if terms is not Phase or code == "en":
        assert len(set(words)) == len(words)


def test_plurals_follow_the_languages_rule(tmp_path: Path) -> None:
    assert language("en").ngettext("%(num)d incident", "%(num)d incidents", 0) == "%(num)d incidents"
    assert language("fr").ngettext("%(num)d incident", "%(num)d incidents", 0) == "%(num)d incident"
    forms = "\n".join(f'msgstr[{i}] "form {i}"' for i in range(3))
    rule = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    folder = catalogue(tmp_path, "pl", f'msgid "a"\nmsgid_plural "b"\n{forms}', plural=rule)
    polish = language("pl", own=folder)
    assert [polish.ngettext("a", "b", n) for n in (1, 2, 5, 22)] == ["form 0", "form 1", "form 2", "form 1"]


def test_a_sites_texts_go_before_the_programs_and_the_rest_stays(tmp_path: Path) -> None:
    folder = catalogue(tmp_path, "fr", 'msgid "Resolved"\nmsgstr "Réglé"', 'msgid "Ours"\nmsgstr "À nous"')
    french = language("fr", own=folder)
    assert french.phase(Phase.RESOLVED) == "Réglé"
    assert french.gettext("Ours") == "À nous"
    assert french.phase(Phase.MONITORING) == language("fr").phase(Phase.MONITORING)


def test_a_region_falls_back_to_its_language(tmp_path: Path) -> None:
    folder = catalogue(tmp_path, "fr_CA", 'msgid "E-mail"\nmsgstr "Courriel"')
    quebec = language("fr-CA", own=folder)
    assert quebec.gettext("E-mail") == "Courriel"
    assert quebec.phase(Phase.RESOLVED) == language("fr").phase(Phase.RESOLVED)


def test_a_guess_is_not_shown(tmp_path: Path) -> None:
    folder = catalogue(tmp_path, "fr", '#, fuzzy\nmsgid "Resolved"\nmsgstr "Peut-être"')
    assert language("fr", own=folder).phase(Phase.RESOLVED) == "Résolu"


@pytest.mark.parametrize("code", ["xx", "", "../en", "english language", "en_"])
def test_what_is_no_language_is_refused(code: str) -> None:
    with pytest.raises(ThemeError, match="is not a language"):
        load_languages([code], zone="UTC", dirs=[locales_dir()])


def test_a_language_without_texts_is_refused_with_what_to_add() -> None:
    with pytest.raises(ThemeError, match=r"no interface texts in 'pt-PT'; add locales/pt_PT/LC_MESSAGES/messages\.po"):
        language("pt-PT")


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (b"\xff\xfe", "messages.po"),
        (b'nonsense "a"\n', "messages.po:8: "),
        (b'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=__import__(n);\\n"\n', "messages.po"),
    ],
    ids=["bytes", "syntax", "plural rule"],
)
def test_a_damaged_catalogue_is_named(tmp_path: Path, damage: bytes, place: str) -> None:
    path = catalogue(tmp_path, "fr", 'msgid "a"\nmsgstr "b"') / "fr/LC_MESSAGES/messages.po"
    path.write_bytes(path.read_bytes() + b"\n" + damage)
    with pytest.raises(ThemeError, match=re.escape(f"{tmp_path.name}/fr/LC_MESSAGES/{place}")):
        language("fr", own=tmp_path).gettext("a")


def test_the_fingerprint_tells_apart_what_would_read_differently(tmp_path: Path) -> None:
    own = catalogue(tmp_path, "fr", 'msgid "Resolved"\nmsgstr "Réglé"')
    different = [language("fr"), language("sv"), language("fr", zone="UTC"), language("fr", own=own)]
    assert len({asked.fingerprint for asked in different}) == len(different)
    assert language("fr").fingerprint == language("fr").fingerprint


# The shipped catalogues


def test_shipped_catalogues_are_read_by_one_process_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    own = catalogue(tmp_path, "fr", 'msgid "Resolved"\nmsgstr "Réglé"')
    read = list[bytes]()
    reading = pofile.read_po

    def noted(file: Any, **named: Any) -> Catalog:
        read.append(file.getvalue())
        return reading(file, **named)

    monkeypatch.setattr(pofile, "read_po", noted)
    assert [language("fr").gettext("Resolved") for _ in range(2)] == ["Résolu"] * 2
    assert len(read) == 1
    # A site's own is kept for nobody.
    assert [language("fr", own=own).gettext("Resolved") for _ in range(2)] == ["Réglé"] * 2
    assert len(read) == 3
    (kept,) = (tmp_path / "kept").rglob("*fr-LC_MESSAGES*")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert language("fr").gettext("Resolved") == "Résolu"
    assert len(read) == 4


@pytest.mark.parametrize(
    ("code", "first"),
    [("en", 6), ("sv", 0), ("ar", 5), ("en-GB", 0)],
)
def test_weeks_begin_as_the_languages_region_has_it(code: str, first: int) -> None:
    assert Language(code, ZoneInfo("UTC"), (), "").first_week_day == first


def test_an_axis_has_times_without_zones_and_days_without_years() -> None:
    moment = datetime(2026, 2, 22, 23, 51, tzinfo=UTC)
    assert [plain(language(code).clock(moment)) for code in ("en", "fr")] == ["12:51 AM", "00:51"]
    assert [plain(language(code).month_day(moment)) for code in ("en", "fr")] == ["Feb 23", "23 févr."]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return every text that templates and code ask for."""
    fresh = tmp_path_factory.mktemp("texts") / "locales"
    dev.extract(locales_dir(), fresh)
    return _read(fresh / "messages.pot")


def test_the_search_for_texts_finds_those_of_code_and_templates(texts: Catalog) -> None:
    known = set(_messages(texts))
    assert {"Investigating", "All systems operational", "Skip to content", "%(num)d incident"} <= known


@pytest.mark.parametrize("code", SHIPPED)
def test_a_catalogue_has_exactly_the_texts_there_are(texts: Catalog, code: str) -> None:
    translated = _shipped(code)
    assert set(_messages(translated)) == set(_messages(texts))
    assert [message.id for message in translated.obsolete.values()] == []


@pytest.mark.parametrize("code", SHIPPED)
def test_every_text_is_translated_whole(code: str) -> None:
    translated = _shipped(code)
    wrong = [fault for message in _messages(translated).values() for fault in _faults(message, translated)]
    assert wrong == []


@pytest.mark.parametrize("code", [code for code in SHIPPED if code != "en"])
def test_a_catalogue_is_not_a_copy_of_the_english_one(code: str) -> None:
    translated = _messages(_shipped(code))
    same = [key for key, message in translated.items() if message.string == message.id]
    assert len(same) < len(translated) / 10, same


def test_every_catalogue_that_ships_is_tried() -> None:
    shipped = {path.parts[-3] for path in locales_dir().glob("*/LC_MESSAGES/messages.po")}
    assert shipped == {code.replace("-", "_") for code in SHIPPED}


@pytest.mark.parametrize("code", SHIPPED)
def test_plural_forms_are_those_of_the_languages_rule(code: str) -> None:
    """Numbers share a form exactly where CLDR puts them into one category."""
    forms = _forms(_shipped(code))
    categories = Locale.parse(code, sep="-").plural_form
    assert len({(forms(n), categories(n)) for n in range(1000)}) == _shipped(code).num_plurals
    assert {forms(n) for n in range(1000)} == set(range(_shipped(code).num_plurals))


def _shipped(code: str) -> Catalog:
    return _read(locales_dir() / code.replace("-", "_") / "LC_MESSAGES" / "messages.po")


def _forms(catalogue: Catalog) -> Callable[[int], int]:
    return c2py(catalogue.plural_expr)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _messages(catalogue: Catalog) -> Mapping[str, Message]:
    return {(m.id if isinstance(m.id, str) else m.id[0]): m for m in catalogue if m.id}


def _faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    plurals, form = catalogue.num_plurals, _forms(catalogue)
    ids = (message.id,) if isinstance(message.id, str) else message.id
    strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    if message.fuzzy:
        yield f"{ids[0]!r} is fuzzy"
    if len(strings) != (1 if len(ids) == 1 else plurals):
        yield f"{ids[0]!r} has {len(strings)} forms"
    for place, string in enumerate(strings):
        counted = {("num", "d")} if len(ids) > 1 and _says_its_number(place, form) else set()
        missing = set().union(*map(_placeholders, ids)) - _placeholders(string)
        extra = _placeholders(string) - set().union(*map(_placeholders, ids))
        if not string or extra or missing - counted:
            yield f"{ids[0]!r} is translated as {string!r}"


def _says_its_number(place: int, form: Callable[[int], int]) -> bool:
    """Return whether a plural form is for one number alone ("the last day"); none counts as well where one does."""
    numbers = [n for n in range(1000) if form(n) == place]
    return len(numbers) == 1 or numbers == [0, 1]


def _placeholders(text: str) -> set[tuple[str, str]]:
    return {(found[1] or found[0], found[2] or "") for found in PLACEHOLDER.finditer(text)}
