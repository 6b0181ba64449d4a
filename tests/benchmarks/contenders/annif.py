"""Annif's backends `omikuji`, `mllm` and `tfidf` over a vocabulary of the themes' titles."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nltk
import numpy as np
import numpy.typing as npt
from annif.corpus import Document, DocumentList, SubjectSet
from annif.project import AnnifProject
from annif.registry import AnnifRegistry
from annif.vocab import VocabFileSKOS
from nltk.tokenize.punkt import PunktTrainer, save_punkt_params

from tests.benchmarks.contenders import protocol
from tests.benchmarks.contenders.protocol import Bools, Fit, Floats, Predict, Task

Ints = npt.NDArray[np.int64]

ANALYZERS = ("snowball(russian)", "simplemma(ru)")
_NONE_TITLE = "Без темы"
_PREFIX = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
_CONFIG = "projects.cfg"
BATCH = 64
# Annif keys its projects by the address of their registry: a freed one would be mistaken.
_REGISTRIES: list[AnnifRegistry] = []


@dataclass(frozen=True, slots=True)
class Way:
    """A backend with an analyzer, and what may help it.

    `none` adds a concept for articles without theme. `parts` adds the halves of a title with «и»
    as other names of its concept. `relative` takes a score against the article's mean score, for
    a backend that ranks within an article only.
    """

    backend: str
    analyzer: str
    none: bool = False
    parts: bool = False
    relative: bool = False

    def __str__(self) -> str:
        helps = {
            "with a concept for no theme": self.none,
            "with halves of titles": self.parts,
            "scores against the article's mean": self.relative,
        }
        return ", ".join([self.analyzer, *(name for name, used in helps.items() if used)])


# What is tried for each backend; Omikuji and TF-IDF learn nothing from an article without concept.
WAYS = {
    "omikuji": [Way("omikuji", one, none) for one in ANALYZERS for none in (False, True)],
    "tfidf": [Way("tfidf", one, relative=shift) for one in ANALYZERS for shift in (False, True)],
    "mllm": [Way("mllm", one, parts=parts) for one in ANALYZERS for parts in (False, True)],
}


def _uri(number: int) -> str:
    return f"http://example.org/{number}"


def _concept(number: int, title: str, way: Way) -> str:
    parts = title.split(" и ") if way.parts and " и " in title else []
    names = "".join(f" ; skos:altLabel {_literal(part)}" for part in parts)
    return f"<{_uri(number)}> a skos:Concept ; skos:prefLabel {_literal(title)}{names} .\n"


def _literal(name: str) -> str:
    return f"{json.dumps(name, ensure_ascii=False)}@ru"


def begin(folder: Path, way: Way, titles: Sequence[str]) -> AnnifProject:
    """Write a project with a concept for each title to a folder; return it, untrained."""
    (folder / _CONFIG).write_text(
        f"[peer]\nname=peer\nlanguage=ru\nbackend={way.backend}\nanalyzer={way.analyzer}\n"
        f"vocab=themes\nlimit={len(titles)}\n",
        "utf-8",
    )
    vocabulary = folder / "themes.ttl"
    concepts = [_concept(number, title, way) for number, title in enumerate(titles)]
    vocabulary.write_text("".join([_PREFIX, *concepts]), "utf-8")
    project = opened(folder)
    project.vocab.load_vocabulary(VocabFileSKOS(str(vocabulary)))
    return project


def opened(folder: Path) -> AnnifProject:
    """Return the project of a folder as it lies there."""
    registry = AnnifRegistry(str(folder / _CONFIG), str(folder / "data"), init_projects=False)
    _REGISTRIES.append(registry)
    return registry.get_project("peer")


def concepts_of(project: AnnifProject, count: int) -> Ints:
    """Return Annif's numbers of the concepts: those of a SKOS file are numbered as it likes."""
    return np.array([project.subjects.by_uri(_uri(number)) for number in range(count)])


def teach(project: AnnifProject, texts: Sequence[str], given: Bools) -> None:
    """Train a project; `given` has shape (texts, concepts)."""
    concepts = concepts_of(project, given.shape[1])
    documents = [
        Document(text, SubjectSet(concepts[row].tolist()))
        for text, row in zip(texts, given, strict=True)
    ]
    project.train(DocumentList(documents), jobs=1)


def scores_of(project: AnnifProject, texts: Sequence[str]) -> Floats:
    """Return scores of shape (texts, concepts), in Annif's order of concepts."""
    batches = [
        project.suggest([Document(text) for text in texts[start : start + BATCH]])
        for start in range(0, len(texts), BATCH)
    ]
    return np.concatenate([batch.array.toarray() for batch in batches])


def _fit(way: Way, titles: Sequence[str], texts: Sequence[str], labels: Bools) -> Predict:
    named = [*titles, _NONE_TITLE] if way.none else titles
    project = begin(Path(tempfile.mkdtemp()), way, named)
    teach(project, texts, protocol.with_none(labels) if way.none else labels)
    themes = concepts_of(project, len(titles))

    def predict(asked: Sequence[str]) -> Floats:
        scores = np.asarray(scores_of(project, asked)[:, themes], dtype=np.float64)
        if way.relative:
            return np.asarray(scores - scores.mean(axis=1, keepdims=True))
        return protocol.log_odds(scores)

    return predict


def ways(backend: str, task: Task) -> Mapping[str, Fit]:
    """Return what is tried for a backend."""
    return {str(way): partial(_fit, way, task.titles) for way in WAYS[backend]}


def learn_sentences(texts: Sequence[str], folder: Path) -> None:
    """Learn the data of NLTK's sentence splitter, which Annif would download, from the texts."""
    place = folder / "tokenizers" / "punkt_tab" / "english"
    place.mkdir(parents=True)
    save_punkt_params(PunktTrainer("\n".join(texts)).get_params(), str(place))
    nltk.data.path.insert(0, str(folder))


def main(backend: str) -> None:
    """Let a backend contend; all that it writes goes in the end."""
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        learn_sentences(protocol.read(Path(sys.argv[1])).texts, Path(folder))
        protocol.run(partial(ways, backend), "annif", *(["omikuji"] * (backend == "omikuji")))


if __name__ == "__main__":
    main(sys.argv[3])
