"""The word rule, against an oracle that reads it from its definition."""

import sys
import unicodedata
from collections import Counter
from collections.abc import Container, Iterator
from contextlib import contextmanager
from itertools import groupby, pairwise
from types import FrameType
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.conversations import words as module
from app.conversations.tokens import Strings, count_words, tokenise
from app.conversations.words import (
    ALONE,
    aligned,
    char_class,
    first_words,
    normal_spans,
    normalise,
    words,
)

# The ranges of the rule, from its text, in hexadecimal.
UNSPACED = (
    "0E00-0EFF 1000-109F 1780-17FF 2E80-2FDF 3005-3007 3021-3029 3031-3035 3038-303B 3040-30FF "
    "31F0-31FF 3400-4DBF 4E00-9FFF F900-FAFF 20000-3FFFF"
)
RANGES = [tuple(int(end, 16) for end in pair.split("-")) for pair in UNSPACED.split()]


# The characters that count as another or as none.
SAME = {
    **{"\u0130": "i", "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-"},
    **{"\u2012": "-", "\u2013": "-", "\u2212": "-", "\u00ad": "", "\u2060": "", "\ufeff": ""},
}


def normal_form(text: str) -> str:
    """casefold(fold(NFKC(text))), character by character."""
    return "".join(SAME.get(char, char).casefold() for char in unicodedata.normalize("NFKC", text))


def oracle(text: str) -> list[str]:
    """Runs of L, M, N and ``_`` of the normal form; in unspaced scripts one by one."""
    found: list[str] = []
    run = ""
    for char in normal_form(text):
        inside = char == "_" or unicodedata.category(char)[0] in "LMN"
        alone = inside and any(first <= ord(char) <= last for first, last in RANGES)
        if inside and not alone:
            run += char
            continue
        found += [run] * bool(run) + [char] * alone
        run = ""
    return found + [run] * bool(run)


def tokens(texts: list[str]) -> list[list[str]]:
    """The words of ``tokenise``, as lists."""
    found = tokenise(texts)
    listed = cut(found.words)
    return [listed[a:b] for a, b in pairwise(found.bounds.tolist())]


def word_spans(text: str, wanted: Container[str]) -> list[tuple[int, int]]:
    """Where the words in ``wanted`` stand: half-open code-point ranges of the text as it is.

    They rise; two words that come from one character (``½``) share it.
    """
    normal, origins = aligned(text)
    return [
        (origins[start][0], origins[end - 1][1]) if origins else (start, end)
        for start, end in normal_spans(normal)
        if normal[start:end] in wanted
    ]


def cut(strings: Strings) -> list[str]:
    data = strings.data.tobytes()
    return [data[a:b].decode() for a, b in pairwise(strings.offsets.tolist())]


def rebuilt(texts: list[str]) -> list[str]:
    """The normalised texts, put together again from words, gaps and plainness."""
    found = tokenise(texts)
    listed, places = cut(found.words), found.places.tolist()
    gaps = dict(zip(found.gap_places.tolist(), cut(found.gaps), strict=True))
    whole: list[str] = []
    for start, end in pairwise(found.bounds.tolist()):
        text = gaps.get((places[start] if start < end else start + len(whole) + 1) - 1, "")
        for at in range(start, end):
            text += listed[at] + gaps.get(places[at], "")
            assert found.plain[at] == (places[at] not in gaps)
            if found.plain[at] and at + 1 < end:
                alone = ALONE in (char_class(listed[at][-1]), char_class(listed[at + 1][0]))
                text += "" if alone else " "
        whole.append(text)
    return whole


