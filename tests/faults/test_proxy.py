"""Behind nginx, below a path of its own, as the README configures it: pages, files, API, exports, login."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest

ROOT = Path(__file__).parents[2]
FRONT = "/team/lens"
LONG = f"{FRONT}/datasets/long"
SECRET = "a-secret-of-the-test"
ROWS, LENGTH = 300, 100_000  # 30 MB: more than what the sockets between both ends take
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
AS_ROOT = "user root; " if os.geteuid() == 0 else ""  # else its worker may not write here
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, make_parquet: Callable[..., Path]
) -> Iterator[int]:
    """The program below a path, with a token; gives its port."""
    folder = tmp_path_factory.mktemp("served")
    rows = [{"prompt": f"question {n}", "response": "a" * LENGTH} for n in range(ROWS)]
    path = make_parquet(folder / "long.parquet", rows)
    (folder / "tokens").write_text(f"ann:read:{SECRET}\n")
    (folder / "tokens").chmod(0o600)
    command = [sys.executable, "-m", "app", "serve", path, "--data-dir", folder / "data"]
    command += ["--port", "0", "--root-path", FRONT, "--tokens", folder / "tokens"]
    with subprocess.Popen(
        list(map(str, command)), cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            found = (
                re.search(r"http://127\.0\.0\.1:(\d+)/team/lens/ ", each) for each in process.stderr
            )
            yield int(next(filter(None, found))[1])
        finally:
            process.kill()


def sample(port: int) -> str:
    """The README's configuration, with the port of a server."""
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1].replace("127.0.0.1:8000", f"127.0.0.1:{port}")


@contextmanager
def listening(folder: Path, location: str) -> Iterator[int]:
    """nginx as an ordinary process over a folder; it takes a socket over that is bound here, so that nobody
    else has its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        kept = "".join(
            f"{each}_temp_path {folder}/{each};\n"
            for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; {AS_ROOT}pid {folder}/pid; error_log {folder}/log warn;\n"
            f"events {{}}\nhttp {{ access_log off; {kept}\n"
            f"server {{ listen 127.0.0.1:{port};\n{location}\n}} }}\n"
        )
        command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]
        command += ["-e", str(folder / "log")]
        taken = {"NGINX": f"{listener.fileno()};", "PATH": os.environ["PATH"]}
        process = subprocess.Popen(
            command, env=taken, pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL
        )
    try:  # what is asked before it is up waits in the socket
        yield port
    finally:
        process.terminate()  # and its worker with it
        process.wait(10)


@pytest.fixture(scope="module")
def proxied(
    server: int, tmp_path_factory: pytest.TempPathFactory, wait_for: Callable[..., None]
) -> Iterator[tuple[int, Path]]:
    """The port of nginx in front of the program, and where it logs; all of the dataset is ready."""
    folder = tmp_path_factory.mktemp("nginx")
    with listening(folder, sample(server)) as port:

        def ready() -> bool:
            answer, body = ask(port, f"{FRONT}/api/datasets", Authorization=f"Bearer {SECRET}")
            return (
                answer.status == 200
                and json.loads(body)["datasets"][0]["index"]["state"] == "ready"
            )

        wait_for(ready)
        yield port, folder / "log"


def ask(
    port: int, path: str, method: str = "GET", body: str = "", **headers: str
) -> tuple[HTTPResponse, bytes]:
    """An answer, and its body."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    if body:
        said["Content-Type"] = "application/x-www-form-urlencoded"
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, path, body or None, said)
        answer = connection.getresponse()
        return answer, answer.read()


def log_in(port: int, wanted: str = "", **headers: str) -> HTTPResponse:
    said = {"Origin": f"http://127.0.0.1:{port}", **headers}
    body = f"token={SECRET}&next={quote(wanted, safe='')}"
    return ask(port, f"{FRONT}/login", "POST", body, **said)[0]


def test_a_reader_is_led_to_the_login_and_back(proxied: tuple[int, Path]) -> None:
    port, _ = proxied
    wanted = "/datasets/long?q=question&page=2"
    asked, _ = ask(port, FRONT + wanted)
    login = f"{FRONT}/login?next={quote(wanted, safe='')}"
    assert (asked.status, asked.getheader("Location")) == (303, login)
    form, page = ask(port, login)
    assert form.status == 200
    assert f'action="{FRONT}/login"' in page.decode()
    answer = log_in(port, wanted)
    assert (answer.status, answer.getheader("Location")) == (303, FRONT + wanted)
    assert f"; Path={FRONT}; " in (answer.getheader("Set-Cookie") or "")
    foreign = log_in(port, Origin="http://127.0.0.1:1")
    assert (foreign.status, foreign.getheader("Set-Cookie")) == (403, None)


def test_all_addresses_of_its_pages_answer_below_it(proxied: tuple[int, Path]) -> None:
    port, _ = proxied
    cookie = (log_in(port).getheader("Set-Cookie") or "").partition(";")[0]
    asked, files = [f"{FRONT}/", LONG, f"{LONG}/conversations/3"], set()
    for path in asked:
        answer, page = ask(port, path, Cookie=cookie)
        assert answer.status == 200, path
        links = re.findall(r'(?:href|src)="(/[^"#]*)', page.decode())
        assert [each for each in links if not each.startswith(f"{FRONT}/")] == []
        files |= {each for each in links if "/static/" in each}
        assert f'action="{FRONT}/logout"' in page.decode()
    assert len(files) > 20
    for path in map(unescape, files):
        assert ask(port, path)[0].status == 200, path
    assert ask(port, f"{FRONT}/healthz")[1] == b"ok\n"


