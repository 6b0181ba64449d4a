"""rubrika labels: what looks after labelled articles, a file a command."""

from rubrika_train.cli.labels import agreement, audits, check, describe, exports, imports, queues

__all__ = ["agreement", "audits", "check", "describe", "exports", "imports", "queues"]
