"""Benchmark overlap over HTTP: the form, the page, JSON, exports, and who may not."""

import hashlib
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.access.tokens import READ, WRITE, Token, Tokens
from app.config import Settings
from app.errors import InvalidInput
from app.library import Library
from app.main import create_app
from app.web.overlap import addresses, form
from app.web.overlap.marked import KEPT, MOST_SHOWN, both

from ..coroutines import ended

APPLES = "How many apples does John have if he buys 12 and eats 5 of them in a day?"
PROMPTS = [APPLES, "Say hello.", f"Help!\n{APPLES}", APPLES.replace("12", "4"), "<b>what</b> is it"]
CSV = f'id,question\n0,"What is it that <b>stands</b> in no row of these?"\n1,"{APPLES}"\n'.encode()
OWN = "/datasets/leaks/overlap"
ADDRESS = "http://127.0.0.1:8000"


MANY = [*PROMPTS, *(APPLES.replace("12", f"{n}") for n in range(13, 30))]


@pytest.fixture
def library(
    request: pytest.FixtureRequest, tmp_path: Path, make_parquet: Callable[..., Path]
) -> Iterator[Library]:
    prompts = getattr(request, "param", PROMPTS)
    rows = [{"prompt": each, "response": "<think>a</think>b"} for each in prompts]
    path = make_parquet(tmp_path / "leaks.parquet", rows)
    made = Library(Settings(data_dir=tmp_path / "data", workers=1), [str(path)])
    made.prepare_all(lambda entry: None)
    yield made
    made.close()


@pytest.fixture
def own(library: Library, client_of: Callable[[Settings, Library], TestClient]) -> TestClient:
    return client_of(library.settings, library)


def send(
    client: TestClient, content: bytes = CSV, file: str = "bench.csv", **said: str
) -> tuple[int, str]:
    """The status, and where it leads or the fault that the page tells."""
    headers = {"Origin": ADDRESS}
    files = {"file": (file, content)} if file else None
    answer = client.post(OWN, data={"name": "mine", **said}, files=files, headers=headers)
    fault = re.search(r'id="wrong">(.*?)</p>', answer.text)
    return answer.status_code, answer.headers.get("location") or (fault[1] if fault else "")


def rows_of(client: TestClient, text: str) -> list[int]:
    found = client.get("/api/datasets/leaks/search", params={"filter": text}).json()
    return [each["row"] for each in found["results"]]


def test_a_form_compares_and_removes(own: TestClient, library: Library) -> None:
    page = own.get(OWN)
    assert page.status_code == 200
    assert "compared with no benchmark yet" in page.text
    assert send(own) == (303, f"{OWN}?benchmark=mine")
    assert rows_of(own, "overlap.mine:>=0.5") == [0, 2, 3]
    assert rows_of(own, "overlap_equal.mine:true") == [0, 3]
    assert rows_of(own, "-overlap.mine:>=0.5") == [1, 4]
    sent = own.post(OWN, files={"remove": (None, "mine")})
    assert (sent.status_code, sent.headers["location"]) == (303, OWN)
    assert "overlap.mine" not in library.entry("leaks").ready().fields
    gone = own.get(f"{OWN}?benchmark=mine")
    assert gone.status_code == 404
    assert "was not compared with" in gone.text


def test_texts_stand_side_by_side(own: TestClient) -> None:
    send(own)
    text = own.get(f"{OWN}?benchmark=mine").text
    assert "<h2>mine, half of it: 3 rows</h2>" in text
    assert re.findall(r'class="pair" aria-label="([^"]*)"', text) == [
        "Row 0 and question 1",
        "Row 2 and question 1",
        "Row 3 and question 1",
    ]
    quotes = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", text, re.DOTALL)
    assert quotes[:2] == [f"<mark>{APPLES[:-1]}</mark>?"] * 2
    assert quotes[3] == f"Help!\n<mark>{APPLES[:-1]}</mark>?"
    first, last = APPLES.split(" 12 ")
    assert quotes[5] == f"<mark>{first}</mark> 4 <mark>{last[:-1]}</mark>?"
    assert hashlib.sha256(CSV).hexdigest() in text
    assert 'href="/datasets/leaks/export?filter=-overlap_13.mine%3Atrue"' in text
    counts = re.findall(r'filter=([^"]*)">(\d+)</a>', text)
    assert dict(counts) == {
        "overlap.mine%3A%3E%3D0.5": "3",
        "overlap.mine%3A%3E0": "3",
        "overlap_13.mine%3Atrue": "2",
        "overlap_equal.mine%3Atrue": "2",
    }
    assert "mine, any 13-gram: 2 rows" in own.get(f"{OWN}?benchmark=mine&by=long").text


