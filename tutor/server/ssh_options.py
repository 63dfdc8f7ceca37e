"""What the server agrees to in SSH: today's algorithms, a terminal, nothing else."""

from __future__ import annotations

from typing import Final

import asyncssh

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
