"""A tagger as a folder: numbers and names only, so that opening one can never run code.

manifest.json         format, themes, decision, keywords that decide in place of the model (if any),
                      versions, settings, metrics, digests of the files
vocabulary.txt        the lemmas, one a line, in the order of the weights' rows
weights.safetensors   idf (lemmas,), weights (lemmas, themes), bias (themes,), all float32
forms.safetensors     the forms of the lemmas, as `rubrika.forms` has them; format 1 lacks it
topics.safetensors    the topics of the lemmas, as `rubrika.topics` has them; since format 3
README.md             the model card, for people; nothing is read from it

The manifest holds the SHA-256 of each file and, under "sha256", of itself without that entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import safetensors.numpy

from rubrika import folders
from rubrika.decision import Calibration, Decision
from rubrika.errors import BundleError, ThemeError
from rubrika.forms import Forms
from rubrika.keywords import Rules
from rubrika.tagger import Tagger
from rubrika.themes import Theme, check_ids, fault_of_parents
from rubrika.topics import Topics
from rubrika.vocabulary import Vocabulary

FORMAT = 3
WITHOUT_TOPICS = 2
WITHOUT_FORMS = 1
FORMATS = (WITHOUT_FORMS, WITHOUT_TOPICS, FORMAT)
RELEASED = Path(__file__).parent / "released"
MANIFEST = "manifest.json"
VOCABULARY = "vocabulary.txt"
WEIGHTS = "weights.safetensors"
FORMS = "forms.safetensors"
TOPICS = "topics.safetensors"
CARD = "README.md"
# What the manifest says besides the details that came with the tagger.
OWN_KEYS = frozenset({"format", "version", "themes", "decision", "files", "sha256"})
# In a registry, a folder of versions: a link to the one in use, or a file with its name.
CURRENT = "current"

# No file of a tagger comes near this; a larger one is refused before it is read.
MAX_BYTES = 256 * 2**20

_MISFITS = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    ThemeError,
    safetensors.SafetensorError,
)
_AGAIN = "copy the tagger again, or train it with: rubrika train"


def load(path: str | Path | None = None) -> Tagger:
    """Load a tagger from its folder, or the one that ships with Rubrika.

    A registry stands for its current version. Raises BundleError for a folder that is not a
    tagger, is damaged, or is of an unknown format.
    """
    folder = RELEASED if path is None else locate(path)
    manifest = read_manifest(folder)
    vocabulary = _read_file(folder, VOCABULARY, manifest)
    weights = _read_file(folder, WEIGHTS, manifest)
    try:
        lemmas = vocabulary.count(b"\n")
        known = Vocabulary(vocabulary, _read_forms(folder, manifest, lemmas))
        topics = _read_topics(folder, manifest, lemmas)
        return _build(manifest, known, safetensors.numpy.load(weights), topics)
    except _MISFITS as error:
        raise BundleError(
            f"{folder}: not a tagger that fits together ({error}); {_AGAIN}"
        ) from error


def locate(path: str | Path) -> Path:
    """Return the folder of a tagger: that of its current version if a registry is given."""
    folder = folders.rescued(Path(path))
    current = folder / CURRENT
    if is_bundle(folder) or not current.exists():
        return folder
    if current.is_dir():
        return current.resolve()  # one version to the end, whatever becomes current meanwhile
    return folder / Path(current.read_text(encoding="utf-8").strip()).name


def _read_forms(folder: Path, manifest: Mapping[str, Any], lemmas: int) -> Forms | None:
    if manifest["format"] == WITHOUT_FORMS:
        return None
    return Forms.from_tensors(safetensors.numpy.load(_read_file(folder, FORMS, manifest)), lemmas)


def _read_topics(folder: Path, manifest: Mapping[str, Any], lemmas: int) -> Topics | None:
    if manifest["format"] != FORMAT:
        return None
    tensors = safetensors.numpy.load(_read_file(folder, TOPICS, manifest))
    return Topics.from_tensors(tensors, lemmas, len(manifest["themes"]))


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a tagger's manifest after checking its format and digest; raise BundleError."""
    folder = locate(folder)
    if not folder.is_dir():
        raise BundleError(
            f"{folder}: no such folder; give a tagger's folder, or train one: rubrika train"
        )
    try:
        manifest = json.loads(_read_bytes(folder / MANIFEST))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{folder / MANIFEST}: damaged, not JSON; {_AGAIN}") from error
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise BundleError(f"{folder / MANIFEST}: not a tagger's manifest; {_AGAIN}")
    if manifest["format"] not in FORMATS:
        raise BundleError(
            f"{folder}: format {manifest['format']} is not one that this Rubrika reads "
            f"({', '.join(map(str, FORMATS))}); "
            "upgrade Rubrika, or train the tagger again with: rubrika train"
        )
    if manifest.get("sha256") != _digest_of_manifest(manifest):
        raise BundleError(f"{folder / MANIFEST}: damaged, its SHA-256 differs; {_AGAIN}")
    return manifest


