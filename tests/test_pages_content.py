import gzip
import re

import msgspec
import pytest

from generator.render.i18n import load_languages
from generator.resources import locales_dir
from generator.terms import Level, Overall
from generator.view.basics import ComponentRef, Label
from generator.view.record_views import Day
from generator.view.views import HomePage, SiteView
from tests.rendered import SHIPPED, Element, changed, made, one, tree, trees, words
from tests.sample_views import URL, sample_site


@pytest.mark.parametrize("overall", Overall)
def test_home_says_first_how_things_are(overall: Overall) -> None:
    view = sample_site(languages=SHIPPED)
    home = msgspec.structs.replace(view.languages[0].home, overall=overall)
    page = one(changed(view, home=home), "index.html")
    first = page.find(".//main")[0]
    said = load_languages(["en"], zone="UTC", dirs=[locales_dir()])["en"].overall(overall)
    assert first.get("class") == f"statement {overall}"
    assert words(first.find(".//h1")) == said
    assert page.findtext("head/title").startswith(said)


def test_every_state_has_a_word_and_a_shape_of_its_own() -> None:
    shapes, names = set(), set()
    for level in Level:
        page = one(with_level(level), "index.html")
        state = page.xpath("//ul[@class='components']/li/span[contains(@class, 'state')]")[0]
        names.add(words(state))
        shape = page.get_element_by_id(state.find("svg/use").get("href")[1:])
        shapes.add(tuple((part.tag, part.get("d")) for part in shape.iter("path", "circle", "rect")))
    assert (len(shapes), len(names)) == (len(Level), len(Level))


def test_a_page_has_the_shapes_that_it_refers_to_and_no_other() -> None:
    for path, page in trees().items():
        named = {use.get("href") for use in page.iter("use")}
        # The script gives this one to what has a shape, when planned work begins.
        named |= {"#under_maintenance"} if named and page.xpath("//*[@data-from]") else set()
        shapes = page.xpath("//svg[@class = 'unseen']/*[@id]")
        assert sorted(f"#{shape.get('id')}" for shape in shapes) == sorted(named), path


def with_level(level: Level) -> SiteView:
    view = sample_site(languages=SHIPPED)
    home = view.languages[0].home
    component = msgspec.structs.replace(home.groups[0].components[0], level=level)
    group = msgspec.structs.replace(home.groups[0], components=(component,))
    return changed(view, home=msgspec.structs.replace(home, groups=(group,)))


def test_home_shows_open_incidents_whole_and_newest_first() -> None:
    record = trees()["index.html"].xpath("//section[h2[@id = 'open']]//article")[0]
    assert words(record.find("h3")) == "Portal unavailable"
    updates = record.xpath(".//p[@class = 'when']//a/@href")
    assert [address.rpartition("#")[2] for address in updates] == ["update-3", "update-2", "update-1"]
    assert len(record.xpath("details//p[@class = 'when']")) == 2, "the last word is open, those before it are not"
    said = brief(record)
    assert said["Next update"].startswith("Feb 22, 5:10")
    assert said["Affected"] == "Portal API Partial outage Portal & <Web> Operational"
    assert list(said) == ["Affected", "Started", "Next update"]


def brief(record: Element) -> dict[str, str]:
    """Return what the list of the facts that matter first says, by its terms."""
    items = record.xpath(".//dl[@class = 'brief']/div")
    return {words(item.find("dt")): words(item.find("dd")) for item in items}


def test_home_says_when_the_newest_update_came() -> None:
    assert "Newest update: Feb 22, 4:40" in words(trees()["index.html"].find(".//main")[0])
    view = sample_site(languages=SHIPPED)
    quiet = msgspec.structs.replace(view.languages[0].home, open=(), maintenance_now=(), recent=(), changed=None)
    assert "Newest" not in words(one(changed(view, home=quiet), "index.html"))


def test_home_leaves_out_what_is_retired() -> None:
    assert "Fax gateway" not in words(trees()["index.html"])
    assert "Fax gateway" not in words(trees()["uptime/index.html"])
    assert "Out of service since January 31, 2026." in words(trees()["components/fax/index.html"])


def test_a_bar_shows_every_day_and_is_told_in_one_sentence() -> None:
    bar = trees()["index.html"].xpath("//svg[@role = 'img']")[0]
    (bad,) = bar.xpath("path")
    calm = trees()["index.html"].get_element_by_id(bar.find("use").get("href")[1:]).get("d")
    assert calm.count("h3v24h-3z") == 90
    assert bar.get("aria-label") == "Last 90 days. 1 day with disruption, on February 22, 2026"
    assert (bad.get("class"), words(bad)) == ("major_outage", "Feb 22, 2026 · Major outage · 1 hour 15 minutes")
    place, top = map(int, bad.get("d")[1:].split("h")[0].split(" "))
    assert place == 89 * 4
    assert top < int(calm.split("h")[0].split(" ")[1]), "the worse day is the taller one"
    opened = bar.getparent().getparent()
    assert words(opened.find("ul/li")) == "Major outage Feb 22, 2026 · 1 hour 15 minutes Portal unavailable"


