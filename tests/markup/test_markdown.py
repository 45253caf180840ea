"""Markdown to safe HTML: what it may hold, what it must show, and when it gives up."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markup import code, markdown
from app.markup.characters import HIDDEN
from app.markup.code import LANGUAGES
from app.markup.markdown import plain, render

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}} | {
    tag: {"class"} for tag in ("pre", "code", "td", "th", "span", "bdi", "div")
}
ATTRIBUTES["button"] = {"class", "type", "aria-label"}
ATTRIBUTES["pre"] = ATTRIBUTES["div"] = {"class", "tabindex"}
NAMES = "p br hr strong em del code pre blockquote ul ol li a h3 h4 h5 h6 span bdi div button"
TAGS = {*NAMES.split(), "table", "thead", "tbody", "tr", "th", "td"}
CLASSES = {"plain", "cc", "code", "lang", "right", "center", "math", "math-inline"} | {
    "copy",
    "table",
    "math-display",
    *(f"hl-{letter}" for letter in "abcdfikmst"),
    *(f"language-{name}" for name in LANGUAGES),
}
VOID = {"br", "hr"}


class Page(HTMLParser):
    """What a browser makes of a fragment: its tags checked, its text gathered."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.targets: list[str] = []
        self._open: list[str] = []
        self._badge = False
        self.feed(html)
        self.close()
        assert self._open == []
        self.text = "".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES.get(tag, set()) | {"dir"}
        values = dict(attrs)
        assert values.get("dir", "auto") in ("auto", "ltr")
        assert set((values.get("class") or "").split()) <= CLASSES
        assert (values.get("start") or "0").isdigit()
        if tag == "a":
            assert re.match(r"(https?://[^/]|mailto:.)", values["href"] or "", re.IGNORECASE)
            assert values["rel"] == "noopener noreferrer nofollow ugc"
            self.targets.append(values["href"] or "")
        self._badge = values.get("class") == "cc"
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self._badge = False

    def handle_data(self, data: str) -> None:
        self.texts.append(chr(int(data.removeprefix("U+"), 16)) if self._badge else data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", text))


def corpus(name: str) -> list[str]:
    path = CORPORA / name
    if not path.is_file():
        pytest.skip(f"the corpus {name} is absent")
    data: Any = json.loads(path.read_text(encoding="utf-8"))
    return list(strings(data if isinstance(data, list) else data["entries"]))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (value[key] for key in ("payload", "text") if isinstance(value.get(key), str))
    else:
        for item in value:
            yield from strings(item)


def html(text: str, *, hard_breaks: bool = False) -> str:
    rendered = render(text, hard_breaks=hard_breaks)
    assert (rendered.mode, rendered.note) == ("markdown", "")
    return undirected(rendered.html).strip("\n")


def undirected(page: str) -> str:
    """Without what ``test_directions`` looks at, and the corpus has in full."""
    return re.sub(' dir="(auto|ltr)"', "", page)


def block(shown: str, language: str = "", label: str = "") -> str:
    """A block of code as the page has it."""
    kind = f' class="language-{language}"' if language else ""
    told = f'<span class="lang">{label}</span>' if label else ""
    button = '<button type="button" class="copy" aria-label="Copy the code"></button>'
    code = f"<code{kind}>{shown}</code>"
    return f'<div class="code">{told}{button}<pre tabindex="0">{code}</pre></div>'


def check(text: str) -> None:
    """What must hold for any text at all."""
    for hard_breaks in (False, True):
        rendered = render(text, hard_breaks=hard_breaks)
        page = Page(rendered.html)
        rendered.html.encode()
        assert not HIDDEN.search(rendered.html)
        assert (rendered.mode == "plain") == bool(rendered.note)
        if rendered.mode == "plain":
            drawn = "\n" if rendered.html.startswith('<pre class="plain" dir="auto">\n') else ""
            assert page.text.removeprefix(drawn) == text.replace("\r\n", "\n").replace("\r", "\n")


# --- Markdown ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("a *b* **c** ~~d~~", "<p>a <em>b</em> <strong>c</strong> <del>d</del></p>"),
        ("# a\n\n---", "<h3>a</h3>\n<hr>"),
        ("a **中文。**后", "<p>a <strong>中文。</strong>后</p>"),
        ("**「重要」**です", "<p><strong>「重要」</strong>です</p>"),
        ("- [ ] a\n- [x] b", "<ul>\n<li>[ ] a</li>\n<li>[x] b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("> a\n>\n> > b", None),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
        ("foo&eacute;bar &copy;", "<p>fooébar ©</p>"),
        ("https://a.example", "<p>https://a.example</p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("    if x:\n        y", block("if x:\n    y\n")),
    ],
)
def test_commonmark(text: str, expected: str | None) -> None:
    assert expected is None or html(text) == expected
    check(text)


def test_nested_lists() -> None:
    assert html("- a\n  1. b\n     - c\n- d") == (
        "<ul>\n<li>a\n<ol>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ol>\n</li>\n<li>d</li>\n</ul>"
    )


def test_table_with_alignment() -> None:
    page = html("|a|b|c|\n|:-|-:|:-:|\n|1|2|3|")
    assert '<th>a</th>\n<th class="right">b</th>\n<th class="center">c</th>' in page
    assert '<td>1</td>\n<td class="right">2</td>\n<td class="center">3</td>' in page


def test_single_newlines_are_kept_on_demand() -> None:
    assert html("a\nb") == "<p>a\nb</p>"
    assert html("a\nb", hard_breaks=True) == "<p>a<br>\nb</p>"


# --- Raw HTML, links, images -------------------------------------------------------------------


def test_raw_html_is_text() -> None:
    assert html("x <b onclick='y'>z</b>") == "<p>x &lt;b onclick='y'&gt;z&lt;/b&gt;</p>"
    assert html("Vec<T>") == "<p>Vec&lt;T&gt;</p>"


@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("> ", "</blockquote>"), ("- ", "</li>"), ("a\n\n", "")]
)
def test_the_lines_of_an_html_block_are_kept(before: str, after: str) -> None:
    indent = "  " if before == "- " else before if before == "> " else ""
    page = html(f"{before}<div>\n{indent}*x*\n{indent}</div>")
    assert '<pre class="plain">&lt;div&gt;\n*x*\n&lt;/div&gt;</pre>' in page
    assert after in page


