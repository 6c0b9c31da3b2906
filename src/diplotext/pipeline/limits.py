"""A limit of time on what an article takes."""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: how often what did not heed the end is told again, in seconds.
_AGAIN = 1.0


class TimeUp(BaseException):  # what catches every Exception must not swallow it
    """The time of a block is up."""


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Raise `TimeUp` in a block that takes longer.

    In the main thread a signal does it, where the system has signals: it also ends a regular expression. Elsewhere a
    second thread does it, which waits for whatever does not return to Python. What does neither is ended with its
    process, where a run has several (`pipeline.workers`).

    Parameters
    ----------
    seconds
        Above 0.
    """
    main = threading.current_thread() is threading.main_thread()
    with _by_signal(seconds) if main and hasattr(signal, "setitimer") else _by_thread(seconds):
        yield


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    armed = True

    def ring(number: int, frame: FrameType | None) -> None:
        if armed:
            raise TimeUp

    began, before = time.monotonic(), signal.signal(signal.SIGALRM, ring)
    left, every = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        try:
            yield
        finally:
            armed = False
    finally:  # also where it rings just then
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:  # somebody else's alarm
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - began), 0.001), every)


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    over, here = threading.Event(), ctypes.c_ulong(threading.get_ident())
    tell = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def watch() -> None:
        end = time.monotonic() + seconds
        while not over.wait(max(0.0, end - time.monotonic())):
            tell(here, ctypes.py_object(TimeUp))
            end = time.monotonic() + _AGAIN

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        try:
            yield
        finally:
            over.set()
    finally:
        watcher.join()
        tell(here, None)  # what was told and not yet heard
