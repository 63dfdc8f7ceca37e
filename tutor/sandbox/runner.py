"""The inside of the sandbox: runs programs and tells what their checks gave. A script of its own.

It is started with `python -I -S`, imports nothing of the tutor, reads one request (JSON) from
standard input and answers with JSON lines on what was standard output. What a program prints goes
elsewhere (standard error), and standard input is empty for it.

Nothing here judges: values go out as they are, and the process outside compares them with the
expected ones, which were sent before the program began. A program that forges a line on the
results' pipe must know the request's token and the right values: who can do that has no need to.
"""

from __future__ import annotations

import builtins
import json
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any, Final

SOURCE: Final = "<your program>"
_MOST_TEXT: Final = 300
_MOST_NUMBERS: Final = 10_000
_MOST_KINDS: Final = 50
_DEEPEST_NAMES: Final = 2_000
_DIE_WITH_PARENT, _NO_NEW_PRIVILEGES = 1, 38
_FILE_RIGHTS, _READ_FILE, _READ_FOLDER, _BENEATH = 0x1FFF, 4, 8, 1
_CAPABILITIES, _READ_ANYTHING = 0x20080522, 4
_ALLOW_ONLY, _EVERY_THREAD = 1, 1
"""Of `prctl`, of Landlock, of `capset` and of `seccomp`."""


