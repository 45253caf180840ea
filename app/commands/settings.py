"""Settings from the options of a command, the environment and the defaults."""

from pathlib import Path

from ..config import Settings
from ..errors import InvalidInput


def settings_of(data_dir: Path | None, **given: object) -> Settings:
    """Settings from the options that were given, the environment, the defaults."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    chosen = {name: value for name, value in given.items() if value is not None}
    if data_dir is not None:
        chosen["data_dir"] = data_dir
    try:
        return Settings(**chosen)  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        said = f"--{name.replace('_', '-')}" if name in chosen else f"THINKLENS_{name.upper()}"
        reason = first["msg"].removeprefix("Value error, ")
        raise InvalidInput(f"{said} cannot be taken: {reason}") from None
    except SettingsError as error:
        raise InvalidInput(f"a THINKLENS_ variable cannot be taken: {error}") from None


def settings_to_serve(
    data_dir: Path | None,
    host: str | None,
    port: int | None,
    assets: str | None,
    allow_hosts: list[str] | None,
    root_path: str | None,
    tokens: Path | None,
    everybody: bool,
    log: str | None,
) -> Settings:
    """Settings from the options of the commands that serve."""
    given = {"host": host, "port": port, "assets": assets, "root_path": root_path, "log": log}
    return settings_of(
        data_dir, allow_hosts=allow_hosts or None, tokens=tokens, open=everybody or None, **given
    )
