"""Site to SiteView: the one door in the wall between what is known and what may be shown.

The clock is used here and nowhere later: it becomes facts (open, upcoming, a day's state), never a time stamp.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from generator.recall import Recall, afresh
from generator.record.model import Component, Config, Group, Severity, Site
from generator.terms import Kind, Overall
from generator.view import archive, news, similar, status, views
from generator.view.api import api
from generator.view.calendar import calendars
from generator.view.facts import Clock, History, Known, histories, known, quarter, subject
from generator.view.lessons import KIND, Lesson, lessons
from generator.view.lessons import subject as lesson_subject
from generator.view.library import Library, PostmortemRef, SimilarPostmortem
from generator.view.reviews import library, of_incidents, similar_postmortem
from generator.view.search import search
from generator.view.speaker import Speaker
from generator.view.statuspage import Polled, polled, statuspage

RECENT_DAYS = 14
COMPONENT_RECORDS = 50

T = TypeVar("T")
Alike = Mapping[similar.Key, tuple[similar.Match, ...]]
Refs = Mapping[similar.Key, tuple[views.SimilarRef | SimilarPostmortem, ...]]


def project(
    site: Site,
    *,
    now: datetime,
    languages: Iterable[str] | None = None,
    recall: Recall = afresh,
    remember: similar.Remember = similar.afresh,
) -> views.SiteView:
    """Return what the public may see of ``site`` at ``now``, in each of its languages or in those asked for."""
    clock = recall(Clock, quarter(now), site.config.time_zone)
    log = known(site, now, recall)
    figures = histories(site, log, clock, recall)
    newest = polled(log, figures)
    told = news.news(
        log, components=site.components(), severities=[one.id for one in site.config.severities], recall=recall
    )
    days = archive.calendar((one for one in log if one.record.kind is Kind.INCIDENT), clock, recall)
    taught = lessons(site, (one for one in log if one.record.kind is Kind.INCIDENT), recall)
    alike = recall(similar.likeness, remember, *_subjects(log, taught, recall))
    spoken = tuple(
        _language(
            site,
            log,
            figures,
            newest,
            clock,
            told=told,
            days=days,
            taught=taught,
            alike=alike,
            speaker=recall(_speaker, site.config, site.groups, lang),
            recall=recall,
        )
        for lang in languages or site.config.languages
    )
    return views.SiteView(site.config.url, site.config.default, spoken)


def _speaker(config: Config, groups: tuple[Group, ...], lang: str) -> Speaker:
    return Speaker(Site(config, groups, (), ()), lang)


def _language(
    site: Site,
    log: Sequence[Known],
    figures: dict[str, History],
    newest: Polled,
    clock: Clock,
    *,
    told: news.News,
    days: Mapping[str, views.ArchiveMonth],
    taught: Sequence[Lesson],
    alike: Alike,
    speaker: Speaker,
    recall: Recall,
) -> views.LanguageView:
    shown = {one.record.id: recall(Speaker.incident, speaker, one) for one in log}
    cards = {id: view.card for id, view in shown.items()}
    groups = tuple(_group(speaker, group, figures, site.components()) for group in site.groups)
    incidents = [one for one in log if one.record.kind is Kind.INCIDENT]
    works = [one for one in log if one.record.kind is Kind.MAINTENANCE]
    months = news.announced(_months(incidents, cards, clock, recall, days=days), told, clock)
    entries = news.entries(told, shown, speaker)
    parts = tuple(news.parts(told, entries))
    tags = _tagged(log, cards)
    refs = _similar(site.config, speaker, log, taught, alike)
    home = _home(log, shown, _in_service(groups, clock), clock, newest.changed)
    like_lessons = {id: found for (kind, id), found in refs.items() if kind == KIND}
    learned = library(site, taught, speaker, similar=like_lessons, today=clock.today)
    return views.LanguageView(
        info=_info(site, speaker, library=learned is not None),
        home=home,
        incidents=(
            *_pages(speaker, incidents, shown, refs, of_incidents(learned)),
            *_pages(speaker, works, shown, refs, {}),
        ),
        history=_history(months, parts, archive.latest(days, clock)),
        months=months,
        components=tuple(_component_pages(groups, figures, cards)),
        maintenance=_maintenance(works, cards),
        severity=views.SeverityPage(tuple(_severity(speaker, severity) for severity in site.config.severities)),
        uptime=views.UptimePage(_in_service(groups, clock), site.config.windows),
        subscribe=views.SubscribePage(tuple(speaker.component(id) for id in site.components())),
        tags=views.TagsPage(tuple(views.TagRef(page.tag, len(page.incidents)) for page in tags)),
        tagged=tags,
        pages=tuple(speaker.page(page) for page in site.pages if not page.original.draft),
        redirects=(*_redirects(log, cards), *_library_redirects(site, learned)),
        feeds=tuple(news.feeds(told, entries, speaker)),
        parts=parts,
        api=api(log, shown, groups, clock),
        statuspage=statuspage(newest, shown, home.groups, home.overall, clock),
        chronicle=tuple(shown[one.record.id] for one in newest.told),
        library=learned,
        calendars=tuple(calendars(speaker, works, site.components(), clock)),
        search=_search(site, log, shown, clock, recall) if site.config.search else None,
    )


def _search(
    site: Site, log: Sequence[Known], shown: dict[str, views.IncidentView], clock: Clock, recall: Recall
) -> views.SearchView:
    pages = any(not page.original.draft for page in site.pages)
    return search(log, shown, clock, severities=[one.id for one in site.config.severities], pages=pages, recall=recall)


def _info(site: Site, speaker: Speaker, *, library: bool) -> views.SiteInfo:
    config = site.config
    menu = tuple(
        views.MenuItem(page.original.slug, speaker.page(page).title)
        for page in site.pages
        if page.original.menu and not page.original.draft
    )
    links = speaker.links(config.links)
    description = speaker.label(config.description) if config.description else None
    return views.SiteInfo(
        speaker.label(config.name), description, config.url, speaker.lang, config.languages, config.time_zone,
        config.authority, menu, links, config.repository, config.hub, library, config.search, config.markdown,
    )  # fmt: skip


def _group(
    speaker: Speaker, group: Group, figures: dict[str, History], components: dict[str, Component]
) -> views.GroupView:
    found = tuple(_component(speaker, components[c.id], figures[c.id]) for c in group.components)
    level = status.worst(component.level for component in found)
    description = speaker.label(group.description) if group.description else None
    return views.GroupView(group.id, speaker.label(group.name), level, found, description)


def _component(speaker: Speaker, component: Component, history: History) -> views.ComponentView:
    days = tuple(speaker.day(component, bucket, history.recent.get(bucket.day, ())) for bucket in history.days)
    uptime = tuple(views.Uptime(window, share) for window, share in history.uptime)
    description = speaker.label(component.description) if component.description else None
    return views.ComponentView(
        component.id, speaker.label(component.name), history.level, uptime, days, description,
        component.since, component.retired,
    )  # fmt: skip


def _in_service(groups: Iterable[views.GroupView], clock: Clock) -> tuple[views.GroupView, ...]:
    """Return the groups with the components that are not retired yet, and no group without any."""
    found = []
    for group in groups:
        serving = tuple(c for c in group.components if c.retired is None or c.retired > clock.today)
        if serving:
            level = status.worst(component.level for component in serving)
            found.append(views.GroupView(group.id, group.name, level, serving, group.description))
    return tuple(found)


def _home(
    log: Sequence[Known],
    shown: dict[str, views.IncidentView],
    groups: tuple[views.GroupView, ...],
    clock: Clock,
    changed: datetime | None,
) -> views.HomePage:
    levels = {component.id: component.level for group in groups for component in group.components}
    going = [one for one in log if one.open]
    unplaced = [one for one in going if not levels.keys() & set(one.components)]
    weights = [
        Overall.MAINTENANCE if one.record.kind is Kind.MAINTENANCE else Overall(one.impact.value) for one in unplaced
    ]
    upcoming = sorted((one for one in log if one.upcoming), key=lambda one: one.started)
    return views.HomePage(
        status.overall(tuple(levels.values()), weights),
        tuple(shown[one.record.id] for one in going if one.record.kind is Kind.INCIDENT),
        tuple(shown[one.record.id] for one in going if one.record.kind is Kind.MAINTENANCE),
        tuple(shown[one.record.id].card for one in upcoming),
        groups,
        tuple(_recent(log, shown, clock)),
        RECENT_DAYS,
        clock.today,
        changed,
    )


def _recent(log: Sequence[Known], shown: dict[str, views.IncidentView], clock: Clock) -> Iterator[views.PastDays]:
    """Yield the recent days, newest first; quiet ones that follow one another are one."""
    days = [clock.today - timedelta(days=n) for n in range(RECENT_DAYS)]
    begun: dict[date, list[views.IncidentView]] = {}
    for one in log:
        day = clock.day(one.started)
        if day < days[-1]:
            break
        if not one.upcoming:
            begun.setdefault(day, []).append(shown[one.record.id])
    for quiet, run in groupby(days, lambda day: day not in begun):
        together = list(run)
        if quiet:
            yield views.PastDays(together[-1], together[0])
        else:
            yield from (views.PastDays(day, day, tuple(begun[day])) for day in together)


def _pages(
    speaker: Speaker,
    log: Sequence[Known],
    shown: dict[str, views.IncidentView],
    refs: Refs,
    postmortems: Mapping[str, PostmortemRef],
) -> Iterable[views.IncidentPage]:
    """Return the page of each record of one kind; ``log`` is newest first."""
    for newer, one, older in _neighbours(log):
        yield views.IncidentPage(
            shown[one.record.id],
            speaker.neighbour(older) if older else None,
            speaker.neighbour(newer) if newer else None,
            refs[one.record.kind.value, one.record.id],
            postmortems.get(one.record.id),
        )


def _subjects(log: Sequence[Known], taught: Iterable[Lesson], recall: Recall) -> tuple[similar.Subject, ...]:
    """Return what is compared with each other, in its order."""
    found = [*(recall(subject, one) for one in log), *(recall(lesson_subject, one) for one in taught)]
    return similar.in_order(found)


def _similar(config: Config, speaker: Speaker, log: Iterable[Known], taught: Iterable[Lesson], alike: Alike) -> Refs:
    """Return for each record the earlier ones that are like it, by its kind and id."""
    known = {(one.record.kind.value, one.record.id): one for one in log}
    lessons = {one.record.id: one for one in taught}

    def ref(match: similar.Match) -> views.SimilarRef | SimilarPostmortem:
        if match.kind == KIND:
            return similar_postmortem(config, lessons[match.id], match, speaker)
        return speaker.similar(known[match.kind, match.id], match)

    return {key: tuple(map(ref, matches)) for key, matches in alike.items()}


def _months(
    incidents: Sequence[Known],
    cards: dict[str, views.IncidentCard],
    clock: Clock,
    recall: Recall,
    *,
    days: Mapping[str, views.ArchiveMonth],
) -> tuple[views.MonthPage, ...]:
    """Return the months that have incidents, newest first, each knowing its neighbours."""
    found = [(month, list(ones)) for month, ones in groupby(incidents, lambda one: clock.month(one.started))]
    return tuple(
        views.MonthPage(
            month, tuple(cards[one.record.id] for one in ones), recall(_minutes, clock, *ones),
            older[0] if older else None, newer[0] if newer else None, calendar=days[month],
        )
        for newer, (month, ones), older in _neighbours(found)
    )  # fmt: skip


def _neighbours(items: Sequence[T]) -> Iterable[tuple[T | None, T, T | None]]:
    """Return each item between the one before it and the one after it."""
    return zip((None, *items), items, (*items[1:], None), strict=False)


def _minutes(clock: Clock, *ones: Known) -> int:
    """Return the minutes in which at least one component was affected by one of these incidents."""
    spells = [spell for one in ones for parts in one.course.spells.values() for spell in parts]
    whole = status.combined(spells, clock.hour)
    return round(sum(((s.end or s.start) - s.start).total_seconds() for s in whole) / 60)


def _history(
    months: Sequence[views.MonthPage], parts: Iterable[views.FeedPart], calendar: tuple[views.ArchiveMonth, ...]
) -> views.HistoryPage:
    refs = tuple(views.MonthRef(page.month, len(page.incidents)) for page in months)
    unannounced = () if months else tuple(part.number for part in parts)
    return views.HistoryPage(refs, months[0].incidents if months else (), unannounced, calendar)


def _component_pages(
    groups: Iterable[views.GroupView], figures: dict[str, History], cards: dict[str, views.IncidentCard]
) -> Iterable[views.ComponentPage]:
    for group in groups:
        for component in group.components:
            records = figures[component.id].records
            latest = tuple(cards[one.record.id] for one in records[:COMPONENT_RECORDS])
            yield views.ComponentPage(component, group.name, latest, len(records))


def _maintenance(works: Sequence[Known], cards: dict[str, views.IncidentCard]) -> views.MaintenancePage:
    upcoming = sorted((one for one in works if one.upcoming), key=lambda one: one.started)
    return views.MaintenancePage(
        tuple(cards[one.record.id] for one in works if one.open),
        tuple(cards[one.record.id] for one in upcoming),
        tuple(cards[one.record.id] for one in works if one.ended is not None),
    )


def _severity(speaker: Speaker, severity: Severity) -> views.SeverityView:
    return views.SeverityView(
        severity.id, severity.aliases, speaker.label(severity.name), speaker.label(severity.meaning),
        severity.respond, severity.update, severity.postmortem, severity.state, severity.impact,
    )  # fmt: skip


def _tagged(log: Sequence[Known], cards: dict[str, views.IncidentCard]) -> tuple[views.TagPage, ...]:
    found: dict[str, list[views.IncidentCard]] = {}
    for one in log:
        for tag in one.record.tags:
            found.setdefault(tag, []).append(cards[one.record.id])
    return tuple(views.TagPage(tag, tuple(found[tag])) for tag in sorted(found))


def _redirects(log: Sequence[Known], cards: dict[str, views.IncidentCard]) -> Iterable[views.Redirect]:
    for one in log:
        for alias in one.record.aliases:
            yield views.Redirect(one.record.kind, alias, one.record.id, cards[one.record.id].title)


def _library_redirects(site: Site, library: Library | None) -> Iterable[views.Redirect]:
    titles = {page.postmortem.card.id: page.postmortem.card.title for page in library.postmortems} if library else {}
    for record in (entry.original for entry in site.postmortems if entry.original.id in titles):
        for alias in record.aliases:
            yield views.Redirect(None, alias, record.id, titles[record.id])