def test_text_of_a_tight_item_is_no_html_block() -> None:
    assert html("- *x*\n  y") == "<ul>\n<li><em>x</em>\ny</li>\n</ul>"


@pytest.mark.parametrize("target", ["http://a.example/b?c=1", "HTTPS://a.example", "mailto:a@b.c"])
def test_absolute_links_are_links(target: str) -> None:
    page = Page(html(f"[label]({target})"))
    assert (page.text, page.targets) == ("label", [target])


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//a.example",
        "/api/x",
        "#id",
        "?q=1",
        "ftp://a.example",
        "https:a.example",
        "https:///a.example",
        "mailto:",
        "https://a.example/\u202e",
    ],
)
def test_other_links_are_source_text(target: str) -> None:
    page = Page(html(f"[label]({target})"))
    assert (page.text, page.targets) == (f"[label]({target})", [])


def test_the_title_of_a_link_is_shown() -> None:
    assert Page(html('[a](https://b.example "say")')).text == 'a "say"'
    assert Page(html('[a](/b "say")')).text == '[a](/b "say")'


def test_an_image_is_text_and_a_link() -> None:
    page = Page(html('![alt *x*](https://a.example/p.png "t") ![no](p.png)'))
    assert page.text == '![alt x](https://a.example/p.png "t") ![no](p.png)'
    assert page.targets == ["https://a.example/p.png"]


