"""From contenders' scores to the rows of the table; rows are kept while the data are the same."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from rubrika.decision import Floats
from rubrika_train.deciding import fit_decision
from rubrika_train.evaluation import Evaluation, evaluate
from rubrika_train.files import replacing
from rubrika_train.settings import DecisionSettings
from tests.benchmarks.peers_task import Work

# The highest F1 on training scores, theme by theme, and nothing else.
PLAIN = DecisionSettings(ordinary=1.0, pooled_articles=0.0)


@dataclass(frozen=True, slots=True)
class Row:
    """What a peer reached on a day, or the reason why it could not be run."""

    date: str
    reason: str | None = None
    settings: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    f1_macro: float | None = None
    f1_micro: float | None = None
    average_precision_macro: float | None = None
    f1_macro_plain: float | None = None
    seconds_all: float | None = None
    seconds_fit: float | None = None
    articles_per_second: float | None = None


@dataclass(frozen=True)
class Section:
    """The rows that were measured on one set of data, by the keys of the peers."""

    title: str
    command: str
    sha256: str
    train_articles: int
    test_articles: int
    rows: dict[str, Row]


def measure(outcome: dict[str, Any], work: Work, date: str) -> Row:
    """Measure an outcome: thresholds come from out-of-fold training scores, for all by one rule."""
    out_of_fold, test = np.array(outcome["out_of_fold"]), np.array(outcome["test"])
    own = _decided(out_of_fold, test, work, DecisionSettings())
    plain = _decided(out_of_fold, test, work, PLAIN)
    return Row(
        date=date,
        settings=outcome["settings"],
        versions=outcome["versions"],
        f1_macro=own.f1_macro,
        f1_micro=own.f1_micro,
        average_precision_macro=own.average_precision_macro,
        f1_macro_plain=plain.f1_macro,
        seconds_all=outcome["seconds_all"],
        seconds_fit=outcome["seconds_fit"],
        articles_per_second=len(work.test_texts) / outcome["seconds_test"],
    )


def _decided(
    out_of_fold: Floats, test: Floats, work: Work, settings: DecisionSettings
) -> Evaluation:
    decision = fit_decision(out_of_fold, work.labels, settings)
    chosen = decision.chosen(decision.calibration.probabilities(test))
    # Average precision goes by the order of scores: probabilities may round two scores to one.
    return evaluate(work.theme_ids, work.test_labels, test, chosen)


def load(path: Path) -> dict[str, Section]:
    """Return the stored sections by name; none without a file."""
    if not path.exists():
        return {}
    return {
        name: Section(**{**tree, "rows": {key: Row(**row) for key, row in tree["rows"].items()}})
        for name, tree in json.loads(path.read_text("utf-8")).items()
    }


def store(path: Path, sections: dict[str, Section]) -> None:
    """Write sections to a file, whole or not at all."""
    tree = {name: asdict(section) for name, section in sections.items()}
    with replacing(path) as file:
        file.write(f"{json.dumps(tree, ensure_ascii=False, indent=1)}\n".encode())
