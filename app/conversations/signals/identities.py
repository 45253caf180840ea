"""Identity: who a text says it is or was made by, and up to when it says that it knows.

After filter_dataset_by_keywords.py of allenai/open-instruct (17 patterns around the names of providers),
in two things stricter: the claim is made of oneself ("I am", "as an AI developed by"), so that a text about
a company makes none, and a claim that is denied counts for nothing. The year is after its
filter_cutoff_date.py.
"""

import re
from collections.abc import Iterator
from functools import cache

NEAR = 120  # characters before a name that are looked at, of its own sentence

# Each name as it is told, and the spellings that it is known by.
_NAMES = {
    "OpenAI": ("OpenAI", "Open AI"),
    "ChatGPT": ("ChatGPT", "Chat GPT", "GPT-3", "GPT-4", "GPT-5", "GPT3", "GPT4"),
    "Anthropic": ("Anthropic",),
    "Claude": ("Claude",),
    "Google": ("Google", "DeepMind"),
    "Gemini": ("Gemini", "Gemma"),
    "Alibaba": ("Alibaba", "阿里巴巴", "阿里云"),
    "Qwen": ("Qwen", "QwQ", "通义千问", "千问"),
    "DeepSeek": ("DeepSeek", "Deepseek", "深度求索"),
    "Meta": ("Meta AI", "Meta", "LLaMA", "Llama"),
    "Mistral": ("Mistral", "Mixtral"),
    "Microsoft": ("Microsoft", "Copilot"),
    "Cohere": ("Cohere",),
    "xAI": ("xAI", "Grok"),
    "Perplexity": ("Perplexity",),
    "NVIDIA": ("NVIDIA", "Nvidia", "Nemotron"),
    "Moonshot": ("Moonshot", "Kimi", "月之暗面"),
    "Zhipu": ("Zhipu", "ChatGLM", "GLM-4", "智谱", "智谱清言"),
    "ByteDance": ("ByteDance", "Doubao", "字节跳动", "豆包"),
    "Baidu": ("Baidu", "ERNIE Bot", "百度", "文心一言"),
    "MiniMax": ("MiniMax",),
    "LMSYS": ("LMSYS", "Vicuna", "Large Model Systems Organization"),
    "LAION": ("LAION", "Open Assistant", "OpenAssistant"),
    "Ai2": ("Allen Institute for AI", "Ai2", "OLMo", "Tulu", "Tülu"),
}
_MADE = (
    r"(?:made|developed|created|trained|built|designed|provided|released|powered|deployed|hosted|operated)"
    r"(?:,? (?:and|or) \w+)? by|(?:entrenad|desarrollad|cread|treinad|desenvolvid|criad)[oa] por"
    r"|(?:développée?|créée?|entraînée?|conçue?) par|(?:entwickelt|trainiert|erstellt) (?:von|durch)|von"
    r"|(?:разработан|обучен|создан)\w*(?: компанией)?|由|来自|基于|[开研]发的|训练的"
)
# A claim, up to the name: to be it, or to be what it made.
_BE = (
    r"\b(?:i am|i['’]?m|i was|my name is|my name['’]s|call me|i am called|i go by)\b|我(?:是|叫|的名字是)|"
    r"私は|わたしは|저는|나는|제 이름은|\b(?:soy|je suis|je m['’]appelle|ich bin|ich heiße|sou|sono)\b|\bя\b|"
    r"меня зовут"
)
_MACHINE = (
    r"\b(?:as an?|i am|i['’]?m|i was|my (?:creators?|makers?|developers?)(?: is| are)?|"
    r"this (?:ai|model|assistant|chatbot) (?:is|was)|soy|fui|je suis|"
    r"j['’]ai été|ich bin|ich wurde|sou|sono)\b"
    r"|我(?:是|由|被)|作为|私は|저는|\bя\b"
)
_CLAIM = re.compile(
    rf"(?:{_BE})[\s:,—–-]*(?:the |actually |just |只是|一个|一款)?[\"'“「*_]*$"
    rf"|(?:{_MACHINE})(?P<of>[^.!?。！？\n]*)(?:{_MADE})\s*(?:the |a )?(?:[\w-]+ ){{0,2}}[\"'“「*_]*$"
    rf"|\bmy (?:creators?|makers?|developers?)(?: is| are|,)? (?:the )?(?:[\w-]+ ){{0,2}}$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|never|neither|nor)\b|n['’]t\b|不是|并非|ではな|아니|\bne\b|\bnicht\b|\bnão\b|\bне\b",
    re.IGNORECASE,
)
_LETTER = re.compile("[A-Za-z]")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？\n]")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
TOLD = 100  # characters before a year that are looked at
_CUT_OFF = re.compile(
    r"(?:\b(?:knowledge|training(?: data)?)(?:['’]s)? cut[- ]?off(?: date)?"
    r"(?: (?:is|was|of|in|at|on|being|around|about))*"
    r"|\b(?:as (?:of|at) )?my (?:last|latest|most recent) (?:knowledge |training )?"
    r"(?:update|cut[- ]?off|training|knowledge)(?: (?:in|on|of|was|is))*"
    r"|\bmy (?:knowledge|training(?: data)?|information|data)(?: base)? (?:"
    r"(?:only )?(?:goes|extends|runs|reaches)(?: up)? (?:to|until)"
    r"|(?:was|is)(?: (?:only|last))? (?:current|updated|limited|up[- ]to[- ]date)"
    r"(?: (?:as of|up to|until|in|to))?|(?:ends|stops) (?:in|at)|up to|until)"
    r"|\bi (?:was|am) (?:last )?(?:trained|updated)(?: on (?:data|information))?"
    r"(?: (?:up to|until|through|in))+"
    r"|(?:知识|训练数据|数据)库?的?(?:截止|更新)(?:日期|时间)?[到于至是为]*)"
    r"[\s:：,~(*]*(?:(?:early|mid|late|the end of|around|about|approximately)[ -])?"
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? (?:\d{1,2},? )?(?:of )?"
    r"|q[1-4] )?$",
    re.IGNORECASE,
)


