"""From ``site.yml`` to the page: logo, icon and accent, as a browser gets them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image as Pixels

from generator import colour
from generator.build import build
from generator.difference import difference
from generator.preview import Preview
from generator.record.load import survey
from generator.render.brand import INLINE, Brand, Image
from generator.render.theme import load_theme
from tests.cases import SITE, small_site
from tests.rendered import Element, tree
from tests.repositories import commit, repository

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
LIGHT, DARK = (f':root[data-scheme="{scheme}"]' for scheme in ("light", "dark"))
RULES = [re.escape(rule) for rule in (f":root, {LIGHT}", ':root:not([data-scheme="light"])', DARK)]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="{height}"><path d="M0 0h9" fill="#0c6478"/></svg>'


def pixels(kind: str, size: tuple[int, int] = (8, 8)) -> bytes:
    data = BytesIO()
    Pixels.effect_noise(size, 200).save(data, kind)
    return data.getvalue()


def branded(root: Path, branding: str, **pictures: str | bytes) -> Path:
    """Write a small site with a brand; pictures are files of content/brand/, ``_`` standing for the dot."""
    site = small_site(root, **{"content/site.yml": f"{SITE}branding:\n{branding}"})
    (site / "content/brand").mkdir()
    for name, data in pictures.items():
        file = site / "content/brand" / name.replace("_", ".")
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return site


def built(site: Path) -> tuple[str, Element]:
    """Return the style sheet and the home page of a site."""
    build(site, now=NOW)
    (sheet,) = (site / "output/public/assets").glob("style.*.css")
    return sheet.read_text("utf-8"), tree((site / "output/public/index.html").read_bytes())


def policy(page: Element) -> str:
    (found,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    return str(found)


def test_a_site_without_a_brand_says_its_name(tmp_path: Path) -> None:
    sheet, page = built(small_site(tmp_path))
    assert "".join(page.xpath("//header//p//text()")).strip() == "Acme"
    assert ".logo {" not in sheet.rpartition("@media print")[2]
    assert "data:" not in policy(page)


def test_a_small_logo_lies_in_the_style_sheet_and_keeps_its_place(tmp_path: Path) -> None:
    sheet, page = built(branded(tmp_path, "  logo: content/brand/logo.svg\n", logo_svg=SVG.format(height=25)))
    (address,) = re.findall(r'--logo: url\("data:image/svg\+xml,([^"]+)"\)', sheet)
    assert unquote(address) == SVG.format(height=25)
    assert "aspect-ratio: 40 / 25;" in sheet
    assert "img-src 'self' data:;" in policy(page)
    assert [span.get("class") for span in page.xpath("//header//p//span")] == ["logo", None]
    assert not list((tmp_path / "output/public/assets").glob("brand*"))


def test_a_word_takes_the_place_of_the_name_which_is_still_said(tmp_path: Path) -> None:
    _, page = built(branded(tmp_path, "  logo: content/brand/logo.svg\n", logo_svg=SVG.format(height=20)))
    logo, name = page.xpath("//header//p//span")
    assert (logo.get("class"), name.get("class"), name.text) == ("logo", "unseen", "Acme")


def test_a_large_logo_is_a_file_that_the_style_sheet_names(tmp_path: Path) -> None:
    data = pixels("WEBP", (150, 100))
    assert len(data) > INLINE
    sheet, page = built(branded(tmp_path, "  logo: content/brand/logo.webp\n", logo_webp=data))
    (address,) = re.findall(r'--logo: url\("(brand/logo\.[0-9a-f]{8}\.webp)"\)', sheet)
    assert (tmp_path / "output/public/assets" / address).read_bytes() == data
    assert "data:" not in policy(page)


def test_dark_pages_may_have_another_logo(tmp_path: Path) -> None:
    both = "  logo: {light: content/brand/light.svg, dark: content/brand/dark.png}\n"
    sheet, _ = built(branded(tmp_path, both, light_svg=SVG.format(height=25), dark_png=pixels("PNG")))
    kinds = [re.findall(rf'{rule} {{ --logo: url\("data:image/(\w+)', sheet) for rule in RULES]
    assert kinds == [["svg"], ["png"], ["png"]]


def test_the_icon_stands_on_every_page_but_where_the_state_does(tmp_path: Path) -> None:
    data = pixels("PNG")
    _, home = built(branded(tmp_path, "  icon: content/brand/icon.png\n", icon_png=data))
    lost = tree((tmp_path / "output/public/404.html").read_bytes())
    (state,), (icon,) = home.xpath("//link[@rel='icon']"), lost.xpath("//link[@rel='icon']")
    assert re.fullmatch(r"/assets/icons/critical\.[0-9a-f]{8}\.svg", state.get("href"))
    assert icon.get("type") == "image/png"
    assert (tmp_path / "output/public" / icon.get("href").lstrip("/")).read_bytes() == data


def accents(sheet: str) -> list[str]:
    """Return the accent of light pages, of dark ones by the system, and of dark ones by choice, as set last."""
    return [re.findall(rf"{rule} {{ --accent: (#[0-9a-f]{{6}});", sheet)[-1] for rule in RULES]


def test_one_accent_has_its_shade_on_dark_pages(tmp_path: Path) -> None:
    sheet, _ = built(branded(tmp_path, '  accent: "#0C6478"\n'))
    light, *dark = accents(sheet)
    assert light == "#0c6478"
    assert dark == [dark[0]] * 2
    assert colour.least(dark[0], colour.DARK) >= colour.least(light, colour.LIGHT)
    assert colour.to_oklch(dark[0])[2] == pytest.approx(colour.to_oklch(light)[2], abs=0.05)


def test_a_pair_of_accents_stays_as_it_is(tmp_path: Path) -> None:
    sheet, _ = built(branded(tmp_path, '  accent: {light: "#0b57b4", dark: "#82b7ff"}\n'))
    assert accents(sheet) == ["#0b57b4", "#82b7ff", "#82b7ff"]


def test_the_brand_is_part_of_the_fingerprint(tmp_path: Path) -> None:
    mark = Image("image/svg+xml", ".svg", SVG.format(height=40).encode(), 40, 40)
    brands = (Brand(), Brand(accent=("#000000", "#ffffff")), Brand(logo=mark), Brand(icon=mark))
    assert len({load_theme(tmp_path, brand=brand).fingerprint for brand in brands}) == len(brands)


def test_pictures_that_are_named_only_are_read_and_from_nowhere_else(tmp_path: Path) -> None:
    site = branded(tmp_path / "site", "  logo: content/brand/logo.svg\n", other_svg="<nonsense")
    (tmp_path / "logo.svg").write_text(SVG.format(height=9), "utf-8")
    (site / "content/brand/logo.svg").symlink_to(tmp_path / "logo.svg")
    assert [problem.code for problem in survey(site, now=NOW).problems] == ["F101"]
    (site / "content/brand/logo.svg").unlink()
    (site / "content/brand/other.svg").unlink()
    (site / "content/brand").rmdir()
    (site / "content/brand").symlink_to(tmp_path, target_is_directory=True)
    assert [problem.code for problem in survey(site, now=NOW).problems] == ["S144"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("logo.png", pixels("PNG")[:40], "damaged"),
        ("logo.png", pixels("WEBP"), "is not a PNG picture"),
        ("logo.webp", pixels("PNG"), "is not a WEBP picture"),
        ("logo.svg", b"\xff\xfe<\0s\0v\0g\0", "not well-formed"),
        ("logo.svg", b"x" * 102_401, "more than 102400"),
        ("logo.svg", b'<svg width="1" height="1"/>', "<svg> in place of <svg>"),
        ("logo.svg", b"", "not well-formed"),
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0 0 0 0"/>', "0 × 0 pixels"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_told(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    site = branded(tmp_path, f"  logo: content/brand/{name}\n", **{name.replace(".", "_"): data})
    (problem, *_) = survey(site, now=NOW).problems
    assert problem.path == f"content/brand/{name}"
    assert says in str(problem)


def test_what_an_svg_says_in_css_is_read_whole(tmp_path: Path) -> None:
    split = '<style>@im<!-- -->port "x.css";</style>', "<style>a{fill:u<![CDATA[rl(]]>x)}</style>"
    for part in split:
        data = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{part}</svg>'
        site = branded(tmp_path / str(len(part)), "  logo: content/brand/logo.svg\n", logo_svg=data)
        assert [problem.code for problem in survey(site, now=NOW).problems] == ["F122"]


def test_a_preview_shows_the_brand_and_the_pictures_of_previews(tmp_path: Path) -> None:
    site = branded(tmp_path, "  logo: content/brand/logo.svg\n", logo_svg=SVG.format(height=40))
    with Preview(site) as preview:
        first = preview.look(now=NOW)
        assert b'class="logo"' in (first.file("index.html") or b"")
        assert (first.file("share/none.png") or b"").startswith(b"\x89PNG")
        assert first.file("share/gone.png") is None
        (site / "content/brand/logo.svg").write_text(SVG.format(height=20), "utf-8")
        assert b'class="unseen">Acme' in (preview.look(now=NOW).file("index.html") or b"")


def test_a_pull_request_is_compared_with_the_brand_that_was_published(tmp_path: Path) -> None:
    site = branded(tmp_path, "  logo: content/brand/logo.svg\n", logo_svg=SVG.format(height=40))
    commit(repository(site))
    found = difference(site, "HEAD", now=NOW)
    assert found.before is not None
    assert found.changed == ()