def test_a_day_on_which_a_component_was_not_in_service_is_told_apart() -> None:
    view = sample_site(languages=SHIPPED)
    group = view.languages[0].home.groups[0]
    days = group.components[0].days
    young = (*(msgspec.structs.replace(day, in_service=False) for day in days[:60]), *days[60:])
    component = msgspec.structs.replace(group.components[0], days=young)
    home = msgspec.structs.replace(
        view.languages[0].home, groups=(msgspec.structs.replace(group, components=(component,)),)
    )
    bar = one(changed(view, home=home), "index.html").xpath("//svg[@role = 'img']")[0]
    unknown = bar.xpath("path[@class = 'unknown']")[0]
    assert (unknown.get("d").count("M"), words(unknown)) == (60, "Not in service")


def test_home_tells_of_days_on_which_nothing_happened() -> None:
    days = trees()["index.html"].xpath("//ol[@class = 'days']/li")
    assert len(days) == 14
    assert sum("No incidents" in words(day) for day in days) == 12


def test_home_with_twenty_components_is_light() -> None:
    view = sample_site(languages=SHIPPED)
    home = view.languages[0].home
    component = home.groups[0].components[0]
    bad = tuple(
        Day(day.day, list(Level)[i % 5], i, home.groups[0].components[0].days[-1].incidents)
        for i, day in enumerate(component.days)
    )
    twenty = tuple(msgspec.structs.replace(component, id=f"c{i}", days=bad) for i in range(20))
    groups = (msgspec.structs.replace(home.groups[0], components=twenty),)
    artifacts = made(changed(view, home=msgspec.structs.replace(home, groups=groups)))
    whole = [artifacts["index.html"], *(a for path, a in artifacts.items() if path.startswith("assets/"))]
    assert sum(len(gzip.compress(artifact.make())) for artifact in whole) < 100 * 1024
    style = next(a for path, a in artifacts.items() if path.startswith("assets/style"))
    assert len(gzip.compress(style.make())) < 8 * 1024


def test_an_incident_tells_the_whole_story() -> None:
    page = trees()["incidents/2026-02-22-portal-errors/index.html"]
    rows = [[words(cell) for cell in row] for row in page.xpath("//table/tbody/tr")]
    assert [[re.sub(r"[^\x20-\x7e]", " ", cell) for cell in row] for row in rows] == [
        ["Portal API", "Major outage", "Feb 22, 2026, 3:45 AM CET", "4:40 AM CET"],
        ["Partial outage", "Feb 22, 2026, 4:40 AM CET", "still so"],
        ["Portal & <Web>", "Major outage", "Feb 22, 2026, 3:45 AM CET", "4:40 AM CET"],
    ]
    assert page.xpath("//a[@href = 'https://help.lumen.example/503?a=1&b=2']")
    assert page.xpath("//a[contains(@href, '/blob/main/content/incidents/')]")
    assert [a.text for a in page.xpath("//ul[@class = 'tags']//a")] == ["deploy", "memory"]
    assert page.xpath("//nav[@class = 'way']//a/@href") == ["/incidents/2026-02-10-search-slow/"]


def test_a_resolved_incident_says_how_long_it_took_and_what_was_amended() -> None:
    page = trees()["incidents/2026-02-10-search-slow/index.html"]
    assert brief(page)["Duration"] == "1 hour"
    assert "Next update" not in words(page)
    amended = page.xpath("//li[@id = 'update-2']//p[@class = 'amended']/time/@datetime")
    assert amended == ["2026-02-11T09:00Z"]


def test_planned_work_shows_its_window_and_no_start() -> None:
    page = trees()["maintenance/2026-03-01-database/index.html"]
    facts = {
        words(item.find("dt")): item.xpath("dd//time/@datetime") for item in page.xpath("//dl[@class='brief']/div")
    }
    del facts["Affected"]
    assert facts == {"Planned": ["2026-03-01T01:00Z", "2026-03-01T03:00Z"]}


def test_an_entry_after_the_fact_says_so() -> None:
    assert "written down after the fact" in words(trees()["incidents/2026-01-15-sign-in/index.html"])
    assert "written down after the fact" not in words(trees()["incidents/2026-02-10-search-slow/index.html"])


