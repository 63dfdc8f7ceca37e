"""Hostile programs, each really run: stopped, explained, and nothing outside them is harmed."""

from __future__ import annotations

import os
import socket
import sys
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from tests.sandbox.programs import (
    BUBBLEWRAP,
    EACH_PROTECTION,
    PATIENT,
    SHORT,
    SQUARE,
    fault_of,
    is_right,
    outcome,
)
from tutor.sandbox.protection import plain_protection
from tutor.sandbox.run import Limits


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


@BUBBLEWRAP
@pytest.mark.parametrize(
    "source",
    [
        "import os\nfor _ in range(20): os.fork()\n",
        "import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass\n",
        "import subprocess\nsubprocess.run(['/usr/bin/true'])\n",
    ],
    ids=["forks", "leaves a daemon behind", "starts a program"],
)
def test_no_program_can_start_another_process(source):
    refused = outcome(source)
    assert refused.fault is not None
    assert "OSError" in refused.fault.kinds


@BUBBLEWRAP
def test_no_program_can_start_a_thread():
    source = "import threading\nthreading.Thread(target=print).start()\n"
    assert "RuntimeError" == fault_of(outcome(source))


@BUBBLEWRAP
@pytest.mark.parametrize("place", ["~/left", "/tmp/left", "/dev/shm/left", "/usr/left", "left"])
def test_nothing_can_be_written_anywhere(place):
    source = f"import os\nopen(os.path.expanduser({place!r}), 'w').write('x')\n"
    refused = outcome(source)
    assert refused.fault is not None
    assert "OSError" in refused.fault.kinds


@BUBBLEWRAP
def test_the_learners_files_are_not_there(tmp_path: Path):
    mine = tmp_path / "diary.txt"
    mine.write_text("dear diary", encoding="utf-8")
    assert "FileNotFoundError" == fault_of(outcome(f"open({str(mine)!r}).read()\n"))
    assert "FileNotFoundError" == fault_of(outcome("open('/etc/passwd').read()\n"))
    assert (
        "[]" == outcome("import os\nprint(os.listdir(os.path.expanduser('~')))\n").printed.strip()
    )


@BUBBLEWRAP
def test_nothing_of_the_learners_environment_is_there(monkeypatch):
    monkeypatch.setenv("NABLA_SECRET", "42")
    assert "None" == outcome("import os\nprint(os.getenv('NABLA_SECRET'))\n").printed.strip()


@BUBBLEWRAP
def test_no_network_is_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        port = server.getsockname()[1]
        source = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)\n"
        refused = outcome(source)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert refused.fault is not None
    assert "OSError" in refused.fault.kinds


@BUBBLEWRAP
@pytest.mark.parametrize("victim", ["os.getppid()", "1", "-1", "2"])
def test_a_program_cannot_kill_what_watches_it(victim):
    source = (
        f"import os\ntry:\n    if {victim} != os.getpid(): os.kill({victim}, 9)\n"
        f"except OSError:\n    pass\n{SQUARE}"
    )
    assert is_right(outcome(source))


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
