"""Which way blocks, code and JSON run: what the HTML says, which the browser then acts on."""

import pytest

from app.markup.directions import json_html, source_html
from app.markup.markdown import render

ARABIC = "مرحبا"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a\n\nb", '<h3 dir="auto">a</h3>\n<p dir="auto">b</p>'),
        ("plain words", '<p dir="auto">plain words</p>'),
        ("- a\n- b", '<ul>\n<li dir="auto">a</li>\n<li dir="auto">b</li>\n</ul>'),
        (
            "- a\n\n  b",
            '<ul>\n<li dir="auto">\n<p>a</p>\n<p dir="auto">b</p>\n</li>\n</ul>',
        ),
        (
            "> > a\n>\n> b",
            '<blockquote dir="auto">\n<blockquote>\n<p>a</p>\n</blockquote>\n'
            '<p dir="auto">b</p>\n</blockquote>',
        ),
        ("3. # a", '<ol start="3">\n<li dir="auto">\n<h3>a</h3>\n</li>\n</ol>'),
        (
            "- 7. a",
            '<ul>\n<li dir="auto">\n<ol start="7">\n<li>a</li>\n</ol>\n</li>\n</ul>',
        ),
        ("`x` a", '<p dir="auto"><code dir="ltr">x</code> a</p>'),
        (
            "$x^2$ a",
            '<p dir="auto"><span class="math math-inline" dir="ltr">$x^2$</span> a</p>',
        ),
        ("<div>\na\n</div>", '<pre class="plain" dir="auto">&lt;div&gt;\na\n&lt;/div&gt;</pre>'),
        ("a </p>", '<p dir="auto">a &lt;/p&gt;</p>'),
        (
            f"{ARABIC} </p> `</p>`",
            f'<p dir="auto">{ARABIC} <bdi dir="ltr">&lt;/p&gt;</bdi>'
            ' <code dir="ltr">&lt;/p&gt;</code></p>',
        ),
    ],
)
def test_each_block_runs_its_own_way(text: str, expected: str) -> None:
    assert render(text).html.strip("\n") == expected


def test_the_first_heading_with_text_decides_for_the_columns() -> None:
    page = render("|a|b|\n|-|-:|\n|c|d|").html
    assert '<div class="table" tabindex="0" dir="auto"><table>\n<thead>\n<tr>\n<th>a</th>' in page
    assert '<th dir="auto" class="right">b</th>' in page
    assert '<td dir="auto">c</td>\n<td dir="auto" class="right">d</td>' in page
    page = render("||b|\n|-|-|\n|c|d|").html
    assert '<th dir="auto"></th>\n<th>b</th>' in page


def test_a_block_of_code_runs_left_to_right_and_so_does_its_label() -> None:
    page = render(f"{ARABIC}\n\n```python\nx = 1  # {ARABIC}\n```").html
    assert '<div class="code" dir="ltr"><span class="lang">python</span>' in page
    assert render(f"{ARABIC}\n\n    x:").html.count('<div class="code" dir="ltr">') == 1


def test_a_target_that_looks_like_a_tag_stays_in_its_attribute() -> None:
    page = render(f'{ARABIC} [x](https://a.example/"&lt;b&gt;)').html
    assert page.count("<bdi") == page.count("</bdi>") == page.replace('href="', "").count("<bdi")
    assert "<bdi" not in page.partition('href="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": "b & c"}', "{&quot;a&quot;: &quot;b &amp; c&quot;}"),
        (
            f'{{"{ARABIC}": ["x", "{ARABIC}:"]}}',
            f"{{&quot;<bdi>{ARABIC}</bdi>&quot;: [&quot;x&quot;, &quot;<bdi>{ARABIC}:</bdi>&quot;]}}",
        ),
        (f'"\\" {ARABIC}"', f"&quot;<bdi>\\&quot; {ARABIC}</bdi>&quot;"),
        (f'"{ARABIC}.\\n\\nb:"', f"&quot;<bdi>{ARABIC}.</bdi>\\n\\nb:&quot;"),
        (f'"{ARABIC}\\\\n"', f"&quot;<bdi>{ARABIC}\\\\n</bdi>&quot;"),
        (f'"{ARABIC} `x:`"', f'&quot;<bdi>{ARABIC} <bdi dir="ltr">`x:`</bdi></bdi>&quot;'),
        ('"שלום', "&quot;שלום"),
    ],
)
def test_texts_in_json_are_isolated(text: str, expected: str) -> None:
    assert json_html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`f(x):` <b>", "`f(x):` &lt;b&gt;"),
        (f"{ARABIC} `f(x):`", f'{ARABIC} <bdi dir="ltr">`f(x):`</bdi>'),
        (f"{ARABIC} ``a`b``", f"{ARABIC} ``a`b``"),
        (f"{ARABIC} $x^2$.", f'{ARABIC} <bdi dir="ltr">$x^2$</bdi>.'),
        (
            f"{ARABIC}\r\n```\r\nx:\r\n```\r\ny",
            f'{ARABIC}\n<span class="fence" dir="ltr">```\nx:\n```\n</span>y',
        ),
        (f"{ARABIC}\n```\nx:", f'{ARABIC}\n<span class="fence" dir="ltr">```\nx:</span>'),
    ],
)
def test_code_in_a_source_text_runs_left_to_right(text: str, expected: str) -> None:
    assert source_html(text) == expected