def test_uptime_has_a_column_for_each_window() -> None:
    table = trees()["uptime/index.html"].find(".//table")
    assert [words(cell) for cell in table.iter("th")][:4] == ["Component", "30 days", "90 days", "365 days"]
    assert [words(cell) for cell in table.xpath("tbody/tr[1]/td")] == ["99.71%"] * 3


def test_a_figure_that_is_missing_is_said_to_be() -> None:
    view = sample_site(languages=SHIPPED)
    page = view.languages[0].uptime
    component = msgspec.structs.replace(page.groups[0].components[0], uptime=page.groups[0].components[0].uptime[:1])
    group = msgspec.structs.replace(page.groups[0], components=(component,))
    shown = one(changed(view, uptime=msgspec.structs.replace(page, groups=(group,))), "uptime/index.html")
    assert [words(cell) for cell in shown.xpath("//tbody/tr/td")] == ["99.71%", "no figure yet", "no figure yet"]


def test_severity_rows_are_what_incidents_point_at() -> None:
    assert trees()["incidents/2026-02-22-portal-errors/index.html"].xpath("//a[@href = '/severity/#severity-sev1']")
    row = trees()["severity/index.html"].xpath("//tr[@id = 'severity-sev1']")[0]
    assert [words(cell) for cell in row] == [
        "Critical sev1, SEV1, P1",
        "Many customers cannot work.",
        "5 minutes",
        "30 minutes",
        "Major outageCritical impact",
        "Yes",
        "RSS: Critical Atom: Critical JSON Feed: Critical",
    ]


def test_the_archive_is_chained() -> None:
    page = trees()["history/2026/01/index.html"]
    assert page.xpath("//nav[@class = 'way']//a/@href") == ["/history/2025/12/", "/history/2026/02/"]
    assert "1 incident · 30 minutes with at least one component affected" in words(page)
    years = trees()["history/index.html"].xpath("//h3")
    assert [words(year) for year in years] == ["2026", "2025"]


def test_a_former_address_leads_to_the_present_one() -> None:
    page = trees()["fr/incidents/portal-errors/index.html"]
    assert page.xpath("//meta[@http-equiv = 'refresh']/@content") == ["0; url=/fr/incidents/2026-02-22-portal-errors/"]
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{URL}/fr/incidents/2026-02-22-portal-errors/"]
    assert page.xpath("//meta[@name = 'robots']/@content") == ["noindex"]
    assert page.xpath("//main//a/@href") == ["/fr/incidents/2026-02-22-portal-errors/"]


def test_the_page_for_missing_ones_works_at_any_depth() -> None:
    page = trees()["404.html"]
    assert page.xpath("//meta[@name = 'robots']/@content") == ["noindex"]
    assert page.xpath("//link[@rel = 'canonical' or @hreflang]") == []
    assert all(href.startswith(("/", "https://", "#")) for href in page.xpath("//@href"))


def test_an_empty_site_has_whole_pages() -> None:
    view = sample_site(languages=SHIPPED)
    first = view.languages[0]
    bare = msgspec.structs.replace(
        first,
        home=HomePage(
            Overall.NONE,
            (),
            (),
            (),
            first.home.groups,
            tuple(d for d in first.home.recent if not d.incidents),
            first.home.days,
            first.home.today,
        ),
        lots=(),
        history=msgspec.structs.replace(first.history, months=(), latest=()),
        months={},
        maintenance=msgspec.structs.replace(first.maintenance, now=(), upcoming=(), past=()),
        tags=msgspec.structs.replace(first.tags, tags=()),
        tagged={},
        redirects=(),
    )
    artifacts = made(msgspec.structs.replace(view, languages=(bare,)))
    said = {path: words(tree(a.make()).find(".//main")) for path, a in artifacts.items() if path.endswith(".html")}
    assert said["index.html"].startswith("All systems operational")
    assert "No incidents so far." in said["history/index.html"]
    assert "Nothing is planned." in said["maintenance/index.html"]
    assert "No incident has a tag so far." in said["tags/index.html"]


def test_one_language_needs_no_choice_of_languages() -> None:
    page = one(sample_site(languages=("en",)), "index.html")
    assert page.xpath("//nav[@class = 'languages']") == []


def test_components_to_choose_from_stand_in_the_order_of_the_alphabet() -> None:
    view = sample_site(languages=SHIPPED)
    found = view.languages[0].search
    assert found is not None
    refs = tuple(ComponentRef(f"c{n}", Label(name, "en")) for n, name in enumerate(("Zone", "Écran", "Eau")))
    page = msgspec.structs.replace(found.page, components=refs)
    shown = one(changed(view, search=msgspec.structs.replace(found, page=page)), "search/index.html")
    names = [words(option) for option in shown.xpath("//select[@name = 'component']/option[@value != '']")]
    assert names == ["Eau", "Écran", "Zone"]
