"""What the server agrees to in SSH: its own keys, today's algorithms, a terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

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


def ssh_options(host_key: asyncssh.SSHKey, limits: Limits) -> asyncssh.SSHServerConnectionOptions:
    """Return what the server agrees to: today's algorithms, a terminal, nothing else."""
    return asyncssh.SSHServerConnectionOptions(
        config=None,
        server_host_keys=[host_key],
        server_version="Nabla",
        kex_algs=[
            "mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org",
            "ecdh-sha2-nistp256",
        ],
        encryption_algs=[
            "chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com",
            "aes256-ctr",
        ],
        mac_algs=["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"],
        compression_algs=["none"],
        signature_algs=SIGNATURES,
        password_auth=False,
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


FILE: Final = "host_key"


def open_host_key(folder: Path) -> asyncssh.SSHKey:
    """Return the key in `folder`, made where there is none.

    Raises:
        TutorError: It cannot be read or made, or others may read it.
    """
    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _make(file)
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
    """Return the key's SHA256 fingerprint, as ssh shows it."""
    return key.get_fingerprint("sha256")


def known_hosts_line(key: asyncssh.SSHKey, host: str, port: int) -> str:
    """Return the line for a learner's `known_hosts`."""
    where = host if port == 22 else f"[{host}]:{port}"
    public = key.export_public_key("openssh").decode().split()
    return " ".join([where, *public[:2]])


def _make(file: Path) -> None:
    """Write a new key, unless there is one; two servers that start at once keep the same.

    It is made under another name, locked meanwhile. What a killed server left of it, the next one
    that starts writes over or removes.
    """
    import fcntl  # noqa: PLC0415 - not on Windows, which serves no workshop

    new = file.with_name(f"{FILE}.new")
    if not file.exists():
        with os.fdopen(os.open(new, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            if not file.exists():  # else another server was quicker: its key counts
                key = asyncssh.generate_private_key("ssh-ed25519", comment="nabla workshop")
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
