"""A Dask cluster gives what one process gives, also when its workers die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import chdir
from pathlib import Path

import pytest
from distributed import Client

from azkz.build import CHAPTERS
from azkz.build.chapter import execute
from azkz.build.cluster import cluster
from azkz.build.dispatch import ClusterExecutor, ClusterFailed
from azkz.build.evaluate import evaluate
from azkz.build.plan import make_plan
from azkz.build.progress import Steps
from azkz.build.request import Request
from azkz.build.running import run_chapters
from azkz.build.template import load_all
from azkz.build.workers import evaluate_all
from azkz.errors import BadInput, ChapterFailed
from azkz.ledger import Ledger
from azkz.paths import Checkout
from cluster_parts import DEADLY, end, marked, parameters, refuse, small, until
from conftest import Azkz, copy_checkout
from test_vintages import DAY


@pytest.fixture(scope="module")
def pool(place: Checkout) -> Iterator[ClusterExecutor]:
    """Two workers of this machine."""
    with chdir(place.root), cluster("local:2", place) as found:
        yield found


@pytest.fixture
def client(pool: ClusterExecutor) -> Client:
    """The same as Dask sees it."""
    return pool._client


def test_two_workers_give_the_bytes_of_one_process(
    pool: ClusterExecutor, place: Checkout, tmp_path: Path
) -> None:
    """Every chapter, through the build's own way; nothing is read from a store."""
    elsewhere = copy_checkout(tmp_path / "copy", with_store=False)
    plan = make_plan(elsewhere, Request("2026.11", cluster="local:2"), Steps(), DAY)
    # The workers' checkout is another folder than the one that is built.
    pool._root = elsewhere.root
    try:
        made = run_chapters(elsewhere, plan, Steps(), pool)
    finally:
        pool._root = place.root
    alone = {
        name: execute(place, template, plan.edition.parameters)
        for name, template in plan.templates.items()
    }
    assert [chapter.name for chapter in made] == list(CHAPTERS)
    assert {chapter.name: chapter.notebook for chapter in made} == alone


def test_evaluations_are_those_of_this_process(
    pool: ClusterExecutor, place: Checkout, ledger: Ledger
) -> None:
    """Numbers and verdicts; the ledger's folder is the worker's own there."""
    two = load_all(place, ("outcomes", "agreement"))
    given = parameters(place)
    made = evaluate_all(pool, two, given, place.data)
    assert made == [evaluate(template, given, ledger) for template in two.values()]


def test_a_sweep_gives_the_bytes_of_one_process(tmp_path: Path, azkz: Azkz) -> None:
    """The command's table; the workers evaluate, since nothing is in the stores."""
    asked = ("sweep", "--from", "2025-12", "--to", "2026-02", "--chapter", "agreement")
    tables = []
    for option, value in (("--jobs", "1"), ("--cluster", "local:2")):
        where = copy_checkout(tmp_path / option, with_store=False)
        done = azkz(where, *asked, option, value)
        assert done.returncode == 0, done.stderr
        assert "0 were in the store" in done.stdout
        assert ("cluster: 2 workers" in done.stderr) is (option == "--cluster")
        tables.append((where.build / "sweep" / "2026.11.csv").read_bytes())
    assert tables[0] == tables[1]
    assert len(tables[0].splitlines()) > 3


def test_kernels_are_forked_from_a_warm_process(pool: ClusterExecutor, place: Checkout) -> None:
    """Dask starts its workers as daemons, which could start nothing."""
    made = pool.submit(execute, place, small("a", "import sys\n'seaborn' in sys.modules"), {})
    [cell] = json.loads(made.result())["cells"]
    assert cell["outputs"][0]["data"]["text/plain"] == ["True"]


def test_a_killed_worker_changes_nothing(
    pool: ClusterExecutor, client: Client, place: Checkout, tmp_path: Path
) -> None:
    """Killed in the middle of a chapter; that runs again, with the same bytes."""
    reached = tmp_path / "reached"
    template, given = marked(load_all(place)["agreement"], reached), parameters(place)
    asked = pool.submit(execute, place, template, given)
    until(reached.exists)
    [worker] = [each for each, keys in client.processing().items() if keys]
    victim = client.run(os.getpid)[worker]
    os.kill(victim, signal.SIGKILL)
    assert not asked.done()
    reached.unlink()
    assert asked.result(timeout=240) == execute(place, template, given)
    assert reached.exists()
    assert victim not in client.run(os.getpid).values()


def test_who_kills_workers_fails_alone(pool: ClusterExecutor, place: Checkout) -> None:
    """After some tries, with its name; those that waited behind it on these workers do not."""
    bad = pool.submit(execute, place, small("deadly", DEADLY), {})
    good = [pool.submit(execute, place, small(f"good{i}", str(i)), {}) for i in range(6)]
    wait((bad, *good), timeout=240)
    said = r"notebooks/deadly\.ipynb: 4 workers died of it; the last was tcp://"
    with pytest.raises(ChapterFailed, match=said) as caught:
        bad.result(timeout=0)
    assert caught.value.exit_code == 3
    for i, each in enumerate(good):
        [cell] = json.loads(each.result(timeout=0))["cells"]
        assert cell["outputs"][0]["data"]["text/plain"] == [str(i)]


def test_a_process_that_ends_costs_only_its_call(pool: ClusterExecutor, tmp_path: Path) -> None:
    """A worker's own process for evaluations: another takes its place, and the call runs again."""
    assert pool.submit(end, 1, tmp_path / "once").result(timeout=120) == 2
    with pytest.raises(ClusterFailed, match=r"end: the process that ran it .* died") as found:
        pool.submit(end, 9, tmp_path / "often").result(timeout=120)
    assert found.value.exit_code == 3
    assert [pool.submit(abs, -each).result(timeout=120) for each in range(4)] == [0, 1, 2, 3]


def test_errors_arrive_as_they_were_raised(
    pool: ClusterExecutor, place: Checkout, tmp_path: Path
) -> None:
    """With chapter, cell and kind; a call that failed is not tried again."""
    runs = tmp_path / "runs"
    count = f"with open({str(runs)!r}, 'a') as file:\n    file.write('x')\n1 / 0"
    with pytest.raises(ChapterFailed) as caught:
        pool.submit(execute, place, small("broken", "1", count), {}).result()
    assert (caught.value.chapter, caught.value.cell) == ("broken", 2)
    assert caught.value.kind == "ZeroDivisionError"
    assert runs.read_text(encoding="utf-8") == "x"
    with pytest.raises(BadInput, match=r"book/x\.md: no such thing — mend it"):
        pool.submit(refuse, place.book / "x.md", place).result()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["SIGINT", "SIGKILL"])
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes as Linux shows them")
def test_a_stopped_build_leaves_no_worker(number: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C reaches all of a terminal's processes: one sentence, 130, and nothing runs on."""
    where = copy_checkout(tmp_path / "checkout", with_store=False)
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("azkz")), "build", "--cluster", "local:2"],
        cwd=where.root,
        env={**os.environ, "AZKZ_MARK": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until(lambda: any((where.build / "store").rglob("*")))
    assert len(_marked(tmp_path)) > 3
    (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
    _, said = process.communicate(timeout=60)
    until(lambda: not _marked(tmp_path))
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "what is published is as it was" in said
    assert "Traceback" not in said
    assert "Warning" not in said


def _marked(mark: Path) -> list[str]:
    """The processes that the command has started, and its own."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if f"AZKZ_MARK={mark}\0".encode() in (each / "environ").read_bytes():
                found.append(each.name)
        except OSError:
            continue
    return found
