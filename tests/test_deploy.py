"""What runs it for a team: the compose file, the unit and the image say what the program takes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "thinklens.service").read_text("utf-8")


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return made


@pytest.fixture(scope="module")
def offered() -> set[str]:
    """The options of ``thinklens serve``."""
    command = [sys.executable, "-m", "app", "serve", "--help"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"--[a-z-]+", said))


def options(words: list[str]) -> set[str]:
    return {each for each in words if each.startswith("--")}


def started() -> list[str]:
    line = next(each for each in UNIT.splitlines() if each.startswith("ExecStart="))
    return line.removeprefix("ExecStart=").split()


def test_the_options_are_those_of_the_program(composed: dict[str, Any], offered: set[str]) -> None:
    command = composed["services"]["thinklens"]["command"]
    for words in (command, started()[1:]):
        assert words[0] == "serve"
        assert options(words) <= offered
        assert {"--tokens", "--datasets", "--allow-host", "--log"} <= options(words)


def test_the_container_can_write_to_its_index_alone(composed: dict[str, Any]) -> None:
    service = composed["services"]["thinklens"]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] == "10001"
    mounted = [each.rpartition("}")[2] or each for each in service["volumes"]]
    assert mounted == [":/data:ro", "index:/index"]
    assert "ports" not in service  # the proxy alone reaches it
    assert service["networks"] == ["inside"]
    assert composed["networks"]["inside"] == {"internal": True}
    assert set(composed["services"]["proxy"]["networks"]) == {"inside", "outside"}


def test_what_is_named_is_there(composed: dict[str, Any]) -> None:
    for service in composed["services"].values():
        for each in service["volumes"]:
            source = each.split(":")[0]
            assert source in composed["volumes"] or source.startswith(("${", "./"))
            assert not source.startswith("./") or (DEPLOY / source).is_file()
    assert composed["services"]["thinklens"]["secrets"] == list(composed["secrets"])
    assert (DEPLOY / composed["services"]["thinklens"]["build"] / "Dockerfile").is_file()


def test_the_image_runs_as_a_user_without_rights_and_is_asked_whether_it_lives() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert "--uid 10001" in text
    assert re.search(r"^USER thinklens$", text, re.MULTILINE)
    assert "/healthz" in text[text.index("HEALTHCHECK") :]
    images = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    composed = re.findall(r"image: (\S+)", (DEPLOY / "compose.yaml").read_text("utf-8"))
    assert [each for each in (*images, *composed) if "/" in each or "latest" in each] == []


def test_the_proxy_gives_tls_and_keeps_the_counts_inside() -> None:
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert "reverse_proxy thinklens:8000" in text
    assert "respond /metrics 404" in text
    assert text.count("{") == text.count("}")


def test_the_unit_has_no_rights() -> None:
    said = dict(each.split("=", 1) for each in UNIT.splitlines() if "=" in each and each[0] != "#")
    assert said["DynamicUser"] == said["NoNewPrivileges"] == said["ProtectHome"] == "yes"
    assert said["ProtectSystem"] == "strict"
    assert said["CapabilityBoundingSet"] == ""
    assert float(said["TimeoutStopSec"]) > 10  # a server ends in ten seconds by itself
    assert said["LoadCredential"].split(":")[0] == "tokens"


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not on this machine: its unit was not tried")
    made = tmp_path / "thinklens.service"
    made.write_text(UNIT.replace(started()[0], sys.executable))
    tried = subprocess.run(
        ["systemd-analyze", "verify", str(made)], capture_output=True, text=True, check=False
    )
    own = [each for each in tried.stderr.splitlines() if "thinklens" in each]
    assert own == []


def test_the_documents_say_what_is_promised_and_how_to_report() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "What is promised",
        "What is not",
        "How to report",
    ]
    assert "@" not in text
    for name in re.findall(
        r"(thinklens_\w+?|process_\w+)(?=`)", (DEPLOY / "README.md").read_text()
    ):
        base = name.removesuffix("_total")
        source = (ROOT / "app/web/metrics.py").read_text("utf-8")
        assert f'"{base}"' in source or base.startswith("process_"), name
