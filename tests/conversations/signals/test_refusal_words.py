"""Each word of regret with each inability of its language, as answers begin with them."""

from itertools import product

import pytest

from app.conversations.signals.refusals import is_refusal

SAID: dict[str, tuple[list[str], list[str]]] = {
    "English": (
        ["Sorry,", "My apologies,", "I regret it:", "I'm afraid", "Unfortunately,"],
        [
            *(
                "I can't",
                "I cannot",
                "I won't",
                "I will not",
                "I must decline",
                "I have to decline",
            ),
            *("I decline", "I refuse", "I'm unable to", "I am not able to", "I'm not comfortable"),
            *("I'm not going to", "I don't have access", "I do not have access"),
        ],
    ),
    "Chinese": (
        ["抱歉，", "对不起，", "對不起，", "很遗憾，", "很遺憾，", "不好意思，"],
        [
            "我无法",
            "我無法",
            "我不能",
            "我不便",
            "我没法",
            "我拒绝",
            "我拒絕",
            "这不可以",
            "我不会提供",
        ],
    ),
    "Japanese": (
        [
            "申し訳ないですが、",
            "すみませんが、",
            "ごめんなさい、",
            "恐れ入りますが、",
            "残念ですが、",
        ],
        [
            *("できません", "お答えしかねます", "提供しません", "いたしません", "致しかねます"),
            *(
                "応じられません",
                "お応えしかねます",
                "お手伝いしません",
                "お断りします",
                "差し控えます",
            ),
            "控えます",
        ],
    ),
    "Korean": (
        ["죄송하지만", "미안하지만", "유감이지만", "안타깝지만"],
        [
            "할 수 없어요",
            "할 수는 없어요",
            "할 수가 없어요",
            "어렵습니다",
            "불가능해요",
            "거절해요",
            "못 합니다",
        ],
    ),
    "Spanish": (
        ["Lo siento,", "Lamento decirlo:", "Disculpa,", "Perdón,"],
        ["no puedo", "no podré", "no me es posible"],
    ),
    "French": (
        ["Désolé,", "Je regrette,", "Excusez-moi,"],
        ["je ne peux pas", "je ne pourrai pas", "je ne suis malheureusement pas"],
    ),
    "German": (
        ["Tut mir leid,", "Entschuldigung,", "Leider"],
        ["kann ich das nicht", "ist das nicht möglich", "bin ich nicht in der Lage"],
    ),
    "Portuguese": (
        ["Desculpe,", "Sinto muito,", "Lamento,"],
        ["não posso", "não poderei", "não consigo"],
    ),
    "Italian": (
        ["Mi dispiace,", "Sono spiacente,", "Scusa,"],
        ["non posso", "non potrò", "non sono in grado"],
    ),
    "Russian": (
        ["Извините,", "Простите,", "К сожалению,", "Сожалею,"],
        ["не могу", "не можем", "не смогу", "не буду", "не в состоянии"],
    ),
}


@pytest.mark.parametrize("language", SAID)
def test_regret_and_an_inability(language: str) -> None:
    regrets, inabilities = SAID[language]
    said = [f"{regret} {inability}." for regret, inability in product(regrets, inabilities)]
    assert [each for each in said if not is_refusal(each)] == []
    assert [each for each in regrets if is_refusal(f"{each} 42.")] == []
