"""Predictions as Parquet, a few thousand articles at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika_train.predicting import ADDED, Prediction, own_fields

# Articles of a row group; the first of them say what type each column has.
_GROUP_ROWS = 4096
_TAG = pa.struct(
    [("theme", pa.string()), ("probability", pa.float64()), ("threshold", pa.float64())]
)
_TYPES = {
    "themes": pa.list_(pa.string()),
    "status": pa.string(),
    "tags": pa.list_(_TAG),
    "model": pa.string(),
}
Records = Sequence[dict[str, Any]]


def write(predictions: Iterable[Prediction], tagger: Tagger, file: BinaryIO) -> None:
    """Write a row an article: its own fields, then themes, status, tags, model.

    Fields that were read from Parquet keep their types; others have those of their values.
    Raises InputError for a value that does not fit its column, and a field that has none.
    """
    remaining = iter(predictions)
    group = list(islice(remaining, _GROUP_ROWS))
    schema = _schema(group, tagger.version)
    try:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            while group:
                records = [one.record(tagger.version) for one in group]
                writer.write_table(_table(records, schema, [one.row.origin for one in group]))
                group = list(islice(remaining, _GROUP_ROWS))
    except pa.ArrowException as error:
        said = str(error).split("\n")[0]
        raise InputError(f"cannot be written as Parquet: {said}; write --format jsonl") from error


def _schema(group: Sequence[Prediction], version: str) -> pa.Schema:
    """Return the columns of all fields of the first articles, in order of appearance."""
    known = _read_types(group)
    records = [one.record(version) for one in group]
    names = dict.fromkeys(name for record in records for name in record if name not in ADDED)
    types = {
        name: known.get(name) or _type_of([record.get(name) for record in records])
        for name in names
    }
    return pa.schema(list((types | _TYPES).items()))


def _read_types(group: Sequence[Prediction]) -> dict[str, pa.DataType]:
    """Return the types of fields that were read from Parquet, under the names that they get."""
    types: dict[str, pa.DataType] = {}
    for schema in {id(one.row.schema): one.row.schema for one in group if one.row.schema}.values():
        types |= own_fields({field.name: field.type for field in schema})
    return types


def _type_of(values: Sequence[object]) -> pa.DataType:
    """Return the type of values; of the first one, where they have several."""
    try:
        inferred = pa.infer_type(values)
    except pa.ArrowException:
        inferred = pa.infer_type([next(value for value in values if value is not None)])
    return pa.string() if pa.types.is_null(inferred) else inferred


def _table(records: Records, schema: pa.Schema, origins: Sequence[str]) -> pa.Table:
    for origin, record in zip(origins, records, strict=True):
        if strange := record.keys() - set(schema.names):
            raise InputError(
                f"{origin}: field {min(strange)!r} is not in the first rows, "
                "so Parquet has no column for it; write --format jsonl"
            )
    return pa.table([_column(field, records, origins) for field in schema], schema=schema)


def _column(field: pa.Field, records: Records, origins: Sequence[str]) -> pa.Array:
    values = [record.get(field.name) for record in records]
    for origin, value in zip(origins, values, strict=True):
        if not _fits(value, field.type):
            raise _misfit(origin, field)
    try:
        return pa.array(values, field.type)
    except (pa.ArrowException, OverflowError):
        for origin, value in zip(origins, values, strict=True):
            _check(value, field, origin)
        raise


def _fits(value: Any, type: pa.DataType) -> bool:  # noqa: ANN401 (any JSON)
    """Whether lists are where the type has them: Arrow takes a text for a list of letters."""
    if value is None:
        return True
    if pa.types.is_struct(type):
        return isinstance(value, dict) and all(_fits(value.get(own.name), own.type) for own in type)
    if pa.types.is_list(type) or pa.types.is_large_list(type):
        return isinstance(value, list | tuple) and all(_fits(one, type.value_type) for one in value)
    return True


def _check(value: object, field: pa.Field, origin: str) -> None:
    try:
        pa.array([value], field.type)
    except (pa.ArrowException, OverflowError) as error:
        raise _misfit(origin, field) from error


def _misfit(origin: str, field: pa.Field) -> InputError:
    return InputError(
        f"{origin}: field {field.name!r} is not of the type {field.type} that it has in the "
        "first rows; write --format jsonl"
    )
