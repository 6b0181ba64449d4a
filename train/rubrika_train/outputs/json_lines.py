"""Predictions as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import orjson

from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika_train.predicting import Prediction


def write(predictions: Iterable[Prediction], tagger: Tagger, file: BinaryIO) -> None:
    """Write a JSON object a line: the article's own fields, then themes, status, tags, model."""
    for prediction in predictions:
        try:
            file.write(prediction.json_line(tagger.version))
        except orjson.JSONEncodeError as error:
            raise InputError(
                f"{prediction.row.origin}: cannot be written as JSON: {error}"
            ) from error
