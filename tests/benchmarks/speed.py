"""How quick Rubrika is, against others and as input grows: `make bench` writes `speed.md`.

Every row of a table is a whole process on one core: it reads JSON Lines, tags and writes. Times are
processor seconds, so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import platform
import shutil
import sys
from pathlib import Path

from rubrika_train.files import replacing
from tests.benchmarks import corpus, profile_predict
from tests.benchmarks.measuring import Cost, cost
from tests.benchmarks.peers_roster import PEERS, Unavailable, environment, run

ARTICLES = 20_000
SIZES = (1_000, 10_000, 100_000, 1_000_000)
FASTTEXT = corpus.WORKPLACE / "venv/bin/python"
ANNIF = next(peer for peer in PEERS if peer.key == "omikuji")
RUBRIKA = str(Path(sys.executable).with_name("rubrika"))
HERE = Path(__file__).parent
REPORT = HERE / "speed.md"
TEXT = """\
# How quick Rubrika is

Written by `make bench`; {machine}. Each row is a whole process on one core, from start to end: it
reads JSON Lines, tags, writes JSON Lines. Times are processor seconds. The articles are those of
`annotations/` under new ids, again and again; {characters:,.0f} characters each.

## Against others

{others}
The recipe is `TfidfVectorizer` over lemmas of pymorphy3, each form looked up once, with
`OneVsRestClassifier(LogisticRegression)`; imports and training are not counted in its articles a
second, and its start is only `import sklearn.linear_model`. Annif tags by Omikuji over stems, which
was the best of its ways in [peers.md](peers.md), 64 articles at a time.

## From a thousand articles to a million

{growth}
## Where the time goes

{steps}"""


def main() -> None:
    """Measure everything and write the report."""
    file = corpus.write(ARTICLES)
    texts = [article.full_text for article in corpus.project().judged]
    report = TEXT.format(
        machine=f"Python {platform.python_version()}, {platform.machine()}",
        characters=sum(map(len, texts)) / len(texts),
        others=_others(file),
        growth=_growth(),
        steps=profile_predict.table(profile_predict.steps(str(file)), ARTICLES),
    )
    with replacing(REPORT) as out:
        out.write(report.encode())
    sys.stdout.write(report)


def _others(file: Path) -> str:
    one = corpus.write(1)
    model = _train_fasttext()
    fasttext = [str(FASTTEXT), str(HERE / "fasttext_process.py"), model, "predict"]
    recipe, recipe_megabytes = _recipe(file)
    rows = [
        _row("Rubrika", _rubrika(file), _rubrika(one).seconds),
        _row("fastText", cost([*fasttext, str(file)]), cost([*fasttext, str(one)]).seconds),
        _row(
            "scikit-learn recipe",
            Cost(recipe, recipe_megabytes),
            cost([sys.executable, "-c", "import sklearn.linear_model"]).seconds,
        ),
        _annif(file, one),
    ]
    head = "| | articles a second | peak memory | start, one article |\n|---|---|---|---|"
    return "\n".join([head, *rows, ""])


def _row(name: str, own: Cost, start: float) -> str:
    speed = ARTICLES / own.seconds
    return f"| {name} | {speed:,.0f} | {own.megabytes:,.0f} MB | {start:.2f} s |"


def _rubrika(file: Path) -> Cost:
    return cost([RUBRIKA, "predict", str(file), "--format", "jsonl"])


def _train_fasttext() -> str:
    annotations = corpus.project()
    lines = []
    for article in annotations.judged:
        themes = sorted(annotations.gold[article.id].themes) or ["none"]
        labels = " ".join(f"__label__{theme}" for theme in themes)
        lines.append(f"{labels} {' '.join(article.full_text.lower().split())}\n")
    training = corpus.WORKPLACE / "fasttext.txt"
    training.write_text("".join(lines), encoding="utf-8")
    model = str(corpus.WORKPLACE / "fasttext.bin")
    cost([str(FASTTEXT), str(HERE / "fasttext_process.py"), model, "train", str(training)])
    return model


def _recipe(file: Path) -> tuple[float, float]:
    """Return the seconds that the recipe itself says it took, and its peak memory."""
    said = corpus.WORKPLACE / "recipe.txt"
    command = f'exec "$0" -m tests.benchmarks.recipe_process "$1" 2> "{said}"'
    whole = cost(["sh", "-c", command, sys.executable, str(file)])
    return float(said.read_text().split()[-1]), whole.megabytes


def _annif(file: Path, one: Path) -> str:
    """Return Annif's row; where its environment cannot be made, one that says so."""
    folder = corpus.WORKPLACE / "annif"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        python = str(environment(ANNIF, corpus.WORKPLACE))
        annif = [python, "-m", "tests.benchmarks.annif_process", str(folder)]
        run([*annif, "train", str(_annif_training(folder))], "cannot be trained")
    except Unavailable as hindrance:
        sys.stderr.write(f"{ANNIF.title}: {hindrance}\n")
        return f"| {ANNIF.title} | not installed | | |"
    predict = [*annif, "predict"]
    return _row(ANNIF.title, cost([*predict, str(file)]), cost([*predict, str(one)]).seconds)


def _annif_training(folder: Path) -> Path:
    annotations = corpus.project()
    titles = [theme.ru for theme in annotations.themes]
    # Without label_matrix: a process seems at least as large as this one, which forks it.
    rows = (
        {
            "text": article.full_text,
            "titles": titles,
            "labels": [
                theme.id in annotations.gold[article.id].themes for theme in annotations.themes
            ],
        }
        for article in annotations.judged
    )
    path = folder / "train.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def _growth() -> str:
    rows = []
    for size in SIZES:
        own = cost([RUBRIKA, "predict", "-", "--format", "jsonl"], corpus.lines(size))
        speed = size / own.seconds
        rows.append(f"| {size:,} | {own.seconds:.1f} | {speed:,.0f} | {own.megabytes:,.0f} MB |")
    head = "| articles | seconds | articles a second | peak memory |\n|---|---|---|---|"
    return "\n".join([head, *rows, ""])


if __name__ == "__main__":
    main()
