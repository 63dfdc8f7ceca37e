"""What the server agrees to in SSH: its own keys, today's algorithms, a terminal."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

import asyncssh

from tutor.errors import TutorError
from tutor.i18n import message
from tutor.server.options import Limits

SIGNATURES: Final = (
    "ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521", "sk-ecdsa-sha2-nistp256@openssh.com", "rsa-sha2-256", "rsa-sha2-512",
)  # fmt: skip
"""By which learners may sign; ssh-rsa would be SHA-1."""
_SIGNATURES: Final = frozenset(each.encode() for each in SIGNATURES)


def allow_sound_signatures(key: asyncssh.SSHKey) -> None:
    """Let a learner's key be good for these signatures alone: asyncssh tells, but takes any."""
    key.all_sig_algorithms = key.all_sig_algorithms & _SIGNATURES


def ssh_options(host_keys: HostKeys, limits: Limits) -> asyncssh.SSHServerConnectionOptions:
    """Return what the server agrees to: today's algorithms, a terminal, nothing else."""
    return asyncssh.SSHServerConnectionOptions(
        config=None,
        server_host_keys=list(host_keys),
        server_version="Nabla",
        # The client's order decides, so new ones take ML-KEM. First stands what small clients
        # (Dropbear) guess: they send it at once, and by RFC 4253, section 7, a guess is right
        # where both lists begin alike; asyncssh looks at what was agreed upon instead.
        kex_algs=[
            "curve25519-sha256", "curve25519-sha256@libssh.org", "mlkem768x25519-sha256",
            "ecdh-sha2-nistp256",
        ],
        encryption_algs=[
            "chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com",
            "aes256-ctr",
        ],
        mac_algs=["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"],
        compression_algs=["none"],
        signature_algs=SIGNATURES,
        host_based_auth=False,
        gss_host=None,
        agent_forwarding=False,
        x11_forwarding=False,
        sftp_factory=None,
        allow_scp=False,
        line_editor=False,
        encoding=None,
        rdns_lookup=False,
        tcp_keepalive=True,
        login_timeout=limits.login_seconds,
        keepalive_interval=limits.keepalive_seconds,
        keepalive_count_max=3,
    )  # fmt: skip


HOST_KEYS: Final = {"host_key": "ssh-ed25519", "host_key_ecdsa": "ecdsa-sha2-nistp256"}
"""The file of each key; machines that must not use ed25519 (FIPS) take the second."""
HostKeys: TypeAlias = Sequence[asyncssh.SSHKey]


def open_host_keys(folder: Path) -> HostKeys:
    """Return the keys in `folder`, made where there are none; the first is the usual one.

    Raises:
        TutorError: One cannot be read or made, or others may read it.
    """
    return [_open(folder / name, algorithm) for name, algorithm in HOST_KEYS.items()]


def _open(file: Path, algorithm: str) -> asyncssh.SSHKey:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _make(file, algorithm)
        _check_mode(file)
        return asyncssh.read_private_key(file)
    except OSError as error:
        raise TutorError(
            message("the host key {file} cannot be used ({why})", file=file, why=error.strerror)
        ) from error
    except asyncssh.KeyImportError as error:
        raise TutorError(
            message(
                "the host key {file} is damaged ({why}): bring it back from a copy, or delete it "
                "and tell everybody the new fingerprint",
                file=file, why=error,
            )
        ) from error  # fmt: skip


def fingerprint(key: asyncssh.SSHKey) -> str:
    """Return the key's SHA256 fingerprint, as ssh shows it, and what kind of key it is."""
    kind = "ED25519" if key.get_algorithm() == "ssh-ed25519" else "ECDSA"
    return f"{key.get_fingerprint('sha256')} ({kind})"


def known_hosts_line(key: asyncssh.SSHKey, host: str, port: int) -> str:
    """Return the line for a learner's `known_hosts`."""
    where = host if port == 22 else f"[{host}]:{port}"
    public = key.export_public_key("openssh").decode().split()
    return " ".join([where, *public[:2]])


def _make(file: Path, algorithm: str) -> None:
    """Write a new key, unless there is one; two servers that start at once keep the same.

    It is made under another name, locked meanwhile. What a killed server left of it, the next one
    that starts writes over or removes.
    """
    import fcntl  # noqa: PLC0415 - not on Windows, which serves no workshop

    new = file.with_name(f"{file.name}.new")
    if not file.exists():
        with os.fdopen(os.open(new, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            if not file.exists():  # else another server was quicker: its key counts
                key = asyncssh.generate_private_key(algorithm, comment="nabla workshop")
                opened.truncate()
                opened.write(key.export_private_key("openssh"))
                opened.flush()
                os.fsync(opened.fileno())
                new.replace(file)
    new.unlink(missing_ok=True)


def _check_mode(file: Path) -> None:
    mode = file.stat().st_mode & 0o777
    if os.name == "posix" and mode & 0o077:
        raise TutorError(
            message(
                "others may read the host key {file} (mode {mode}): chmod 600 it, and if anyone "
                "may have copied it, delete it and tell everybody the new fingerprint",
                file=file, mode=f"{mode:04o}",
            )
        )  # fmt: skip
