"""What Prometheus reads: `/metrics`, and `/healthz`, on loopback alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from tutor.server.metrics import HOST, OUTPUT_BUCKETS, START_BUCKETS, Snapshot, cannot_serve

_SECONDS: Final = 5.0


class _Numbers(Collector):
    """Adds up what the processes counted."""

    def __init__(self, snapshots: Callable[[], Sequence[Snapshot]]) -> None:
        self._snapshots = snapshots

    def collect(self) -> Iterable[Metric]:
        """Yield every number."""
        found = [each for each in self._snapshots() if each]
        for name, help_text, key, label in (
            ("nabla_rejections", "Refused connections and sessions", "rejections", "reason"),
            ("nabla_authentications", "Results of authentication", "authentications", "result"),
        ):
            counter = CounterMetricFamily(name, help_text, labels=[label])
            for value in sorted({value for each in found for value in each[key]}):
                counter.add_metric([value], sum(each[key].get(value, 0) for each in found))
            yield counter
        yield CounterMetricFamily("nabla_crashes", "Apps that failed", value=_sum(found, "crashes"))
        yield CounterMetricFamily(
            "nabla_frames_dropped", "Frames of slow clients", value=_sum(found, "dropped")
        )
        yield GaugeMetricFamily("nabla_sessions", "Learners now", value=_sum(found, "sessions"))
        yield GaugeMetricFamily(
            "nabla_waiting_entries", "Not in the database yet", value=_sum(found, "waiting")
        )
        yield GaugeMetricFamily("nabla_memory_bytes", "Memory", value=_sum(found, "memory"))
        yield GaugeMetricFamily(
            "nabla_loop_lag_seconds", "How late the event loop was, at worst, in the last minute",
            value=max((each["lag"] for each in found), default=0.0),
        )  # fmt: skip
        yield _histogram("nabla_start_seconds", "To the first frame", found, "start", START_BUCKETS)
        yield _histogram(
            "nabla_key_to_output_seconds", "From a key to its frame", found, "output",
            OUTPUT_BUCKETS,
        )  # fmt: skip


def _sum(found: Sequence[Snapshot], key: str) -> float:
    return float(sum(each[key] for each in found))


def _histogram(
    name: str, words: str, found: Sequence[Snapshot], key: str, bounds: tuple[float, ...]
) -> HistogramMetricFamily:
    counts = [sum(column) for column in zip(*(each[key][0] for each in found), strict=True)]
    buckets, running = [], 0
    for bound, count in zip([*map(str, bounds), "+Inf"], counts or [0] * (len(bounds) + 1),
                            strict=True):  # fmt: skip
        running += count
        buckets.append((bound, running))
    total = sum(each[key][1] for each in found)
    return HistogramMetricFamily(name, words, buckets=buckets, sum_value=total)


class MetricsPage:
    """A small HTTP server."""

    def __init__(
        self, snapshots: Callable[[], Sequence[Snapshot]], is_well: Callable[[], bool]
    ) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Numbers(snapshots))
        self._is_well = is_well
        self._server: asyncio.Server | None = None

    async def open(self, port: int) -> int:
        """Listen; return the port.

        Raises:
            TutorError: The port is taken.
        """
        try:
            self._server = await asyncio.start_server(self._answer, HOST, port, limit=8192)
        except OSError as error:
            raise cannot_serve(port, error) from error
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                request = await reader.readuntil(b"\r\n\r\n")
                status, kind, body = self._page(request.split(b" ", 2)[1].decode("latin-1"))
                head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (OSError, TimeoutError, ValueError, IndexError, EOFError,
                asyncio.LimitOverrunError):  # fmt: skip
            pass  # no request of ours
        finally:
            writer.close()

    def _page(self, path: str) -> tuple[str, str, bytes]:
        if path == "/metrics":
            return "200 OK", "text/plain; version=0.0.4", generate_latest(self._registry)
        if path == "/healthz":
            if self._is_well():
                return "200 OK", "text/plain", b"ok\n"
            return "503 Service Unavailable", "text/plain", b"a worker is missing, or this ends\n"
        return "404 Not Found", "text/plain", b"/healthz or /metrics\n"
