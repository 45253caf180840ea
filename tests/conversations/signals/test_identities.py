"""Who a text claims to be, and up to when it says that it knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.signals.identities import cutoff, identities


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I am ChatGPT, a large model.", ["ChatGPT"]),
        ("I'm Claude, made by Anthropic.", ["Anthropic", "Claude"]),
        ("I’m **DeepSeek-R1**, and I can help.", ["DeepSeek"]),
        ("My name is Qwen.", ["Qwen"]),
        ("As an AI language model developed by OpenAI, I can't.", ["OpenAI"]),
        ("I was trained and built by the team at DeepSeek.", ["DeepSeek"]),
        ("I'm a large language model trained by Google.", ["Google"]),
        ("My creators at Open AI know.", ["OpenAI"]),
        ("This model was created by Meta.", ["Meta"]),
        ("我是由阿里云开发的通义千问。", ["Alibaba", "Qwen"]),
        ("作为一个由OpenAI训练的模型", ["OpenAI"]),
        ("私はOpenAIによって開発されました", ["OpenAI"]),
        ("저는 OpenAI에서 개발한 모델입니다", ["OpenAI"]),
        ("Soy un asistente creado por Anthropic", ["Anthropic"]),
        ("Je suis un modèle développé par Mistral", ["Mistral"]),
        ("Ich bin ein Modell, entwickelt von Google", ["Google"]),
        ("Я Qwen, созданный компанией Alibaba", ["Alibaba", "Qwen"]),
    ],
)
def test_a_claim(text: str, names: list[str]) -> None:
    assert identities(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Android was developed by Google.",
        "I am a software engineer at Google.",
        "I am not ChatGPT.",
        "I was never made by OpenAI.",
        "I use ChatGPT every day.",
        "As of today Google has offices there.",
        "They asked: who are you? Claude answered.",
        "I am here. OpenAI is there.",
        "I am metal.",
        "I am Metallica's bassist.",
        "",
    ],
)
def test_no_claim(text: str) -> None:
    assert identities(text) is None


def test_names_of_several_texts_are_put_together() -> None:
    assert identities("I am Qwen.", "I'm Claude. I am Qwen.") == ["Claude", "Qwen"]
    assert identities() is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("My knowledge cutoff is October 2023.", 2023),
        ("knowledge cut-off: 2024", 2024),
        ("As of my last update in April 2023, it was so.", 2023),
        ("as of my last knowledge update in June 2024", 2024),
        ("My training data goes up to 2021.", 2021),
        ("My knowledge was last updated in early 2022", 2022),
        ("I was trained on data up to September 2021.", 2021),
        ("我的知识截止到2023年10月。", 2023),
        ("As of 2024, it is so.", None),
        ("It was updated in 2020.", None),
        ("My last update in 1999", None),
        ("My knowledge cutoff is not told. It is 2024.", None),
        ("", None),
    ],
)
def test_the_year_of_a_cut_off(text: str, year: int | None) -> None:
    assert cutoff(text) == year


def test_the_first_year_that_is_told() -> None:
    assert cutoff("Nothing.", "knowledge cutoff 2021", "knowledge cutoff 2023") == 2021


@given(st.text(max_size=200), st.text(max_size=200))
def test_what_stands_around_a_claim_in_other_lines_says_nothing(before: str, behind: str) -> None:
    found = identities(f"{before}\nI am Qwen\n{behind}")
    assert found is not None
    assert "Qwen" in found


@pytest.mark.parametrize(
    "text", ["I am ", "as an AI ", "OpenAI ", "my knowledge ", "2021 ", "made by "]
)
def test_hostile_texts_end(text: str) -> None:
    identities(text * 20_000)
    cutoff(text * 20_000)
