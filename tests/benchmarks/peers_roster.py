"""The peers, and the environment that each runs in."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTENDERS = Path(__file__).parent / "contenders"

_STAMP = "requirements.sha256"


class Unavailable(Exception):
    """A peer that cannot be installed or run, with the reason."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A row of the table: a module of `contenders`, its argument, and what it must have installed.

    `requirements` names contenders/requirements-NAME.txt; None is Rubrika's own environment.
    """

    key: str
    title: str
    module: str
    argument: str = ""
    requirements: str | None = None

    @property
    def command(self) -> list[str]:
        """The module to run, to be followed by the task, the outcome's file and the argument."""
        return ["-m", f"tests.benchmarks.contenders.{self.module}"]


PEERS = (
    Peer("rubrika", "**Rubrika**", "rubrika"),
    Peer("lemmas", "scikit-learn: lemma TF-IDF, LogisticRegression", "scikit", "lemmas", "scikit"),
    Peer("words", "scikit-learn: word TF-IDF, LinearSVC", "scikit", "words", "scikit"),
    Peer("omikuji", "Annif: Omikuji", "annif", "omikuji", "annif"),
    Peer("tfidf", "Annif: TF-IDF", "annif", "tfidf", "annif"),
    Peer("mllm", "Annif: MLLM", "annif", "mllm", "annif"),
    Peer("fasttext", "fastText, autotuned", "fasttext", "", "fasttext"),
    Peer("spacy", "spaCy: textcat_multilabel, bag of words", "spacy", "", "spacy"),
)


def environment(peer: Peer, folder: Path) -> Path:
    """Return the Python of a peer's environment below a folder, made anew if its pins changed.

    Raises Unavailable with pip's reason.
    """
    if peer.requirements is None:
        return Path(sys.executable)
    pins = CONTENDERS / f"requirements-{peer.requirements}.txt"
    digest = hashlib.sha256(pins.read_bytes()).hexdigest()
    place = folder / "environments" / peer.requirements
    python, stamp = place / "bin" / "python", place / _STAMP
    if not stamp.exists() or stamp.read_text("utf-8") != digest:
        shutil.rmtree(place, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(place)], "cannot make an environment")
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*pip, "--requirement", str(pins)], "cannot be installed")
        stamp.write_text(digest, "utf-8")
    return python


def run(command: list[str], complaint: str) -> None:
    """Run a command from the top of the checkout; raise Unavailable with its last word."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise Unavailable(f"{complaint}: {said[-1].strip()}")
