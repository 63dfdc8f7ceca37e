"""The command `check` prints one problem a line and sums up."""

import io
import json
from pathlib import Path

from tutor.authoring.check import run_check

SAMPLES = Path(__file__).parents[1] / "sample_lessons"


def test_clean_lessons_are_counted_and_exit_0():
    out = io.StringIO()
    assert 0 == run_check([SAMPLES / "translated.yaml"], out)
    assert "1 lesson in 2 languages, 2 steps: no problems\n" == out.getvalue()


def test_every_problem_is_a_line_and_exits_1():
    out = io.StringIO()
    files = [SAMPLES / "broken" / "three-faults.yaml", SAMPLES / "broken" / "empty.yaml"]
    assert 1 == run_check(files, out)
    lines = out.getvalue().splitlines()
    assert 5 == len(lines)
    assert "4 problems in 2 files" == lines[-1]


def test_one_problem_is_one_problem():
    out = io.StringIO()
    run_check([SAMPLES / "broken" / "empty.yaml"], out)
    assert "1 problem in 1 file" == out.getvalue().splitlines()[-1]


def test_as_json_each_problem_says_where_what_and_the_mend():
    out = io.StringIO()
    sample = SAMPLES / "broken" / "empty.yaml"
    assert 1 == run_check([sample], out, "json")
    assert [
        {
            "file": str(sample),
            "line": 1,
            "key": "",
            "message": "is empty",
            "mend": "start with format: 1",
            "severity": "error",
        }
    ] == json.loads(out.getvalue())


def test_as_json_clean_lessons_are_an_empty_list_and_exit_0():
    out = io.StringIO()
    assert 0 == run_check([SAMPLES / "good.yaml"], out, "json")
    assert [] == json.loads(out.getvalue())


def test_as_json_the_order_is_that_of_the_lines():
    text, listed = io.StringIO(), io.StringIO()
    files = sorted((SAMPLES / "broken").glob("*.yaml"))[::8]
    run_check(files, text)
    run_check(files, listed, "json")
    places = [
        f"{p['file']}:{p['line']}" if p["line"] else p["file"]
        for p in json.loads(listed.getvalue())
    ]
    lines = text.getvalue().splitlines()[:-1]
    assert len(lines) == len(places)
    assert all(line.startswith(f"{place}:") for line, place in zip(lines, places, strict=True))
