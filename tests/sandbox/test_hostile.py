"""Hostile programs, each really run: stopped, explained, and nothing outside them is harmed."""

from __future__ import annotations

import os
import re
import socket
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from platform import machine

import pytest

from tests.lesson.test_code_grading import STEP
from tests.sandbox.programs import (
    EACH_PROTECTION,
    EACH_WALL,
    PATIENT,
    SHORT,
    SQUARE,
    fault_of,
    is_right,
    outcome,
)
from tutor.i18n import render
from tutor.lesson.code_grading import grade_code
from tutor.lesson.programs import Program
from tutor.sandbox.protection import plain_protection
from tutor.sandbox.run import Limits, run_all


def descendants() -> set[int]:
    """Return the processes that this one, or one that it started, has started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            after_name = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
            parents[int(folder.name)] = int(after_name[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


@EACH_PROTECTION
@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("while True:\n    pass\n", (1, 2)),
        ("x = 1\nimport time\ntime.sleep(1000)\n", (3,)),
        ("try:\n    while True: pass\nexcept BaseException:\n    pass\nwhile True: pass\n", (2,)),
    ],
    ids=["loops", "sleeps with the pipe open", "catches everything"],
)
def test_a_program_without_an_end_is_stopped_and_its_line_told(source, line, protected):
    stopped = outcome(source, SHORT, protected)
    assert "time" == stopped.end
    assert stopped.line in line


@EACH_PROTECTION
def test_a_loop_inside_a_check_is_stopped_in_its_line(protected):
    stopped = outcome("def square(x):\n    while True: x += 1\n", SHORT, protected)
    assert ("time", 2) == (stopped.end, stopped.line)


@EACH_PROTECTION
def test_a_program_that_turns_the_alarm_off_is_killed_all_the_same(protected):
    source = "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nwhile True: pass\n"
    assert "time" == outcome(source, SHORT, protected).end


@EACH_PROTECTION
def test_a_hundred_megabytes_of_print_fill_no_memory(protected):
    source = "for _ in range(1000): print('x' * 100_000)\n" + SQUARE
    tracemalloc.start()
    try:
        stopped = outcome(source, PATIENT, protected)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "output" == stopped.end
    assert Limits().kept == len(stopped.printed)
    assert peak < 4_000_000


@EACH_PROTECTION
@pytest.mark.parametrize("source", ["x = bytearray(10**10)\n", "x = np.ones(10**10)\n"])
def test_ten_gigabytes_are_refused_in_their_line(source, protected):
    stopped = outcome(source, PATIENT, protected)
    assert stopped.fault is not None
    assert "MemoryError" in stopped.fault.kinds
    assert 1 == stopped.fault.line


@EACH_PROTECTION
def test_nothing_of_the_learners_environment_is_there(monkeypatch, protected):
    monkeypatch.setenv("NABLA_SECRET", "42")
    source = "import os\nprint(os.getenv('NABLA_SECRET'))\n"
    assert "None" == outcome(source, protected=protected).printed.strip()


RAW = """
import ctypes, os
library = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    result = library.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
"""
SHARED = "while True:\n    call({shmget}, 0, 1 << 24, 0o1600)\n"
ENTERS_AS_32_BITS = """
import mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex("53b814000000cd805bc3"))  # getpid of i386, by int 0x80
enter = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
if (result := enter()) < 0:
    raise OSError(-result, os.strerror(-result))
