"""Agreement against worked examples of the literature and slow implementations of its equations."""

import math
from fractions import Fraction

import krippendorff
import numpy as np
import pytest
from numpy.typing import NDArray

from annotations.agreement import (
    MISSING,
    answer_counts,
    cohen_kappa,
    dawid_skene,
    fleiss_kappa,
    krippendorff_alpha,
    vote_counts,
)
from tests.annotations.anaesthetist import ANSWERS

EXACT = 1e-9
Array = NDArray[np.int64]

# 14 raters, 5 categories, 10 subjects: the example by which Fleiss' kappa is mostly taught.
FLEISS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
# Krippendorff 2011, part C: four observers, twelve units, answers missing; 0 for none.
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
).T


def _random_ratings(seed: int, *, items: int = 40, people: int = 5, categories: int = 3) -> Array:
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, categories, items)
    ratings = np.tile(truth[:, None], people)
    wrong = generator.random(ratings.shape) < 0.3
    ratings[wrong] = generator.integers(0, categories, wrong.sum())
    ratings[generator.random(ratings.shape) < 0.3] = MISSING
    return ratings


def test_cohens_kappa_of_fifty_grant_proposals_is_two_fifths() -> None:
    # 20 both yes, 5 and 10 apart, 15 both no: p_o 0.7, p_e 0.5.
    first = np.repeat([1, 1, 0, 0], [20, 5, 10, 15])
    second = np.repeat([1, 0, 1, 0], [20, 5, 10, 15])
    assert cohen_kappa(first, second) == pytest.approx(0.4, abs=EXACT)


@pytest.mark.parametrize("seed", range(5))
def test_cohens_kappa_equals_its_definition_in_fractions(seed: int) -> None:
    first, second = _random_ratings(seed, people=2).T
    both = [(a, b) for a, b in zip(first, second, strict=True) if MISSING not in (a, b)]
    observed = Fraction(sum(a == b for a, b in both), len(both))
    expected = sum(
        Fraction(sum(a == k for a, _ in both), len(both))
        * Fraction(sum(b == k for _, b in both), len(both))
        for k in range(3)
    )
    oracle = float((observed - expected) / (1 - expected))
    assert cohen_kappa(first, second) == pytest.approx(oracle, abs=EXACT)


def test_cohens_kappa_is_unknown_without_common_items_and_for_one_single_answer() -> None:
    assert math.isnan(cohen_kappa(np.array([1, MISSING]), np.array([MISSING, 0])))
    assert math.isnan(cohen_kappa(np.ones(4, int), np.ones(4, int)))


def test_cohens_kappa_needs_answers_about_the_same_items() -> None:
    with pytest.raises(ValueError, match="one answer per item"):
        cohen_kappa(np.ones(3, int), np.ones(4, int))


def test_fleiss_kappa_of_the_textbook_example() -> None:
    items, each = len(FLEISS), 14
    rows = FLEISS.tolist()
    agreeing = Fraction(sum(c * (c - 1) for row in rows for c in row), items * each * (each - 1))
    shares = [Fraction(sum(column), items * each) for column in zip(*rows, strict=True)]
    chance = sum(share * share for share in shares)
    kappa = fleiss_kappa(FLEISS)
    assert kappa == pytest.approx(float((agreeing - chance) / (1 - chance)), abs=EXACT)
    assert round(kappa, 3) == 0.210


def test_fleiss_kappa_is_unknown_without_items_and_for_one_single_answer() -> None:
    assert math.isnan(fleiss_kappa(np.zeros((0, 2), int)))
    assert math.isnan(fleiss_kappa(np.array([[3, 0], [3, 0]])))


@pytest.mark.parametrize("counts", [[[2, 0], [1, 2]], [[1, 0], [0, 1]]])
def test_fleiss_kappa_needs_equally_many_answers(counts: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="same number of answers"):
        fleiss_kappa(np.array(counts))


def test_krippendorffs_alpha_of_his_own_example() -> None:
    assert round(krippendorff_alpha(KRIPPENDORFF - 1, 5), 3) == 0.743


@pytest.mark.parametrize("seed", range(10))
def test_krippendorffs_alpha_equals_that_of_the_package(seed: int) -> None:
    ratings = _random_ratings(seed)
    reliability = np.where(ratings == MISSING, np.nan, ratings).T
    oracle = krippendorff.alpha(reliability_data=reliability, level_of_measurement="nominal")
    assert krippendorff_alpha(ratings, 3) == pytest.approx(oracle, abs=EXACT)


def test_krippendorffs_alpha_is_unknown_without_pairs_and_for_one_single_answer() -> None:
    assert math.isnan(krippendorff_alpha(np.array([[1, MISSING], [MISSING, 0]]), 2))
    assert math.isnan(krippendorff_alpha(np.ones((4, 3), int), 2))


