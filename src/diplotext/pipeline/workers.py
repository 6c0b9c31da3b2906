"""Processes of this machine, or a Dask cluster; a worker that dies costs no more than the article it died of."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from multiprocessing import get_context
from queue import SimpleQueue
from threading import Lock
from typing import Any, NamedTuple

import pandas as pd

from diplotext import schema
from diplotext.pipeline.stages import MADE, Failure, Outcome, explain_time, join_tables, run_stages

#: how much longer than an article may take a worker may be silent before it is ended, in seconds.
_GRACE = 30.0
#: how many workers may die, one after the other, before they are at work.
_STARTS = 3

#: articles by the key of their part, which are read as they are asked for.
Chunks = Iterable[tuple[str, pd.DataFrame]]
#: chunks that each worker has before it, so that none waits and few are held.
_AHEAD = 2


class DiedError(Exception):
    """A worker has died of some articles, or of something else: the stage it was at, and why."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(stage, reason)
        self.stage, self.reason = stage, reason


class _Task(NamedTuple):
    """Articles of a chunk, the number of the first among them, and whether they were tried alone before."""

    key: str
    first: int
    articles: pd.DataFrame
    again: bool = False

    def retry(self) -> list[_Task]:
        """Return what is tried after a worker died of them: each half; of a lone article, that once more."""
        half = len(self.articles) // 2
        if half:
            parts = ((self.first, self.articles[:half]), (self.first + half, self.articles[half:]))
            return [_Task(self.key, first, part.reset_index(drop=True)) for first, part in parts]
        return [] if self.again else [self._replace(again=True)]

    def fail(self, stage: str, reason: str) -> Outcome:
        """Return the outcome of a lone article that workers die of."""
        row = self.articles.iloc[0]
        tables = {name: schema.build_table(name) for name in MADE}
        return Outcome(tables, [Failure(row["article_id"], row["source"], stage, reason)])


def _collect(
    chunks: Chunks, start: Callable[[pd.DataFrame], Any], died: type[Exception], most: Callable[[], int]
) -> Iterator[tuple[str, Outcome]]:
    """Start all chunks, some at a time, and yield each one's key and outcome when it is done, if need be in parts.

    Parameters
    ----------
    start
        Returns the future of an `Outcome`, whose result raises `died` where the worker has died.
    most
        Tells how many to start before others are done.
    """
    finished: SimpleQueue[Any] = SimpleQueue()
    tasks: dict[Any, _Task] = {}
    parts: dict[str, list[tuple[int, Outcome]]] = {}
    missing: dict[str, int] = {}
    waiting = iter(chunks)

    def submit(task: _Task) -> None:
        future = start(task.articles)
        tasks[future] = task
        future.add_done_callback(finished.put)

    def fill() -> None:
        for key, chunk in islice(waiting, max(0, most() - len(tasks))):
            parts[key], missing[key] = [], len(chunk)
            submit(_Task(key, 0, chunk))

    fill()
    while tasks:
        future = finished.get()
        task = tasks.pop(future)
        try:
            outcome = future.result()
        except died as error:
            if again := task.retry():
                for part in again:
                    submit(part)
                continue
            known = isinstance(error, DiedError)
            outcome = task.fail(*(error.args if known else ("unknown", f"workers died of it ({error})")))
        parts[task.key].append((task.first, outcome))
        missing[task.key] -= len(task.articles)
        if not missing[task.key]:
            del missing[task.key]
            yield task.key, _join(parts.pop(task.key))
        fill()


def _join(parts: list[tuple[int, Outcome]]) -> Outcome:
    outcomes = [outcome for _, outcome in sorted(parts, key=lambda part: part[0])]
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    return Outcome(join_tables([outcome.tables for outcome in outcomes]), failures)


def run_on_processes(
    chunks: Chunks, own: schema.Dictionaries, workers: int, seconds: float
) -> Iterator[tuple[str, Outcome]]:
    """Yield each chunk's key and outcome, as processes of this machine finish them.

    A process that dies, or is silent for longer than an article may take, is replaced, and what it had is tried again
    in halves, until one article is left.
    """
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(workers))  # a thread for each process, which waits for it
        processes = _Processes(own, workers, seconds)
        stack.callback(processes.end)  # an interrupted run waits neither for what runs
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)  # nor for what has not begun
        yield from _collect(chunks, lambda articles: pool.submit(processes.run, articles), DiedError,
                            lambda: _AHEAD * workers)  # fmt: skip