"""
REFUSED = {
    "forks without end": "import os\nwhile True: os.fork()\n",
    "leaves a child in a session of its own": (
        "import subprocess\nsubprocess.Popen(['/bin/sleep', '9'], start_new_session=True)\n"
    ),
    "becomes another program": "os.execv('/bin/sh', ['sh', '-c', 'echo ran'])\n",
    "starts threads without end": (
        "import threading, time\n"
        "while True: threading.Thread(target=time.sleep, args=(9,)).start()\n"
    ),
    "shared memory": SHARED,
    "files in memory": "x = []\nwhile True: x.append(os.memfd_create('x'))\n",
    "fills /dev/shm": "open('/dev/shm/nabla-left', 'wb').write(bytes(10**8))\n",
    "fills /tmp": "open('/tmp/nabla-left', 'wb').write(bytes(10**8))\n",
    "fills its own folder": "open('left', 'wb').write(bytes(10**8))\n",
    "floods sockets": "import socket\nx = []\nwhile True: x.append(socket.socketpair())\n",
    "floods pipes": "x = []\nwhile True: x.append(os.pipe())\n",
    "reaches out": "import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)\n",
    "signals its parent": "os.kill(os.getppid(), 0)\n",
    "signals everybody": "os.kill(-1, 0)\n",
    "has a pipe signal": "import fcntl\nfcntl.fcntl(1, fcntl.F_SETSIG, 10)\n",
    "reads the diary": "open({diary!r}).read()\n",
    "deletes the diary": "os.remove({diary!r})\n",
    "empties the diary": "os.open({diary!r}, os.O_RDONLY | os.O_TRUNC)\n",
    "renames the diary": "os.rename({diary!r}, {diary!r} + '2')\n",
    "links to the diary": "os.symlink({diary!r}, 'mine')\nopen('mine').read()\n",
    "reads the tutor's environment": "open('/proc/{tutor}/environ', 'rb').read()\n",
    "reads the tutor's memory": "open('/proc/{tutor}/mem', 'rb').read(1)\n",
    "reads its own mapped files": "os.listdir('/proc/self/map_files')\n",
    "raises its limits": (
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))\n"
    ),
    "types into a terminal": "import fcntl, termios\nfcntl.ioctl(1, termios.TIOCSTI, b'x')\n",
    "maps 1 TB": "import mmap\nmmap.mmap(-1, 1 << 40)[0] = 1\n",
    "touches all it maps": (
        "import mmap\nx = []\n"
        "while True:\n"
        "    x.append(mmap.mmap(-1, 1 << 25))\n"
        "    for at in range(0, 1 << 25, 4096): x[-1][at] = 1\n"
    ),
    "takes a list of all memory": "x = []\nwhile True: x.append(bytearray(10**7))\n",
    "calls by x32": "call((1 << 30) + 39)\n",
    "enters as 32 bits": ENTERS_AS_32_BITS,
}
"""What programs try, and break off with; none of it would hurt this machine if it worked."""
SHUT = {
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "io_uring_setup": (425, 425),
    "bpf": (321, 280), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "personality": (135, 92), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "kcmp": (312, 272),
    "mount": (165, 40), "fsopen": (430, 430), "fsmount": (432, 432), "open_tree": (428, 428),
    "move_mount": (429, 429), "mount_setattr": (442, 442), "pivot_root": (155, 41),
    "chroot": (161, 51), "setns": (308, 268), "unshare": (272, 97), "clone3": (435, 435),
    "quotactl": (179, 60), "swapon": (167, 224), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "openat2": (437, 437), "symlinkat": (266, 36),
    "linkat": (265, 37), "mknodat": (259, 33), "fchmodat": (268, 53), "utimensat": (280, 88),
    "flock": (73, 32), "truncate": (76, 45), "inotify_init1": (294, 26),
    "fanotify_init": (300, 262), "epoll_create1": (291, 20), "eventfd2": (290, 19),
    "signalfd4": (289, 74), "timerfd_create": (283, 85), "timer_create": (222, 107),
    "pipe2": (293, 59), "splice": (275, 76), "vmsplice": (278, 75), "sendmsg": (46, 211),
    "mlock": (149, 228), "mbind": (237, 235), "seccomp": (317, 277), "prctl": (157, 167),
    "capset": (126, 91), "setuid": (105, 146), "setsid": (112, 157), "setpgid": (109, 154),
    "setpriority": (141, 140), "sched_setscheduler": (144, 119), "ioprio_set": (251, 30),
    "rt_sigqueueinfo": (129, 138), "syslog": (103, 116), "init_module": (175, 105),
    "kexec_load": (246, 104), "landlock_create_ruleset": (444, 444),
}  # fmt: skip
"""Calls that were there to be had while a list named what is forbidden (x86_64, aarch64)."""
LITTLE = Limits(seconds=20.0, memory=1 << 29)
"""Memory that is soon used up."""
COLUMN = ["x86_64", "aarch64"].index(machine()) if machine() in {"x86_64", "aarch64"} else 0


@pytest.fixture
def attempts(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The programs of `REFUSED`, each against something that is really there."""
    diary = tmp_path / "diary.txt"
    diary.write_text("dear diary", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        given = {"diary": str(diary), "port": server.getsockname()[1], "tutor": os.getpid()}
        given["shmget"] = SHUT["shmget"][COLUMN]
        own = {} if machine() == "x86_64" else {"calls by x32", "enters as 32 bits"}
        yield {
            name: re.sub(r"{(\w+)(!r)?}", lambda found: _put(given[found[1]], found[2]), source)
            for name, source in REFUSED.items()
            if name not in own
        }
    assert "dear diary" == diary.read_text("utf-8")


def _put(value: object, as_literal: str | None) -> str:
    return repr(value) if as_literal else str(value)


def held() -> tuple[set[int], list[str], list[Path]]:
    """Return the processes that are ours, shared memory, and files in memory."""
    shared = Path("/proc/sysvipc/shm").read_text("utf-8").splitlines()
    return descendants(), [each.split()[1] for each in shared], sorted(Path("/dev/shm").iterdir())


@EACH_WALL
def test_what_is_refused_is_told_in_a_sentence_and_leaves_nothing(attempts, protected):
    before = held()
    programs = [Program(source, RAW, ()) for source in attempts.values()]
    outcomes = run_all(programs, LITTLE, protected=protected)
    assert before == held()
    for name, found in zip(attempts, outcomes, strict=True):
        assert ("done", "") == (found.end, found.printed), name
        assert found.fault is not None, name
        assert {"OSError", "MemoryError", "RuntimeError", "ValueError"} & {*found.fault.kinds}, name
        assert render(grade_code(STEP, found).feedback).startswith("Line "), name


@EACH_WALL
def test_calls_that_a_program_has_no_need_of_are_not_there(protected):
    numbers = {name: each[COLUMN] for name, each in SHUT.items()}
    source = (
        "import errno\n"
        f"for name, number in {numbers}.items():\n"
        "    try: call(number, 0, 0, 0, 0, 0, 0)\n"
        "    except OSError as error:\n"
        "        if error.errno == errno.ENOSYS: continue\n"
        "    print(name)\n"
    )
    assert "" == outcome(source, setup=RAW, call="1", protected=protected).printed


@EACH_PROTECTION
@pytest.mark.parametrize("stream", ["stdout", "stderr", "stdin"])
def test_a_closed_stream_hurts_nobody_but_later_prints(stream, protected):
    assert is_right(outcome(f"import sys\nsys.{stream}.close()\n{SQUARE}", protected=protected))


@EACH_PROTECTION
@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import os\nos._exit(0)\n", 0),
        ("import os\nos._exit(7)\n", 7),
        ("import os\nos.closerange(0, 100)\n", None),
    ],
    ids=["exit 0", "exit 7", "closes every file"],
)
def test_a_process_that_ends_before_its_checks_has_passed_none(source, code, protected):
    died = outcome(source + SQUARE, protected=protected)
    assert "died" == died.end
    assert code in (None, died.exit_code)
    assert died.checks[0].value is None