@cache
def _spellings() -> dict[str, str]:
    return {spelling: name for name, known in _NAMES.items() for spelling in known}


@cache
def _any_name() -> re.Pattern[str]:
    """Any spelling, the longest first; what stands beside it is looked at later: that is faster."""
    listed = sorted(_spellings(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, listed)))


def identities(*texts: str) -> list[str] | None:
    """The names of providers and models that texts claim to be or to be made by, in the order of the
    alphabet; None where there is none.

    A claim is "I am", "my name is", "as" and the like right before the name, or "I am", "as an AI", "I
    was", "this model was" with "made", "developed", "trained ... by" before it in the sentence, in ten
    languages; none with "not" between.
    """
    found = {
        _spellings()[match[0]]
        for text in texts
        for match in _any_name().finditer(text)
        if _claims(text, *match.span())
    }
    return sorted(found) or None


def _claims(text: str, start: int, end: int) -> bool:
    """Whether what stands in a sentence before a name, a word of its own, claims it."""
    if _LETTER.match(text, max(0, start - 1), start) or _LETTER.match(text, end, end + 1):
        return False
    said = _SENTENCE_END.split(text[max(0, start - NEAR) : start])[-1]
    claim = _CLAIM.search(said)
    return claim is not None and not _DENIED.search(claim[0])


def cutoff(*texts: str) -> int | None:
    """The year up to which texts say that they know, the first that is told; None where none is.

    It follows "knowledge cutoff", "as of my last update in", "my knowledge goes up to", "I was trained up
    to" and the like, with a month or without.
    """
    years = (year for text in texts for year in _years(text))
    return next(years, None)


def _years(text: str) -> Iterator[int]:
    for year in _YEAR.finditer(text):
        if _CUT_OFF.search(text, max(0, year.start() - TOLD), year.start()):
            yield int(year[0])
