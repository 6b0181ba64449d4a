"""A tagger's calibration and thresholds fitted to a labelled sample of one's own articles.

The weights stay as they are. All themes together say how far the sample differs from the training
articles; a theme departs from that as far as its own articles in the sample speak for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, logit

from rubrika import bundle
from rubrika.decision import Calibration, Decision, Floats, Status
from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika_train import card, seen
from rubrika_train.annotations import read as read_annotations
from rubrika_train.comparing import Comparison, compare
from rubrika_train.evaluation import Evaluation, evaluate_results
from rubrika_train.labelled import LabelledArticle, read_labelled
from rubrika_train.lineage import parent_of, rounded
from rubrika_train.measuring import trained_on
from rubrika_train.progress import Progress, silent
from rubrika_train.results import Results, collect
from rubrika_train.settings import DecisionSettings, stored
from rubrika_train.splits import Labels, folds
from rubrika_train.targets import Target, parse
from rubrika_train.thresholds import threshold

# Themes with fewer articles in the sample are warned of: they move little from where they were.
FEW_POSITIVES = 10

# How far a calibration is expected to move: the standard deviations of slope and intercept, for
# all themes together and for one theme from the others. They are the scale of log-odds.
_ALL_THEMES = (0.5, 1.0)
_ONE_THEME = (0.25, 0.5)
_LEAST_SLOPE = 0.1

_FOLDS = 5
_SEED = 13
_EDGE = 1e-6

Line = tuple[float, float]  # slope and intercept
_MUTE = (Status.UNKNOWN_WORDS, Status.WRONG_LANGUAGE)
_FIGURES = ("f1_macro", "f1_micro", "precision_micro", "recall_micro", "ece")


@dataclass(frozen=True)
class Tuned:
    """A tuned tagger, its manifest's details, and what it was and is like on the sample.

    `after` is cross-fitted: each article was decided on by a tuning that never saw its labels.
    """

    tagger: Tagger
    target: Target
    details: dict[str, Any]
    before: Evaluation
    after: Evaluation
    comparison: Comparison
    warnings: tuple[str, ...]

    def save(self, folder: Path) -> None:
        """Write the tagger with its model card to a folder."""
        bundle.save(self.tagger, folder, self.details, card.render(self.tagger, self.details))


def tune(
    model: Path, data: Path, target: Target | None = None, progress: Progress = silent
) -> Tuned:
    """Fit a tagger's calibration and thresholds to labelled articles that it never saw.

    Without a target it stays the one that the tagger's thresholds are for. Raises InputError for
    data without any theme, too few articles, or those of its training.
    """
    progress("reading")
    folder = bundle.locate(model)
    tagger, manifest = bundle.load(folder), bundle.read_manifest(folder)
    offered = read_labelled(data, tagger.themes)
    articles = _never_seen(offered, manifest)
    if trained_on(folder, data) or not articles:
        raise InputError(f"{data}: the tagger was trained on these articles; tune it on others")
    before = collect(tagger, articles, progress)
    _refuse_too_little(before, data, len(offered) - len(articles))
    progress("fitting")
    settings = _settings(manifest)
    target = target or parse(settings.target)
    logits = _logits(tagger, before)
    decision = _fitted(tagger.decision, logits, before.labels, target, settings)
    after = _cross_fitted(tagger.decision, logits, before, target, settings)
    after = replace(after, thresholds=decision.thresholds)
    progress("drawing intervals")
    figures = evaluate_results(before), evaluate_results(after)
    counts = _positives(before)
    digest = _digest(data)
    return Tuned(
        tagger=replace(tagger, version=_version(tagger, digest, target), decision=decision),
        target=target,
        details=_details(manifest, digest, target, before, figures),
        before=figures[0],
        after=figures[1],
        comparison=compare(before, after),
        warnings=_warnings(counts, len(offered) - len(articles)),
    )


def fit_line(logits: Floats, labels: npt.NDArray[np.int8], start: Line, spread: Line) -> Line:
    """Return slope and intercept that make log-odds those of the labels, both (articles,).

    The most probable line where it is expected at `start`, give or take `spread` (two normal
    distributions): without articles it stays there, with many it is Platt's.
    """

    def cost(line: Floats) -> tuple[float, Floats]:
        moved = line[0] * logits + line[1]
        off = (line - np.asarray(start)) / np.asarray(spread)
        wrong = expit(moved) - labels
        value = (np.logaddexp(0, moved) - labels * moved).sum() + (off**2).sum() / 2
        return float(value), np.array([wrong @ logits, wrong.sum()]) + off / np.asarray(spread)

    found = minimize(
        cost,
        np.asarray(start),
        jac=True,
        method="L-BFGS-B",
        bounds=[(_LEAST_SLOPE, None), (None, None)],
    )
    return float(found.x[0]), float(found.x[1])


def _fitted(
    own: Decision, logits: Floats, labels: Labels, target: Target, settings: DecisionSettings
) -> Decision:
    """Return a decision fitted to log-odds and labels of shape (articles, themes)."""
    lines = _lines(logits, labels)
    bounds = logit(np.clip(own.thresholds, _EDGE, 1 - _EDGE))
    bounds = bounds + _shifts(logits - bounds, labels, target, settings)
    return replace(
        own,
        calibration=Calibration(
            own.calibration.slope * lines[:, 0],
            own.calibration.intercept * lines[:, 0] + lines[:, 1],
        ),
        thresholds=expit(lines[:, 0] * bounds + lines[:, 1]),
    )


def _lines(logits: Floats, labels: Labels) -> Floats:
    """Return slope and intercept of each theme, of shape (themes, 2)."""
    known = labels >= 0
    can_move = np.ptp(logits, axis=0) > 0  # a theme that was never learnt has one score for all
    pool = known & can_move
    common = fit_line(logits[pool], labels[pool], (1.0, 0.0), _ALL_THEMES)
    return np.array(
        [
            fit_line(logits[own, k], labels[own, k], common, _ONE_THEME) if moves else (1.0, 0.0)
            for k, (own, moves) in enumerate(zip(known.T, can_move, strict=True))
        ]
    )


def _shifts(beyond: Floats, labels: Labels, target: Target, settings: DecisionSettings) -> Floats:
    """Return how far each theme's threshold moves, in log-odds, of shape (themes,).

    `beyond` (articles, themes) is how far log-odds lie beyond the old thresholds. All themes
    together are drawn towards no move, unless the goal is a new one; each theme towards all.
    """
    known = labels >= 0
    common = _shift(beyond[known], labels[known], target)
    if target == parse(settings.target):
        common *= _share(labels, settings)
    moves = np.full(labels.shape[1], common)
    for k, own in enumerate(known.T):
        share = _share(labels[own, k], settings)
        if share:
            best = _shift(beyond[own, k], labels[own, k], target)
            moves[k] = share * best + (1 - share) * common
    return moves


def _shift(beyond: Floats, labels: npt.NDArray[np.int8], target: Target) -> float:
    cut = threshold(expit(beyond), labels, target)
    return float(logit(np.clip(cut, _EDGE, 1 - _EDGE)))


def _share(labels: Labels, settings: DecisionSettings) -> float:
    """Return how much articles that have a theme count beside what was known before."""
    positives = int((labels == 1).sum())
    return positives / (positives + settings.pooled_articles) if positives else 0.0


def _cross_fitted(
    own: Decision, logits: Floats, before: Results, target: Target, settings: DecisionSettings
) -> Results:
    """Return the sample decided on in folds, each by a tuning to the others."""
    count = min(_FOLDS, len(np.unique(before.cluster)))
    fold = folds(before.labels, before.cluster, count, _SEED)
    probabilities, chosen = np.empty_like(logits), np.zeros(logits.shape, dtype=np.bool_)
    scores = (logits - own.calibration.intercept) / own.calibration.slope
    for number in np.unique(fold):
        held = fold == number
        decision = _fitted(own, logits[~held], before.labels[~held], target, settings)
        probabilities[held] = decision.calibration.probabilities(scores[held])
        chosen[held] = decision.chosen(probabilities[held])
    mute = np.array([status in _MUTE for status in before.statuses or ()])
    chosen[mute] = False
    return replace(before, probabilities=probabilities, chosen=chosen, statuses=None)


def _logits(tagger: Tagger, results: Results) -> Floats:
    """Return the calibrated log-odds of shape (articles, themes)."""
    scores = tagger.score([article.text for article in results.articles]).scores
    return scores * tagger.decision.calibration.slope + tagger.decision.calibration.intercept


def _settings(manifest: Mapping[str, Any]) -> DecisionSettings:
    """Return the settings of a tagger's decision, with the target that it was last tuned for."""
    trained = stored(manifest).decision
    target = manifest.get("tuning", {}).get("target", trained.target)
    return trained.model_copy(update={"target": target})


