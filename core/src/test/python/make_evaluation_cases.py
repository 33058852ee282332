"""Records what scikit-learn computes on random data: python make_evaluation_cases.py > ../resources/evaluation/scikit-learn.json"""

import json
import sys

import numpy as np
from scipy import stats
from sklearn import metrics

random = np.random.default_rng(7)


def floats(array):
    return np.asarray(array, dtype=np.float32).round(3)


def calibration_error(truth, rows, bins=15):
    confidence, right = rows.max(1).astype(np.float64), rows.argmax(1) == truth
    edges = np.linspace(0, 1, bins + 1)
    total = 0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return total


def single(classes, size):
    truth = random.integers(0, classes, size)
    rows = random.dirichlet(np.ones(classes), size)
    rows[np.arange(size), truth] += 0.3
    rows = floats(rows / rows.sum(1, keepdims=True))
    one = np.eye(classes, dtype=int)[truth]
    return {
        "truth": truth.tolist(),
        "rows": rows.tolist(),
        "roc_auc": metrics.roc_auc_score(truth, rows[:, 1])
        if classes == 2
        else metrics.roc_auc_score(one, rows, average="macro"),
        "calibration_error": calibration_error(truth, rows),
        "micro_f1": metrics.f1_score(truth, rows.argmax(1), average="micro"),
        "macro_f1": metrics.f1_score(truth, rows.argmax(1), average="macro"),
    }


def multi(labels, size):
    truth = (random.random((size, labels)) < 0.3).astype(int)
    rows = floats(np.clip(0.35 * truth + 0.7 * random.random((size, labels)), 0, 1))
    found = (rows >= 0.5).astype(int)
    result = {"truth": truth.tolist(), "rows": rows.tolist()}
    for average in ["micro", "macro", "weighted"]:
        values = metrics.precision_recall_fscore_support(truth, found, average=average, zero_division=0)
        result[average] = [float(v) for v in values[:3]]
    result["exact_match"] = metrics.accuracy_score(truth, found)
    result["hamming_loss"] = metrics.hamming_loss(truth, found)
    result["roc_auc"] = metrics.roc_auc_score(truth, rows, average="macro")
    return result


def regression(size):
    truth = floats(random.normal(2, 1, size)).astype(np.float64)
    predicted = floats(truth + random.normal(0, 0.7, size)).astype(np.float64)
    return {
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "mse": metrics.mean_squared_error(truth, predicted),
        "mae": metrics.mean_absolute_error(truth, predicted),
        "r2": metrics.r2_score(truth, predicted),
        "pearson": stats.pearsonr(truth, predicted).statistic,
        "spearman": stats.spearmanr(truth, predicted).statistic,
    }


cases = {"single": [single(2, 40), single(4, 60)], "multi": [multi(5, 40)], "regression": [regression(30)]}
json.dump(cases, sys.stdout, separators=(",", ":"))
print()
