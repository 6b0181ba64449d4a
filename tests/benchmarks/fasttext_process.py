"""fastText as a whole process: `python fasttext_process.py MODEL train|predict FILE`.

Runs in an environment of its own, which has fastText and not Rubrika. The training file is
fastText's; the other is JSON Lines, tagged to standard output.
"""

from __future__ import annotations

import json
import re
import sys

import fasttext

WORDS = re.compile(r"\w+").findall


def main(model: str, task: str, file: str) -> None:
    if task == "train":
        settings = {"loss": "ova", "dim": 100, "epoch": 25, "lr": 0.5, "verbose": 0, "thread": 1}
        fasttext.train_supervised(file, **settings).save_model(model)
        return
    tagger = fasttext.load_model(model)
    with open(file, encoding="utf-8") as lines:  # noqa: PTH123 (a path as the user gave it)
        for line in lines:
            row = json.loads(line)
            words = " ".join(WORDS(row["text"].lower()))
            row["themes"] = list(tagger.predict(words, k=13, threshold=0.3)[0])
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