def _positives(results: Results) -> dict[str, int]:
    counts = (results.labels == 1).sum(axis=0)
    return dict(zip(results.theme_ids, map(int, counts), strict=True))


def _refuse_too_little(results: Results, data: Path, left_out: int) -> None:
    if not (results.labels == 1).any():
        raise InputError(f"{data}: no article has a theme; label some that do, then tune")
    if len(np.unique(results.cluster)) < 2 * _FOLDS:
        known = f" ({left_out:,} more were trained on)" if left_out else ""
        raise InputError(
            f"{data}: too few articles to tune to, {len(results.articles)}{known}; "
            "two hundred are a good start"
        )


def _never_seen(
    articles: Sequence[LabelledArticle], manifest: Mapping[str, Any]
) -> list[LabelledArticle]:
    """Return the articles that a tagger was not trained on, as far as its manifest can tell."""
    known = seen.read(manifest.get("training", {})) or {}
    return [article for article in articles if seen.text_digest(article.text) not in known]


def _warnings(counts: Mapping[str, int], left_out: int) -> tuple[str, ...]:
    warnings = []
    if left_out:
        warnings.append(f"left out, the tagger was trained on them: {left_out:,} articles")
    few = [f"{theme} ({count})" for theme, count in counts.items() if count < FEW_POSITIVES]
    if few:
        warnings.append(
            f"few articles of the sample have these themes, so they follow the others: "
            f"{', '.join(few)}; {FEW_POSITIVES} or more of each are wanted"
        )
    return tuple(warnings)


def _digest(data: Path) -> str:
    if data.is_dir():
        return read_annotations(data).sha256
    return hashlib.sha256(data.read_bytes()).hexdigest()


def _version(tagger: Tagger, digest: str, target: Target) -> str:
    content = f"{tagger.version} {digest} {target}"
    origin = tagger.version.partition("-tuned-")[0]
    return f"{origin}-tuned-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def _details(
    manifest: Mapping[str, Any],
    digest: str,
    target: Target,
    sample: Results,
    figures: Sequence[Evaluation],
) -> dict[str, Any]:
    before, after = (one.to_json() for one in figures)
    tuning = {
        "articles": before["articles"],
        "articles_by_theme": _positives(sample),
        "sha256": digest,
        "seen": " ".join(seen.text_digest(article.text) for article in sample.articles),
        "target": str(target),
        "metrics": {
            name: {
                "before": before[name],
                "before_interval": before["intervals"][name],
                "after": after[name],
                "after_interval": after["intervals"][name],
            }
            for name in _FIGURES
        },
    }
    kept = {key: value for key, value in manifest.items() if key not in bundle.OWN_KEYS}
    return {**kept, "parent": parent_of(manifest), "tuning": rounded(tuning)}
