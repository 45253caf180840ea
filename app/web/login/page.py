"""The login as its template shows it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...search.request import parameter
from ...search.request.parameter import LOOKS, Parameter
from ..return_path import local
from ..root_path import address

PARAMETERS: Mapping[str, Parameter] = {
    "next": Parameter("next", "The page to go on to.", "/", LOOKS, parameter.text)
}


@dataclass(frozen=True)
class LoginView:
    """The form: where it is sent, what it keeps, what was wrong with the last try."""

    action: str
    wanted: str
    sentence: str


def login(wanted: str, sentence: str = "") -> LoginView:
    """The form on the way to an address; ``sentence`` is a fault's."""
    said = f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""
    return LoginView(address("/login"), local(wanted), said)
