"""Options that are added to those of a command, which it is given as one value."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

Command = Callable[..., None]


def added(
    command: Command,
    options: Mapping[str, Any],
    defaults: Mapping[str, object],
    name: str,
    value: Callable[[dict[str, Any]], object],
) -> Command:
    """The command with ``options`` (their annotations by name; None is the default of those without
    one). It is given as ``name`` the ``value`` of what was said of them."""

    @wraps(command)
    def wrapped(**given: Any) -> None:
        said = {option: given.pop(option) for option in options}
        command(**given, **{name: value(said)})

    signature = inspect.signature(command)
    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [each.replace(kind=keyword) for key, each in signature.parameters.items() if key != name]
    more = [
        inspect.Parameter(option, keyword, default=defaults.get(option), annotation=kind)
        for option, kind in options.items()
    ]
    wrapped.__signature__ = inspect.Signature([*own, *more])  # type: ignore[attr-defined]
    known = {key: kind for key, kind in command.__annotations__.items() if key != name}
    wrapped.__annotations__ = {**known, **options}
    return wrapped