@EACH_PROTECTION
@pytest.mark.parametrize("words", ["exit(3)", "raise SystemExit", "import sys; sys.exit()"])
def test_leaving_python_is_told_as_what_it_is(words, protected):
    assert "SystemExit" == fault_of(outcome(words + "\n", protected=protected))


@EACH_PROTECTION
def test_recursion_without_end_is_told_with_its_line(protected):
    result = outcome("def square(x):\n    return square(x)\n", protected=protected)
    assert "RecursionError" == fault_of(result)


@EACH_PROTECTION
def test_a_crash_of_python_itself_is_told(protected):
    died = outcome("import ctypes\nctypes.string_at(0)\n", protected=protected)
    assert "died" == died.end


@EACH_PROTECTION
def test_changed_functions_of_python_and_numpy_judge_nothing(protected):
    source = (
        "import builtins, json\n"
        "builtins.isinstance = builtins.type = builtins.repr = builtins.getattr = None\n"
        "np.asarray = np.array = lambda *_: 9.0\n"
        "json.dumps = lambda *_: '{}'\n"
        "def square(x):\n    return 5.0\n"
    )
    (check,) = outcome(source, protected=protected).checks
    assert check.value is not None
    assert (5.0,) == check.value.numbers


@EACH_PROTECTION
def test_an_answer_forged_without_the_token_is_passed_over(protected):
    source = (
        "import os\n"
        "for fd in range(3, 20):\n"
        "    try:\n"
        '        os.write(fd, b\'{"do": "value", "value": {"kind": "float", "text": "9.0",\'\n'
        '                     b\' "shape": [], "dtype": "float64", "numbers": [9.0]}}\\n\')\n'
        "    except OSError:\n"
        "        pass\n"
        "os._exit(0)\n"
    )
    forged = outcome(source, protected=protected)
    assert "died" == forged.end
    assert forged.checks[0].value is None


@EACH_PROTECTION
def test_input_finds_nobody(protected):
    assert "EOFError" == fault_of(outcome("input()\n", protected=protected))


def test_a_grandchild_that_holds_the_pipes_keeps_nobody_waiting():
    """Without bubblewrap it may outlive its parent; the run is over all the same."""
    source = f"import os\nif os.fork() == 0:\n    import time\n    time.sleep(5)\n{SQUARE}"
    result = outcome(source, PATIENT, plain_protection())
    assert "done" == result.end


@EACH_PROTECTION
@pytest.mark.skipif(sys.platform != "linux", reason="processes are listed by /proc")
def test_no_process_is_left_behind(protected):
    before = descendants()
    outcome("while True: pass\n", SHORT, protected)
    assert before >= descendants()
