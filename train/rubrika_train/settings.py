"""Training settings: one table of defaults, a TOML file over it, `key=value` over that."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from rubrika.errors import SettingsError
from rubrika_train.targets import BEST_F1, parse

_UNKNOWN = "there is no such setting"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Features(_Table):
    """Which lemmas count, and how."""

    min_articles: int = Field(default=3, ge=1, description="articles a new lemma must occur in")
    article_words: int = Field(default=200, ge=1, description="length that the IDF is meant for")
    likeness: float = Field(default=0.6, ge=0, description="how far a lemma speaks for its like")
    topics: float = Field(default=0.6, ge=0, description="how much the topics of an article say")


class Classifier(_Table):
    """The one-versus-rest linear classifier (squared hinge loss)."""

    C: float = Field(default=0.3, gt=0, description="inverse strength of the L2 penalty")
    class_weight: Literal["balanced", "none"] = "none"


# Written in one way, however it was typed: it is part of a tagger's version.
_Target = Annotated[str, BeforeValidator(lambda written: str(parse(str(written))))]


class DecisionSettings(_Table):
    """Thresholds and statuses."""

    target: _Target = Field(
        default=str(BEST_F1), description="what thresholds are for: f1, precision=0.9, recall=0.9"
    )
    ordinary: float = Field(
        default=3.0,
        ge=1,
        description="how often a feed has an article without a theme, for one here",
    )
    pooled_articles: float = Field(default=20.0, ge=0, description="weight of the pooled threshold")
    unsure_share: float = Field(
        default=0.7, gt=0, le=1, description="share of a threshold, for unsure"
    )
    min_known: int = Field(default=3, ge=1, description="known words below which nothing is said")
    min_known_share: float = Field(
        default=0.2, ge=0, le=1, description="share of known words, likewise"
    )


class Settings(_Table):
    """All that decides what a tagger becomes, besides the annotations."""

    features: Features = Field(default_factory=Features)
    classifier: Classifier = Field(default_factory=Classifier)
    decision: DecisionSettings = Field(default_factory=DecisionSettings)
    folds: int = Field(default=5, ge=2, le=50)
    seed: int = Field(default=13, ge=0)


def read(
    path: Path | None = None, overrides: Sequence[str] = (), base: Settings | None = None
) -> Settings:
    """Return settings, `base` or else the defaults: a TOML file's over them, overrides over those.

    An override is written `section.key=value`. Raises SettingsError for a file that is not TOML, an
    unknown key or a value that does not fit.
    """
    tree = base.model_dump() if base else {}
    _merge(tree, _read_toml(path) if path else {})
    for override in overrides:
        _merge(tree, _parse_override(override))
    return _checked(tree)


def stored(manifest: Mapping[str, Any]) -> Settings:
    """Return the settings that a tagger was made with, by its manifest.

    What is no setting any more is left out; one that was none yet has its default. Raises
    SettingsError for a value that does not fit.
    """
    settings = manifest.get("settings", {})
    if not isinstance(settings, dict):
        raise SettingsError("settings of the tagger: not an object; train it again")
    return _checked(_known(settings, Settings().model_dump()))


def _checked(tree: Mapping[str, Any]) -> Settings:
    try:
        return Settings(**tree)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        known = ", ".join(sorted(_leaves(Settings().model_dump())))
        fault = _UNKNOWN if first["type"] == "extra_forbidden" else first["msg"].lower()
        raise SettingsError(f"setting {key}: {fault}; settings are {known}") from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: no such file; give a TOML file of settings") from error
    except ValueError as error:
        raise SettingsError(f"{path}: not TOML ({error})") from error


def _parse_override(override: str) -> dict[str, Any]:
    key, equals, value = override.partition("=")
    if not equals:
        raise SettingsError(f"--set {override}: write it as key=value, for example classifier.C=5")
    for written in (value, f'"{value}"'):
        with suppress(ValueError):
            return tomllib.loads(f"{key} = {written}")
    raise SettingsError(f"--set {override}: write it as key=value, for example classifier.C=5")


def _merge(tree: dict[str, Any], other: Mapping[str, Any]) -> None:
    for key, value in other.items():
        if _are_trees(value, tree.get(key)):
            _merge(tree[key], value)
        else:
            tree[key] = value


def _known(tree: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a tree that has the names of another one."""
    return {
        name: _known(own, wanted[name]) if _are_trees(own, wanted[name]) else own
        for name, own in tree.items()
        if name in wanted
    }


def _are_trees(*values: object) -> bool:
    return all(isinstance(value, dict) for value in values)


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> list[str]:
    leaves = []
    for key, value in tree.items():
        leaves += _leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]
    return leaves
