"""Languages: what is judged and what is left out, and that nothing is fetched."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.conversations.signals.languages import READ, language, languages

ENGLISH = "Please explain to me why the sky looks blue in the morning"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        (ENGLISH.upper(), "en"),
        ("Bitte erkläre mir, warum der Himmel am Morgen blau ist", "de"),
        ("¿Por qué el cielo es azul por la mañana?", "es"),
        ("Почему небо утром голубое?", "ru"),
        ("为什么早上的天空是蓝色的？", "zh"),
        ("你好", "zh"),
        ("どうして朝の空は青いのですか。", "ja"),
        ("2024年の売り上げはいくらですか", "ja"),
        ("왜 아침 하늘은 파란가요?", "ko"),
        ("सुबह आसमान नीला क्यों होता है?", "hi"),
        ("ทำไมท้องฟ้าตอนเช้าถึงเป็นสีฟ้า", "th"),
        ("لماذا تكون السماء زرقاء في الصباح؟", "ar"),
        (f"{ENGLISH}\n```python\nfür = 'ist das nicht schön, oder was'\n```", "en"),
        (f"```\n{'print(x)' * 40}\n```\n{ENGLISH}", "en"),
        (f"https://example.de/warum-ist-der-himmel-blau {ENGLISH}", "en"),
        (rf"$\sum_{{i}} x_i$ \alpha {ENGLISH}", "en"),
        (f"\ud800 {ENGLISH}", "en"),
        (f"{ENGLISH}\x00\n\n", "en"),
        ("", None),
        ("   \n", None),
        ("42", None),
        ("1 + 1 = 2, 3 * 4 = 12", None),
        ("😀 👍", None),
        ("█████ ██ ████", None),
        ("```\ndas ist nur Code und sonst gar nichts\n", None),
        ("https://example.com/a/b/c", None),
        ("x", None),
        ("hi", None),
        (f"<p title='{'Warum ist der Himmel am Morgen so blau? ' * 4}'>{ENGLISH}</p>", "en"),
        (" " * READ + ENGLISH, None),
        (" " * 999 + "п", "ru"),
    ],
)
def test_language(text: str, code: str | None) -> None:
    assert language(text) == code


def test_many_at_once() -> None:
    assert list(languages([ENGLISH, "", "Почему небо голубое?"])) == ["en", None, "ru"]


OFFLINE = """
import sys

def watch(event, args):
    if event.startswith("socket."):
        print("asked for", event)

sys.addaudithook(watch)
from app.conversations.signals.languages import language
assert "fasttext" not in sys.modules
print(language(sys.argv[1]))
assert "requests" not in sys.modules
"""


def test_nothing_is_fetched_and_nothing_written(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    found = subprocess.run(
        [sys.executable, "-c", OFFLINE, ENGLISH],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root), "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert (found.stdout, found.stderr) == ("en\n", "")
    assert list(tmp_path.iterdir()) == []