@pytest.mark.parametrize("library", [MANY], indirect=True)
def test_as_json(own: TestClient) -> None:
    send(own)
    api = "/api/datasets/leaks/overlap"
    assert own.get(api).json() == {
        "total": 22,
        "benchmarks": [
            {
                "name": "mine",
                "file": "bench.csv",
                "sha256": hashlib.sha256(CSV).hexdigest(),
                "columns": ["question"],
                "questions": 2,
                "words": 8,
                "rows": {"half": 20, "any": 20, "long": 2, "equal": 19},
            }
        ],
    }
    found = own.get(f"{api}?benchmark=mine&by=equal&page=2").json()
    assert (found["rows"], found["page"], found["pages"], found["by"]) == (19, 2, 2, "equal")
    assert [each["row"] for each in found["pairs"]] == [*range(13, 22)]
    assert found["pairs"][0] == {
        "row": 13,
        "overlap": 17 / 18,
        "question": {"place": 1, "text": APPLES},
        "prompt": MANY[13],
    }
    assert own.get(f"{api}?benchmark=mine&page=9").status_code == 404
    assert own.get(f"{api}?benchmark=none").status_code == 404
    assert own.get(f"{api}?by=none").status_code == 422
    page = own.get(f"{OWN}?benchmark=mine&page=2").text
    assert f'href="{OWN}?benchmark=mine">Previous' in page
    assert ">Next<" not in page
    assert f'href="{OWN}?benchmark=mine&amp;page=2">Next' in own.get(f"{OWN}?benchmark=mine").text


def test_exports_are_without_it_and_say_of_what(own: TestClient) -> None:
    send(own)
    asked = {"filter": "-overlap.mine:>=0.5", "signals": "overlap.mine,overlap_question.mine"}
    lines = own.get("/api/datasets/leaks/export.jsonl", params=asked).text.splitlines()
    assert [each.partition('"prompt":"')[2][:4] for each in lines] == ["Say ", "<b>w"]
    assert lines[0].endswith('"overlap.mine":0.0,"overlap_question.mine":null}')
    manifest = own.get("/api/datasets/leaks/export.manifest.json", params=asked).json()
    assert manifest["query"]["filter"] == ["-overlap.mine:>=0.5"]
    assert [(each["file"], each["sha256"]) for each in manifest["benchmarks"]] == [
        ("bench.csv", hashlib.sha256(CSV).hexdigest())
    ]


def test_the_fault_and_the_preset(own: TestClient) -> None:
    send(own)
    faults = own.get("/api/datasets/leaks/overview").json()["faults"]
    assert [each for each in faults if each["name"].startswith("overlap")] == [
        {"name": "overlap.mine", "filter": "overlap.mine:>=0.5", "rows": 3, "of": 3}
    ]
    text = own.get("/datasets/leaks").text
    preset = re.search(r'<a href="([^"]*)"[^>]*>\s*overlap\.mine\b', text)
    assert preset is not None
    assert preset[1] == "/datasets/leaks?filter=overlap.mine%3A%3E%3D0.5"
    assert f'href="{OWN}"' in text
    assert own.get("/datasets/leaks/conversations/0").text.count("Overlap with mine") == 3
    assert own.get("/datasets/leaks?filter=overlap_equal.mine:true").status_code == 200
    assert own.get("/datasets/leaks/overview?by=overlap_13.mine").status_code == 200


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("bench.csv", "bench"),
        ("C:\\data\\GSM8K test.v1.csv", "GSM8K-test"),
        ("_-a_b--.jsonl", "a_b"),
        (f"{'n' * 50}.txt", "n" * 40),
        (".csv", ""),
    ],
)
def test_the_name_of_the_file_is_that_of_the_benchmark(file: str, name: str) -> None:
    assert form.named_by(file) == name


def test_a_benchmark_without_a_name(own: TestClient) -> None:
    assert send(own, file="My test.csv", name="") == (303, f"{OWN}?benchmark=My-test")
    assert rows_of(own, "overlap.My-test:>=0.5") == [0, 2, 3]
    assert send(own, file="My test.csv", name="")[0] == 303
    status, fault = send(own, b"question\nSay hello.\n", file="My test.csv", name="")
    assert (status, "of another file: say what this one is called" in fault) == (422, True)
    assert rows_of(own, "overlap.My-test:>=0.5") == [0, 2, 3]


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "no file": ({"file": ""}, 422, "the form is not multipart/form-data"),
    "no name": ({"name": "", "file": "\u00e9.csv"}, 422, "say what the benchmark is called"),
    "an odd name": ({"name": "a b"}, 422, "is no name of a benchmark"),
    "odd words": ({"words": "many"}, 422, "the words of an n-gram are a number"),
    "too many words": ({"words": "101"}, 422, "an n-gram has 1 to 100 words, not 101"),
    "no such column": ({"column": "id , x"}, 422, "has no column &#39;x&#39;"),
    "no text": ({"content": b"\xff", "file": "b.txt"}, 409, "is no text in UTF-8"),
    "no question": ({"content": b"question\n \n"}, 422, "has no question"),
    "no such kind": ({"file": "b.pdf"}, 409, "is no .parquet"),
}


