"""A dataset of a hub as one of a library: fetched behind the server, shown as it comes, or failed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.datasets.entry import BUILDING, FAILED, FETCHING, READY, Entry
from app.errors import InvalidInput, NotFetched, NotReady
from app.library import Library
from app.main import create_app

from .loopback import Files, Hub, Refusal

ADDRESS = "http://127.0.0.1:8000"
CARD = b"""---
license: cc-by-4.0
---
# Chats
## Citation
<script>alert(1)</script> [x](javascript:alert(1))

```bibtex
@misc{chats}
```
"""


@pytest.fixture
def files(tmp_path: Path, make_parquet: Callable[..., Path], rows400: list[Any]) -> Files:
    first = make_parquet(tmp_path / "rows.parquet", rows400[:50]).read_bytes()
    lines = b"".join(b'{"prompt": "p%d", "response": "r"}\n' % number for number in range(30))
    return {"README.md": CARD, "data/train.parquet": first, "data/test.jsonl": lines}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", workers=1)


def quiet(_: Entry) -> None:
    """Nobody watches."""


@pytest.mark.parametrize(("scheme", "name"), [("hf", "main"), ("ms", "master")])
def test_from_fetching_to_ready(
    hub: Hub, settings: Settings, files: Files, inline: Any, scheme: str, name: str
) -> None:
    hub.put("own/chats", files, name)
    library = Library(settings, [f"{scheme}://own/chats"], inline.of)
    entry = library.entry("chats")
    assert (entry.state, entry.step, entry.amount) == (BUILDING, FETCHING, "")
    assert entry.said == f"waiting to be fetched from {scheme}://own/chats"
    with pytest.raises(NotReady, match="'chats' is being fetched: it can be read when that is"):
        entry.shown()
    seen: list[tuple[str, str, str]] = []
    library.prepare_all(lambda each: seen.append((each.step, each.said, each.amount)))
    assert seen[0][:2] == (
        "fetching",
        f"asking {'huggingface' if scheme == 'hf' else 'modelscope'}",
    )
    total = sum(map(len, files.values()))
    said = f"fetching 3 files, {total / 1000:.0f} kB, from 127.0.0.1"
    assert said in [each[1] for each in seen]
    steps = list(dict.fromkeys(each[0] for each in seen))
    assert steps == [
        "fetching", "converting", "prompts", "fields", "texts", "reasoning", "answer", "copies", "ready",
    ]  # fmt: skip
    assert entry.state == READY
    assert entry.whole().rows == 80
    assert entry.whole().source.card.licence == "cc-by-4.0"
    library.close()
    hub.asked.clear()
    again = Library(settings, [f"{scheme}://own/chats"], inline.of)
    inline.jobs.clear()
    again.prepare_all(quiet)
    assert again.entry("chats").whole().rows == 80
    assert (inline.jobs, sum(hub.taken.values())) == ([], 0)  # neither fetched nor indexed anew
    again.close()


def test_what_was_fetched_is_a_path_of_the_same_index(
    hub: Hub, settings: Settings, files: Files, inline: Any
) -> None:
    hub.put("own/chats", files)
    first = Library(settings, ["hf://own/chats"], inline.of)
    first.prepare_all(quiet)
    fingerprint = first.entry("chats").whole().fingerprint
    first.close()
    inline.jobs.clear()
    second = Library(settings, [first.entry("chats").path], inline.of)
    second.prepare_all(quiet)
    assert list(second.entries) == ["chats"]
    assert inline.jobs == []
    assert second.entry("chats").whole().fingerprint == fingerprint
    second.close()


def test_a_failed_fetch_is_tried_again_at_the_next_start(
    hub: Hub, settings: Settings, files: Files, inline: Any, naps: list[float]
) -> None:
    hub.put("own/chats", files)
    hub.refusals["/api/"] = Refusal(503)
    library = Library(settings, ["hf://own/chats"], inline.of)
    library.prepare_all(quiet)
    entry = library.entry("chats")
    assert (entry.state, entry.unforeseen) == (FAILED, True)
    with pytest.raises(NotFetched, match="did not answer in 5 tries: it answers 503") as told:
        entry.ready()
    assert (told.value.status, told.value.code, told.value.exit_code) == (409, "not_fetched", 1)
    hub.refusals.clear()
    again = Library(settings, ["hf://own/chats"], inline.of)
    again.prepare_all(quiet)
    assert again.entry("chats").whole().rows == 80
    again.close()
    # what is here is served where the hub cannot be asked, and that is said
    hub.refusals["/api/"] = Refusal(503)
    offline = Library(settings, ["hf://own/chats"], inline.of)
    offline.prepare_all(quiet)
    assert offline.entry("chats").whole().rows == 80
    assert offline.entry("chats").notes[0].endswith("what was fetched before is used")
    offline.close()


def test_an_address_that_is_none_is_a_wrong_call(settings: Settings) -> None:
    with pytest.raises(InvalidInput, match="names no dataset of a hub"):
        Library(settings, ["hf://chats"])


def test_names_count_on(settings: Settings, path400: Path) -> None:
    library = Library(settings, ["hf://own/sample", str(path400), "ms://other/sample"])
    assert list(library.entries) == ["sample", "sample-2", "sample-3"]


def client_of(settings: Settings, library: Library) -> TestClient:
    return TestClient(create_app(settings, library), ADDRESS, follow_redirects=False)


def test_pages_while_it_is_fetched(hub: Hub, settings: Settings, inline: Any) -> None:
    library = Library(settings, ["hf://own/chats"], inline.of)
    entry = library.entry("chats")
    client = client_of(settings, library)
    entry.fetching, entry.done, entry.total = "fetching 3 files from a hub", 2_000_000, 5_000_000
    page = client.get("/datasets/chats")
    assert page.status_code == 200
    assert "Fetching 3 files from a hub: 2.0 MB of 5.0 MB" in " ".join(page.text.split())
    assert "This dataset is being brought here from its hub" in page.text
    home = " ".join(client.get("/").text.split())
    assert "Fetching 3 files from a hub: 2.0 MB of 5.0 MB" in home
    assert client.get("/datasets/chats/progress").status_code == 200
    answer = client.get("/api/datasets/chats/search")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
    told = client.get("/api/datasets").json()["datasets"][0]
    assert (told["card"], told["rows"]) == (None, 0)
    assert {key: told["index"][key] for key in ("state", "step", "done", "total")} == {
        "state": "building", "step": "fetching", "done": 2_000_000, "total": 5_000_000,
    }  # fmt: skip
    entry.step = "converting"
    page = client.get("/datasets/chats")
    assert "are being made into Parquet" in page.text
    assert "Converting to Parquet: 2.0 MB of 5.0 MB" in " ".join(page.text.split())


def test_pages_and_answers_of_one_that_failed(
    hub: Hub, settings: Settings, inline: Any, caplog: pytest.LogCaptureFixture
) -> None:
    library = Library(settings, ["hf://own/chats"], inline.of)
    library.prepare_all(quiet)
    client = client_of(settings, library)
    sentence = (
        "there is no dataset 'own/chats' on Hugging Face, or none without a token that may read it"
    )
    answer = client.get("/api/datasets/chats/search")
    assert (answer.status_code, answer.json()["code"]) == (409, "unreadable")
    assert answer.json()["error"].startswith(sentence)
    assert client.get("/datasets/chats").status_code == 409
    assert "Cannot be served" in client.get("/").text
    told = client.get("/api/datasets").json()["datasets"][0]["index"]
    assert (told["state"], told["error"][: len(sentence)]) == ("failed", sentence)
    assert caplog.text == ""


def test_the_card_on_the_page_in_the_answer_and_in_the_manifest(
    hub: Hub, settings: Settings, files: Files, inline: Any
) -> None:
    commit = hub.put("own/chats", files)
    library = Library(settings, ["hf://own/chats@main"], inline.of)
    library.prepare_all(quiet)
    client = client_of(settings, library)
    page = client.get("/datasets/chats").text
    card = " ".join(page[page.index('<div class="card') :].partition('<a class="skip"')[0].split())
    source = f"{hub.address}/datasets/own/chats"
    assert "<span>Licence cc-by-4.0</span>" in card
    rel = 'rel="noopener noreferrer nofollow ugc"'
    assert f'From <a href="{source}" {rel}>Hugging Face own/chats</a>' in card
    assert "<details><summary>Citation</summary>" in card
    assert "@misc{chats}" in card
    assert "<script>" not in card
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in card
    assert 'href="javascript' not in card
    assert f"<li>revision {commit}</li><li>2 of 2 files taken, " in card
    told = client.get("/api/datasets").json()["datasets"][0]["card"]
    assert {key: told[key] for key in ("licence", "licence_link", "source", "revision")} == {
        "licence": "cc-by-4.0", "licence_link": None, "source": source, "revision": commit,
    }  # fmt: skip
    assert told["citation"].endswith("```bibtex\n@misc{chats}\n```")
    manifest = client.get("/api/datasets/chats/export.manifest.json").json()
    assert (manifest["licence"], manifest["source"], manifest["revision"]) == (
        "cc-by-4.0", source, commit,
    )  # fmt: skip
    library.close()
