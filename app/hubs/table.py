"""The hubs, by the names that ``--from`` and addresses have for them."""

from ..errors import InvalidInput
from .huggingface import HuggingFace
from .listing import Hub
from .modelscope import ModelScope
from .repository import HUGGINGFACE, MODELSCOPE

HUBS: dict[str, type[HuggingFace] | type[ModelScope]] = {
    HUGGINGFACE: HuggingFace,
    MODELSCOPE: ModelScope,
}


def hub_of(name: str) -> Hub:
    """A hub, ready to be asked. Raises InvalidInput where its client is not installed."""
    try:
        return HUBS[name]()
    except ImportError as error:
        raise InvalidInput(
            "datasets of the hubs need their clients: pip install 'thinklens[hub]'"
        ) from error
