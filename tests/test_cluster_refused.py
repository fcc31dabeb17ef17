"""Clusters that cannot be used: wrong addresses, workers of another state, lost schedulers."""

from __future__ import annotations

import shutil
import sys
from contextlib import chdir
from pathlib import Path

import pytest

import azkz
from azkz.build import cluster as cluster_
from azkz.build import dispatch
from azkz.build.chapter import execute
from azkz.build.cluster import cluster
from azkz.build.dispatch import ClusterFailed
from azkz.build.identity import Identity
from azkz.errors import BadInput
from azkz.paths import Checkout
from cluster_parts import dask, scheduler, small, until
from conftest import Azkz


@pytest.mark.parametrize(
    "address",
    ["local", "local:", "local:x", "local:0", "local:-1", "http://a:1", "tcp://a", "a:8786", "tcp"],
)
def test_other_forms_are_refused(address: str, place: Checkout) -> None:
    """With those that are allowed."""
    with (
        pytest.raises(BadInput, match=r"no address of a cluster — give local:N .* tcp://HOST:PORT"),
        cluster(address, place),
    ):
        pass


def test_the_command_refuses_with_exit_code_2(copy: Checkout, azkz: Azkz) -> None:
    """Nothing has run then."""
    done = azkz(copy, "build", "--cluster", "local:two")
    assert done.returncode == 2
    assert "--cluster local:two: no address of a cluster" in done.stderr
    assert not copy.site.exists()


