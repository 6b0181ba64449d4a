"""A tagger survives its folder, and a folder that is not whole is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import safetensors.numpy

import rubrika
from rubrika import bundle, folders
from rubrika.errors import BundleError
from rubrika.explain import explain
from rubrika.tagger import Tagger
from rubrika.topics import Topics
from rubrika.vocabulary import Vocabulary
from rubrika_train.training import Trained
from tests.conftest import AUTOMOTIVE, NONE, TOURISM


@pytest.fixture
def copy(tiny_bundle: Path, tmp_path: Path) -> Path:
    """Copy the tiny tagger, to be damaged."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "copy"))


def test_a_tagger_comes_back_as_it_was(tagger: Tagger, tiny_bundle: Path) -> None:
    loaded = rubrika.load(tiny_bundle)
    assert (loaded.themes, loaded.vocabulary, loaded.version) == (
        tagger.themes,
        tagger.vocabulary,
        tagger.version,
    )
    np.testing.assert_allclose(loaded.weights, tagger.weights, atol=1e-5)
    assert loaded.tag(TOURISM[0]).themes == tagger.tag(TOURISM[0]).themes


def test_the_same_tagger_gives_the_same_bytes(
    trained: Trained, tiny_bundle: Path, tmp_path: Path
) -> None:
    trained.save(tmp_path / "again")
    for file in tiny_bundle.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_saving_replaces_a_tagger_and_leaves_nothing_behind(trained: Trained, copy: Path) -> None:
    (copy / "stray").touch()
    trained.save(copy)
    assert sorted(path.name for path in copy.iterdir()) == [
        "README.md",
        "forms.safetensors",
        "manifest.json",
        "topics.safetensors",
        "vocabulary.txt",
        "weights.safetensors",
    ]
    assert list(copy.parent.iterdir()) == [copy]


def test_a_failed_save_leaves_the_old_tagger(
    trained: Trained, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            trained.save(copy)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before
    assert list(copy.parent.iterdir()) == [copy]


@pytest.mark.parametrize(
    "name", ["forms.safetensors", "manifest.json", "vocabulary.txt", "weights.safetensors"]
)
@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "gone"])
def test_a_damaged_tagger_is_refused(copy: Path, name: str, damage: str) -> None:
    file = copy / name
    data = file.read_bytes()
    middle = len(data) // 2
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(
            {
                "cut": data[:middle],
                "flip": data[:middle] + bytes([data[middle] ^ 0x5A]) + data[middle + 1 :],
                "empty": b"",
            }[damage]
        )
    with pytest.raises(BundleError) as raised:
        rubrika.load(copy)
    assert str(raised.value).endswith("copy the tagger again, or train it with: rubrika train")
    assert "\n" not in str(raised.value)


def rewrite(folder: Path, **changes: object) -> None:
    """Change a manifest and give it a fitting digest, as somebody who means harm would."""
    path = folder / "manifest.json"
    manifest = {**json.loads(path.read_text()), **changes}
    manifest["sha256"] = bundle._digest_of_manifest(manifest)
    path.write_text(json.dumps(manifest))


def exchange(folder: Path, name: str, tensors: dict[str, npt.NDArray[np.generic]]) -> None:
    """Put other tensors into a file of a tagger whose manifest names their digest."""
    data = safetensors.numpy.save(tensors)
    (folder / name).write_bytes(data)
    files = json.loads((folder / "manifest.json").read_text())["files"]
    rewrite(folder, files={**files, name: {"sha256": hashlib.sha256(data).hexdigest()}})


def test_an_unknown_format_is_refused_with_the_next_step(copy: Path) -> None:
    rewrite(copy, format=99)
    with pytest.raises(BundleError) as raised:
        rubrika.load(copy)
    assert str(raised.value) == (
        f"{copy}: format 99 is not one that this Rubrika reads (1, 2, 3); upgrade Rubrika, or "
        "train the tagger again with: rubrika train"
    )


OLD = Path(__file__).parent / "data" / "format-1"
WITHOUT_TOPICS = OLD.parent / "format-2"


def test_a_tagger_of_the_second_format_says_what_its_weights_say(tmp_path: Path) -> None:
    old, older = rubrika.load(WITHOUT_TOPICS), rubrika.load(OLD)
    assert old.topics is None
    texts = [text.format(5) for text in (*TOURISM, *AUTOMOTIVE, *NONE)]
    np.testing.assert_allclose(old.probabilities(texts), older.probabilities(texts), atol=1e-6)
    bundle.save(old, tmp_path / "again", {}, "")
    assert bundle.read_manifest(tmp_path / "again")["format"] == 2


def test_topics_come_back_as_they_were(tagger: Tagger, tiny_bundle: Path) -> None:
    loaded = rubrika.load(tiny_bundle).topics
    assert tagger.topics is not None
    assert loaded is not None
    np.testing.assert_array_equal(loaded.strengths, tagger.topics.strengths)
    np.testing.assert_array_equal(loaded.columns, tagger.topics.columns)
    np.testing.assert_allclose(loaded.weights, tagger.topics.weights, atol=1e-6)


MISFITS: dict[str, npt.NDArray[np.generic]] = {
    "lengths": np.zeros(3, np.uint8),
    "columns": np.zeros(3, np.uint8),
    "strengths": np.zeros(3, np.float16),
    "weights": np.zeros((2, 58, 57), np.float32),
}


@pytest.mark.parametrize("name", MISFITS)
def test_topics_that_do_not_fit_are_refused(copy: Path, name: str) -> None:
    tensors = safetensors.numpy.load((copy / "topics.safetensors").read_bytes())
    exchange(copy, "topics.safetensors", {**tensors, name: MISFITS[name]})
    with pytest.raises(BundleError, match="not a tagger that fits together"):
        rubrika.load(copy)


