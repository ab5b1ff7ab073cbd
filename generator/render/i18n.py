"""The interface in one language: catalogues, dates, durations, numbers; the language is always an argument."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property
from gettext import GNUTranslations
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates
from babel.core import get_global, parse_locale
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from generator.errors import ThemeError
from generator.render import cldr, collation
from generator.render.catalogues import Catalogue, catalogues, compiled
from generator.terms import Chapter, Effort, Impact, Level, Overall, Phase, Progress

T = TypeVar("T")

_UNITS = (("duration-day", 24 * 60), ("duration-hour", 60), ("duration-minute", 1))


def load_languages(codes: Iterable[str], *, zone: str, dirs: Sequence[Path]) -> dict[str, Language]:
    """Return the languages of ``codes`` in that order, by code; times are shown in the time zone ``zone``.

    Each of ``dirs`` may hold ``<lang>/LC_MESSAGES/messages.po``; later ones go before earlier ones, text by text, and
    a regional catalogue (``pt_BR``) goes before the language's own. Raises ThemeError for a code that is no language
    and for a language without any catalogue.
    """
    libraries = ", ".join(f"{name} {version(name)}" for name in ("babel", "tzdata"))
    return {code: _language(code, ZoneInfo(zone), dirs, libraries) for code in codes}


def _language(code: str, zone: ZoneInfo, dirs: Sequence[Path], libraries: str) -> Language:
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise ThemeError(f"languages: {code!r} is not a language that dates and numbers are known for") from error
    found = tuple(catalogues(code, dirs))
    if not found:
        missing = f"locales/{code.replace('-', '_')}/LC_MESSAGES/messages.po"
        raise ThemeError(f"languages: there are no interface texts in {code!r}; add {missing}")
    return Language(code, zone, found, libraries)


@dataclass(frozen=True, eq=False)
class Language:
    """One language of the site; everything it returns is plain text for people.

    Catalogues and Babel's data are read when the first text is asked for, and what was formatted once is remembered.
    """

    code: str
    zone: ZoneInfo
    catalogues: tuple[Catalogue, ...]
    libraries: str
    _dates: dict[tuple[dt.date, str], str] = field(default_factory=dict, repr=False)
    _clocks: dict[tuple[int, int], str] = field(default_factory=dict, repr=False)
    _times: dict[tuple[int, int, str | None], str] = field(default_factory=dict, repr=False)
    _zone_names: dict[str | None, str] = field(default_factory=dict, repr=False)
    _durations: dict[int, str] = field(default_factory=dict, repr=False)
    _others: dict[str, Locale] = field(default_factory=dict, repr=False)
    _territories: dict[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def locale(self) -> Locale:
        return Locale.parse(self.code, sep="-")

    @cached_property
    def fingerprint(self) -> bytes:
        """The hash of all that a text of this language depends on."""
        named = (self.code, self.zone.key, self.libraries)
        parts = (*(name.encode() for name in named), *(catalogue.data for catalogue in self.catalogues))
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()

    @cached_property
    def region(self) -> str:
        """The code with the region whose conventions it follows, as CLDR's likely subtags have it: ``en-US``."""
        return self.code if self.locale.territory else "-".join(filter(None, (self.code, self.territory_of(self.code))))

    def territory_of(self, code: str) -> str:
        """Return the region of any language, as CLDR's likely subtags have it: ``US``; nothing where it has none."""
        if code not in self._territories:
            likely = get_global("likely_subtags").get(code.replace("-", "_"))
            self._territories[code] = self._other(code).territory or (parse_locale(likely)[1] if likely else None) or ""
        return self._territories[code]

    @cached_property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return self.locale.text_direction

    @cached_property
    def name(self) -> str:
        """The language's own name for itself, as a list of languages shows it."""
        return self.native_name(self.code)

    def native_name(self, code: str) -> str:
        """Return any language's own name for itself."""
        return cldr.native(code).name

    def name_of(self, code: str) -> str:
        """Return any language's name in this one, as it stands within a sentence."""
        return self._other(code).get_display_name(self.locale) or code

    def direction_of(self, code: str) -> str:
        """Return ``ltr`` or ``rtl`` for any language."""
        return cldr.native(code).direction

    def _other(self, code: str) -> Locale:
        if code not in self._others:
            self._others[code] = Locale.parse(code, sep="-")
        return self._others[code]

    # Texts

    @cached_property
    def _translations(self) -> GNUTranslations:
        found: GNUTranslations | None = None
        for catalogue in self.catalogues:
            more = compiled(catalogue, self.locale)
            if found is not None:
                more.add_fallback(found)
            found = more
        return cast("GNUTranslations", found)

    def gettext(self, message: str) -> str:
        return self._translations.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self._translations.ngettext(singular, plural, n)

    def pgettext(self, context: str, message: str) -> str:
        return self._translations.pgettext(context, message)

    def phase(self, phase: Phase) -> str:
        return self._phases[phase]

    def level(self, level: Level) -> str:
        return self._levels[level]

    def impact(self, impact: Impact) -> str:
        return self._impacts[impact]

    def overall(self, overall: Overall) -> str:
        return self._overalls[overall]

    def chapter(self, chapter: Chapter) -> str:
        return self._chapters[chapter]

    def effort(self, effort: Effort) -> str:
        return self._efforts[effort]

    def progress(self, progress: Progress) -> str:
        return self._progresses[progress]

    @cached_property
    def _chapters(self) -> Mapping[Chapter, str]:
        _ = self.gettext
        return {
            Chapter.SUMMARY: _("Summary"),
            Chapter.IMPACT: _("Impact"),
            Chapter.TIMELINE: _("Timeline"),
            Chapter.ROOT_CAUSE: _("Root cause"),
            Chapter.FACTORS: _("Contributing factors"),
            Chapter.WENT_WELL: _("What went well"),
            Chapter.WENT_WRONG: _("What went wrong"),
            Chapter.LUCKY: _("Where we got lucky"),
            Chapter.ACTIONS: _("Actions"),
            Chapter.LESSONS: _("Lessons"),
        }

    @cached_property
    def _efforts(self) -> Mapping[Effort, str]:
        _ = self.gettext
        return {
            Effort.DETECTION: _("Detection"),
            Effort.PREVENTION: _("Prevention"),
            Effort.MITIGATION: _("Mitigation"),
            Effort.PROCESS: _("Process"),
        }

    @cached_property
    def _progresses(self) -> Mapping[Progress, str]:
        _ = self.gettext
        return {
            Progress.OPEN: _("Open"),
            Progress.IN_PROGRESS: _("In progress"),
            Progress.DONE: _("Done"),
        }

    @cached_property
    def _phases(self) -> Mapping[Phase, str]:
        _ = self.gettext
        return {
            Phase.INVESTIGATING: _("Investigating"),
            Phase.IDENTIFIED: _("Identified"),
            Phase.MONITORING: _("Monitoring"),
            Phase.RESOLVED: _("Resolved"),
            Phase.SCHEDULED: _("Scheduled"),
            Phase.IN_PROGRESS: _("In progress"),
            Phase.VERIFYING: _("Verifying"),
            Phase.COMPLETED: _("Completed"),
            Phase.CANCELLED: _("Cancelled"),
        }

    @cached_property
    def _levels(self) -> Mapping[Level, str]:
        _ = self.gettext
        return {
            Level.OPERATIONAL: _("Operational"),
            Level.UNDER_MAINTENANCE: _("Under maintenance"),
            Level.DEGRADED_PERFORMANCE: _("Degraded performance"),
            Level.PARTIAL_OUTAGE: _("Partial outage"),
            Level.MAJOR_OUTAGE: _("Major outage"),
        }

    @cached_property
    def _impacts(self) -> Mapping[Impact, str]:
        _ = self.gettext
        return {
            Impact.NONE: _("No impact"),
            Impact.MINOR: _("Minor impact"),
            Impact.MAJOR: _("Major impact"),
            Impact.CRITICAL: _("Critical impact"),
        }

    @cached_property
    def _overalls(self) -> Mapping[Overall, str]:
        _ = self.gettext
        return {
            Overall.NONE: _("All systems operational"),
            Overall.MAINTENANCE: _("Maintenance in progress"),
            Overall.MINOR: _("Some systems are degraded"),
            Overall.MAJOR: _("Some systems are partly down"),
            Overall.CRITICAL: _("Some systems are down"),
        }

    # Times

    def date(self, day: dt.date) -> str:
        """Return a day in words: ``February 22, 2026``; of a moment, the day in the site's time zone."""
        return self._date(self._day(day), "long")

    def short_date(self, day: dt.date) -> str:
        """Return a day in few characters, the month in letters so that no one mistakes it: ``Feb 22, 2026``."""
        return self._date(self._day(day), "yMMMd")

    def days(self, first: dt.date, last: dt.date) -> str:
        """Return a span of days in few characters, what they share said once: ``Feb 22 – 24, 2026``."""
        if first == last:
            return self.short_date(first)
        return str(dates.format_interval(first, last, "yMMMd", locale=self.locale))

    def time(self, at: dt.datetime) -> str:
        """Return a time of day in the site's time zone, and that zone's name: ``3:51 AM CET``."""
        return self._time(at.astimezone(self.zone))

    def moment(self, at: dt.datetime) -> str:
        """Return day, time and zone: ``Feb 22, 2026, 3:51 AM CET``."""
        local = at.astimezone(self.zone)
        return self._moment.format(self._time(local), self._date(local.date(), "yMMMd"))

    def recent_moment(self, at: dt.datetime, today: dt.date) -> str:
        """Return day, time and zone without the year where that is today's: ``Feb 22, 3:51 AM CET``."""
        local = at.astimezone(self.zone)
        if local.year != today.year:
            return self.moment(at)
        return self._moment.format(self._time(local), self._date(local.date(), "MMMd"))

    def month(self, month: str) -> str:
        """Return ``yyyy-mm`` in words: ``February 2026``."""
        return dates.format_skeleton("yMMMM", dt.date(int(month[:4]), int(month[5:]), 1), locale=self.locale)

    def short_month(self, month: str) -> str:
        """Return ``yyyy-mm`` in few characters: ``Feb 2026``."""
        return dates.format_skeleton("yMMM", dt.date(int(month[:4]), int(month[5:]), 1), locale=self.locale)

    def clock(self, at: dt.datetime) -> str:
        """Return a time of day without its zone, for an axis that tells of many: ``3:51 AM``."""
        return self._clock(at.astimezone(self.zone))

    def weekday(self, day: dt.date) -> str:
        """Return the name of a day of the week in few letters, as it stands alone: ``Mon``."""
        return dates.format_date(day, "ccc", locale=self.locale)

    def month_day(self, day: dt.date) -> str:
        """Return a day without its year: ``Feb 22``; of a moment, the day in the site's time zone."""
        return self._date(self._day(day), "MMMd")

    @cached_property
    def first_week_day(self) -> int:
        """The day that weeks begin with in the language's region, 0 for Monday."""
        return Locale.parse(self.region, sep="-").first_week_day

    def duration(self, span: dt.timedelta | int) -> str:
        """Return a time span, or whole minutes, in its two largest units: ``1 hour 12 minutes``."""
        minutes = span if isinstance(span, int) else span // dt.timedelta(minutes=1)
        if minutes not in self._durations:
            self._durations[minutes] = self._duration(minutes)
        return self._durations[minutes]

    def _duration(self, minutes: int) -> str:
        amounts = []
        for unit, size in _UNITS:
            amounts.append((minutes // size, unit))
            minutes %= size
        first = next((i for i, (amount, _) in enumerate(amounts) if amount), len(amounts) - 1)
        shown = [(amount, unit) for amount, unit in amounts[first : first + 2] if amount] or amounts[-1:]
        return cldr.amounts([cldr.amount(amount, unit, self.locale) for amount, unit in shown], self.locale)

    def _day(self, day: dt.date) -> dt.date:
        return day.astimezone(self.zone).date() if isinstance(day, dt.datetime) else day

    def _date(self, day: dt.date, form: str) -> str:
        """Return a day in the form ``long``, or with the parts that CLDR's skeleton ``form`` names."""
        if (day, form) not in self._dates:
            self._dates[day, form] = (
                dates.format_date(day, form, locale=self.locale)
                if form == "long"
                else dates.format_skeleton(form, day, locale=self.locale)
            )
        return self._dates[day, form]

    def _clock(self, local: dt.datetime) -> str:
        key = (local.hour, local.minute)
        if key not in self._clocks:
            self._clocks[key] = dates.format_time(local, "short", locale=self.locale)
        return self._clocks[key]

    def _time(self, local: dt.datetime) -> str:
        key = (local.hour, local.minute, local.tzname())
        if key not in self._times:
            name = key[-1]
            if name not in self._zone_names:
                self._zone_names[name] = self._zone_name(local)
            self._times[key] = f"{self._clock(local)} {self._zone_names[name]}"
        return self._times[key]

    def _zone_name(self, local: dt.datetime) -> str:
        """Return ``CET``, or ``GMT+5:30`` for a zone that neither the language nor the zone's own data has a word for.

        Of the name in this language Babel returns a bare offset where there is none.
        """
        if self.zone.key in {"UTC", "Etc/UTC"}:
            return "UTC"
        name = dates.get_timezone_name(local, "short", locale=self.locale)
        known = next((word for word in (name, local.tzname() or "") if word[:1].isalpha()), None)
        return known or dates.get_timezone_gmt(local, "long", locale=self.locale)

    @cached_property
    def _moment(self) -> str:
        return str(dates.get_datetime_format("medium", locale=self.locale)).replace("'", "")

    # Numbers and lists

    def number(self, number: float) -> str:
        return format_decimal(number, locale=self.locale)

    def percent(self, share: float) -> str:
        """Return a share of 1 with two decimals, rounded down: ``99.98%``; only a whole one is ``100%``."""
        if share >= 1:
            return format_percent(1, locale=self.locale)
        pattern = str(self.locale.percent_formats[None].pattern).replace("0", "0.00", 1)
        # Ten digits first, so that 0.9998 as a float is not 99.97 %.
        exact = Decimal(str(round(share, 10))).quantize(Decimal("0.0001"), ROUND_FLOOR)
        return format_percent(min(exact, Decimal("0.9999")), pattern, locale=self.locale)

    def listing(self, items: Iterable[str]) -> str:
        """Return the items as a sentence names them: ``a, b, and c``."""
        return format_list(list(items), locale=self.locale)

    def sorted(self, items: Iterable[T], key: Callable[[T], str] = str) -> list[T]:
        """Return the items in the order in which readers of this language look for what ``key`` makes of them."""
        return sorted(items, key=lambda item: collation.sort_key(key(item), self.code))
