"""A registry of versions: one in use, none ever lost, whoever is killed or comes at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rubrika import bundle
from rubrika.errors import BundleError
from rubrika_train import registry, tuning
from tests.conftest import ROOT, Run
from tests.killing_models import save
from tests.test_tuning import sample

# Switches versions to and fro and reads the current one each time.
WORKER = """
import sys
from pathlib import Path
from rubrika import bundle
from rubrika.errors import BundleError
from rubrika_train import registry
models, folders = Path(sys.argv[1]), list(map(Path, sys.argv[2:]))
for turn in range(12):
    version = registry.add_copy(models, folders[turn % 2])
    registry.promote(models, version)
    assert bundle.load(models).version in {path.name for path in models.iterdir()}
    if turn % 3 == 2:
        try:
            registry.rollback(models)
        except BundleError as error:
            assert "no version was in use before" in str(error)
"""


@pytest.fixture(scope="module")
def tuned_bundle(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save another version of the tiny tagger."""
    folder = tmp_path_factory.mktemp("tuned")
    tuning.tune(tiny_bundle, sample(folder / "labelled.jsonl")).save(folder / "tuned")
    return folder / "tuned"


@pytest.fixture
def models(tiny_bundle: Path, tmp_path: Path) -> Path:
    """Make a registry that uses the tiny tagger."""
    folder = tmp_path / "models"
    registry.create(folder)
    registry.promote(folder, registry.add_copy(folder, tiny_bundle))
    return folder


def version(folder: Path) -> str:
    return bundle.load(folder).version


def test_a_registry_stands_for_its_current_version(
    models: Path, tiny_bundle: Path, tuned_bundle: Path
) -> None:
    assert version(models) == version(tiny_bundle)
    registry.promote(models, registry.add_copy(models, tuned_bundle))
    assert version(models) == version(tuned_bundle)
    assert bundle.read_manifest(models)["version"] == version(tuned_bundle)
    registry.rollback(models)
    assert version(models) == version(tiny_bundle)


def test_a_system_without_links_gets_a_file(
    models: Path, tuned_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("a required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    other = registry.add_copy(models, tuned_bundle)
    registry.promote(models, other)
    assert (models / "current").read_text() == f"{other}\n"
    assert not (models / "current").is_symlink()
    assert version(models) == registry.current(models) == other


def test_rollback_goes_back_step_by_step(models: Path, tuned_bundle: Path) -> None:
    first = registry.current(models)
    second = registry.add_copy(models, tuned_bundle)
    registry.promote(models, second)
    registry.promote(models, second)
    registry.rollback(models)
    assert registry.current(models) == first
    with pytest.raises(BundleError) as raised:
        registry.rollback(models)
    assert str(raised.value) == (
        f"{models}: no version was in use before {first}; choose one with: rubrika models promote"
    )
    actions = [(line.action, line.version, line.instead_of) for line in registry.history(models)]
    assert actions == [
        ("promote", first, None),
        ("promote", second, first),
        ("rollback", first, second),
    ]


def test_a_broken_version_is_listed_and_not_promoted(models: Path, tuned_bundle: Path) -> None:
    other = registry.add_copy(models, tuned_bundle)
    (models / other / "weights.safetensors").write_bytes(b"")
    with pytest.raises(BundleError, match="damaged"):
        registry.promote(models, other)
    (models / other / "manifest.json").write_bytes(b"{}")
    broken = {one.version: one.broken for one in registry.versions(models)}
    assert "not a tagger's manifest" in str(broken[other])
    assert registry.current(models) != other


def test_something_else_is_no_registry(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("mine")
    with pytest.raises(BundleError, match="there is something else than versions"):
        registry.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["own.txt"]


def test_a_damaged_history_is_named_with_its_line(models: Path) -> None:
    with (models / "history.jsonl").open("a") as file:
        file.write("{}\n")
    with pytest.raises(BundleError) as raised:
        registry.history(models)
    assert str(raised.value) == (
        f"{models / 'history.jsonl'}:2: not a line of a history; bring the file back from a copy"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_kill_at_any_line_leaves_whole_taggers(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killing_models", tmp_path],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert all(kills > 20 for kills in json.loads(done.stdout))


def test_processes_at_once_corrupt_nothing(tmp_path: Path) -> None:
    models = tmp_path / "models"
    registry.create(models)
    folders = [save(tmp_path / name, name) for name in ("one", "other")]
    command = [sys.executable, "-c", WORKER, str(models), *map(str, folders)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for process in started:
        assert (process.communicate()[1], process.returncode) == ("", 0)
    switches = registry.history(models)
    assert [line.instead_of for line in switches[1:]] == [line.version for line in switches[:-1]]
    assert switches[-1].version == registry.current(models) == version(models)
    assert {one.version for one in registry.versions(models)} == {"one", "other"}
    hidden = {path.name for path in models.iterdir() if path.name.startswith(".")}
    assert hidden <= {registry.LOCK}


def test_the_commands(run: Run, tiny_bundle: Path, tuned_bundle: Path) -> None:
    nothing = run("models", "list")
    assert (nothing.exit_code, nothing.stderr) == (
        1,
        "Error: models: no registry of versions; begin one with: "
        "rubrika models promote shipped --registry models\n",
    )
    first, second = version(tiny_bundle), version(tuned_bundle)
    assert run("models", "promote", tiny_bundle).stderr == f"models: {first} is in use now\n"
    assert run("models", "promote", tuned_bundle).stderr == (
        f"models: {second} is in use now, in place of {first}\n"
    )
    listed = [json.loads(line) for line in run("models", "list").stdout.splitlines()]
    assert [(one["version"], one["current"], one["parent"]) for one in listed] == [
        (first, False, None),
        (second, True, first),
    ]
    assert "current" in run("models", "list", "--format", "table").stdout
    assert run("models", "rollback").stderr == (
        f"models: {first} is in use now, in place of {second}\n"
    )
    assert run("models", "promote", first).stderr == f"models: {first} is in use already\n"
    missing = run("models", "promote", "2020")
    assert missing.exit_code == 1
    assert missing.stderr == f"Error: models: no version 2020; there are: {first}, {second}\n"
    predicted = run("predict", "-", "-m", "models", stdin="Отель ждёт туристов".encode())
    assert json.loads(predicted.stdout)["model"] == first