REFUSED: tuple[tuple[str, npt.NDArray[np.generic], str], ...] = (
    ("lengths", np.array([1, 0]), "lengths of topics are int64, not uint8"),
    ("lengths", np.array([1], np.uint8), "not 2"),
    ("columns", np.array([2], np.uint8), "unknown topic"),
    ("columns", np.array([-1], np.int8), "columns of topics are int8, not uint8"),
    ("strengths", np.array([1.0]), "strengths of topics are float64, not float16 or float32"),
    ("strengths", np.array([-1.0], np.float32), "with no strength"),
    ("strengths", np.array([0.0], np.float32), "with no strength"),
    ("strengths", np.array([np.inf], np.float32), "with no strength"),
    ("weights", np.full((1, 2, 2), np.nan, np.float32), "not finite"),
    ("weights", np.zeros(12, np.float32), "have shape"),
    ("weights", np.array([[[0, 1], [0, 0]]], np.float32), "not symmetric"),
)


@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_topics_that_cannot_be_are_refused(
    name: str, value: npt.NDArray[np.generic], message: str
) -> None:
    good: dict[str, npt.NDArray[np.generic]] = {
        "lengths": np.array([1, 0], np.uint8),
        "columns": np.array([1], np.uint8),
        "strengths": np.array([1.0], np.float16),
        "weights": np.zeros((1, 2, 2), np.float32),
    }
    assert Topics.from_tensors(good, 2, 1).columns.tolist() == [[1, 0]]
    with pytest.raises(ValueError, match=message):
        Topics.from_tensors({**good, name: value}, 2, 1)


def test_topics_are_not_saved_without_forms(tagger: Tagger, tmp_path: Path) -> None:
    plain = replace(tagger, vocabulary=Vocabulary.of(tagger.vocabulary.lemmas))
    with pytest.raises(ValueError, match="topics want a vocabulary with forms"):
        bundle.save(plain, tmp_path / "plain", {}, "")


def test_a_tagger_of_the_first_format_tags_by_pymorphy3() -> None:
    tagger = rubrika.load(OLD)
    assert tagger.vocabulary.forms is None
    assert [tagger.tag(text.format(5)).themes for text in (*TOURISM, *AUTOMOTIVE, *NONE)] == [
        *[("tourism",)] * 4,
        *[("automotive",)] * 4,
        *[()] * 4,
    ]
    assert tagger.tag(TOURISM[0].format(5)).tags[0].probability == pytest.approx(
        0.9999928, abs=1e-6
    )


def test_a_tagger_of_the_first_format_explains() -> None:
    (theme,) = explain(rubrika.load(OLD), TOURISM[0], ["tourism"]).themes
    assert {"турист", "гостиница"} <= {word.lemma for word in theme.words}
    assert sum(word.contribution for word in theme.words) + theme.bias == pytest.approx(theme.score)


def test_a_tagger_of_the_first_format_is_saved_in_it(tmp_path: Path) -> None:
    bundle.save(rubrika.load(OLD), tmp_path / "again", {}, "")
    assert bundle.read_manifest(tmp_path / "again")["format"] == 1
    assert rubrika.load(tmp_path / "again").tag(TOURISM[0]).themes == ("tourism",)


def test_a_tagger_whose_forms_do_not_fit_is_refused(copy: Path) -> None:
    exchange(copy, "forms.safetensors", {"sizes": np.zeros(3, dtype=np.uint8)})
    with pytest.raises(BundleError, match="not a tagger that fits together"):
        rubrika.load(copy)


def test_shapes_that_do_not_fit_are_refused(copy: Path, tmp_path: Path) -> None:
    without_topics = Path(shutil.copytree(WITHOUT_TOPICS, tmp_path / "format-2"))
    for folder, misfit in ((copy, "weights of topics have"), (without_topics, "weights has shape")):
        manifest = json.loads((folder / "manifest.json").read_text())
        rewrite(folder, themes=manifest["themes"][:1])
        with pytest.raises(BundleError, match=rf"not a tagger that fits together \({misfit}"):
            rubrika.load(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "much", None])
def test_a_decision_that_is_no_number_is_refused(copy: Path, value: object) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    rewrite(copy, decision={**manifest["decision"], "slope": [value, 1.0]})
    with pytest.raises(BundleError, match="not a tagger that fits together"):
        rubrika.load(copy)


def test_a_manifest_without_digests_is_refused(copy: Path) -> None:
    rewrite(copy, files=[])
    with pytest.raises(BundleError, match=r"names no digest of vocabulary\.txt"):
        rubrika.load(copy)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere", "nowhere: no such folder; give a tagger's folder, or train one: rubrika train"),
        (
            ".",
            ".: not a whole tagger, manifest.json is missing; copy the tagger again, "
            "or train it with: rubrika train",
        ),
    ],
)
def test_a_folder_that_is_no_tagger(
    path: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BundleError) as raised:
        rubrika.load(path)
    assert str(raised.value) == message


def test_an_interrupted_replacement_leaves_a_tagger(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupt the second renaming: the old tagger is set aside, the new one not yet in place."""
    whole, renamed = Path.replace, list[Path]()

    def interrupted(self: Path, target: Path) -> Path:
        renamed.append(self)
        if len(renamed) == 2:
            raise KeyboardInterrupt
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        folders.replace(copy, {"manifest.json": b"new"})
    assert rubrika.load(copy).tag(TOURISM[0]).themes == ("tourism",)
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]
