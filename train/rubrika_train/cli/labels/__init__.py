"""rubrika labels: what looks after labelled articles, a file a command."""

from rubrika_train.cli.labels import agreement, check, describe, exports, imports

__all__ = ["agreement", "check", "describe", "exports", "imports"]
