"""The warm engine: to a notebook it is papermill's own kernel, only sooner there."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from azkz.build import CHAPTERS, engine
from azkz.build import edition as editions
from azkz.build.chapter import environment, execute, normalise, read
from azkz.build.client import ForkedKernel
from azkz.build.engine import ENGINES
from azkz.build.template import load_all
from azkz.paths import Checkout

linux = pytest.mark.skipif(sys.platform != "linux", reason="forks where that is safe: on Linux")

CELLS = (
    "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')",
    # papermill's own kernel reads what comes from below in a thread: it needs some time for that.
    "import os, time\nos.write(1, b'from below\\n')\nos.system('echo from a child'); time.sleep(1)",
    "1 + 1",
    "from IPython.display import Markdown, display\ndisplay(Markdown('*first*'))\n'second'",
    "handle = display('before', display_id=True)\nhandle.update('after')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
    "plt.plot([1, 2])\nplt.show()\nplt.bar([1], [2])\nplt.show()",
    "%matplotlib inline\n%config InlineBackend.figure_formats = ['svg']",
    "plt.rcParams['svg.hashsalt'] = 'a'\nplt.plot([2, 1]);",
    "%precision 3\n3.14159",
    "%%capture held\nprint('held back')",
    "held.stdout",
    "!echo shell",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "import seaborn as sns\nsns.barplot(x=['a', 'b'], y=[1, 2]);",
    "{'b', 'a', 'c'}, hash('text')",
    "import sys\nsys.argv[1:2], sys.path[0], __name__, os.environ.get('MPLBACKEND')",
    "import multiprocessing\nmultiprocessing.get_context('fork').Pool(1).apply(abs, (-2,))",
    "from time import tzname\ntzname, os.getcwd() == os.environ.get('PWD', os.getcwd())",
    "get_ipython().history_manager.input_hist_raw[-1]",
    "def broken(value):\n    return value / 0\n\nbroken(1)",
    "print('never')",
)
"""What a notebook may do, and what of it a kernel shows; the last but one raises."""


def run(cells: tuple[str, ...], name: str, folder: Path) -> bytes:
    """The cells, executed by an engine, up to the one that raises, as a build keeps them."""
    notebook = new_notebook(cells=[new_code_cell(cell, id=f"c{i}") for i, cell in enumerate(cells)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    source, target = folder / f"{name}.ipynb", folder / f"{name}.out.ipynb"
    nbformat.write(notebook, source)
    with suppress(papermill.PapermillExecutionError), pytest.MonkeyPatch.context() as patch:
        # Where it is set ipykernel leaves out what is written to the descriptors below.
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)
        papermill.execute_notebook(
            source, target, engine_name=ENGINES[name], progress_bar=False, cwd=folder
        )
    made = nbformat.read(target, as_version=4)
    # papermill's own notes on the error, with ids that it makes up.
    made.cells = [c for c in made.cells if "papermill-error-cell-tag" not in c.metadata.tags]
    for cell in made.cells:
        cell.outputs = _in_one_piece(cell.outputs)
    return normalise(made)


def _in_one_piece(outputs: list[Any]) -> list[Any]:
    """Outputs in their order; in how many pieces a stream is sent is a matter of time."""
    joined: list[Any] = []
    for output in outputs:
        same = joined and output.output_type == "stream" == joined[-1].output_type
        if same and joined[-1].name == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


@pytest.fixture(autouse=True)
def _as_builds_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment().items():
        monkeypatch.setenv(name, value)


@linux
def test_a_notebook_sees_an_ordinary_kernel(tmp_path: Path) -> None:
    """Streams in their order, displays, figures, magics, tracebacks, counts: byte for byte."""
    warm, stock = (run(CELLS, name, tmp_path) for name in ("warm", "stock"))
    cells = {name: json.loads(made)["cells"] for name, made in (("warm", warm), ("stock", stock))}
    for mine, theirs in zip(cells["warm"], cells["stock"], strict=True):
        assert mine == theirs
    assert warm == stock
    figures = [out for cell in cells["warm"] for out in cell["outputs"] if is_figure(out)]
    assert len(figures) == 5
    assert [c["execution_count"] for c in cells["warm"] if c["outputs"]][-1] == len(CELLS) - 1
    assert cells["warm"][-1]["outputs"] == []


@linux
def test_what_cells_write_stands_where_it_was_written(tmp_path: Path) -> None:
    """By themselves, below them and in their processes, more than a pipe holds, and in threads."""
    asked = (
        "import os, sys\nprint('a')\nos.write(1, b'b\\n')\nprint('c')",
        "os.system('head -c 300000 /dev/zero | tr \"\\\\0\" x')",
        "import multiprocessing\nmultiprocessing.get_context('fork').Pool(1).apply(print, ('d',))",
        "os.write(2, 'ä'.encode()[:1])\nprint('e', flush=True)\nos.write(2, 'ä'.encode()[1:])",
        "from threading import Thread\nt = Thread(target=print, args='f')\nt.start()\nt.join()",
        "print(sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.name)",
        "sys.stdout.write(1)",
    )
    cells = json.loads(run(asked, "warm", tmp_path))["cells"]
    said = [["".join(o.get("text", "")) for o in cell["outputs"]] for cell in cells]
    assert said[:6] == [
        ["a\nb\nc\n"],
        ["x" * 300000, ""],
        ["d\n"],
        ["e\n", "ä", ""],
        ["f\n"],
        ["False UTF-8 stdout\n"],
    ]
    assert cells[6]["outputs"][0]["ename"] == "TypeError"


@linux
def test_a_cell_that_takes_too_long_or_ends_the_kernel_is_named(tmp_path: Path) -> None:
    """With all that it has started: nothing runs on."""
    started = "import os, subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)"
    for last, error in (
        ("while True:\n    pass", CellTimeoutError),
        ("import os\nos._exit(3)", DeadKernelError),
        ("if os.fork():\n    os._exit(3)\nimport time\ntime.sleep(600)", DeadKernelError),
    ):
        notebook = new_notebook(cells=[new_code_cell(each) for each in (started, last)])
        nbformat.write(notebook, tmp_path / "in.ipynb")
        with pytest.raises(error) as raised:
            papermill.execute_notebook(
                tmp_path / "in.ipynb", tmp_path / "out.ipynb", engine_name=ENGINES["warm"],
                kernel_name="python3", progress_bar=False, execution_timeout=2,
            )  # fmt: skip
        cells = raised.value.cells  # type: ignore[attr-defined]
        assert has_ended(int(cells[0].outputs[0].text))


@linux
def test_a_kernel_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is killed, and could remove nothing itself."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ForkedKernel(tmp_path) as kernel:
        assert kernel.message() is not None
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


@linux
@pytest.mark.parametrize("name", ENGINES)
def test_the_next_cell_runs_where_a_tag_lets_one_raise(name: str, tmp_path: Path) -> None:
    """Papermill tells of the error at the end."""
    cells = [new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}), new_code_cell("2")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "in.ipynb")
    with pytest.raises(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            tmp_path / "in.ipynb", tmp_path / "out.ipynb", engine_name=ENGINES[name],
            kernel_name="python3", progress_bar=False,
        )  # fmt: skip
    made = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert made.cells[-1].outputs[0].data["text/plain"] == "2"


def is_figure(output: dict[str, Any]) -> bool:
    """Whether a cell shows a picture."""
    return bool(output.get("data", {}).keys() & {"image/png", "image/svg+xml"})


@linux
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_the_same_by_both_engines(name: str, place: Checkout) -> None:
    """Byte for byte after normalising; the figures are there."""
    templates = load_all(place)
    newest = editions.newest(place)
    edition = editions.load(place, newest, templates[name].parameters, date.max)
    warm, stock = (
        execute(place, templates[name], edition.parameters, engine) for engine in ENGINES
    )
    assert warm == stock
    code = [c for c in json.loads(templates[name].content)["cells"] if c["cell_type"] == "code"]
    drawing = [cell for cell in code if "report.figure(" in "".join(cell["source"])]
    assert len(drawing) - 2 <= len(read(name, warm).figures) <= len(drawing)
    assert len(read(name, warm).figures) >= 5


@linux
def test_kernels_are_forked(tmp_path: Path) -> None:
    """The parent of a warm kernel has imported the stack; that of papermill's own is this one.

    It looks for garbage as all do, but not as often.
    """
    asked = (
        *("import os, sys\nos.getppid()", "len([m for m in sys.modules if m == 'seaborn'])"),
        "import gc\ngc.isenabled(), gc.get_threshold()[0] > 10_000",
    )
    found = {name: json.loads(run(asked, name, tmp_path))["cells"] for name in ENGINES}
    shown = {
        name: [cell["outputs"][0]["data"]["text/plain"] for cell in cells]
        for name, cells in found.items()
    }
    assert shown["stock"] == [[str(os.getpid())], ["0"], ["(True, False)"]]
    assert shown["warm"][1:] == [["1"], ["(True, True)"]]
    assert shown["warm"][0] != [str(os.getpid())]


@linux
def test_kernels_have_random_numbers_of_their_own(tmp_path: Path) -> None:
    """Not those of the process that all are forked from."""
    asked = ("import random\nimport numpy as np\n[random.random(), np.random.rand()]",)
    first, second = (json.loads(run(asked, "warm", tmp_path)) for _ in range(2))
    assert first["cells"][0]["outputs"] != second["cells"][0]["outputs"]


@linux
def test_papermill_itself_finds_the_engine(tmp_path: Path) -> None:
    """``papermill --engine azkz-warm``, for who runs a notebook without ``azkz``."""
    cells = [new_code_cell("import os\nos.environ['MPLBACKEND'][-6:]", id="a")]
    notebook = new_notebook(cells=cells)
    nbformat.write(notebook, tmp_path / "in.ipynb")
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("papermill")), "in.ipynb", "out.ipynb"),
            *("--engine", "azkz-warm", "--kernel", "python3", "--no-progress-bar"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    made = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert made.cells[0].outputs[0].data["text/plain"] == "'inline'"


@linux
def test_a_kernel_ends_with_the_process_that_asked_for_it(tmp_path: Path) -> None:
    """Also when that is killed: nothing is left that runs on."""
    script = tmp_path / "start.py"
    script.write_text(
        "import time\n"
        "from pathlib import Path\n"
        "from azkz.build.client import ForkedKernel\n"
        "if __name__ == '__main__':\n"
        "    made = ForkedKernel(Path.cwd()).__enter__()\n"
        "    print(made.pid, flush=True)\n"
        "    time.sleep(60)\n",
        encoding="utf-8",
    )
    asking = subprocess.Popen(
        [sys.executable, str(script)], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    assert asking.stdout is not None
    kernel = int(asking.stdout.readline())
    assert runs(kernel)
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    assert has_ended(kernel)


def has_ended(pid: int) -> bool:
    """Whether a process that was killed ends within some seconds."""
    for _ in range(100):
        if not runs(pid):
            return True
        signal.sigtimedwait([], 0.1)
    return False


def runs(pid: int) -> bool:
    """Whether a process is there and is no remains of one."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False


def test_where_nothing_can_be_forked_it_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fault that cannot be made here: another system. Chapters run all the same."""
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    engine._say_stock.cache_clear()
    for _ in range(2):
        cells = json.loads(run(("import sys\n'seaborn' in sys.modules",), "warm", tmp_path))[
            "cells"
        ]
        assert cells[0]["outputs"][0]["data"]["text/plain"] == ["False"]
    assert capsys.readouterr().err.count("cannot fork safely") == 1