def test_an_image_in_a_link_is_text() -> None:
    page = Page(html("[![alt](https://a.example/p.png)](https://b.example)"))
    assert page.text == "![alt](https://a.example/p.png)"
    assert page.targets == ["https://b.example"]


def test_link_definitions_stay_on_the_page() -> None:
    text = "see [this][1]\n\n[1]: https://a.example 'title'\n\n    [2]: code"
    assert "[1]: https://a.example 'title'" in Page(html(text)).text
    assert "<code>[2]: code" in html(text)


# --- Code --------------------------------------------------------------------------------------


def test_code_of_a_known_language_is_coloured() -> None:
    assert html("```python\ndef f():\n    return '<'  # no\n```") == block(
        '<span class="hl-k">def</span> <span class="hl-f">f</span>():\n'
        '    <span class="hl-k">return</span> <span class="hl-s">&#x27;&lt;&#x27;</span>'
        '  <span class="hl-c"># no</span>\n',
        "python",
        "python",
    )


def test_code_of_an_unknown_language_is_not_coloured() -> None:
    assert html('```wat title="<x>"\n1\n```') == block(
        "1\n", label="wat title=&quot;&lt;x&gt;&quot;"
    )
    assert html("```\n\n1\n```") == block("\n1\n")


@pytest.mark.parametrize("code", ["x = 1\n" * 4_000, "x =" + " " * 80 + "1\n", "x" * 500, "\x00"])
def test_code_that_is_slow_or_unfit_to_colour_stays_plain(code: str) -> None:
    page = html(f"```python\n{code}\n```")
    assert "hl-" not in page
    assert Page(page).text == f"python{code}\n"


def test_colouring_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.markup.code.COLOUR_SECONDS", -1.0)
    assert "hl-" not in html("```python\nx = 1\n```")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_keeps_the_code_as_it_is(language: str) -> None:
    code = 'if (a < 1) { print("b&c"); } // d\n\n\t# e é 中\n'
    page = Page(html(f"```{language}\n{code}```"))
    assert page.text == language + code


# --- Mathematics -------------------------------------------------------------------------------


def inline(source: str) -> str:
    return f'<span class="math math-inline">{source}</span>'


def display(source: str) -> str:
    return f'<span class="math math-display">{source}</span>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\( a_1 * b_1 \) and *c*", f"<p>{inline(r'( a_1 * b_1 )')} and <em>c</em></p>"),
        ("$x_1$ * $y_1$ *", None),
        ("\\[\n- x\n+ y\n= z\n1. w\n\nv\n\\]", None),
        ("$$a<b$$", f"<p>{display('$$a&lt;b$$')}</p>"),
        ("# A $n$", f"<h3>A {inline('$n$')}</h3>"),
        ("**$n$**", f"<p><strong>{inline('$n$')}</strong></p>"),
        ("- a\n  \\[\n  - b\n  \\]\n  c", None),
        ("costs $5 and $10", "<p>costs $5 and $10</p>"),
    ],
)
def test_mathematics(text: str, expected: str | None) -> None:
    page = html(text).replace(r"\(", "(").replace(r"\)", ")")
    assert expected is None or page == expected
    assert 'class="math' in page or "$5" in page
    for source in re.findall(r"\\\[[\s\S]*?\\\]", text):
        assert source in html(text)


def test_display_mathematics_in_a_quote_has_no_quote_marks() -> None:
    page = html("> a\n> \\[\n> - b > c\n> \\]\n> d")
    assert page == (
        f"<blockquote>\n<p>a\n{display(chr(92) + '[' + chr(10) + '- b &gt; c' + chr(10))[:-7]}"
        "\\]</span>\nd</p>\n</blockquote>"
    )


def test_mathematics_in_a_table_may_hold_a_bar() -> None:
    page = html("|a|b|\n|-|-|\n|$|x|$|\\(p|q\\)|")
    assert (
        f"<td>{inline('$|x|$')}</td>\n<td>{inline(chr(92) + '(p|q' + chr(92) + ')')}</td>" in page
    )