def test_without_the_extra_it_says_what_to_install(
    place: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Dask is not there."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"not installed — .*azkz\[cluster\]"):
        cluster("local:2", place).__enter__()


def test_nobody_answers(
    place: Checkout, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The address is named, and Dask itself says nothing."""
    monkeypatch.setattr(cluster_, "_CONNECT", 1)
    with (
        pytest.raises(BadInput, match=r"--cluster tcp://127\.0\.0\.1:1: no Dask scheduler answers"),
        cluster("tcp://127.0.0.1:1", place),
    ):
        pass
    assert capfd.readouterr() == ("", "")


def test_a_scheduler_without_the_package_is_refused(place: Checkout, tmp_path: Path) -> None:
    """It could not pass on what is asked."""
    (tmp_path / "azkz").mkdir()
    (tmp_path / "azkz" / "__init__.py").touch()
    with (
        scheduler(tmp_path, PYTHONPATH=str(tmp_path)) as (address, _),
        pytest.raises(BadInput, match=r"cannot pass on .* start one in this environment"),
        cluster(address, place),
    ):
        pass


def copied_code(folder: Path) -> Path:
    """A folder with the package as it is here, of the same version."""
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(azkz.__file__).parent, folder / "code" / "azkz", ignore=kept)
    return folder / "code"


def test_code_that_changes_under_a_worker_is_refused(place: Checkout, tmp_path: Path) -> None:
    """What it has imported before is another than what it would import now."""
    code = copied_code(tmp_path)
    with (
        scheduler(tmp_path) as (address, _),
        dask(place.root, "worker", address, "--nthreads", "1", PYTHONPATH=str(code)),
    ):
        with cluster(address, place) as pool:
            assert pool.submit(abs, -1).result(timeout=60) == 1
        (code / "azkz" / "more.py").touch()
        with pytest.raises(BadInput, match=r"tcp://.*: another code of azkz"):
            cluster(address, place).__enter__()


def test_workers_of_another_state_are_refused(
    place: Checkout, copy: Checkout, tmp_path: Path
) -> None:
    """All at once, before anything runs; the one that is as it should be is not named."""
    names = copy.data / "names.csv"
    names.write_text(names.read_text(encoding="utf-8") + "XXX,Nowhere,\n", encoding="utf-8")
    code = copied_code(tmp_path)
    (code / "azkz" / "more.py").write_text("", encoding="utf-8")
    with scheduler(tmp_path) as (address, _):
        one = ("worker", address, "--nthreads", "1", "--name")
        with (
            dask(place.root, *one, "same"),
            dask(copy.root, *one, "ledger"),
            dask(place.root, *one, "code", PYTHONPATH=str(code)),
            dask(tmp_path, *one, "folder"),
        ):
            with cluster_._connected(address) as client:
                client.wait_for_workers(4, timeout=60)
                workers = client.scheduler_info()["workers"]
            by_name = {each["name"]: key for key, each in workers.items()}
            with pytest.raises(BadInput, match="3 of 4 workers are not as") as caught:
                cluster(address, place).__enter__()
    lines = str(caught.value).splitlines()
    told = {line.strip().partition(": ")[0]: line for line in lines[1:-1]}
    assert set(told) == {by_name[name] for name in ("ledger", "code", "folder")}
    assert "another ledger (" in told[by_name["ledger"]]
    assert "code" not in told[by_name["ledger"]]
    assert told[by_name["code"]].endswith(": another code of azkz")
    assert "no checkout of the report is here" in told[by_name["folder"]]
    assert "a clone of this commit" in lines[-1]


def test_a_worker_that_comes_later_is_refused(
    place: Checkout, copy: Checkout, tmp_path: Path
) -> None:
    """With its first call, by its address; a worker is waited for."""
    names = copy.data / "names.csv"
    names.write_text(names.read_text(encoding="utf-8") + "XXX,Nowhere,\n", encoding="utf-8")
    with scheduler(tmp_path) as (address, _), cluster(address, place) as pool:
        assert pool.workers == 0
        asked = pool.submit(execute, place, small("a", "1"), {})
        with (
            dask(copy.root, "worker", address, "--nthreads", "1"),
            pytest.raises(BadInput, match=r"worker tcp://.*: another ledger"),
        ):
            asked.result(timeout=60)


def test_other_packages_are_named() -> None:
    """The report's own first; not all of many."""
    wanted = Identity("l" * 64, "c", "3.11.7", {"azkz": "2", "pandas": "3.1", "extra": "1"})
    found = Identity("l" * 64, "c", "3.12.0", {"azkz": "1", "pandas": "3.0", "zict": "3"})
    assert wanted.differences(wanted) == []
    assert found.differences(wanted) == [
        "Python 3.12.0 instead of 3.11.7",
        "azkz 1 instead of 2, no extra, pandas 3.0 instead of 3.1, zict too much",
    ]
    many = Identity("l" * 64, "c", "3.11.7", {f"p{i}": "1" for i in range(9)})
    assert many.differences(Identity("l" * 64, "c", "3.11.7", {})) == [
        "p0 too much, p1 too much, p2 too much, p3 too much and 5 packages more"
    ]


def test_a_lost_scheduler_is_told(place: Checkout, tmp_path: Path) -> None:
    """Who waits gets an error; also who asks afterwards."""
    with (
        scheduler(tmp_path) as (address, process),
        cluster(address, place) as pool,
        dask(place.root, "worker", address, "--nthreads", "1"),
    ):
        asked = pool.submit(execute, place, small("a", "import time\ntime.sleep(60)"), {})
        until(lambda: any(pool._client.processing().values()))
        process.kill()
        for each in (asked, pool.submit(execute, place, small("b", "1"), {})):
            with pytest.raises(ClusterFailed, match="the scheduler is no longer there") as caught:
                each.result(timeout=60)
            assert caught.value.exit_code == 3


def test_a_build_does_not_wait_for_workers_for_ever(
    place: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last has gone and none comes, the wait ends with an error."""
    monkeypatch.setattr(dispatch, "PATIENCE", 1.0)
    monkeypatch.setattr(dispatch, "_EACH", 0.2)
    with chdir(place.root), cluster("local:1", place) as pool:
        asked = pool.submit(execute, place, small("a", "import time\ntime.sleep(60)"), {})
        until(lambda: any(pool._client.processing().values()))
        pool._client.retire_workers(list(pool._client.nthreads()), close_workers=True)
        with pytest.raises(ClusterFailed, match="no worker for 1 seconds"):
            asked.result(timeout=60)