def run_on_dask(
    chunks: Chunks, own: schema.Dictionaries, scheduler: str | None, workers: int, seconds: float
) -> Iterator[tuple[str, Outcome]]:
    """Yield each chunk's key and outcome, as a Dask cluster finishes them: the scheduler's, or one of this machine.

    What Dask gives up, because several workers died of it, is tried again in halves, until one article is left.
    """
    try:
        from distributed import Client, KilledWorker, LocalCluster
    except ImportError as error:
        raise ImportError("engine: 'dask' needs the dask extra; install diplotext[dask]") from error
    with ExitStack() as stack:
        address: Any = scheduler or stack.enter_context(
            LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        )
        client = stack.enter_context(Client(address))
        yield from _collect(
            chunks, lambda articles: client.submit(_run_task, articles, own, seconds, pure=False), KilledWorker,
            lambda: _AHEAD * max(1, sum(client.nthreads().values())),
        )  # fmt: skip


def _run_task(articles: pd.DataFrame, own: schema.Dictionaries, seconds: float) -> Outcome:
    """Run the stages with the one thread that a task of Dask has."""
    from diplotext.encoder import set_threads

    set_threads(1)
    return run_stages(articles, own, seconds)


class _Processes:
    """Workers, of which each call of `run` takes one; they are started as they are needed."""

    def __init__(self, own: schema.Dictionaries, workers: int, seconds: float) -> None:
        self._settings = (own, seconds, max(1, _count_cores() // workers))
        self._most = workers
        self._all: set[_Worker] = set()
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._lock = Lock()
        self._unborn = 0
        self._ended = False

    def run(self, articles: pd.DataFrame) -> Outcome:
        """Return what a worker makes of articles.

        Raises
        ------
        DiedError
            If it dies of them, or is silent for too long; another takes its place.
        ChildProcessError
            If workers die before they are at work.
        """
        worker = self._take()
        try:
            return worker.run(articles)
        except DiedError:
            worker.end()
            if self._ended:
                raise
            self._unborn = 0 if worker.stage else self._unborn + 1
            if self._unborn > _STARTS:
                raise ChildProcessError(
                    f"workers: expected processes that can be started; got {self._unborn} that ended as they began. "
                    "Call it under `if __name__ == '__main__':` in a script, or with workers=1"
                ) from None
            self._all.discard(worker)
            worker = _Worker(*self._settings)
            self._all.add(worker)
            raise
        finally:
            self._free.put(worker)

    def _take(self) -> _Worker:
        with self._lock:
            if self._free.empty() and len(self._all) < self._most:
                worker = _Worker(*self._settings)
                self._all.add(worker)
                return worker
        return self._free.get()

    def end(self) -> None:
        """End all workers, whatever they do."""
        self._ended = True
        for worker in list(self._all):
            worker.end()


class _Worker:
    """A process that runs the stages over what it is sent, and the stage it is at, empty before it is at work."""

    def __init__(self, own: schema.Dictionaries, seconds: float, threads: int) -> None:
        # Spawned, not forked: a fork copies locks of threads that libraries may have started.
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, own, seconds, threads), daemon=True)
        with _deaf_to_interrupts():
            self._process.start()
        theirs.close()
        self._seconds = seconds
        self.stage = ""

    def run(self, articles: pd.DataFrame) -> Outcome:
        """Return what the stages make of articles; see `_Processes.run`."""
        try:
            self._pipe.send(articles)
            while self._pipe.poll(self._seconds + _GRACE):
                answer = self._pipe.recv()
                if isinstance(answer, Outcome):
                    return answer
                if isinstance(answer, Exception):
                    raise answer
                self.stage = answer
        except (EOFError, ConnectionError):
            self._process.join(_GRACE)
            code = self._process.exitcode or 0
            how = f"by signal {-code}, as where memory runs out" if code < 0 else f"with status {code}"
            raise DiedError(self.stage, f"the worker process that had it was ended {how}") from None
        raise DiedError(self.stage, explain_time(self._seconds))

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Have processes that are started in a block not hear Ctrl-C, from their first moment: the main process decides."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # which unblocks the signal when it begins
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _serve(pipe: Any, own: schema.Dictionaries, seconds: float, threads: int) -> None:
    """Run the stages over whatever comes through a pipe, until its other end is closed, as it is by a death."""
    from diplotext.encoder import set_threads

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where that could not be told before
    set_threads(threads)
    with suppress(EOFError, ConnectionError):
        pipe.send("start")
        while True:
            articles = pipe.recv()
            try:
                answer: Any = run_stages(articles, own, seconds, pipe.send)
            except ConnectionError:
                raise
            except Exception as error:  # nothing can work, as without the networks' weights
                answer = error
            pipe.send(answer)