def save(tagger: Tagger, folder: Path, details: Mapping[str, Any], card: str) -> None:
    """Write a tagger to a folder, whole or not at all, in place of a tagger that is there.

    `details` joins the manifest: settings, metrics, training data, versions. A tagger that knows
    no forms is written in format 1, one that goes by no topics in format 2.
    """
    forms, topics = tagger.vocabulary.forms, tagger.topics
    files = {
        VOCABULARY: tagger.vocabulary.lines,
        WEIGHTS: safetensors.numpy.save(
            {
                "idf": tagger.idf.astype(np.float32),
                "weights": tagger.weights.astype(np.float32),
                "bias": tagger.bias.astype(np.float32),
            }
        ),
    }
    if forms is not None:
        files[FORMS] = safetensors.numpy.save(forms.tensors())
    if topics is not None:
        files[TOPICS] = safetensors.numpy.save(topics.tensors())
    manifest = {
        "format": _format(tagger),
        "version": tagger.version,
        "themes": [_theme_to_json(theme) for theme in tagger.themes],
        "decision": _decision_to_json(tagger.decision),
        **({"rules": tagger.rules.to_json()} if tagger.rules else {}),
        **details,
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        },
    }
    manifest["sha256"] = _digest_of_manifest(manifest)
    files[MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    files[CARD] = card.encode()
    folders.replace(folder, files)


def _format(tagger: Tagger) -> int:
    if tagger.vocabulary.forms is None:
        if tagger.topics is not None:
            raise ValueError("topics want a vocabulary with forms")
        return WITHOUT_FORMS
    return WITHOUT_TOPICS if tagger.topics is None else FORMAT


def is_bundle(folder: Path) -> bool:
    """Return whether a folder looks like a tagger's: it has a manifest."""
    return (folder / MANIFEST).is_file()


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BundleError(f"{path}: larger than any tagger; {_AGAIN}")
        return path.read_bytes()
    except OSError as error:
        raise BundleError(
            f"{path.parent}: not a whole tagger, {path.name} is missing; {_AGAIN}"
        ) from error


def _read_file(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    data = _read_bytes(folder / name)
    try:
        expected = manifest["files"][name]["sha256"]
    except (KeyError, TypeError) as error:
        raise BundleError(f"{folder / MANIFEST}: names no digest of {name}; {_AGAIN}") from error
    if hashlib.sha256(data).hexdigest() != expected:
        raise BundleError(f"{folder / name}: damaged, its SHA-256 is not the manifest's; {_AGAIN}")
    return data


def _digest_of_manifest(manifest: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    canonical = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _theme_to_json(theme: Theme) -> dict[str, Any]:
    """Return a theme with the fields that it cannot do without, and the others that it has."""
    needed = ("id", "ru", "en", "definition")
    return {name: value for name, value in asdict(theme).items() if name in needed or value}


def _themes(trees: Iterable[Mapping[str, Any]]) -> tuple[Theme, ...]:
    themes = tuple(Theme(**{**tree, "keywords": tuple(tree.get("keywords", ()))}) for tree in trees)
    fault = fault_of_parents(themes)
    if fault:
        raise ValueError(fault[1])
    return themes


def _rules(manifest: Mapping[str, Any], themes: Sequence[Theme]) -> Rules | None:
    """Return the rules of a manifest; raise ThemeError for those of an unknown theme."""
    if "rules" not in manifest:
        return None
    if manifest["format"] == WITHOUT_FORMS:
        raise ValueError(f"format {WITHOUT_FORMS} has no keywords")
    rules = Rules.from_json(manifest["rules"])
    check_ids(rules.by_theme, themes)
    return rules


def _decision_to_json(decision: Decision) -> dict[str, Any]:
    return {
        "slope": decision.calibration.slope.tolist(),
        "intercept": decision.calibration.intercept.tolist(),
        "thresholds": decision.thresholds.tolist(),
        "unsure_share": decision.unsure_share,
        "min_known": decision.min_known,
        "min_known_share": decision.min_known_share,
    }


def _build(
    manifest: Mapping[str, Any],
    vocabulary: Vocabulary,
    tensors: Mapping[str, npt.NDArray[np.float32]],
    topics: Topics | None,
) -> Tagger:
    themes = _themes(manifest["themes"])
    shapes = {
        "idf": (len(vocabulary),),
        "weights": (len(vocabulary), len(themes)),
        "bias": (len(themes),),
    }
    for name, shape in shapes.items():
        if tensors[name].shape != shape:
            raise ValueError(f"{name} has shape {tensors[name].shape}, not {shape}")
        if not np.isfinite(tensors[name]).all():
            raise ValueError(f"{name} holds a number that is not finite")
    decision = dict(manifest["decision"])
    numbers = {name: np.array(decision.pop(name), dtype=np.float64) for name in _BY_THEME}
    for name, values in numbers.items():
        if values.shape != (len(themes),):
            raise ValueError(f"{name} has shape {values.shape}, not {(len(themes),)}")
        if not np.isfinite(values).all():
            raise ValueError(f"{name} holds a number that is not finite")
    return Tagger(
        version=manifest["version"],
        themes=themes,
        vocabulary=vocabulary,
        idf=tensors["idf"].astype(np.float64),
        weights=tensors["weights"].astype(np.float64),
        bias=tensors["bias"].astype(np.float64),
        decision=Decision(
            calibration=Calibration(numbers["slope"], numbers["intercept"]),
            thresholds=numbers["thresholds"],
            **decision,
        ),
        rules=_rules(manifest, themes),
        topics=topics,
    )


_BY_THEME = ("slope", "intercept", "thresholds")