@pytest.mark.parametrize(
    "text",
    ["`$x$`", "``\\(x\\)``", "    $x$", "```\n\\[x\\]\n```", "~~~\n$$x$$\n~~~", "- ```\n  $x$"],
)
def test_code_is_no_mathematics(text: str) -> None:
    page = html(text)
    assert "math" not in page
    assert re.search(r"<code>[^<]*x[^<]*</code>", page)


# --- Characters --------------------------------------------------------------------------------


def badge(code: str) -> str:
    return f'<bdi class="cc">U+{code}</bdi>'


@pytest.mark.parametrize(
    "character",
    [
        *"\x00\x07\x0b\x0c\x1b\x7f\x85\xad\u061c\u200b\u2028\u202e\u2066\u2069\ufeff\ue000\ue001",
        "\ud83d",
        "\U000e0041",
    ],
)
def test_invisible_characters_are_badges(character: str) -> None:
    shown = badge(f"{ord(character):04X}")
    assert plain(f"a{character}b") == f"a{shown}b"
    assert html(f"a{character}b") == f"<p>a{shown}b</p>"
    assert f"<code>a{shown}b" in html(f"`a{character}b`")
    assert f"a{shown}b" in html(f"```python\na{character}b\n```")
    assert f"a{shown}b" in html(f"```py a{character}b\n```")


@pytest.mark.parametrize("character", [*"\u200c\u200d\u200e\u200f\ufe0f", "\U000e0100", "\ue002"])
def test_characters_that_scripts_need_stay(character: str) -> None:
    assert plain(f"a{character}b") == f"a{character}b"
    assert html(f"a{character}b") == f"<p>a{character}b</p>"


def test_an_entity_cannot_smuggle_an_invisible_character() -> None:
    assert html("a&#x202E;b&ZeroWidthSpace;&#128;") == (
        f"<p>a&amp;#x202E;b&amp;ZeroWidthSpace;{badge('0080')}</p>"
    )
    assert html(r"\(x\) &#xE000;0&#xE001;").count("math-inline") == 1


def test_a_place_in_the_source_is_no_place() -> None:
    assert html("\ue0000\ue001 $x$").startswith(f"<p>{badge('E000')}0{badge('E001')} ")


def test_plain_escapes_and_ends_lines_alike() -> None:
    assert plain("<a b=\"c\" d='e'>&\r\nf\rg") == (
        "&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;\nf\ng"
    )


# --- Giving up ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a" * 200_001, "longer than 200,000 characters"),
        (">" * 51 + "a", "quotes or lists nested more than 50 deep"),
        ("- " * 51 + "a", "quotes or lists nested more than 50 deep"),
        ("> - " * 26 + "a", "quotes or lists nested more than 50 deep"),
        ("\n".join("  " * n + "- a" for n in range(51)), "quotes or lists nested more"),
        ("|a" * 80 + "|\n" + "|-" * 80 + "|\n" + "b\n" * 80, "tables of more than 5,000 cells"),
        ("> " + "a|" * 3000 + "\n> " + "-|" * 3000 + "\n> b\n> c", "tables of more than 5,000"),
        ("a\n:-\n" + "x\n" * 6000, "tables of more than 5,000 cells"),
        ("\u202e" * 190_000, "longer than 4,000,000 characters when formatted"),
        ("|a|\n|-|\n|b|lost|", "formatting would leave words out"),
    ],
)
def test_shown_plain_with_a_reason(text: str, reason: str) -> None:
    rendered = render(text)
    assert rendered.mode == "plain"
    assert rendered.note.startswith(f"Shown as plain text: {reason}")
    assert rendered.note.endswith(".")
    assert rendered.html == f'<pre class="plain" dir="auto">{plain(text)}</pre>'


