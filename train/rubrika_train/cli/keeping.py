"""Where `train` and `tune` put a tagger: a folder of its own, or a registry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Protocol

import typer

from rubrika.errors import RubrikaError
from rubrika.tagger import Tagger
from rubrika_train.cli.app import refuse_to_overwrite

PromoteOption = Annotated[
    bool, typer.Option("--promote", help="Put the new version of a registry into use.")
]


class Made(Protocol):
    """A tagger that was trained or tuned."""

    @property
    def tagger(self) -> Tagger:
        """The tagger itself."""

    def save(self, folder: Path) -> None:
        """Write it to a folder."""


def target(output: Path | None, origin: Path | None, default: Path) -> Path:
    """Return where a tagger goes: `output`, or the registry that it comes from, or `default`."""
    from rubrika_train.registry import is_registry

    if output is None:
        return origin if origin and is_registry(origin) else default
    if is_registry(output.parent) and output.name != "..":
        raise RubrikaError(
            f"{output}: a version of a registry is named by its data; write -o {output.parent}"
        )
    return output


def refuse_unfree(target: Path, *, promote: bool, force: bool) -> None:
    """Refuse a folder that is not free, and a promotion outside a registry, before the work."""
    from rubrika_train.registry import is_registry

    if is_registry(target):
        return
    if promote:
        raise typer.BadParameter(
            f"{target} is no registry; begin one with: rubrika models promote shipped"
            f"{_where(target)}",
            param_hint="--promote",
        )
    refuse_to_overwrite(target, force=force)


def keep(made: Made, target: Path, *, promote: bool) -> str:
    """Write a tagger to where it goes; return in words what was done."""
    from rubrika_train import registry

    version = made.tagger.version
    if not registry.is_registry(target):
        made.save(target)
        return f"Tagger {version} written to {target}"
    registry.add(target, version, made.save)
    if promote:
        registry.promote(target, version)
        return f"{target}: {version} was added and is in use now"
    return (
        f"{target}: {version} was added; put it into use with: "
        f"rubrika models promote {version}{_where(target)}"
    )


def _where(registry: Path) -> str:
    """Return the option that names a registry, where it is not the usual one."""
    return f" --registry {registry}" if str(registry) != "models" else ""
