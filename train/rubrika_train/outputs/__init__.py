"""Predictions written: each format is a module here, and a line in the table."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rubrika.errors import RubrikaError
from rubrika.tagger import Tagger
from rubrika_train.inputs.kinds import COMPRESSED, suffixes
from rubrika_train.predicting import Prediction

Writer = Callable[[Iterable[Prediction], Tagger, BinaryIO], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its module and function here, the suffixes of its files, and the extra it needs."""

    module: str
    function: str = "write"
    suffixes: tuple[str, ...] = ()
    library: str = ""
    extra: str = ""

    def writer(self) -> Writer:
        """Return what writes it; raise RubrikaError that names the extra where it is missing."""
        if self.library and importlib.util.find_spec(self.library) is None:
            raise RubrikaError(
                f"--format {self.module}: needs {self.library}; "
                f"install it: pip install 'rubrika[{self.extra}]'"
            )
        module = importlib.import_module(f"rubrika_train.outputs.{self.module}")
        write: Writer = getattr(module, self.function)
        return write


FORMATS = {
    "table": Format("terminal"),
    "jsonl": Format("json_lines", suffixes=(".jsonl", ".ndjson")),
    "csv": Format("table", suffixes=(".csv",)),
    "excel": Format("table", "write_excel"),
    "parquet": Format("parquet", suffixes=(".parquet",), library="pyarrow", extra="parquet"),
}


_ENDINGS = {suffix: name for name, one in FORMATS.items() for suffix in one.suffixes}
WRITABLE = f"{', '.join(_ENDINGS)}, each also as {' or '.join(COMPRESSED)}"


def format_of(path: Path | None) -> str | None:
    """Return the format that a file's name says: JSON Lines without an ending, None by another."""
    suffix = suffixes(str(path))[0] if path else ""
    return _ENDINGS.get(suffix) if suffix else "jsonl"
