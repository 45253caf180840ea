"""Ask a real server what nobody would ask, a given number of times: ``make fuzz REQUESTS=20000``.

Half of the requests are made by Hypothesis over all addresses (``asking.py``), half by Schemathesis over
the OpenAPI document. Every fault is told with its address; the exit code is 1 where there is one.
"""

import argparse
import http.client
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from . import odd
from .asking import Answer, Asked, corpus, fault, requests

HERE = Path(__file__).parent
PATIENCE = 120.0  # seconds until the datasets are indexed


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000, help="in all (20,000)")
    parser.add_argument("--seed", type=int, default=1, help="which requests (1)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, served(Path(made)) as (port, log):
        bad = walked(port, asked.requests - asked.requests // 2, asked.seed)
        bad += described(port, asked.requests // 2, asked.seed)
        traces = log.read_text(errors="replace").count("Traceback (most recent")
        print(f"{traces} tracebacks in the server's log")
    sys.exit(bool(bad or traces))


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, Path]]:
    """A server over the odd datasets, all indexed: its port and its log."""
    log = folder / "log"
    paths = [str(each) for each in odd.write(folder)]
    command = [sys.executable, "-m", "app", "serve", *paths, "--port", "0"]
    with log.open("wb") as out:
        process = subprocess.Popen([*command, "--data-dir", str(folder / "data")], stderr=out)
    try:
        yield _ready(log), log
    finally:
        process.terminate()
        process.wait(20)


def _ready(log: Path) -> int:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/", log.read_text(errors="replace")):
            body = answered(int(found[1]), Asked("/api/datasets")).body
            if [each["index"]["state"] for each in json.loads(body)["datasets"]] == ["ready"] * 2:
                return int(found[1])
        time.sleep(0.1)
    raise SystemExit(f"the datasets are not ready: {log.read_text(errors='replace')[-500:]}")


def answered(port: int, asked: Asked) -> Answer:
    """What the server answers; status 0 where the connection breaks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(asked.method, asked.path, headers=dict(asked.headers))
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, answer.read())
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, {}, repr(error).encode())
    finally:
        connection.close()


def walked(port: int, count: int, start: int) -> int:
    """Ask so many requests of Hypothesis; gives how many kinds of faults there were, each told once."""
    texts = corpus()
    print(
        f"{len(texts):,} texts of corpora" if texts else "the corpora are absent: our texts alone"
    )
    statuses: Counter[int] = Counter()
    bad: dict[tuple[str, str], Asked] = {}

    @seed(start)
    @settings(
        max_examples=count,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(texts))
    def ask(request: Asked) -> None:
        if sum(statuses.values()) >= count:
            return
        answer = answered(port, request)
        statuses[answer.status] += 1
        if said := fault(request, answer):
            kind = (said, re.sub(r"\?.*", "", request.path)[:60])
            if kind not in bad or len(request.path) < len(bad[kind].path):
                bad[kind] = request

    ask()
    print(f"{sum(statuses.values()):,} requests of Hypothesis: {dict(sorted(statuses.items()))}")
    for (said, _), request in bad.items():
        print(f"  {said}: {request}")
    return len(bad)


def described(port: int, count: int, start: int) -> int:
    """Have Schemathesis ask at least so many requests; gives 1 where it finds a fault."""
    if importlib.util.find_spec("schemathesis") is None:
        print("schemathesis is not installed (make fuzz does): the OpenAPI document was not walked")
        return 1
    document = json.loads(answered(port, Asked("/openapi.json")).body)
    operations = sum(len(each) for each in document["paths"].values())
    command = [
        *(
            sys.executable,
            "-m",
            "schemathesis.cli",
            "--config-file",
            str(HERE / "schemathesis.toml"),
        ),
        *("run", f"http://127.0.0.1:{port}/openapi.json", "--seed", str(start)),
        *("--max-examples", str(max(1, count // operations)), "--continue-on-failure"),
    ]
    return min(1, subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
