"""Refusals: how answers decline in ten languages, and what only sounds like it."""

import pytest

from app.conversations.signals.refusals import READ, is_refusal


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't help you with this.",
        "I’m really sorry, but I cannot do that. Talk to a doctor instead.",
        "Sorry to hear that you are angry, but I won't write such a letter.",
        "Hello! Unfortunately, I am not able to look that up.",
        "I apologize, but as a language model I do not have access to this file.",
        "I can't provide anybody's home address. However, I can tell you where to ask.",
        "I'm unable to share the whole text, as it is protected.",
        "I must decline.",
        "No, I won't help with that.",
        "你好，这个问题我无法回答，我们聊点别的吧。",
        "抱歉，我不能提供这样的信息。",
        "對不起，我無法協助。",
        "我暂时还没有学会回答这类问题。",
        "申し訳ありませんが、その質問にはお答えできません。",
        "その件についてはお答えすることはできません。",
        "죄송하지만 그 요청은 도와드릴 수 없습니다.",
        "해당 내용은 답변을 드릴 수 없습니다.",
        "Lo siento, pero no puedo ayudarte con eso.",
        "Je suis désolé, mais je ne peux pas vous aider.",
        "Es tut mir leid, aber dabei kann ich dir nicht helfen.",
        f"Das tut mir leid zu hören. {'Erzähl doch mehr davon. ' * 5}Leider kann ich nicht helfen.",
        "Desculpe, mas não posso ajudar com isso.",
        "Mi dispiace, ma non posso aiutarti.",
        "Извините, но я не могу с этим помочь.",
    ],
)
def test_refusals(answer: str) -> None:
    assert is_refusal(answer) is True


@pytest.mark.parametrize(
    "answer",
    [
        "The answer is 42.",
        "I'm so sorry for your loss. Would you like to talk about it?",
        "Sorry, my first result was wrong. The sum is 12.",
        "I cannot draw a picture here directly, but I can give you the code for one.",
        "I can't open links, but I can explain how such pages are built.",
        "You cannot divide by zero.",
        "It cannot be done: six divides both jugs.",
        "Stealing is a crime and has serious consequences.",
        "这个方程无解，因为判别式小于零。",
        "80円では買うことができません。",
        "물은 0도 아래에서는 액체일 수 없습니다.",
        "Leider regnet es heute, aber morgen wird es schön.",
        "x" * READ + " I'm sorry, but I can't help.",
    ],
)
def test_no_refusals(answer: str) -> None:
    assert is_refusal(answer) is False


@pytest.mark.parametrize("answer", ["", " \n\t"])
def test_no_answer_says_nothing(answer: str) -> None:
    assert is_refusal(answer) is None


def test_white_space_before_an_answer_is_not_read() -> None:
    said = "I'm sorry, but I can't help with that."
    assert is_refusal(" " * READ + said) is True
