"""Generated texts: every script, punctuation, code, and what NFKC and casefold change."""

import random

PIECES = (  # noqa: SIM905
    "hello HELLO world Straße STRASSE strasse привет ПРИВЕТ 你好 東京タワー 80円のDNA 한국어 हिन्दी ไทย 42 "
    "3.14 C++ don't the of a I _x naïve cafe\u0301 café ﬁne fine x² ½ İz foo.bar() مرحبا 😀 e\u0301 \u0301 "
    "ǅ Σίσυφος ΣΊΣΥΦΟΣ \u200b a\u00adb ... --- 𝐇𝐢 ⅷ 々 ㎏ ´ ¨ ´a a¨b ﬀ ſ ẞ ｶﾞ ガ ｡ 각 ᄀ\u1161\u11a8 가 น้ำ ำ "
    "℀ … ： ！ a:b -x x-y +++ ++++ == => ... f(x)=x^2 x_1 a[0] <div> </div> #1 $5 50% e.g. i.e. O'Neil 1,000 "
    "ab abc abcd aba ababa 東 京 東京 京東京 שלום 👩‍👩‍👧 🇩🇪 ∑ ≤ ½½ 1⁄2 µ Å Å ΐ ŉ ǰ ᾳ և 〇 〆 ー を 𠀀 "
    "\u3099 か\u3099 は don\u2019t don\u02bct \u2018tis \u0130stanbul istanbul I\u0307z \u0130\u0301 "
    "well-known well\u2010known well\u2011known 1\u20122 1\u20132 1-2 -5 \u22125 \uff0d5 "
    "x\u207b\u00b9 \ufe63 soft\u00adhyphen softhyphen \u00adsoft soft\u00ad so\u2060ft \ufeffsoft "
    "\u00ad \u2060 \ufeff 東\u2060京 東\u00ada e\u00ad\u0301 \u00ad\u0301 か\u2060\u3099 "
    "\u1100\ufeff\u1161 a\u00ad\u00ad\u2060b"
).split()
SEPARATORS = " \n,.;/ \u3000!?\t-  "
CONTROLS = ("\x1b", "\x00", "\u2028", "\u202e", "\ufeff", "\x85", "\r\n")
LOOSE = (
    "aB1 _.-+東の\u0301´½ﬁß😀\u200dกำ가ᄀ\u1161 \n\u0130\u0307'\u2018\u2019\u02bc\u0149"
    "\u2010\u2011\u2012\u2013\u2212\uff0d\u00ad\u00ad\u2060\ufeff"
)


def some_text(rng: random.Random, most: int) -> str:
    """Pieces with separators between them, or without; now and then characters as they come."""
    made = ""
    for _ in range(rng.randint(0, most)):
        made += rng.choice(PIECES)
        made += rng.choice(SEPARATORS) if rng.random() < 0.85 else ""
        if rng.random() < 0.1:
            pool = rng.choice([LOOSE, "東京 の,a", "ab +."])
            made += "".join(rng.choice(pool) for _ in range(rng.randint(1, 8)))
        if rng.random() < 0.01:
            made += rng.choice(CONTROLS)
    return made


def some_parts(rng: random.Random, rows: int) -> dict[str, list[str]]:
    """A text a row of each part; some empty, some twice. Reasoning and answers have no white space
    at their ends, as the program takes them."""
    parts: dict[str, list[str]] = {}
    for part, most in (("prompt", 12), ("reasoning", 25), ("answer", 15)):
        texts = [some_text(rng, most) for _ in range(rows)]
        for row in range(rows):
            chance = rng.random()
            if chance < 0.1:
                texts[row] = texts[rng.randrange(rows)]
            elif chance < 0.18:
                texts[row] = ""
        parts[part] = [
            text.strip() if part != "prompt" else text * bool(text.strip()) for text in texts
        ]
    return parts
