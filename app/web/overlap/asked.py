"""What an address of benchmark overlap says: which benchmark, by which rule, which page. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...search.request import parameter
from ...search.request.contamination import PRESETS, Preset
from ...search.request.parameter import LOOKS, Pairs, Parameter, one_of, whole

_HALF = PRESETS[0].name


def _text(name: str, text: str, known: object) -> str:
    return text


PARAMETERS: Mapping[str, Parameter] = {
    each.name: each
    for each in (
        Parameter("benchmark", "The name that a benchmark was given.", "gsm8k", LOOKS, _text),
        Parameter(
            "by",
            f"The rule that rows are found by: {', '.join(each.name for each in PRESETS)}.",
            "long",
            LOOKS,
            one_of([each.name for each in PRESETS]),
            _HALF,
        ),
        Parameter("page", "The page, from 1.", "2", LOOKS, whole(1), 1),
    )
}


@dataclass(frozen=True)
class Asked:
    """What a request asks; ``benchmark`` is "" for a list of all."""

    benchmark: str = ""
    by: str = _HALF
    page: int = 1

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Asked":
        """What is asked. Raises InvalidInput."""
        return cls(**parameter.values(parameter.given(pairs, PARAMETERS), PARAMETERS.values()))

    @property
    def preset(self) -> Preset:
        """The rule."""
        return next(each for each in PRESETS if each.name == self.by)

    def string(self, page: int = 1, by: str = "") -> str:
        """The same benchmark as a query string, on a page, by this rule or another."""
        said: Pairs = [("benchmark", self.benchmark)] * bool(self.benchmark)
        said += [("by", by or self.by)] * ((by or self.by) != _HALF)
        said += [("page", str(page))] * (page > 1)
        return f"?{parameter.string_of(said)}" if said else ""