class _Answers:
    """The pipe for results. What it needs is taken before any program can change it."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._pipe = os.dup(1)
        os.dup2(2, 1)
        self._write, self._dumps = os.write, json.dumps

    def send(self, **told: Any) -> None:
        line = self._dumps({"token": self._token, **told}).encode() + b"\n"
        while line:
            line = line[self._write(self._pipe, line) :]


class _Kept:
    """Python's and NumPy's own functions, put back whatever a program made of them."""

    def __init__(self, numpy: Any) -> None:
        self._rooms = [(vars(module), dict(vars(module))) for module in (builtins, numpy)]

    def restore(self) -> None:
        for room, own in self._rooms:
            room.update(own)


class _Runner:
    def __init__(self, request: Mapping[str, Any], answers: _Answers) -> None:
        import numpy as np  # noqa: PLC0415 — found by the path that the request brings

        self._answers = answers
        self._seconds: float = request["seconds"]
        self._numpy = np
        self._asarray = np.asarray
        self._numeric = (bool, int, float, list, tuple, np.ndarray, np.generic)
        self._kept = _Kept(np)

    def run(self, number: int, program: Mapping[str, Any]) -> None:
        """Run one program with its checks."""
        self._answers.send(do="begin", program=number)
        try:
            namespace = self._given(program["setup"])
            for check in program["checks"]:
                values = [self._eval(text, namespace) for text in (check[1], *check[2])]
                expected, *misses = (self._told(value) for value in values)
                self._answers.send(do="expect", expected=expected, misses=misses)
            namespace = self._given(program["setup"])
        except BaseException as error:
            self._answers.send(do="broken", fault=self._fault(error, {}))
            return
        self._start_clock()
        try:
            exec(compile(program["source"], SOURCE, "exec"), namespace)  # noqa: S102 — what it is for
        except BaseException as error:
            self._tell_fault(error, namespace, of="program")
        else:
            for check in program["checks"]:
                self._check(check[0], namespace)
        self._stop_clock()
        self._flush()
        self._answers.send(do="end")

    def _check(self, call: str, namespace: dict[str, Any]) -> None:
        self._kept.restore()
        try:
            value = self._eval(call, namespace)
            self._kept.restore()
            told = self._told(value)
        except BaseException as error:
            self._tell_fault(error, namespace, of="check")
        else:
            self._answers.send(do="value", value=told)

    def _given(self, setup: str) -> dict[str, Any]:
        """Return the names that a program finds: NumPy and what the lesson's setup defines."""
        namespace: dict[str, Any] = {
            "__name__": "__main__",
            "np": self._numpy,
            "array": self._numpy.array,
        }
        exec(compile(setup, "<setup>", "exec"), namespace)  # noqa: S102 — the lesson's own
        return namespace

    def _eval(self, text: str, namespace: dict[str, Any]) -> Any:
        return eval(compile(text.strip(), "<check>", "eval"), namespace)  # noqa: S307 — as above

    def _told(self, value: Any) -> dict[str, Any]:
        """Return a value as plain JSON."""
        told: dict[str, Any] = {
            "kind": type(value).__name__[:_MOST_TEXT],
            "text": repr(value)[:_MOST_TEXT],
        }
        if not isinstance(value, self._numeric):
            return told
        try:
            array = self._asarray(value)
        except (ValueError, OverflowError):
            return told  # rows of different lengths
        if array.dtype.kind in "biuf":
            told |= {"shape": list(array.shape), "dtype": str(array.dtype)}
            if array.size <= _MOST_NUMBERS:
                told["numbers"] = array.astype(float).ravel().tolist()
        return told

    def _tell_fault(self, error: BaseException, namespace: Mapping[str, Any], *, of: str) -> None:
        self._kept.restore()
        self._answers.send(do="fault", of=of, fault=self._fault(error, namespace))

    def _fault(self, error: BaseException, namespace: Mapping[str, Any]) -> dict[str, Any]:
        frames = list(traceback.walk_tb(error.__traceback__))
        lines = [line for frame, line in frames if frame.f_code.co_filename == SOURCE]
        line = lines[-1] if lines else None
        if isinstance(error, SyntaxError) and error.filename == SOURCE:
            line = error.lineno
        text = error.msg if isinstance(error, SyntaxError) else _text_of(error)
        name = getattr(error, "name", None)
        if not isinstance(error, NameError | AttributeError) or not isinstance(name, str):
            name = None
        known: list[str] = []
        if name and isinstance(error, AttributeError):
            known = dir(error.obj)
        elif name:
            known = [*namespace, *vars(builtins)]
            known += [n for frame, _ in frames[-1:] for n in frame.f_locals]
        return {
            "kinds": [
                each.__name__[:_MOST_TEXT] for each in type(error).__mro__[:-2][:_MOST_KINDS]
            ],
            "text": text[:_MOST_TEXT],
            "line": line,
            "name": name and name[:_MOST_TEXT],
            "near": name and _nearest(name, known),
        }

    def _start_clock(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._late)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def _stop_clock(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _late(self, _signal: int, frame: FrameType | None) -> None:
        """Tell where the program is, and end it: nothing can catch this."""
        self._kept.restore()
        while frame is not None and frame.f_code.co_filename != SOURCE:
            frame = frame.f_back
        self._flush()
        self._answers.send(do="late", line=frame.f_lineno if frame else None)
        os._exit(0)

    def _flush(self) -> None:
        with suppress(Exception):
            sys.stdout.flush()


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _nearest(name: str, known: Iterable[object]) -> str | None:
    """Return the known name most like an unknown one."""
    from difflib import get_close_matches  # noqa: PLC0415 — only a fault pays for it

    names = [each for each in known if isinstance(each, str) and each != name]
    near = get_close_matches(name, names[:_DEEPEST_NAMES], 1, 0.6)
    return near[0][:_MOST_TEXT] if near else None


def _told_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,  # noqa: ARG001 — the signature of `warnings`
) -> str:
    """Return a warning as it is printed: with the program's line, or with no place but ours."""
    where = f"{filename}:{lineno}: " if filename == SOURCE else ""
    return f"{where}{category.__name__}: {message}\n"


