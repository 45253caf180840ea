"""The README against the program: its commands, options, addresses, parameters and signals."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.conversations.reasoning import KINDS
from app.conversations.signals.table import BY_NAME
from app.demo import write
from app.export.file_types import TYPES
from app.export.options import REASONINGS, SHAPES
from app.library import Library
from app.main import ROUTERS, create_app
from app.search.request.faults import FAULTS
from app.web.address import PARAMETERS
from app.web.conversation.marks import MARKS
from app.web.keys import KEYS
from app.web.search_box import OPERATORS

from . import forked

# Addresses that pages and browsers ask for by themselves, and that of all unknown ones.
OWN = {
    "/api/datasets/{name}/downloads/{identity}",
    "/api/{rest:path}",
    "/datasets/{name}/progress",
    "/favicon.ico",
    "/logout",
}
README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def table(heading: str) -> list[str]:
    """The first cells of the table below the line that begins so."""
    rows = README[README.index(heading) :].split("\n")
    found = []
    for row in rows:
        if row.startswith("|"):
            found.append(row.split("|")[1].strip())
        elif found:
            break
    return found[2:]


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = tmp_path_factory.mktemp("readme")
    write(folder / "demo.parquet")
    library = Library(Settings(data_dir=folder / "index"), [str(folder / "demo.parquet")])
    library.prepare_all(lambda entry: None)
    return TestClient(create_app(library.settings, library), base_url="http://localhost")


def run(*arguments: str) -> str:
    found = forked.text(forked.run(*arguments))
    assert found.returncode == 0
    return found.stdout


def test_the_commands_are_those_of_the_program() -> None:
    named = [codes(cell)[0].split()[1] for cell in table("| command | does |")]
    listed = re.findall(r"^  (\w+)  ", run("--help").split("Commands:")[1], re.MULTILINE)
    assert sorted(named) == sorted(listed)


@pytest.mark.parametrize("cell", table("| command | does |"))
def test_the_options_of_a_command_exist(cell: str) -> None:
    name = codes(cell)[0].split()[1]
    row = next(line for line in README.splitlines() if line.startswith(f"| `thinklens {name}"))
    offered = run(name, "--help")
    for option in re.findall(r"(?<!\w)(--?[a-z][a-z-]*)", row):
        assert option in offered


def test_the_options_of_serve_are_told() -> None:
    for option in re.findall(r"--[a-z-]+", run("serve", "--help")):
        assert option in README or option == "--help"


def test_every_address_answers(client: TestClient) -> None:
    for cell in table("| address | shows |"):
        for address in codes(cell):
            path = address.replace("{name}", "demo").replace("{row}", "3").replace("{other}", "4")
            path = path.replace("{file}", "faults.csv")
            assert client.get(path).status_code == 200, address


def test_the_addresses_are_those_of_the_program(client: TestClient) -> None:
    told = {address for cell in table("| address | shows |") for address in codes(cell)}
    served = {route.path for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    assert served - told == OWN, "the table below Addresses"


def test_the_parameters_are_those_of_the_program() -> None:
    told = {name for cell in table("| parameter | meaning |") for name in codes(cell)}
    assert told == set(PARAMETERS)


def test_the_file_types_are_those_of_the_program() -> None:
    told = [name for cell in table("| file | is |") for name in codes(cell)]
    assert sorted(told) == sorted(f".{name}" for name in TYPES)


def test_the_shapes_and_what_becomes_of_reasoning_are_those_of_the_program() -> None:
    assert [name for cell in table("| shape | a record |") for name in codes(cell)] == list(SHAPES)
    for parameter, names in (("shape", list(SHAPES)), ("reasoning", list(REASONINGS))):
        row = next(line for line in README.splitlines() if line.startswith(f"| `{parameter}` |"))
        assert set(names) <= set(codes(row))


def test_the_signals_and_traces_are_those_of_the_program() -> None:
    assert {n for c in table("| signal | rule |") for n in codes(c)} == set(BY_NAME)
    assert {n for c in table("| trace | means |") for n in codes(c)} == set(KINDS)


def test_the_faults_are_those_of_the_program() -> None:
    section = README[README.index("| fault | filter |") :]
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", section.split("\n\n")[0], re.MULTILINE)
    assert rows == [
        (f"{each.name}{more}", f"{each.sign}{each.field}{more.lstrip('.')}:{each.condition}")
        for each in FAULTS
        for more in [".NAME" if each.field.endswith(".") else ""]
    ]


@pytest.mark.parametrize("cell", table("| filter | keeps"))
def test_the_filters_work_on_the_demonstration_data(client: TestClient, cell: str) -> None:
    found = client.get("/api/datasets/demo/search", params={"filter": codes(cell)[0]}).json()
    assert 0 < found["total"] < 97


def test_the_search_language_is_that_of_the_help_panel() -> None:
    section = README[README.index("### Search language") :]
    lines = [f"| `{each.example}` | {each.meaning} |" for each in OPERATORS]
    assert "| type | finds |\n|---|---|\n" + "\n".join(lines) in section


def test_the_marks_of_a_trace_are_those_of_the_pages() -> None:
    assert table("| mark | a paragraph that |") == [kind.title for kind in MARKS.values()]
    assert all(f"| {kind.title} | {kind.meaning} |" in README for kind in MARKS.values())


def test_the_picture_is_there() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (Path(__file__).parent.parent / path).is_file()


def test_the_keys_are_those_of_the_pages() -> None:
    told = [codes(cell) for cell in table("| key | does |")]
    assert told == [list(key.shown) for key in KEYS]