def test_redirects_stay_below_it(proxied: tuple[int, Path]) -> None:
    port, _ = proxied
    cookie = (log_in(port).getheader("Set-Cookie") or "").partition(";")[0]
    for path, status, led in (
        (FRONT, 301, f"{FRONT}/"),
        (f"{FRONT}/docs/", 307, f"{FRONT}/docs"),
        (f"{FRONT}/favicon.ico", 308, f"{FRONT}/static/icon.svg"),
        (f"{LONG}?from.turns=1", 303, f"{LONG}?filter=turns%3A1.."),
        (f"{LONG}/export/file?type=csv", 303, f"{FRONT}/api/datasets/long/export.csv"),
    ):
        answer, _ = ask(port, path, Cookie=cookie)
        found = (answer.getheader("Location") or "").removeprefix(f"http://127.0.0.1:{port}")
        assert (answer.status, found) == (status, led)
    out, _ = ask(port, f"{FRONT}/logout", "POST", Cookie=cookie)
    assert (out.status, out.getheader("Location")) == (303, f"{FRONT}/login")
    assert f"Max-Age=0; Path={FRONT}; " in (out.getheader("Set-Cookie") or "")


def test_programs_are_answered_below_it(proxied: tuple[int, Path]) -> None:
    port, _ = proxied
    path = f"{FRONT}/api/datasets/long/search?q=question"
    answer, body = ask(port, path)
    assert (answer.status, answer.getheader("WWW-Authenticate")) == (
        401,
        'Bearer realm="Thinklens"',
    )
    assert json.loads(body)["code"] == "no_token"
    answer, body = ask(port, path, Authorization=f"Bearer {SECRET}")
    assert (answer.status, json.loads(body)["total"]) == (200, ROWS)
    _, body = ask(port, f"{FRONT}/openapi.json", Authorization=f"Bearer {SECRET}")
    assert json.loads(body)["servers"] == [{"url": FRONT}]


def test_an_export_is_not_gathered_by_nginx(
    proxied: tuple[int, Path], wait_for: Callable[..., None]
) -> None:
    """While nobody takes it the server stands still: nothing between both has all of it."""
    port, log = proxied
    held = {"Authorization": f"Bearer {SECRET}"}
    path = f"{FRONT}/api/datasets/long"
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", f"{path}/export.jsonl?download=slow", headers=held)
        answer = connection.getresponse()
        said: list[dict[str, object]] = [{}]

        def stands() -> bool:
            said.append(json.loads(ask(port, f"{path}/downloads/slow", **held)[1]))
            return said[-1] == said[-2] or said[-1]["state"] == "done"

        wait_for(stands)
        assert said[-1]["state"] == "writing"
        lines = answer.read().splitlines()
    assert [json.loads(line)["prompt"] for line in lines] == [f"question {n}" for n in range(ROWS)]
    assert answer.getheader("X-Accel-Buffering") is None  # taken by nginx
    assert "buffered to a temporary file" not in log.read_text()


def test_an_export_that_breaks_off_is_no_whole_one(
    proxied: tuple[int, Path], wait_for: Callable[..., None]
) -> None:
    port, _ = proxied
    held = {"Authorization": f"Bearer {SECRET}"}
    path = f"{FRONT}/api/datasets/long"
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as taker:
        asked = f"GET {path}/export.jsonl?download=cut HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        taker.sendall(f"{asked}Authorization: Bearer {SECRET}\r\n\r\n".encode())
        got = taker.recv(1000)
        assert ask(port, f"{path}/downloads/cut", "DELETE", **held)[0].status == 200
        while piece := taker.recv(2**20):
            got += piece
    head, _, body = got.partition(b"\r\n\r\n")  # a head may end with a 0 too
    assert b"chunked" in head
    assert not body.endswith(b"0\r\n\r\n")


def test_it_is_told_who_asks_and_how(proxied: tuple[int, Path], server: int) -> None:
    """What a proxy says decides whose tries are counted, and whether a cookie is for TLS alone."""
    port, _ = proxied
    path, right = f"{FRONT}/api/datasets", f"Bearer {SECRET}"
    wrong = (f"Bearer wrong-secret-{number}" for number in range(50))
    told = (ask(server, path, X_Forwarded_For="192.0.2.7", Authorization=each)[0] for each in wrong)
    refused = next(each for each in told if each.status == 429)
    assert 0 < int(refused.getheader("Retry-After") or 0) <= 6
    assert ask(port, path, Authorization=right)[0].status == 200
    assert "Secure" not in (log_in(port).getheader("Set-Cookie") or "")
    answer = log_in(server, Origin=f"https://127.0.0.1:{server}", X_Forwarded_Proto="https")
    assert "; Secure" in (answer.getheader("Set-Cookie") or "")
