"""May a new tagger take an old one's place? Both are compared on articles that neither saw.

The rule is that of `comparing`. The new tagger has to be judged on articles that it was trained
on too, for there are no others as a rule: there the taggers of the cross-validation speak for it.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rubrika import bundle
from rubrika.decision import Bools
from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika_train import seen
from rubrika_train.comparing import Comparison, compare
from rubrika_train.labelled import read_labelled
from rubrika_train.lineage import parent_of
from rubrika_train.progress import Progress, silent
from rubrika_train.results import Results, collect
from rubrika_train.training import Trained
from rubrika_train.training_plan import TrainingPlan

# Under so many articles only a very large loss can be told from chance.
FEW_ARTICLES = 100


@dataclass(frozen=True, slots=True)
class Check:
    """A comparison of the old and the new tagger: on which articles, and how fair that is."""

    articles: str
    fairness: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Verdict:
    """All comparisons that could be made, and why others could not."""

    old: str
    checks: tuple[Check, ...]
    remarks: tuple[str, ...]

    @property
    def losses(self) -> tuple[str, ...]:
        """What the new tagger is worse at, and on which articles."""
        return tuple(
            f"{loss} on {check.articles}"
            for check in self.checks
            for loss in check.comparison.losses
        )

    @property
    def refusal(self) -> str | None:
        """Why the new tagger may not take the old one's place, None where it may."""
        if not self.checks:
            return (
                "there is no article to compare the taggers on; give labelled articles that "
                "neither saw with --data, or train without --update"
            )
        return f"the new tagger is worse: {', '.join(self.losses)}" if self.losses else None


def judge(
    old: Path, trained: Trained, data: Path | None = None, progress: Progress = silent
) -> Verdict:
    """Compare a new tagger with an old one, given as a folder.

    On the articles of the training that the old one never saw, and on `data` if there is some.
    """
    folder = bundle.locate(old)
    tagger, manifest = bundle.load(folder), bundle.read_manifest(folder)
    before = seen.read(manifest.get("training", {}))
    makers: list[Callable[[], Check]] = [
        lambda: _on_new_articles(tagger, before, seen.tuned_on(manifest), trained, progress)
    ]
    if data:
        makers.append(lambda: _on_data(tagger, before, trained, data, progress))
    checks, remarks = [], []
    for make in makers:
        try:
            checks.append(make())
        except InputError as error:
            remarks.append(f"not compared: {error}")
    remarks += [
        f"{check.articles} are few: only a large loss could be told from chance"
        for check in checks
        if check.comparison.articles < FEW_ARTICLES
    ]
    return Verdict(tagger.version, tuple(checks), tuple(remarks))


def foreseen(plan: TrainingPlan) -> Verdict | None:
    """Return the verdict that is clear before training: the old tagger saw all articles.

    None where some article is new to it. Near-duplicates of what it saw are told after training.
    """
    if not plan.articles or plan.changes is None or plan.changes.new:
        return None
    return Verdict(plan.against, (), (f"not compared: {_all_seen(plan.against)}",))


def descended(trained: Trained, old: Path) -> Trained:
    """Return a trained tagger whose manifest names another as its parent."""
    parent = parent_of(bundle.read_manifest(old))
    return replace(trained, details={**trained.details, "parent": parent})


def _on_new_articles(
    old: Tagger,
    before: dict[str, str] | None,
    tuned_on: Set[str],
    trained: Trained,
    progress: Progress,
) -> Check:
    results = trained.results
    rows = _never_seen(results, before, old.version)
    progress("comparing on articles that the old tagger never saw")
    new = results.part(rows)
    tuned = sum(seen.text_digest(one.full_text) in tuned_on for one in new.articles)
    favour = (
        f"; the old tagger was tuned to {tuned:,} of them, which favours it more" if tuned else ""
    )
    return Check(
        articles=_counted(len(new.articles), f"that tagger {old.version} never saw"),
        fairness="the old tagger as it is, against taggers made like the new one that did not see "
        "the article either: fair, a little in the old one's favour, for these were made of fewer "
        f"articles than the new one{favour}",
        comparison=_compared(collect(old, new.articles), new),
    )


def _never_seen(results: Results, before: dict[str, str] | None, version: str) -> Bools:
    """Return which articles, of shape (articles,), no near-duplicate of them included, are new."""
    if before is None:
        raise InputError(f"tagger {version} does not say which articles it was trained on")
    known = np.array([seen.text_digest(one.full_text) in before for one in results.articles])
    fresh = ~np.isin(results.cluster, results.cluster[known])
    if not fresh.any():
        raise InputError(_all_seen(version))
    return np.asarray(fresh)


def _all_seen(version: str) -> str:
    return f"all these articles were there when tagger {version} was trained"


def _on_data(
    old: Tagger, before: dict[str, str] | None, trained: Trained, data: Path, progress: Progress
) -> Check:
    progress(f"comparing on {data}")
    themes = {theme.id: theme for theme in (*old.themes, *trained.tagger.themes)}
    offered = read_labelled(data, list(themes.values()))
    own = {seen.text_digest(one.full_text) for one in trained.results.articles}
    taken = own | (before or {}).keys()
    articles = [one for one in offered if seen.text_digest(one.full_text) not in taken]
    if not articles:
        raise InputError(f"{data}: one of the taggers was trained on each of these articles")
    left_out = len(offered) - len(articles)
    aside = f"; {left_out:,} that one of them was trained on are left out" if left_out else ""
    unsure = "" if before is not None else ", unless the old one was trained on some of them"
    return Check(
        articles=_counted(len(articles), f"of {data}"),
        fairness=f"both taggers as they are: fair{unsure}{aside}",
        comparison=_compared(collect(old, articles), collect(trained.tagger, articles)),
    )


def _compared(old: Results, new: Results) -> Comparison:
    """Compare, over the same clusters: those of part of the articles may be named otherwise."""
    return compare(old, replace(new, cluster=old.cluster))


def _counted(count: int, which: str) -> str:
    return f"{count:,} article {which}" if count == 1 else f"{count:,} articles {which}"
