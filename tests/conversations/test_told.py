"""LLaMA-Factory's ``dataset_info.json`` as the user's word on the files beside it."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations.formats.looked import Told
from app.conversations.source import open_source
from app.conversations.tags import Tags
from app.conversations.told import of_info, of_options
from app.errors import InvalidInput, Unreadable


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (
            {"columns": {"prompt": "ask", "query": "more", "response": "reply"}},
            Told(columns={"prompt": "ask", "context": "more", "response": "reply"}),
        ),
        (
            {"columns": {"prompt": "ask", "response": "reply", "reasoning": "why", "id": "key"}},
            Told(columns={"prompt": "ask", "response": "reply", "reasoning": "why", "id": "key"}),
        ),
        (
            {"formatting": "sharegpt"},
            Told(columns={"messages": "conversations"}, keys={"role": "from", "content": "value"}),
        ),
        (
            {
                "formatting": "sharegpt",
                "columns": {"messages": "talk", "images": "pictures"},
                "tags": {
                    "role_tag": "who",
                    "content_tag": "what",
                    "user_tag": "coachee",
                    "assistant_tag": "coach",
                    "thought": ["[[", "]]"],
                },
            },
            Told(
                columns={"messages": "talk"},
                tags=(Tags("[[", "]]"),),
                roles={"coachee": "user", "coach": "assistant"},
                keys={"role": "who", "content": "what"},
            ),
        ),
    ],
)
def test_what_an_entry_says(entry: dict[str, Any], told: Told) -> None:
    raw = json.dumps({"other": {"file_name": "y.json"}, "own": {**entry, "file_name": "x.json"}})
    assert of_info(raw.encode(), "x.json") == told
    assert of_info(raw.encode(), "z.json") is None


def test_a_folder_that_an_entry_names() -> None:
    raw = json.dumps({"own": {"file_name": "data", "columns": {"prompt": "ask"}}}).encode()
    assert of_info(raw, "data/x.parquet") == Told(columns={"prompt": "ask"})
    assert of_info(raw, "database.parquet") is None


def test_it_is_read_beside_the_file(tmp_path: Path) -> None:
    pq.write_table(pa.table({"ask": ["p"], "reply": ["a"]}), tmp_path / "x.parquet")
    with pytest.raises(Unreadable, match="no text column"):
        open_source(str(tmp_path / "x.parquet"))
    entry = {"file_name": "x.parquet", "columns": {"prompt": "ask", "response": "reply"}}
    (tmp_path / "dataset_info.json").write_text(json.dumps({"own": entry}))
    before = open_source(str(tmp_path / "x.parquet"))
    assert before.files[0].layout.slots == {"prompt": "ask", "response": "reply"}
    said = open_source(str(tmp_path / "x.parquet"), told=Told(tags=(Tags("[", "]"),)))
    assert said.fingerprint != before.fingerprint


def test_one_that_is_no_json_is_said(tmp_path: Path) -> None:
    pq.write_table(pa.table({"prompt": ["p"], "response": ["a"]}), tmp_path / "x.parquet")
    (tmp_path / "dataset_info.json").write_text("{")
    with pytest.raises(Unreadable, match="a dataset_info.json beside it that is no JSON"):
        open_source(str(tmp_path / "x.parquet"))


SLOTS = (
    *("messages", "prompt", "context", "response", "reasoning", "system", "tools"),
    *("chosen", "rejected", "id", "split", "metadata", "history"),
)


def test_what_options_say() -> None:
    assert of_options() == Told()
    made = of_options(
        "card",
        [f"{slot}=c=1" for slot in SLOTS],
        [("[", "]")],
        ["user=coachee", "assistant=coach"],
        ["role=who", "content=what"],
        True,
    )
    assert made == Told(
        "card",
        dict.fromkeys(SLOTS, "c=1"),
        (Tags("[", "]"),),
        {"coachee": "user", "coach": "assistant"},
        {"role": "who", "content": "what"},
        True,
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"columns": ["answer=x"]},
            f"--column 'answer=x' is no NAME=VALUE, where NAME is one of {', '.join(SLOTS)}",
        ),
        (
            {"roles": ["user"]},
            "--role 'user' is no NAME=VALUE, where NAME is one of system, user, assistant, tool",
        ),
        (
            {"keys": ["from=x"]},
            "--key 'from=x' is no NAME=VALUE, where NAME is one of role, content",
        ),
        *(
            (
                {"tags": [pair]},
                "--tags takes two different texts: what opens and what closes a trace",
            )
            for pair in (("", "]"), ("[", " "), ("|", "|"))
        ),
    ],
)
def test_options_that_say_nothing(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput) as found:
        of_options(**options)
    assert found.value.sentence == said


@pytest.mark.parametrize("raw", [b"[]", b"{}", b'{"a": 1}', b'{"a": {"file_name": 1}}'])
def test_an_info_that_names_no_file(raw: bytes) -> None:
    assert of_info(raw, "x.json") is None


def test_roles_of_an_entry() -> None:
    tags = {"observation_tag": "env", "system_tag": "rules", "user_tag": "", "thought": ["a"]}
    raw = json.dumps({"own": {"file_name": "x", "columns": 1, "tags": tags}}).encode()
    assert of_info(raw, "x") == Told(roles={"env": "tool", "rules": "system"})
