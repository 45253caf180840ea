"""What templates write against what markupsafe escapes, and that they write it so wherever they do."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import DictLoader
from markupsafe import Markup, escape

from app.web.escaping import Templates, escaped
from app.web.shell import templates


class Odd(str):
    """A text that escapes itself in its own way."""

    __slots__ = ()

    def __html__(self) -> str:
        return "<odd>"


@given(
    st.one_of(
        st.text("<>&'\" aé1"), st.text(), st.integers(), st.floats(), st.booleans(), st.none()
    )
)
@example("&amp;")
@example(Markup("<b>&amp;</b>"))
@example(Odd("<x>"))
@example(Decimal("1.5"))
@example(["<", 1])
def test_values_are_escaped_as_ever(value: object) -> None:
    assert escaped(value) == str(escape(value))


HOSTILE = "<a href='x' title=\"y\">&</a>"


@pytest.mark.parametrize(
    "source",
    [
        "{{ text }}",
        "{% macro m(t) %}{{ t }}{% endmacro %}{{ m(text) }}",
        "{% for each in [text] %}{{ each }}{% endfor %}",
        "{% set t = text %}{{ t }}",
        "{% set t %}{{ text }}{% endset %}{{ t }}",
        "{{ text if text else '' }}",
        "{{ text ~ '' }}",
        "{{ [text] | join(', ') }}",
        "{% filter trim %}{{ text }}{% endfilter %}",
        "{% include 'inner' %}",
    ],
)
def test_whatever_a_template_does_it_escapes_once(source: str) -> None:
    loader = DictLoader({"outer": source, "inner": "{{ text }}"})
    made = Templates(loader=loader, autoescape=True).get_template("outer").render(text=HOSTILE)
    assert made == str(escape(HOSTILE))


def test_what_is_safe_is_written_as_it_is() -> None:
    template = Templates(autoescape=True).from_string("{{ a }}{{ b | safe }}{{ 7 }}{{ c }}")
    assert template.render(a=Markup("<b>"), b="<i>", c=2.5) == "<b><i>72.5"


def test_without_autoescape_nothing_is_escaped() -> None:
    template = Templates(autoescape=False).from_string("{{ a }}")
    assert template.render(a="<b>") == "<b>"


def test_our_templates_write_so() -> None:
    environment = templates()
    assert environment.loader is not None
    source = environment.loader.get_source(environment, "_results.html")[0]
    written = environment.compile(source, raw=True)
    assert len(re.findall(r"environment\.escaped\(", written)) > 20
    assert not re.search(r"(?<!\.)\bescape\(", written)
