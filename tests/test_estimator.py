"""The estimator keeps scikit-learn's contract, on texts instead of numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold, cross_val_predict, cross_val_score
from sklearn.utils import Tags, get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks

from rubrika_train.annotations import read as read_annotations
from rubrika_train.estimator import RubrikaClassifier
from rubrika_train.fitting import label_matrix
from rubrika_train.settings import Settings
from rubrika_train.splits import Labels
from rubrika_train.training import Trained
from tests.conftest import AUTOMOTIVE, NONE, TOURISM

KINDS = ((TOURISM, (1, 0)), (AUTOMOTIVE, (0, 1)), (NONE, (0, 0)))
ROWS = [
    (f"{sentence.format(copy + 2)} {sentences[copy].format(copy)}", labels)
    for copy in range(4)
    for sentences, labels in KINDS
    for sentence in sentences
]
TEXTS = [text for text, _ in ROWS]
LABELS: Labels = np.array([labels for _, labels in ROWS], dtype=np.int8)
HALVES = KFold(2, shuffle=True, random_state=0)


def tiny() -> RubrikaClassifier:
    return RubrikaClassifier(min_articles=1, folds=2)


@pytest.fixture(scope="module")
def fitted() -> RubrikaClassifier:
    return tiny().fit(TEXTS, LABELS)


class AskedForNumbers(RubrikaClassifier):
    """The estimator under a tag that lets scikit-learn run all of its checks, not just one."""

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


EXPECTED_FAILURES = {
    "fits to rows of numbers, where this estimator reads texts": (
        "check_fit_score_takes_y",
        "check_estimators_overwrite_params",
        "check_dont_overwrite_parameters",
        "check_estimators_fit_returns_self",
        "check_readonly_memmap_input",
        "check_n_features_in_after_fitting",
        "check_positive_only_tag_during_fit",
        "check_estimators_dtypes",
        "check_dtype_object",
        "check_pipeline_consistency",
        "check_estimators_pickle",
        "check_f_contiguous_array_estimator",
        "check_classifier_data_not_an_array",
        "check_classifier_multioutput",
        "check_classifiers_multilabel_representation_invariance",
        "check_classifiers_multilabel_output_format_predict",
        "check_classifiers_multilabel_output_format_predict_proba",
        "check_classifiers_multilabel_output_format_decision_function",
        "check_decision_proba_consistency",
        "check_methods_sample_order_invariance",
        "check_methods_subset_invariance",
        "check_dict_unchanged",
        "check_fit_idempotent",
        "check_fit_check_is_fitted",
        "check_n_features_in",
        "check_fit2d_predict1d",
    ),
    "wants a message about numbers: their type, count of features, NaN or sparseness": (
        "check_complex_data",
        "check_estimators_empty_data_messages",
        "check_estimators_nan_inf",
        "check_estimator_sparse_tag",
        "check_estimator_sparse_array",
        "check_estimator_sparse_matrix",
        "check_fit2d_1sample",
        "check_fit2d_1feature",
    ),
    "fits numbers to one class a row, where a text has several themes or none": (
        "check_classifiers_one_label",
        "check_classifiers_classes",
        "check_classifiers_train",
        "check_classifiers_regression_target",
        "check_class_weight_classifiers",
        "check_classifier_not_supporting_multiclass",
        "check_requires_y_none",
    ),
}


def expected_failures(estimator: object) -> dict[str, str]:
    return {name: reason for reason, names in EXPECTED_FAILURES.items() for name in names}


@parametrize_with_checks(  # type: ignore[untyped-decorator]
    [AskedForNumbers()], expected_failed_checks=expected_failures, xfail_strict=True
)
def test_scikit_learns_own_checks(estimator: object, check: Callable[[object], None]) -> None:
    check(estimator)


def test_tags_say_texts_in_and_several_labels_out() -> None:
    tags = get_tags(RubrikaClassifier())
    assert (tags.input_tags.string, tags.input_tags.two_d_array) == (True, False)
    assert (tags.classifier_tags.multi_label, tags.classifier_tags.multi_class) == (True, False)
    assert tags.target_tags.required


def test_a_clone_has_the_parameters_and_nothing_learnt(fitted: RubrikaClassifier) -> None:
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not [name for name in vars(copy) if name.endswith("_")]


def test_its_defaults_are_those_of_the_settings() -> None:
    assert RubrikaClassifier()._settings() == Settings()


def test_it_learns_what_train_learns(trained: Trained, annotated: Path) -> None:
    annotations = read_annotations(annotated)
    texts = [article.full_text for article in annotations.judged]
    labels = label_matrix(annotations.judged, annotations.gold, annotations.themes)
    own = RubrikaClassifier(min_articles=1, folds=3).fit(texts, labels)
    expected = trained.tagger.probabilities(TEXTS)
    np.testing.assert_allclose(own.predict_proba(TEXTS), expected, atol=1e-6)
    np.testing.assert_array_equal(own.decision_.thresholds, trained.tagger.decision.thresholds)


def test_outputs_have_a_column_a_theme_and_agree(fitted: RubrikaClassifier) -> None:
    texts = [*TEXTS, "", "слово"]
    probabilities, margins = fitted.predict_proba(texts), fitted.decision_function(texts)
    chosen = fitted.predict(texts)
    assert probabilities.shape == margins.shape == chosen.shape == (len(texts), 2)
    assert np.array_equal(chosen == 1, margins >= 0)
    assert np.array_equal(chosen == 1, probabilities >= fitted.decision_.thresholds)
    assert np.isfinite(margins).all()
    assert fitted.classes_.tolist() == [[0, 1], [0, 1]]


def test_fitting_twice_or_to_other_containers_says_the_same(fitted: RubrikaClassifier) -> None:
    expected = fitted.predict_proba(TEXTS)
    again = tiny().fit(pd.Series(TEXTS), pd.DataFrame(LABELS, columns=["tourism", "automotive"]))
    assert np.array_equal(again.predict_proba(np.array(TEXTS)), expected)
    assert np.array_equal(fitted.predict_proba(TEXTS[::-1]), expected[::-1])
    assert np.array_equal(fitted.predict_proba(TEXTS[3:5]), expected[3:5])


def test_unknown_is_neither_learnt_as_no_nor_scored(fitted: RubrikaClassifier) -> None:
    labels = LABELS.copy()
    labels[::5, 0] = -1
    as_no = np.where(labels == -1, 0, labels)
    unknown, no = (tiny().fit(TEXTS, own).predict_proba(TEXTS) for own in (labels, as_no))
    assert not np.array_equal(unknown[:, 0], no[:, 0])
    assert fitted.score(TEXTS, np.where(fitted.predict(TEXTS) == LABELS, LABELS, -1)) == 1.0
    assert np.isnan(fitted.score(TEXTS, np.full_like(LABELS, -1)))


def test_a_notebook_can_cross_validate_it() -> None:
    scores = cross_val_score(tiny(), TEXTS, LABELS, cv=HALVES)
    assert scores.shape == (2,)
    assert scores.min() > 0.8


@pytest.mark.parametrize("scoring", ["f1_macro", "average_precision", "roc_auc"])
def test_scikit_learns_scorers_take_it(fitted: RubrikaClassifier, scoring: str) -> None:
    assert np.isfinite(get_scorer(scoring)(fitted, TEXTS, LABELS))


def test_out_of_fold_probabilities_have_a_column_a_theme() -> None:
    found = cross_val_predict(tiny(), TEXTS, LABELS, cv=HALVES, method="predict_proba")
    assert found.shape == LABELS.shape
    assert found[LABELS == 1].mean() > 0.5 > found[LABELS == 0].mean()


FAULTS: dict[str, tuple[Any, Any, str]] = {
    "one text": ("Завод", [[1]], "X is one text; give a list of texts"),
    "a number": (["Завод", 5], [[1], [0]], "X wants texts; row 1 is int"),
    "one column": (
        ["Завод", "Суд"],
        [1, 0],
        "y wants shape (2, themes), a row for each text; not (2,)",
    ),
    "too few": (
        ["Завод", "Суд"],
        [[1, 0]],
        "y wants shape (2, themes), a row for each text; not (1, 2)",
    ),
    "values": (
        ["Завод", "Суд"],
        [[1], [2]],
        "y wants 1 for yes, 0 for no, -1 for unknown, and nothing else",
    ),
    "alike": (
        ["Завод", "Завод"],
        [[1], [0]],
        "fit wants two texts or more that are no near-duplicates of each other",
    ),
    "none": (
        [],
        np.zeros((0, 1)),
        "fit wants two texts or more that are no near-duplicates of each other",
    ),
}


@pytest.mark.parametrize(("texts", "labels", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_what_cannot_be_learnt_from_is_refused(texts: Any, labels: Any, message: str) -> None:  # noqa: ANN401
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        tiny().fit(texts, labels)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_unfitted_it_says_so(method: str) -> None:
    with pytest.raises(NotFittedError):
        getattr(tiny(), method)(TEXTS)


@pytest.mark.parametrize("parameters", [{"C": -1}, {"folds": 1}, {"class_weight": "even"}])
def test_parameters_are_checked_when_it_is_fitted(parameters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(parameters))):
        RubrikaClassifier(**parameters).fit(TEXTS, LABELS)
