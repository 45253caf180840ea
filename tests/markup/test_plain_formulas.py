import pytest

from app.markup.plain_formulas import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no formula at all", "no formula at all"),
        (r"Solve $x^2 + y_1 = 3$ now", "Solve x² + y₁ = 3 now"),
        (r"\(\frac{1}{2}\) of $\sqrt{n+1}$", "1/2 of √(n+1)"),
        (r"\[ \frac{a+b}{\sqrt{2}} \]", " (a+b)/(√2) "),
        (r"$$e^{i\pi}$$", "e^(iπ)"),
        (r"an angle of $30^\circ$", "an angle of 30°"),
        (r"$x^{10}$, $x^{ab}$, $a_n$", "x¹⁰, x^(ab), a_n"),
        (r"\text{cm} and \mathbb{R}", "cm and R"),
        (r"$A \le B \Rightarrow C$", "A ≤ B ⇒ C"),
        ("costs $5 and $10, or 2^10 of them", "costs $5 and $10, or 2^10 of them"),
        ("$5 to $6$7", "$5 to $6$7"),
        (r"C:\new\folder \unknown{x}", r"C:\new\folder \unknown{x}"),
        (r"left \( alone", "left  alone"),
        (r"\left( x \right)\, y", "( x )  y"),
        (r"\frac{\frac{1}{2}}{3}", "(1/2)/3"),
    ],
)
def test_formulas_as_plain_signs(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_long_text_of_dollars_loses_no_word() -> None:
    assert plain("$a" * 50_000).count("a") == 50_000