@pytest.mark.parametrize("text", ["a" * 200_000, ">" * 50 + "a", "- " * 50 + "a"])
def test_the_caps_themselves_are_allowed(text: str) -> None:
    assert render(text).mode == "markdown"


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError])
def test_a_renderer_that_fails_costs_nothing(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object) -> str:
        raise error

    monkeypatch.setattr("comrak.render_markdown", fail)
    rendered = render("\n<b>")
    assert rendered.html == '<pre class="plain" dir="auto">\n\n&lt;b&gt;</pre>'
    assert rendered.note == "Shown as plain text: it could not be formatted."


def test_a_panic_is_a_failure_and_an_interrupt_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def fail(*_: object) -> str:
        raise raised

    monkeypatch.setattr("comrak.render_markdown", fail)
    raised: BaseException = PanicException()
    assert render("*a*").mode == "plain"
    raised = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        render("*a*")


def test_a_word_that_the_sanitiser_drops_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dropping:
        def clean(self, page: str) -> str:
            return page.replace("twice", "", 1)

    monkeypatch.setattr(markdown, "_WALL", Dropping())
    assert render("once *twice* twice").mode == "plain"
    assert render("*once*").mode == "markdown"


def test_a_long_text_is_rendered_in_pieces() -> None:
    text = "*a* b\n\n" * 40_000
    rendered = render(text)
    assert (rendered.mode, rendered.note) == ("markdown", "")
    assert rendered.html.count("<em>a</em>") == 40_000
    assert rendered.html.split() == render(text[:700]).html.split() * 400


def test_a_piece_that_is_too_long_is_plain_alone() -> None:
    rendered = render("*a*\n\n" + "b" * 200_001 + "\n\n*c*")
    assert rendered.mode == "markdown"
    assert rendered.note == "Shown in part as plain text: longer than 200,000 characters."
    assert rendered.html.count("<em>") == 2
    assert '<pre class="plain" dir="auto">bbb' in rendered.html


# --- Hostile -----------------------------------------------------------------------------------

FRAGMENTS = [
    *"*_`~<>[]()!#|-+=:&\\$\"'\n\t ",
    *"\r\x00\x0c\u200b\u202e\u2028\ud800\ue000\ue001\ufeff",
    "**", "``", "```", "```python\n", "~~~", "\n\n", "\n> ", "\n- ", "\n1. ", "\n    ", "  \n",
    "](", "](javascript:x)", "](https://a.example)", "![", "[a]: ", "[^1]", "<https://a.example>",
    "<a href=x>", "</p>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "<pre>",
    "&#x202E;", "&lt;", "&#xE000;0&#xE001;", "&amp", "&#0;", "\ue0000\ue001", "onerror=x", "style=",
    r"\(", r"\)", r"\[", r"\]", "$$", "$x$", "|a|b|\n|-|-|\n", "\n|-|\n", "word", "слово", "词",
    "javascript:", "data:", "//", "hx-get=/x", "data-hx-get=x", "id=x", '" onclick="x',
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
def test_hostile_fragments(text: str) -> None:
    check(text)


@settings(max_examples=75, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=30).map("".join))
def test_words_are_on_the_page(text: str) -> None:
    source = re.sub(r"&[#\w]*;?|[\ud800-\udfff]", " ", text)
    page = Page(render(source).html)
    shown = " ".join([page.text, *page.texts, *page.targets])
    assert {word for word in words(source) if word.isascii()} <= words(shown)


@given(st.text(alphabet=st.characters(codec=None)))
def test_plain_shows_each_character(text: str) -> None:
    assert Page(plain(text)).text == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    "name",
    [
        "xss/html_payloads.json",
        "xss/markdown_payloads.json",
        "text/blns.json",
        "text/hostile_text.json",
    ],
)
def test_corpus(name: str) -> None:
    for text in corpus(name):
        check(text)


def test_the_commonest_lexers_are_had_before(monkeypatch: pytest.MonkeyPatch) -> None:
    code.warm()
    monkeypatch.setattr(code, "get_lexer_by_name", None)
    page = html("```python\nreturn 1\n```")
    assert '<span class="hl-k">return</span>' in page
