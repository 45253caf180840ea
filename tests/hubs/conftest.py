"""A hub on the loopback in place of both, and homes of their own for the clients of both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .loopback import Hub, served

TOKEN = "hf_very-secret-token"


@pytest.fixture(scope="session")
def served_hub() -> Iterator[Hub]:
    with served() as hub:
        yield hub


@pytest.fixture
def hub(served_hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """The hub, empty, and the clients' settings so that they ask it and read and write nothing else."""
    environment = environment_of(served_hub, tmp_path / "home")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    from huggingface_hub import close_session, constants

    monkeypatch.setattr(constants, "ENDPOINT", served_hub.address)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", environment["HF_TOKEN_PATH"])
    address = served_hub.address
    served_hub.__dict__.update(Hub(address).__dict__)
    yield served_hub
    close_session()


def environment_of(hub: Hub, home: Path) -> dict[str, str]:
    """What tells the clients of both hubs to ask this one, with a home that is the test's."""
    return {
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_TOKEN_PATH": str(home / "hf" / "token"),
        "HF_TOKEN": TOKEN,
        "HF_ENDPOINT": hub.address,
        "HF_HUB_OFFLINE": "0",
        "MODELSCOPE_ENDPOINT": hub.address,
        "MODELSCOPE_HOME": str(home / "ms"),
        "MODELSCOPE_CACHE": str(home / "ms-cache"),
        "MODELSCOPE_API_TOKEN": TOKEN,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, without waiting; ModelScope's client waits by itself too, uncounted."""
    slept: list[float] = []
    monkeypatch.setattr("app.hubs.patience.sleep", slept.append)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return slept