def test_bad_input_is_told_on_the_page(own: TestClient, library: Library) -> None:
    for case, (said, status, fault) in BAD.items():
        found = send(own, **said)
        assert found[0] == status, case
        assert fault in found[1].replace("&#x27;", "&#39;"), case
        assert not [*library.settings.data_dir.glob("*/overlap-*")], case


def test_what_was_typed_stays(own: TestClient) -> None:
    answer = own.post(OWN, data={"name": 'a"b', "words": "5"}, files={"file": ("b.csv", b"")})
    assert answer.status_code == 422
    assert 'value="a&#34;b"' in answer.text
    assert 'max="100" value="5"' in answer.text


def test_who_may_not(library: Library, own: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"file": ("bench.csv", CSV)}
    other = own.post(OWN, data={"name": "x"}, files=files, headers={"Origin": "http://a.example"})
    assert other.status_code == 403
    tokens = Tokens([Token("ann", READ, "a" * 20), Token("bob", WRITE, "b" * 20)])
    client = TestClient(create_app(library.settings, library, tokens=tokens), ADDRESS,
                        follow_redirects=False)  # fmt: skip
    for secret, status in (("a" * 20, 403), ("b" * 20, 303)):
        bearer = {"Authorization": f"Bearer {secret}"}
        assert (
            client.post(OWN, data={"name": "x"}, files=files, headers=bearer).status_code == status
        )
        form_there = "enctype" in client.get(OWN, headers=bearer).text
        assert form_there == (status == 303)
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda path, mode: False)
        page = own.get(OWN).text
        assert "the data directory of this server can only be read" in page
        assert "<form" not in page[page.index('class="overlap"') : page.index("</main>")]
        assert send(own) == (403, "the data directory of this server can only be read")
        removed = own.post(OWN, files={"remove": (None, "x")})
        assert removed.status_code == 403
    assert "overlap.x" in library.entry("leaks").ready().fields


def test_one_at_a_time(own: TestClient) -> None:
    with addresses._comparing:
        assert send(own)[0] == 503
    with addresses._sending, addresses._sending:
        status, fault = send(own)
        assert (status, fault.startswith("other files are being sent")) == (503, True)
    assert send(own)[0] == 303


def test_a_large_form_is_refused(own: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "LARGEST_FORM", 100)
    status, fault = send(own)
    assert status == 413
    assert "more than 100 bytes" in fault
    monkeypatch.setattr(form, "LARGEST_FORM", 4)

    async def stream() -> AsyncIterator[bytes]:
        for each in (b"ab", b"", b"cd"):
            yield each

    assert ended(form.whole(stream())) == b"abcd"
    monkeypatch.undo()
    assert send(own, CSV + b'2,"x"\n' * 200_000)[0] == 303  # more than other forms may have


def test_fields_of_a_form() -> None:
    kind = 'multipart/form-data; boundary="b=1"'
    said = (
        b'--b=1\r\nContent-Disposition: form-data; name="x"; filename="a\\b.csv"\r\n\r\n\r\n--b\r\n\r\n'
        b'--b=1\r\nContent-Disposition: form-data; name="x"\r\n\r\nsecond\r\n'
        b'--b=1\r\nContent-Disposition: form-data; name="y"\r\n\r\n \xff z \r\n--b=1--\r\n'
    )
    found = form.fields(kind, said)
    assert (found["x"].content, found["x"].file) == (b"\r\n--b\r\n", "a\\b.csv")
    assert (found["y"].text, found["y"].file) == ("\ufffd z", "")
    with pytest.raises(InvalidInput, match="cut short"):
        form.fields(kind, said[:-8])
    for other in ("", "text/plain", "multipart/form-data"):
        with pytest.raises(InvalidInput, match="not multipart"):
            form.fields(other, said)


def test_long_texts_are_shortened() -> None:
    filler = "x " * 5_000
    question, prompt = both(APPLES, f"{filler}{APPLES}{filler}", 8)
    assert [each.text for each in question] == [APPLES[:-1], "?"]
    assert [len(each.text) for each in prompt] == [KEPT, 0, KEPT, len(APPLES) - 1, KEPT, 0, KEPT]
    assert [each.gap for each in prompt] == [False, True, False, False, False, True, False]
    assert [each.text for each in prompt if each.marked] == [APPLES[:-1]]
    long = " ".join(f"word{n}" for n in range(3_000))
    shown, _ = both(long, long, 8)
    assert sum(len(each.text) for each in shown) == MOST_SHOWN
    assert shown[-1].gap
    kept, _ = both("A\u0301pfel sind nicht BIRNEN oder gar \ufb01nger am Baum!", "ápfel sind nicht birnen "
                   "oder gar finger am baum", 8)  # fmt: skip
    assert kept[0].text == "A\u0301pfel sind nicht BIRNEN oder gar \ufb01nger am Baum"