def test_an_answer_that_is_no_category_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        answer_counts(np.array([[0, 2]]), 2)
    with pytest.raises(ValueError, match="0 to 1"):
        vote_counts(np.array([[0, -2]]), 2)


def test_answers_are_counted_by_category() -> None:
    assert answer_counts(np.array([[0, 1, 1], [MISSING, 0, MISSING]]), 2).tolist() == [
        [1, 2],
        [1, 0],
    ]


def _slow_dawid_skene(votes: Array, rounds: int) -> tuple[list[list[float]], list[float]]:
    """Equations 2.3 to 2.5 of Dawid and Skene in plain loops."""
    items, people, categories = (range(n) for n in votes.shape)
    count = votes.tolist()
    truth = [[sum(count[i][a][j] for a in people) for j in categories] for i in items]
    truth = [[x / sum(row) for x in row] for row in truth]
    shares: list[float] = []
    for _ in range(rounds):
        shares = [sum(row[j] for row in truth) / len(truth) for j in categories]
        errors = [[[0.0 for _ in categories] for _ in categories] for _ in people]
        for a in people:
            for j in categories:
                said = [sum(truth[i][j] * count[i][a][k] for i in items) for k in categories]
                errors[a][j] = [x / sum(said) if sum(said) else 1 / len(said) for x in said]
        for i in items:
            joint = [
                shares[j]
                * math.prod(errors[a][j][k] ** count[i][a][k] for a in people for k in categories)
                for j in categories
            ]
            truth[i] = [x / sum(joint) for x in joint]
    return truth, shares


@pytest.mark.parametrize("seed", range(3))
def test_dawid_skene_equals_its_equations_in_plain_loops(seed: int) -> None:
    ratings = _random_ratings(seed)
    votes = vote_counts(ratings[(ratings != MISSING).any(axis=1)], 3)
    found = dawid_skene(votes, tolerance=0, most=40)
    truth, shares = _slow_dawid_skene(votes, 40)
    np.testing.assert_allclose(found.posteriors, truth, atol=EXACT)
    np.testing.assert_allclose(found.prevalence, shares, atol=EXACT)


def test_dawid_skene_finds_what_the_paper_found_about_the_anaesthetists() -> None:
    votes = np.zeros((45, 5, 4), int)
    for patient, answers in enumerate(ANSWERS):
        for observer, given in enumerate(answers):
            for category in given:
                votes[patient, observer, category - 1] += 1
    found = dawid_skene(votes)
    # Table 2 of the paper, to the digits it prints: the marginal probabilities of the four classes.
    np.testing.assert_allclose(found.prevalence, [0.40, 0.42, 0.11, 0.07], atol=0.005)


def test_a_careless_annotator_is_found_and_outvoted() -> None:
    generator = np.random.default_rng(0)
    truth = generator.integers(0, 2, 400)
    chance_of_error = np.array([0.05, 0.1, 0.1, 0.45, 0.45])
    wrong = generator.random((400, 5)) < chance_of_error
    ratings = np.where(wrong, 1 - truth[:, None], truth[:, None])
    found = dawid_skene(vote_counts(ratings, 2))
    majority = answer_counts(ratings, 2).argmax(axis=1)
    assert (found.posteriors.argmax(axis=1) == truth).mean() > (majority == truth).mean()
    assert found.reliability[:3].min() > 0.85
    assert found.reliability[3:].max() < 0.65


def test_a_patch_nobody_answered_has_the_prevalence_as_its_posterior() -> None:
    ratings = np.array([[0, 0], [0, 0], [0, 0], [1, 1], [MISSING, MISSING]])
    found = dawid_skene(vote_counts(ratings, 2))
    np.testing.assert_allclose(found.posteriors[-1], found.prevalence, atol=EXACT)
    np.testing.assert_allclose(found.prevalence, [0.75, 0.25], atol=EXACT)


def test_smoothing_keeps_a_single_answer_from_being_certain() -> None:
    ratings = np.array([[0, 0], [1, 1], [0, 1]])
    sure = dawid_skene(vote_counts(ratings, 2))
    careful = dawid_skene(vote_counts(ratings, 2), smoothing=1)
    assert careful.posteriors.max() < sure.posteriors.max()


def test_dawid_skene_refuses_to_learn_from_nothing() -> None:
    with pytest.raises(ValueError, match="at least one answer"):
        dawid_skene(np.zeros((3, 2, 2), int))
    with pytest.raises(ValueError, match="at least 0"):
        dawid_skene(np.ones((3, 2, 2), int), smoothing=-1)
