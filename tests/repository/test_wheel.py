"""The package for engineers: what is built, and the wheel installed outside the checkout.

The fresh environment has the core's dependencies only, as links to those of this one, so the test
needs no network.
"""

import csv
import importlib.metadata
import json
import os
import subprocess
import sys
import tarfile
import time
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from linked_environment import link_distribution, python, site_packages
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import fer_core
from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo
from pages.server.security_headers import HEADERS

pytestmark = pytest.mark.slow
pytest.importorskip("hatchling", reason="requirements-tools.lock is not installed")

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
START_SECONDS = 60


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-d",
        folder,
        "-t",
        "sdist",
        "-t",
        "wheel",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and the core's dependencies."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    for name in core_packages():
        link_distribution(name, site_packages(folder))
    [wheel] = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", python(folder), "install", "-q"]
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True, capture_output=True)
    return folder


def core_packages() -> set[str]:
    """Names of the core's dependencies and of all that they draw in."""
    waiting, names = [Requirement(line) for line in PROJECT["dependencies"]], set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in names or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        names.add(name)
        waiting += map(Requirement, importlib.metadata.requires(name) or [])
    return names


def run(
    environment: Path, folder: Path, *words: str, program: str = "fer-explorer"
) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment in `folder`, with nothing of the checkout on its path."""
    command = [python(environment).with_name(program), *words]
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )


def files_below(folder: str) -> set[str]:
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts}


def test_the_wheel_has_the_library_with_its_weights_and_the_app(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    app = {"streamlit_app.py", ".streamlit/config.toml", "docs/glossary.md", *files_below("pages")}
    expected = files_below("fer_core") | {"fer_core/README.md"}
    expected |= {f"fer_explorer_app/{name}" for name in app}
    assert {name for name in names if ".dist-info/" not in name} == expected
    assert {"fer_core/py.typed", "fer_core/weights/SHA256SUMS"} < expected


def test_the_source_distribution_can_be_built_tested_and_trained(built: Path) -> None:
    [archive] = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {member.name.partition("/")[2] for member in tar if member.isfile()}
    for folder in ("fer_core", "pages", "training", "tests", "docs", "deploy", "examples"):
        assert files_below(folder) <= names
    tops = {name.partition("/")[0] for name in names}
    assert {"pyproject.toml", "Makefile", "LICENSE", "requirements-tools.lock"} <= tops
    assert not tops & {"data", "runs", "dist", "site", ".git", ".venv", ".mypy_cache"}


def test_the_core_is_small(environment: Path) -> None:
    installed = importlib.metadata.distributions(path=[str(site_packages(environment))])
    names = {canonicalize_name(each.name) for each in installed}
    assert names == core_packages() | {"fer-explorer"}
    assert not names & {"torch", "tensorflow", "tensorflow-cpu", "keras", "streamlit", "pandas"}


def test_the_installed_library_is_used(environment: Path, tmp_path: Path) -> None:
    code = "import fer_core; print(fer_core.__file__)"
    done = run(environment, tmp_path, "-c", code, program=python(environment).name)
    assert Path(done.stdout.strip()).is_relative_to(environment), done.stderr


def test_the_command_says_its_name_and_version(environment: Path, tmp_path: Path) -> None:
    version = f"fer-explorer {fer_core.__version__}\n"
    assert run(environment, tmp_path, "--version").stdout == version
    assert run(environment, tmp_path, "--help").stdout.startswith("usage: fer-explorer ")
    module = ["-m", "fer_core"]
    name = python(environment).name
    assert run(environment, tmp_path, *module, "--version", program=name).stdout == version
    text = run(environment, tmp_path, *module, "--help", program=name).stdout
    assert text.startswith("usage: python -m fer_core ")


def test_photos_are_classified(environment: Path, tmp_path: Path) -> None:
    assert [
        line.split()[0] for line in run(environment, tmp_path, "models").stdout.splitlines()
    ] == fer_core.list_models()
    (tmp_path / "photo.png").write_bytes(sample_photo())
    done = run(environment, tmp_path, "classify", "--json", "photo.png")
    assert done.returncode == 0, done.stderr
    [face] = json.loads(done.stdout)["faces"]
    assert face["results"][default_model_name()]["emotion"] == "happy"


def test_many_photos_and_files_for_other_programs(environment: Path, tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"{number}.png").write_bytes(sample_photo())
    words = ["classify", ".", "--model=multiclass", "--workers=2", "--out"]
    assert run(environment, tmp_path, *words, "answers.csv").returncode == 0
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig") as table:
        assert [row["emotion"] for row in csv.DictReader(table)] == ["happy"] * 10
    done = run(environment, tmp_path, *words, "answers.parquet")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "needs the package pyarrow" in done.stderr
    assert run(environment, tmp_path, "export", "stacking", "--out", "a.onnx").returncode == 0
    assert (tmp_path / "a.onnx.data").stat().st_size > 1_000_000


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ("explain photo.png --model resnet101 --out map.png", "explain"),
        ("explain photo.png --model keras_cnn --out map.png", "explain"),
        ("card ferplus", "evaluation"),
        ("bench --out reports", "app"),
        ("app", "app"),
    ],
)
def test_a_missing_package_is_one_sentence_that_names_the_extra(
    command: str, extra: str, environment: Path, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(sample_photo())
    done = run(environment, tmp_path, *command.split())
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.endswith(f": pip install 'fer-explorer[{extra}]'.")


@pytest.fixture
def app(environment: Path, tmp_path: Path, unused_port: int) -> Iterator[str]:
    """The installed app, started in a folder with other settings; yields its address."""
    settings = tmp_path / ".streamlit/config.toml"
    settings.parent.mkdir()
    settings.write_text('[server]\nallowedHosts = ["elsewhere.example"]\n')
    command = [sys.executable, "-m", "fer_core", "app", "--port", str(unused_port)]
    process = subprocess.Popen(
        [*command, "--", "--server.baseUrlPath", "faces"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(site_packages(environment))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    address = f"http://localhost:{unused_port}/faces"
    deadline = time.monotonic() + START_SECONDS
    try:
        while not answers(f"{address}/health"):
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield address
    finally:
        process.kill()
        process.wait()


def answers(address: str) -> bool:
    try:
        return httpx2.get(address, timeout=5).is_success
    except httpx2.HTTPError:
        return False


def test_the_installed_app_keeps_its_own_settings(app: str) -> None:
    response = httpx2.get(f"{app}/")
    assert response.is_success
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert httpx2.get(f"{app}/", headers={"Host": "elsewhere.example"}).status_code == 400