def _limit(limits: Mapping[str, int]) -> None:
    """Take from this process, for good, what a program has no need of."""
    try:
        import resource  # noqa: PLC0415 — Windows has none
    except ImportError:
        return
    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is not None:
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))
    if hasattr(signal, "SIGXFSZ"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


class _Kernel:
    """What a process of Linux may give up, for good, without being root."""

    def __init__(self) -> None:
        import ctypes  # noqa: PLC0415 — may be missing; NumPy has loaded it where it is not

        self._ctypes = ctypes
        self._library = ctypes.CDLL(None, use_errno=True)

    def shut_in(self, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Give up what is asked for; yield what could not be, and why."""
        self._call("prctl", _DIE_WITH_PARENT, int(signal.SIGKILL), 0, 0, 0)
        self._call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        for layer in ("files", "calls"):
            try:
                if layer in given:
                    getattr(self, f"_only_{layer}")(given[layer])
            except OSError as error:
                yield layer, str(error)

    def _only_files(self, paths: Iterable[str]) -> None:
        """See these files and folders alone (Landlock), each for reading."""
        rules = self._call("syscall", 444, _number(_FILE_RIGHTS), 8, 0)
        for path in paths:
            with suppress(FileNotFoundError, NotADirectoryError):
                place = os.open(path, os.O_PATH | os.O_CLOEXEC)
                rights = _READ_FILE | _READ_FOLDER if os.path.isdir(path) else _READ_FILE  # noqa: PTH112 — as above
                rule = _number(rights) + _number(place)[:4]
                self._call("syscall", 445, rules, _BENEATH, rule, 0)
                os.close(place)
        self._call("syscall", 446, rules, 0)
        os.close(rules)

    def _only_calls(self, given: Sequence[Any]) -> None:
        """Make these system calls alone, with no right that root has but to read."""
        seccomp, instructions = given
        header, held = _number(_CAPABILITIES), self._ctypes.create_string_buffer(24)
        self._call("capget", header, held)
        kept = bytes([held.raw[4] & _READ_ANYTHING, *bytes(3)])
        self._call("capset", header, kept * 2 + bytes(16))
        program = self._ctypes.create_string_buffer(bytes.fromhex(instructions))
        count = len(instructions) // 16
        place = self._ctypes.addressof(program)
        self._call("syscall", seccomp, _ALLOW_ONLY, _EVERY_THREAD, _number(count) + _number(place))

    def _call(self, name: str, *arguments: Any) -> int:
        wide = (self._ctypes.c_long(each) if isinstance(each, int) else each for each in arguments)
        result: int = getattr(self._library, name)(*wide)
        if result < 0:
            number = self._ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result


def _number(value: int) -> bytes:
    return value.to_bytes(8, sys.byteorder)


def _shut_in(given: Mapping[str, Any]) -> dict[str, str]:
    """Give up all that is asked for; return what could not be, with the reasons."""
    if not given:
        return {}
    try:
        return dict(_Kernel().shut_in(given))
    except (ImportError, AttributeError, OSError) as error:  # no ctypes, no such function
        return dict.fromkeys(given, str(error))


def _watch_memory(most: int, answers: _Answers) -> None:
    """End the process once it takes too much, where the system does not limit it (macOS)."""
    import threading  # noqa: PLC0415 — only here

    def watch() -> None:
        while _memory_in_use() < most:
            time.sleep(0.05)
        answers.send(do="memory")
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _memory_in_use() -> int:
    """Return the bytes that this process holds now; on macOS, the most that it ever held.

    Linux counts to the most what the process that began this one held before it: so not there.
    """
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 — pathlib is not loaded here
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource  # noqa: PLC0415 — Windows has none, and does not come here

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    """Answer one request; a number names the open file of the control group to be in."""
    for group in map(int, filter(str.isdigit, sys.argv[1:])):
        os.write(group, b"0")
        os.close(group)
    request = json.loads(sys.stdin.buffer.read())
    answers = _Answers(request["token"])
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115 — for as long as the process lives
    sys.stderr = sys.stdout
    sys.path.extend(request["path"])
    if request["watch"]:
        _watch_memory(request["watch"], answers)
    warnings.formatwarning = _told_warning
    sys.excepthook = lambda *_: None  # what a program broke here is no error of its own lines
    vars(builtins).update(exit=sys.exit, quit=sys.exit)  # as Python's own start would
    runner = _Runner(request, answers) if request["programs"] else None
    _limit(request["limits"])
    lacks = _shut_in(request["shut_in"])
    answers.send(do="ready", lacks=lacks)
    leave = os._exit
    if lacks or runner is None:  # nothing of a learner's is begun, or it was a trial
        leave(len(lacks))
    try:
        for number, program in enumerate(request["programs"]):
            runner.run(number, program)
    except BaseException:  # a program broke what we tell by, and our traceback helps nobody
        leave(1)
    leave(0)  # no thread of a program keeps this process


if __name__ == "__main__":
    main()
