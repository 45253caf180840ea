"""What is read of a dataset's card, and of what pull wrote beside it: all of it other people's text."""

import json
from pathlib import Path

import pytest

from app.conversations import cards
from app.conversations.cards import CARD, RECORD, Card, card_beside, citation_of, licence_of
from app.conversations.source import open_source

BIBTEX = "@article{a,\n  title={T},\n}"
WHOLE = f"""---
license: other
license_name: my-licence
license_link: https://example.org/licence
configs:
- config_name: default
---
# A set

## Citation

```bibtex
{BIBTEX}
```

### Older

{BIBTEX}

## Contact
me
"""


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("license: apache-2.0", ("apache-2.0", "")),
        ("license: [mit, cc-by-4.0]", ("mit, cc-by-4.0", "")),
        ("license:\n- mit\n- cc-by-4.0\nother: 1", ("mit, cc-by-4.0", "")),
        ("license: other\nlicense_name: own", ("own", "")),
        ("license:\n- other\n- mit\nlicense_name: own", ("own, mit", "")),
        ("license_name: own", ("own", "")),
        ("license: mit\nlicense_link: LICENSE", ("mit", "")),
        ("license: mit\nlicense_link: javascript:alert(1)", ("mit", "")),
        ("license: mit\nlicense_link: http://a.org/b c", ("mit", "")),
        ("license: mit\nlicense_link: https://a.org/b", ("mit", "https://a.org/b")),
        ("license: {a: b}", ("", "")),
        ("license: 3", ("", "")),
        ("license:", ("", "")),
        ("license: 'open", ("", "")),
        ("license: a\\\nb: [\nlicense_link: https://a.org", ("a\\", "https://a.org")),
        ("licenses: mit", ("", "")),
        (f"license: {'x' * 300}", ("x" * cards.MOST_LINE, "")),
        ("license: &a [&b [mit, mit], *b, *b]", ("", "")),
        ("dataset_info: [\nlicense: mit", ("mit", "")),  # the rest of a head is not read
    ],
)
def test_licences(head: str, found: tuple[str, str]) -> None:
    assert licence_of(f"---\n{head}\n---\n# A set") == found


@pytest.mark.parametrize("card", ["", "license: mit", "# A\n---\nlicense: mit\n---\n"])
def test_no_head_no_licence(card: str) -> None:
    assert licence_of(card) == ("", "")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("# A\n## Citation\ntext\n\nmore\n## B\nc", "text\n\nmore"),
        ("## Citation Information\n### a\nb\n# C", "### a\nb"),
        ("### How to cite\nthis", "this"),
        ("# Cite us\nthis", "this"),
        ("## Excited\nthis", ""),
        ("```\n# Citation\nno\n```\n", ""),
        ("## Citation\n```\n# in code\n```\nend\n## B", "```\n# in code\n```\nend"),
        (f"text\n\n{BIBTEX}\n\nmore", f"```bibtex\n{BIBTEX}\n```"),
        (f"```bibtex\n{BIBTEX}\n```\nmore", f"```bibtex\n{BIBTEX}\n```"),
        ("nothing @ all", ""),
    ],
)
def test_citations(body: str, found: str) -> None:
    assert citation_of(body) == found
    assert citation_of(f"---\nlicense: mit\n---\n{body}") == found


def test_a_long_citation_is_cut_at_a_line_and_its_fence_closed() -> None:
    found = citation_of("# Citation\n```\n" + "line of it\n" * 1_000 + "```\n")
    assert len(found) < cards.MOST_CITATION + 10
    assert found.endswith("line of it\n```\n\u2026")
    plain = citation_of("# Citation\n" + "line of it\n" * 1_000)
    assert plain.endswith("line of it\n\u2026")


def write(folder: Path, card: str = WHOLE, record: object = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).write_text(card, "utf-8")
    if record is not None:
        (folder / RECORD).write_text(json.dumps(record), "utf-8")
    return folder


PAGE = "https://hub.example/datasets/own/chats"
PULLED = {"page": PAGE, "hub": "Hugging Face", "revision": "abc", "notes": ["one", 2, "two"]}


def test_a_card_and_a_record(tmp_path: Path) -> None:
    citation = f"```bibtex\n{BIBTEX}\n```\n\n### Older\n\n{BIBTEX}"
    own = Card("my-licence", "https://example.org/licence", citation)
    assert card_beside(write(tmp_path / "a")) == own
    pulled = write(tmp_path / "b", record=PULLED)
    whole = Card(
        own.licence, own.licence_link, citation, PAGE, "Hugging Face", "abc", ("one", "two")
    )
    assert card_beside(pulled) == whole
    inside = pulled / "data" / "deep"
    inside.mkdir(parents=True)
    assert card_beside(inside) == whole  # a part of what was pulled
    below = tmp_path / "a" / "data"
    below.mkdir()
    assert card_beside(below) == Card()  # another folder's README is none of its data


@pytest.mark.parametrize(
    "record",
    [None, [], {"page": "javascript:x", "hub": 1, "revision": [], "notes": {"a": 1}}, {"page": []}],
)
def test_a_record_that_somebody_else_wrote(tmp_path: Path, record: object) -> None:
    card = card_beside(write(tmp_path, "", record))
    assert (card.source, card.hub, card.revision) == ("", "", "")
    assert not card


def test_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / CARD).write_bytes(b"---\nlicense: \xff\n---\n\xff\x00")
    (tmp_path / RECORD).write_bytes(b"\xff{")
    assert card_beside(tmp_path).licence == "\ufffd"
    (tmp_path / CARD).unlink()
    (tmp_path / CARD).mkdir()
    assert card_beside(tmp_path) == Card()


def test_only_the_beginning_is_read(tmp_path: Path) -> None:
    write(tmp_path, "x\n" * cards.MOST_READ + "# Citation\nlate")
    assert card_beside(tmp_path) == Card()


def test_the_card_of_a_source(tmp_path: Path, path400: Path) -> None:
    folder = write(tmp_path / "set")
    for name in ("a.parquet", "b.parquet"):
        (folder / name).symlink_to(path400)
    for path in (folder, folder / "a.parquet", f"{folder}/*.parquet"):
        assert open_source(str(path)).card.licence == "my-licence"
    before = open_source(str(folder)).fingerprint
    (folder / CARD).write_text("---\nlicense: mit\n---\n", "utf-8")
    after = open_source(str(folder))
    assert (after.card.licence, after.fingerprint) == ("mit", before)
