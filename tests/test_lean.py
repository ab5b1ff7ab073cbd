"""Lean templates do what Jinja's own do: the same templates in both, and the same pages or the same faults."""

from __future__ import annotations

from enum import StrEnum

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from generator.render.i18n import Language, load_languages
from generator.render.lean import LeanEnvironment
from generator.render.texts import texts
from generator.resources import locales_dir


class Colour(StrEnum):
    RED = "red & <raw>"


class Thing:
    """What templates show: an attribute, a property that fails, a method."""

    name = "a <b>"

    @property
    def broken(self) -> str:
        raise AttributeError("deep within")

    def call(self, *given: object, **named: object) -> str:
        return f"{given} {named}"


LIBRARY = """
{% macro plain(one, two="2<", three=none) %}{{ one }}|{{ two }}|{{ three }}{% endmacro %}
{% macro needs(one) %}{{ one }}{% endmacro %}
{% macro every() %}{{ varargs|length }} {{ kwargs|length }}{% endmacro %}
{% macro frame(label) %}<{{ label }}>{{ caller("x<") }}</>{% endmacro %}
"""
VALUES = {
    "text": "<&>\"'",
    "safe": Markup("<b>&amp;</b>"),
    "number": 7,
    "share": 0.5,
    "nothing": None,
    "yes": True,
    "colour": Colour.RED,
    "thing": Thing(),
    "table": {"key": "<v>", "items": "own"},
    "list": ["<", Markup("<i>")],
}


def both(template: str) -> tuple[Environment, Environment]:
    options = {"loader": DictLoader({"own": template, "lib": LIBRARY}), "autoescape": True}
    options |= {"undefined": StrictUndefined, "extensions": ["jinja2.ext.i18n"]}
    return Environment(**options), LeanEnvironment(**options)  # type: ignore[arg-type] # the options fit


def outcome(environment: Environment) -> tuple[str, str]:
    try:
        return "page", environment.get_template("own").render(VALUES)
    except (UndefinedError, TypeError) as fault:
        return type(fault).__name__, str(fault)


@pytest.mark.parametrize(
    "template",
    [
        *(f"{{{{ {name} }}}} {{{{ {name} }}}}" for name in VALUES if name != "thing"),
        *("{{ thing.name }}{{ thing.name.upper() }}{{ 'x'.upper() }}", "{{ table.key }}{{ table.items() }}"),
        *("{{ thing.gone }}", "{{ gone }}", "{{ gone.name }}", "{{ thing.gone.name }}", "{{ thing.broken }}"),
        *("{{ thing.gone is defined }}{{ thing.name is defined }}", "{{ thing.gone|default('<') }}", "{{ gone() }}"),
        *(
            "{{ thing.call(1, text, three=table.key) }}",
            "{{ thing.call(*list, **{'class': 1}) }}",
            "{{ thing.name() }}",
        ),
        "{% import 'lib' as lib %}{{ lib.plain(text) }}{{ lib.plain(1, safe, 3) }}{{ lib.plain(1, three=text) }}",
        "{% import 'lib' as lib %}{{ lib.plain() }}",
        "{% import 'lib' as lib %}{{ lib.plain(1, 2, 3, 4) }}",
        "{% import 'lib' as lib %}{{ lib.plain(1, four=4) }}",
        "{% import 'lib' as lib %}{{ lib.needs() }}",
        "{% import 'lib' as lib %}{{ lib.every(1, 2, a=3) }}{{ lib.plain.name }}{{ lib.plain.arguments }}",
        "{% import 'lib' as lib %}{% call(x) lib.frame(text) %}{{ x }}{{ safe }}{% endcall %}",
        "{% from 'lib' import plain %}{% autoescape false %}{{ plain(text) }}{{ text }}{% endautoescape %}{{ text }}",
        "{% for one in list if one != 'x' %}{{ loop.index }}{{ one }}{{ loop.cycle('<', '>') }}{% endfor %}",
        "{% set joined %}{{ text }}{% endset %}{{ joined }}{{ joined ~ text }}{{ [text, safe]|join('<') }}",
        "{% block one %}{{ text }}{% endblock %}{{ self.one() }}",
    ],
)
def test_a_template_means_what_it_means_to_jinja(template: str) -> None:
    jinja, lean = both(template)
    assert outcome(lean) == outcome(jinja)


@pytest.mark.parametrize(
    "template",
    [
        "{{ _('Table') }}{{ gettext('Table') }}{{ _('100 %% <of> it') }}",
        "{{ _('of %(a)s', a=safe) }}{{ _('%(a)s', a=text) }}",
        "{{ ngettext('%(num)d day', '%(num)d days', 1) }}{{ ngettext('%(num)d %(a)s', '%(num)s %(a)s', 2, a=text) }}",
        "{{ pgettext('<c>', 'said in %(context)s %(a)s', a=number) }}",
        "{% trans name=text %}Hello <b>{{ name }}</b> 100%{% endtrans %}{% trans %}{{ text }}{% endtrans %}",
        "{% trans count=list|length %}one {{ count }}{% pluralize %}many {{ count }}{% endtrans %}",
        "{{ _('of %(a)s', a=gone) }}",
    ],
)
def test_a_text_is_said_as_jinja_says_it(template: str) -> None:
    jinja, lean = both(template)
    said = language()
    jinja.install_gettext_callables(  # type: ignore[attr-defined] # the class, or its extension, has it
        said.gettext, said.ngettext, newstyle=True, pgettext=said.pgettext
    )
    lean.globals.update(texts(said, lean.escaped))  # type: ignore[attr-defined] # the class, or its extension, has it
    assert outcome(lean) == outcome(jinja)


def test_of_many_texts_each_is_escaped() -> None:
    _, lean = both("{% for n in range(40000) %}{{ '<' ~ n }}{% endfor %}{{ '<5' }}")
    assert lean.get_template("own").render().count("&lt;") == 40001


def language() -> Language:
    return load_languages(["fr"], zone="UTC", dirs=[locales_dir()])["fr"]
