"""The dating survey: the given 100 people and start weights, the truth, and who is asked later."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "EDUCATION",
    "INCOMES",
    "domain",
    "given",
    "people_of_22_years",
    "survey_in_hundreds",
    "true_dates",
]

EDUCATION = np.arange(26.0)
"""Years of education that people have: 0 to 25."""
INCOMES = np.arange(100.0)
"""Monthly incomes, in hundreds: 0 to 99."""


@cache
def given() -> dict[str, Any]:
    """Return what the file holds: the survey, the start weights, and known losses."""
    text = (files("scenarios") / "data" / "dating.json").read_text(encoding="utf-8")
    known: dict[str, Any] = json.loads(text)
    return known


def survey_in_hundreds() -> tuple[Floats, Floats]:
    """Return X (education in years, monthly income in hundreds) and Y (dates) of 100 people."""
    known = given()
    X = np.column_stack([known["education"], known["income_in_hundreds"]]).astype(np.float64)
    return X, np.array(known["dates"])[:, np.newaxis]


def true_dates(X: Any) -> Floats:
    """Return 0.8 education + 0.3 income + 2, income in hundreds: the law without noise."""
    dates: Floats = X @ np.array([0.8, 0.3]) + 2.0
    return dates


def people_of_22_years() -> Floats:
    """Return 100 people with 22 years of education and incomes of 0 to 99 hundreds."""
    return np.column_stack([np.full(len(INCOMES), 22.0), INCOMES])


def domain() -> Floats:
    """Return every education beside every income that the survey can hold: 2,600 people."""
    education, income = np.meshgrid(EDUCATION, INCOMES, indexing="ij")
    return np.column_stack([education.ravel(), income.ravel()])
