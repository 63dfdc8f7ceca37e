"""What protects is tried, not believed, and says what it does."""

from __future__ import annotations

import struct

import pytest

from tests.sandbox.programs import BUBBLEWRAP
from tutor.sandbox import protection as module
from tutor.sandbox.protection import plain_protection, protection
from tutor.sandbox.seccomp import filter_pipe, process_filter


@pytest.fixture(autouse=True)
def tried_anew():
    protection.cache_clear()
    yield
    protection.cache_clear()


@BUBBLEWRAP
def test_bubblewrap_needs_no_consent():
    assert not protection().needs_consent


def test_without_bubblewrap_consent_is_needed_and_the_mend_is_named(monkeypatch):
    monkeypatch.setattr(module, "find_bubblewrap", lambda: None)
    monkeypatch.setattr(module.sys, "platform", "linux")
    found = protection()
    assert found.needs_consent
    assert "install the package bubblewrap" in str(found.reason)


@pytest.mark.parametrize(
    ("bubblewrap", "why"), [("/bin/false", ""), ("/no/such/bwrap", "No such file")]
)
def test_a_bubblewrap_that_does_not_work_is_not_used(monkeypatch, bubblewrap, why):
    monkeypatch.setattr(module, "find_bubblewrap", lambda: bubblewrap)
    found = protection()
    assert found.needs_consent
    assert "does not work here" in str(found.reason)
    assert why in str(found.reason)


def test_on_windows_no_limit_on_memory_is_promised(monkeypatch):
    monkeypatch.setattr(module.sys, "platform", "win32")
    assert "memory" not in str(plain_protection().against)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_jump_of_the_filter_ends_at_a_verdict(machine):
    program = process_filter(machine)
    assert program is not None
    steps = list(struct.iter_unpack("=HBBI", program))
    returns = {place for place, (code, *_) in enumerate(steps) if code == 0x06}
    jumps = [(n, yes, no) for n, (code, yes, no, _) in enumerate(steps) if code in (0x15, 0x35)]
    refusals = [n + 1 + yes for n, yes, _ in jumps[1:]]
    assert {len(steps) - 1} == set(refusals)
    assert returns >= {n + 1 + no for n, _, no in jumps[:1]}


def test_a_machine_that_the_filter_does_not_know_gets_none(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "vax")
    with filter_pipe() as descriptor:
        assert descriptor is None
