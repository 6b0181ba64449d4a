"""Annif's backends `omikuji`, `mllm` and `tfidf` over a vocabulary of the themes' titles."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import nltk
import numpy as np
from annif.corpus import Document, DocumentList, SubjectSet
from annif.project import AnnifProject
from annif.registry import AnnifRegistry
from annif.vocab import VocabFileTSV
from nltk.tokenize.punkt import PunktTrainer, save_punkt_params

from tests.benchmarks.contenders import protocol
from tests.benchmarks.contenders.protocol import Bools, Fit, Floats, Predict, Task

ANALYZERS = ("snowball(russian)", "simplemma(ru)")
_NONE_TITLE = "Без темы"
_BATCH = 64
# Annif keys its projects by the address of their registry: a freed one would be mistaken.
_REGISTRIES: list[AnnifRegistry] = []


@dataclass(frozen=True, slots=True)
class Way:
    """A backend with an analyzer; `none` adds a concept for articles without theme."""

    backend: str
    analyzer: str
    none: bool

    def __str__(self) -> str:
        return self.analyzer + (", with a concept for no theme" if self.none else "")


def _project(way: Way, titles: Sequence[str]) -> AnnifProject:
    folder = Path(tempfile.mkdtemp())
    config = folder / "projects.cfg"
    config.write_text(
        f"[peer]\nname=peer\nlanguage=ru\nbackend={way.backend}\nanalyzer={way.analyzer}\n"
        f"vocab=themes\nlimit={len(titles)}\n",
        "utf-8",
    )
    vocabulary = folder / "themes.tsv"
    lines = [f"<http://example.org/{number}>\t{title}\n" for number, title in enumerate(titles)]
    vocabulary.write_text("".join(lines), "utf-8")
    registry = AnnifRegistry(str(config), str(folder / "data"), init_projects=False)
    _REGISTRIES.append(registry)
    project = registry.get_project("peer")
    project.vocab.load_vocabulary(VocabFileTSV(str(vocabulary), "ru"))
    return project


def _fit(way: Way, titles: Sequence[str], texts: Sequence[str], labels: Bools) -> Predict:
    project = _project(way, [*titles, _NONE_TITLE] if way.none else titles)
    given = protocol.with_none(labels) if way.none else labels
    documents = [
        Document(text, SubjectSet(np.flatnonzero(row).tolist()))
        for text, row in zip(texts, given, strict=True)
    ]
    project.train(DocumentList(documents), jobs=1)

    def predict(asked: Sequence[str]) -> Floats:
        batches = [
            project.suggest([Document(text) for text in asked[start : start + _BATCH]])
            for start in range(0, len(asked), _BATCH)
        ]
        scores = np.concatenate([batch.array.toarray() for batch in batches])
        return protocol.log_odds(scores[:, : len(titles)].astype(np.float64))

    return predict


def ways(backend: str, task: Task) -> Mapping[str, Fit]:
    """Return the backend with each analyzer, and with a concept for no theme where it can help."""
    nones = (False,) if backend == "mllm" else (False, True)
    offered = [Way(backend, analyzer, none) for analyzer, none in product(ANALYZERS, nones)]
    return {str(way): partial(_fit, way, task.titles) for way in offered}


def _learn_sentences(texts: Sequence[str], folder: Path) -> None:
    """Learn the data of NLTK's sentence splitter, which Annif would download, from the texts."""
    place = folder / "tokenizers" / "punkt_tab" / "english"
    place.mkdir(parents=True)
    save_punkt_params(PunktTrainer("\n".join(texts)).get_params(), str(place))
    nltk.data.path.insert(0, str(folder))


def main(backend: str) -> None:
    """Let a backend contend; all that it writes goes in the end."""
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        _learn_sentences(protocol.read(Path(sys.argv[1])).texts, Path(folder))
        protocol.run(partial(ways, backend), "annif", *(["omikuji"] * (backend == "omikuji")))


if __name__ == "__main__":
    main(sys.argv[3])
