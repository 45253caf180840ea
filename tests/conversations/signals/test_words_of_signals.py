"""How each signal is called, and how a filter on it is said."""

import pytest

from app.conversations import model
from app.conversations.fields import BOOLEAN, INTEGER, LIST, NUMBER, TEXT
from app.conversations.signals.table import BY_NAME, SIGNALS

EACH = "; in scripts written without spaces every character is a word."


@pytest.mark.parametrize(
    ("name", "kind", "title", "beside", "of", "unit", "said", "yes", "no"),
    [
        ("trace", TEXT, "Trace", "", "", "", "", "", ""),
        ("reasoning_words", INTEGER, "Reasoning words", "reasoning", "reasoning", "word", "", "", ""),
        ("repetition", NUMBER, "Repetition", "", "", "", "", "", ""),
        ("answer_words", INTEGER, "Answer words", "answer", "answer", "word", "", "", ""),
        ("circles", NUMBER, "Goes in circles", "circles", "", "", "circles", "", ""),
        ("most_repeated", INTEGER, "Most repeated sentence", "commonest sentence",
         "commonest sentence", "time", "", "", ""),
        ("compression", NUMBER, "Compression", "", "", "", "compression", "", ""),
        ("doubts", INTEGER, "Doubts", "", "", "doubt", "", "", ""),
        ("checks", INTEGER, "Checks", "", "", "check", "", "", ""),
        ("other_ways", INTEGER, "Other ways", "", "", "other way", "", "", ""),
        ("results", INTEGER, "Results", "", "", "result", "", "", ""),
        ("result_changes", INTEGER, "Result changes", "", "", "result change", "", "", ""),
        ("first_result_at", NUMBER, "First result at", "", "", "", "first result", "", ""),
        ("last_result", TEXT, "Last result", "", "", "", "last result", "", ""),
        ("answer_cut", BOOLEAN, "Answer breaks off", "", "", "", "answer", "answer breaks off",
         "answer does not break off"),
        ("result_disagrees", BOOLEAN, "Result disagrees", "", "", "", "result",
         "answer contradicts its trace", "answer and trace agree"),
        ("boxed", INTEGER, "Boxed results", "", "", "boxed result", "", "", ""),
        ("identity", LIST, "Claimed identity", "", "", "", "claimed identity", "", ""),
        ("cutoff", INTEGER, "Knowledge cut-off", "", "", "", "knowledge cut-off", "", ""),
        ("odd_chat", BOOLEAN, "Odd chat", "", "", "", "chat", "odd chat", "no odd chat"),
        ("not_understood", INTEGER, "Things not understood", "", "", "unknown thing", "", "", ""),
        ("reasoning_language", TEXT, "Reasoning language", "", "", "", "reasoning language", "", ""),
        ("answer_language", TEXT, "Answer language", "", "", "", "answer language", "", ""),
        ("languages_differ", BOOLEAN, "Languages differ", "", "", "", "language difference",
         "languages differ", "one language"),
        ("foreign_script", NUMBER, "Foreign script", "", "", "", "foreign script", "", ""),
        ("turns", INTEGER, "Turns", "turns", "", "turn", "", "", ""),
        ("flag_disagrees", BOOLEAN, "Flag disagrees", "", "", "", "flag",
         "completeness flag disagrees", "completeness flag agrees"),
        ("stray_tags", INTEGER, "Stray tags", "", "", "stray tag", "", "", ""),
        ("refusal", BOOLEAN, "Refusal", "", "", "", "", "refusal", "no refusal"),
        ("language", TEXT, "Prompt language", "", "", "", "language", "", ""),
        ("has_code", BOOLEAN, "Has code", "", "", "", "has code", "with code", "without code"),
        ("has_math", BOOLEAN, "Has mathematics", "", "", "", "has math", "with mathematics",
         "without mathematics"),
        ("reasoning_share", NUMBER, "Reasoning share", "", "", "", "", "", ""),
        ("prompt_words", INTEGER, "Prompt words", "prompt", "prompt", "word", "", "", ""),
    ],
)  # fmt: skip
def test_the_words_of_a_signal(
    name: str, kind: str, title: str, beside: str, of: str, unit: str, said: str, yes: str, no: str
) -> None:
    each = BY_NAME[name]
    assert (each.kind, each.title, each.beside, each.of) == (kind, title, beside, of)
    assert (each.unit, each.said, each.yes, each.no) == (unit, said, yes, no)
    assert (each.field.name, each.field.kind, each.field.help) == (name, kind, each.help)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("reasoning_words", f"Words of all reasoning traces{EACH}"),
        ("answer_words", f"Words of all answers, traces left out{EACH}"),
        ("prompt_words", f"Words of all user and system text{EACH}"),
        ("turns", "How many user messages the conversation has."),
        (
            "reasoning_share",
            "Reasoning words as a share of reasoning and answer words together, 0 to 1; null where "
            "there are neither.",
        ),
    ],
)
def test_the_rule_of_a_signal_that_counts(name: str, rule: str) -> None:
    assert BY_NAME[name].help == rule


def test_facets_stand_in_this_order() -> None:
    names = [each.name for each in SIGNALS]
    assert names[:4] == ["trace", "reasoning_words", "repetition", "circles"]
    assert names.index("first_result_at") < names.index("answer_words") < names.index("turns")


def test_the_types_of_parts_as_the_api_gives_them() -> None:
    kinds = ("TEXT", "REASONING", "TOOL_CALL", "TOOL_RESULT", "ATTACHMENT")
    found = [getattr(model, kind) for kind in kinds]
    assert found == ["text", "reasoning", "tool_call", "tool_result", "attachment"]
