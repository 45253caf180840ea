"""Modules out of others' wheels, alone: what they import and are not asked for is a stand-in. The wheels
are unpacked, never installed, so that torch is not needed.
"""

import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

import pytest

WHEELS = Path(__file__).resolve().parents[2] / ".venv-loaders" / "wheels"


def unpacked(name: str, folder: Path) -> Path:
    """The files of a wheel, in a folder. Skips the test where the wheel was not fetched."""
    found = sorted(WHEELS.glob(f"{name}-*.whl"))
    if not found:
        pytest.skip(f"no wheel of {name}: make loaders fetches it")
    with ZipFile(found[-1]) as wheel:
        wheel.extractall(folder / name)
    return folder / name


def stand_in(name: str, **members: Any) -> None:
    """A module with some members and no code."""
    module = ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def package(name: str, folder: Path) -> None:
    """A package whose modules can be imported, without what its own ``__init__`` does."""
    module = ModuleType(name)
    module.__path__ = [str(folder)]
    sys.modules[name] = module


class Said:
    """A logger that counts."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()

    def __getattr__(self, level: str) -> Any:
        return lambda text, *rest: self.count.update([str(text)[:40]])


def llama_factory(folder: Path) -> tuple[Any, Any]:
    """LLaMA-Factory's modules ``parser`` and ``converter``."""
    root = unpacked("llamafactory", folder) / "llamafactory"
    package("llamafactory", root)
    package("llamafactory.data", root / "data")
    logging = ModuleType("llamafactory.extras.logging")
    logging.get_logger = lambda name: Said()  # type: ignore[attr-defined]
    stand_in("llamafactory.extras", logging=logging)
    stand_in("llamafactory.extras.logging", get_logger=lambda name: Said())
    stand_in("llamafactory.extras.constants", DATA_CONFIG="dataset_info.json")
    stand_in("llamafactory.extras.misc", use_modelscope=bool, use_openmind=bool)
    return import_module("llamafactory.data.parser"), import_module("llamafactory.data.converter")


def oumi_conversation(folder: Path) -> Any:
    """Oumi's class ``Conversation``."""
    root = unpacked("oumi", folder) / "oumi"
    for name, place in (
        ("oumi", root),
        ("oumi.core", root / "core"),
        ("oumi.core.types", root / "core" / "types"),
    ):
        package(name, place)
    for name in ("transformers", "transformers.utils"):
        stand_in(name)
    stand_in("transformers.utils.chat_template_utils", get_json_schema=None)
    return import_module("oumi.core.types.conversation").Conversation


def chat_templates(folder: Path) -> dict[str, str]:
    """The chat templates of TRL, by their names."""
    root = unpacked("trl", folder)
    return {each.stem: each.read_text("utf-8") for each in sorted(root.rglob("*.jinja"))}