_BY_SCRIPT = (
    "a b Z _ 0 9 ' - . , ! \n \r\n \t \0 \x1f \x85 \u2028 \ufeff \u00ad \u200d \u200b \u202e",
    "é e\u0301 \u0301 \u0316 \u0345 \u0344 ñ ß ẞ İ ı Σ ς ﬁ ﬃ ŉ ǰ ΐ ½ ² Ⅷ ① ㎏ ㍿ ﷺ ℡ K Å",
    "ｶ ﾞ ﾟ が か\u3099 \u3099 カ ー ゞ 々 〆 〇 ・ 、 。 〡 〱 〻 ｱ",
    "\u1100 \u1161 \u11a8 가 각 ᆨ ㄱ ﾡ ᄀ\u1161\u11a8 한글",
    "東 京 \u2e80 \u2f00 豈 \U00020000 \U0002f800 \U00031350 ไ ท ย ่ ำ ລ ຳ မ ြ ក ្ ខ ༀ",
    "हि न् दी क्ष \u09c7\u09be \u0bc6\u0bbe \u1025\u102e \U00011131\U00011127",
    "\u0dd9\u0dcf \u0cc6\u0cc2\u0cd5 \U00016d63\U00016d67 \U000105d2\u0307",
    "\u2018 \u2019 \u02bc \u2010 \u2011 \u2012 \u2013 \u2014 \u2212 \u207b \ufe63 \uff0d \ufe32",
    "\u2060 I\u0307 \u0307 \u0130\u0301 \u00ad\u00ad",
    "a\u00adb a\u00ad\u0301 \u00ad\u0301 か\u2060\u3099 東\u2060京 \u1100\ufeff\u1161 \u00adß",
    "م ر حَ ﻻ ٣ ש ל ם \ufb1d שּ \U0001d400 \U0001d7ce \U00010400 😀 👨\u200d👩 🇩🇪 \ue000",
)
AWKWARD = [piece for line in _BY_SCRIPT for piece in line.split(" ")]
SCRIPTED = st.lists(
    st.sampled_from([*AWKWARD, *SAME, " ", "\n", "ab ", "\u0301", "\u3099"]), max_size=20
)
TEXTS = st.one_of(SCRIPTED.map("".join), st.text(max_size=40))
ANY = st.one_of(TEXTS, st.text(st.characters(), max_size=20))  # lone surrogates too


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t", []),
        ("Hello, World", ["hello", "world"]),
        ("80円のDNA", ["80", "円", "の", "dna"]),
        ("snake_case _x __", ["snake_case", "_x", "__"]),
        ("don't C++ 3.14", ["don", "t", "c", "3", "14"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("İ I\u0307 i\u0307", ["i", "i", "i\u0307"]),
        ("İSTANBUL istanbul", ["istanbul", "istanbul"]),
        ("don\u2019t don\u02bct \u0149", ["don", "t", "don", "t", "n"]),
        ("well\u2011known 1\u22121", ["well", "known", "1", "1"]),
        ("soft\u00adhyphen so\u2060ft \ufeffsoft", ["softhyphen", "soft", "soft"]),
        ("東\u2060京\u00ada", ["東", "京", "a"]),
        ("e\u00ad\u0301", ["e\u0301"]),
        ("\u00ad \u2060\ufeff", []),
        ("ﬁne ½ x²", ["fine", "1", "2", "x2"]),
        ("3½", ["31", "2"]),
        ("naïve nai\u0308ve", ["naïve", "naïve"]),
        ("हिन्दी", ["हिन्दी"]),
        ("한국어 \u1112\u1161\u11ab", ["한국어", "한"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("ｶﾞ", ["ガ"]),
        ("カ・キ", ["カ", "キ"]),
        ("\U00020000a\U00020001", ["\U00020000", "a", "\U00020001"]),
        ("\u0301", ["\u0301"]),
        ("مرحبا ٤٢", ["مرحبا", "٤٢"]),
        ("a😀b", ["a", "b"]),
        ("a\u200db", ["a", "b"]),
        ("a\0b", ["a", "b"]),
        ("〇一々", ["〇", "一", "々"]),
        ("a〆〇", ["a", "〆", "〇"]),
        ("a〡〩", ["a", "〡", "〩"]),
        ("a〱〵", ["a", "〱", "〵"]),
        ("㍿", ["株", "式", "会", "社"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert oracle(text) == expected
    assert tokens([text]) == [expected]
    assert count_words([text]).tolist() == [len(expected)]


@given(ANY)
@example("a\ud800b")
@settings(max_examples=200, deadline=None)
def test_words_against_the_oracle(text: str) -> None:
    assert words(text) == oracle(text)


@given(st.lists(ANY, max_size=6))
@example([])
@example(["", "", ""])
@example(["a", "b"])
@example(["a\ud800b", "\udfff"])
@settings(max_examples=125, deadline=None)
def test_tokenise_and_count_agree_with_words(texts: list[str]) -> None:
    expected = [oracle(text) for text in texts]

    assert tokens(texts) == expected
    assert count_words(texts).tolist() == [len(each) for each in expected]


@given(st.lists(ANY, max_size=6))
@example([" ", "a", "b ", " c"])
@example(["a b", "東 b", "東b", "a\nb", "a  b", "", "..", "a .b"])
@settings(max_examples=200, deadline=None)
def test_words_and_gaps_are_the_whole_text(texts: list[str]) -> None:
    told = [text.encode("utf-8", "replace").decode() for text in texts]  # no file has half a pair
    assert rebuilt(texts) == [normalise(text) for text in told]


def test_the_first_words_as_search_compares_them() -> None:
    text = " One, TWO\n\u00e9! "
    found = [first_words(text, count) for count in range(5)]
    assert found == ["", "one", "one two", "one two \u00e9", "one two \u00e9"]


def test_every_code_point_is_of_the_oracles_class() -> None:
    """Each code point between two letters: it joins them, parts them or stands alone."""
    codes = [*range(0xD800), *range(0xE000, 0x33480), *range(0x33480, sys.maxunicode + 1, 29)]
    texts = [f"a{chr(code)}b" for code in codes]

    counts = count_words(texts)

    sample = range(0, len(codes), 7)
    assert [len(oracle(texts[at])) for at in sample] == counts[list(sample)].tolist()
    assert [code for code, count in zip(codes, counts, strict=True) if count < 1] == []


def test_tokens_have_the_right_shapes() -> None:
    found = tokenise(["a bc", "", "é"])

    assert found.words.data.dtype == np.uint8
    assert found.words.offsets.tolist() == [0, 1, 3, 5]
    assert found.bounds.tolist() == [0, 2, 2, 3]
    assert found.places.tolist() == [1, 2, 5]
    assert found.plain.tolist() == [True, True, True]


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_the_normal_form_and_where_each_of_it_comes_from(text: str) -> None:
    normal, origins = aligned(text)

    assert normal == normalise(text) == normal_form(text)
    places = [(at, at + 1) for at in range(len(text))] if origins is None else list(origins)
    assert len(places) == len(normal)
    assert places == sorted(places)
    covered = {at for start, end in places for at in range(start, end)}
    for at, char in enumerate(text):
        assert at in covered or not normal_form(char), "only what is dropped comes to nothing"
    for (start, end), own in groupby(range(len(normal)), key=places.__getitem__):
        made = list(own)
        assert normal_form(text[start:end]) == normal[made[0] : made[-1] + 1]


@given(ANY, st.data())
@settings(max_examples=125, deadline=None)
def test_what_lies_between_two_places_makes_what_lies_between_in_the_normal_form(
    text: str, data: st.DataObject
) -> None:
    normal, origins = aligned(text)
    if not normal:
        return
    first = data.draw(st.integers(0, len(normal) - 1))
    last = data.draw(st.integers(first, len(normal) - 1))

    start, end = (origins[first][0], origins[last][1]) if origins else (first, last + 1)

    assert normal[first : last + 1] in normal_form(text[start:end])


MARKS = st.lists(
    st.sampled_from("\u0301\u0316\u0345\u0344\u3099\uff9e\u05b0\u094d\u0327"), min_size=60
)


@given(MARKS.map("".join), st.sampled_from(["", "a", "x\u0301", "ｶ", "か"]), st.booleans())
@settings(max_examples=50, deadline=None)
def test_normalise_of_long_runs_of_marks(marks: str, before: str, twice: bool) -> None:
    text = f"{before}{marks * 3} z" * (1 + twice)

    assert normalise(text) == normal_form(text)


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_clusters_are_normalised_apart(text: str) -> None:
    clusters = list(module._clusters(text))

    assert "".join(text[start:end] for start, end in clusters) == text
    assert "".join(normalise(text[start:end]) for start, end in clusters) == normalise(text)


@pytest.mark.parametrize(
    "before", ["e", "か", "\u1100", "가", "\u09c7", "\u1025", "½", "\u0cc6\u0cc2"]
)
def test_every_code_point_after_another_is_clustered_right(before: str) -> None:
    wrong = []
    for code in (*range(0x80, 0xD800), *range(0xE000, 0x20000)):
        char = chr(code)
        apart = normalise(before) + normalise(char)
        if apart != normalise(before + char) and not module._joins_previous(char):
            wrong.append(hex(code))

    assert wrong == []


class Everything:
    """A container that holds every word."""

    def __contains__(self, word: object) -> bool:
        return True


@given(ANY)
@example("½½ \u0301a\nç\n")
@settings(max_examples=200, deadline=None)
def test_spans_are_those_of_the_words(text: str) -> None:
    found = words(text)

    spans = word_spans(text, Everything())

    assert len(spans) == len(found)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(spans))
    for word, (start, end) in zip(found, spans, strict=True):
        assert word in normalise(text[start:end])


@given(ANY, st.data())
@settings(max_examples=125, deadline=None)
def test_spans_of_wanted_words(text: str, data: st.DataObject) -> None:
    found = words(text)
    wanted = data.draw(st.sets(st.sampled_from(found)) if found else st.just(set()))

    spans = word_spans(text, wanted)

    every = word_spans(text, Everything())
    assert spans == [span for span, word in zip(every, found, strict=True) if word in wanted]
    count = Counter(word for word in found if word in wanted)
    assert len(spans) == count.total()


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("Hello hello", {"hello"}, ["Hello", "hello"]),
        ("a\nb\r\na", {"a"}, ["a", "a"]),
        ("nai\u0308ve x", {"naïve"}, ["nai\u0308ve"]),
        ("die Straße", {"strasse"}, ["Straße"]),
        ("İzmir I\u0307zmir", {"izmir"}, ["İzmir", "I\u0307zmir"]),
        ("\u00adsoft\u00adhyphen\u2060 soft", {"softhyphen"}, ["soft\u00adhyphen"]),
        ("\u00adß \ufb01\u00ad", {"ss", "fi"}, ["ß", "\ufb01"]),
        ("x\u00ad\u0301y", {"x\u0301y"}, ["x\u00ad\u0301y"]),
        ("東\u2060京", {"東", "京"}, ["東", "京"]),
        ("ﬁne", {"fine"}, ["ﬁne"]),
        ("x½y", {"x1", "2y"}, ["x½", "½y"]),
        ("ｶﾞｷ", {"ガ", "キ"}, ["ｶﾞ", "ｷ"]),
        ("㍿ a", {"式", "a"}, ["㍿", "a"]),
        ("\u1112\u1161\u11ab x", {"한"}, ["\u1112\u1161\u11ab"]),
        ("東京と", {"京"}, ["京"]),
        ("x", set(), []),
        ("", {"x"}, []),
    ],
)
def test_span_texts(text: str, wanted: set[str], expected: list[str]) -> None:
    assert [text[start:end] for start, end in word_spans(text, wanted)] == expected


@contextmanager
def counted_steps(steps: list[int]) -> Iterator[None]:
    """Counts the lines of the module that run, in ``steps[0]``."""

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != module.__file__:
            return None
        steps[0] += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def steps_of(text: str) -> int:
    steps = [0]
    with counted_steps(steps):
        word_spans(text, Everything())
        words(text)
    return steps[0]


AWKWARD_KINDS = {
    "one line with one character to normalise": ("½", "ab cd "),
    "a letter with no end of marks": ("か", "\u3099"),
    "marks out of order": ("a", "\u0301\u0316"),
    "half-width kana": ("", "ｶﾞ "),
    "ligatures of many words": ("", "ﷺ"),
    "conjoining jamo": ("", "\u1100\u1161\u11a8"),
    "composed and not": ("", "e\u0301é "),
    "feeds": ("½", "\n"),
    "one long word": ("é", "a"),
    "what is dropped": ("a", "\u00ad"),
    "a word with what is dropped in it": ("a", "b\u2060"),
    "marks after what is dropped": ("a", "\u00ad\u0301\u0316"),
    "what counts as another": ("\u0130", "\u2019\u2212"),
}


@pytest.mark.parametrize(("start", "unit"), AWKWARD_KINDS.values(), ids=AWKWARD_KINDS)
def test_steps_grow_with_the_text(start: str, unit: str) -> None:
    small, large = (steps_of(start + unit * count) for count in (500, 2_000))

    assert large <= 4.5 * small + 200


@pytest.mark.parametrize(("start", "unit"), AWKWARD_KINDS.values(), ids=AWKWARD_KINDS)
def test_a_long_text(start: str, unit: str) -> None:
    """As long as a long trace: what is not linear here takes minutes."""
    text = start + unit * (250_000 // len(unit.encode()))

    spans = word_spans(text, Everything())

    assert len(spans) == count_words([text])[0]
    assert spans == sorted(spans)


def test_marks_are_put_in_order_without_insertion() -> None:
    """What is handed to ``unicodedata`` has no long run of marks that is out of order."""
    text = "a" + "\u0301\u0316" * 5_000
    ordered = module._long_runs(64).sub(module._in_order, text)

    assert ordered == "a" + "\u0316" * 5_000 + "\u0301" * 5_000
    assert normalise(text) == normalise(ordered)


@pytest.mark.parametrize("place", range(0, 20, 3))
def test_every_long_run_of_marks_is_found(place: int) -> None:
    text = "a" * place + "\u0301" * 64 + "b" * 100

    assert module._has_long_run(text)
    assert not module._has_long_run("a\u0301" * 500)
