"""Where annotators contradict each other and nobody has decided."""

from __future__ import annotations

from collections import defaultdict

from rubrika_train.annotations import Annotations, Judgement


def contradictions_by_theme(annotations: Annotations) -> dict[str, int]:
    """Return on how many articles one annotator gives a theme that another one denies.

    An article that has a final judgement is settled.
    """
    voices: defaultdict[str, dict[str, Judgement]] = defaultdict(dict)
    for judgement in annotations.judgements:
        voices[judgement.id][judgement.annotator] = judgement
    unsettled = [
        list(own.values()) for own in voices.values() if not any(one.final for one in own.values())
    ]
    return {
        theme.id: sum({True, False} <= {one.says(theme) for one in own} for own in unsettled)
        for theme in annotations.themes
    }
