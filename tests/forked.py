"""The program in a process of its own whose modules are imported already: ``run`` is as ``python -m app``,
with exit code and streams, in a tenth of its time.

One process imports the program, once, and forks for each run; it has no threads, so that what is forked
is whole. How the program starts from nothing is asked by the tests that name ``python -m app`` themselves.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 120.0  # seconds of a run; only ends a hang
MOST = 1 << 20  # bytes of a request

Result = subprocess.CompletedProcess[bytes]


class Program:
    """The process that forks, and the end of the socket at which it is asked."""

    def __init__(self) -> None:
        self._asked, given = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with given:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(given.fileno())],
                cwd=ROOT, pass_fds=[given.fileno()], start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        self._asked.settimeout(LIMIT)

    def run(self, arguments: list[str], env: Mapping[str, str], script: str) -> Result:
        """Run a command to its end, with this environment, or the script in its place."""
        request = json.dumps([script, arguments, dict(env)]).encode()
        (out, to_out), (err, to_err) = os.pipe(), os.pipe()
        with ThreadPoolExecutor(2) as pool:
            read = [pool.submit(_whole, end) for end in (out, err)]
            try:
                socket.send_fds(self._asked, [request], [to_out, to_err])
            finally:
                os.close(to_out)
                os.close(to_err)
            try:
                code = int(self._asked.recv(20))
            except TimeoutError:
                self.close()
                raise
            return subprocess.CompletedProcess(arguments, code, *(each.result() for each in read))

    def close(self) -> None:
        """End it with all that it forked."""
        self._asked.close()
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


_program: list[Program] = []


def run(*arguments: object, env: Mapping[str, str] | None = None, script: str = "") -> Result:
    """What a command gave: ``env`` in place of this process's environment. A script does what it likes
    with the program's modules first, and calls its ``main`` itself."""
    if not _program:
        _program.append(Program())
    return _program[0].run([*map(str, arguments)], os.environ if env is None else env, script)


def end() -> None:
    """End the process that forks, if there is one."""
    while _program:
        _program.pop().close()


def text(found: Result) -> subprocess.CompletedProcess[str]:
    """The same with its streams as text."""
    return subprocess.CompletedProcess(
        found.args, found.returncode, found.stdout.decode(), found.stderr.decode()
    )


def _whole(descriptor: int) -> bytes:
    with open(descriptor, "rb") as file:
        return file.read()


def _serve(asked: socket.socket) -> None:
    """Fork for each request, and tell how that ended: as ``subprocess`` has it, less than 0 by a signal."""
    main = _imported()
    while True:
        request, descriptors, _, _ = socket.recv_fds(asked, MOST, 2)
        if not request:
            return  # who asked has ended
        child = os.fork()
        if not child:
            asked.close()
            os.setsid()
            script, arguments, env = json.loads(request)
            _become(arguments, env, descriptors)
            exec(script, {"__name__": "__main__"}) if script else main()
        for each in descriptors:
            os.close(each)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        asked.send(str(code).encode())


def _imported() -> Callable[[], None]:
    """The program's ``main``; the workers of builds are told to begin as those of ``python -m app`` do."""
    import app.__main__
    import app.cli
    import app.export.job
    import app.index.build
    import app.main  # noqa: F401

    sys.modules["__main__"] = app.__main__
    gc.freeze()  # what a collection passes over is not copied
    return app.cli.main


def _become(arguments: list[str], env: dict[str, str], descriptors: list[int]) -> None:
    """Take the streams, the arguments and the environment of the run."""
    for stream, descriptor in enumerate(descriptors, start=1):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.argv[:] = [str(ROOT / "app" / "__main__.py"), *arguments]


if __name__ == "__main__":
    with closing(socket.socket(fileno=int(sys.argv[1]))) as end_of_it:
        _serve(end_of_it)
