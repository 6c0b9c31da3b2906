import numpy as np
import pytest

from diplotext.evaluate.scores import make_score, score_calibration
from diplotext.findings.intervals import (
    bootstrap_clusters,
    estimate_corrected,
    estimate_ratios,
    estimate_total,
    f1,
    ratio,
    subtract,
)

CLUSTERS = (2, 3, 5, 8, 15, 60)


def draw_shares(rng, clusters, share, alike, draws):
    """Hits and cases of articles of very unequal size, the share of each from a beta with this correlation."""
    cases = rng.geometric(1 / 6, size=(clusters, draws)).astype(float)
    spread = (1 - alike) / alike
    own = rng.beta(share * spread, (1 - share) * spread, size=cases.shape) if alike else np.full(cases.shape, share)
    return rng.binomial(cases.astype(int), own).astype(float), cases


def cover(found, truth):
    return float(np.mean((found.ci_low <= truth) & (truth <= found.ci_high)))


def check_coverage(clusters, share, alike, draws, least=0.93):
    hits, cases = draw_shares(np.random.default_rng([clusters, int(1000 * share)]), clusters, share, alike, draws)
    found = estimate_ratios(hits, cases, hits)
    covered = cover(found, share)
    assert covered >= least, (clusters, share, alike, covered)
    expected = clusters * 6 * min(share, 1 - share)
    if clusters > 2 and expected >= 5:  # with fewer, hardly a case is expected and an honest interval covers more
        assert covered <= 0.985, (clusters, share, alike, covered)
    assert (found.ci_low <= found.estimate).all()
    assert (found.estimate <= found.ci_high).all()
    assert (found.ci_high - found.ci_low > 0.001).all()
    assert (found.ci_low >= 0).all()
    assert (found.ci_high <= 1).all()


@pytest.mark.parametrize("clusters", CLUSTERS)
@pytest.mark.parametrize("share", [0.03, 0.1, 0.5, 0.97])
def test_intervals_of_shares_cover_as_they_say(clusters, share):
    check_coverage(clusters, share, 0.1, 1500)


@pytest.mark.long
@pytest.mark.parametrize("clusters", CLUSTERS)
@pytest.mark.parametrize("share", [0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98])
@pytest.mark.parametrize("alike", [0, 0.05, 0.1, 0.2])
def test_intervals_of_shares_cover_as_they_say_over_many_shares_and_likenesses(clusters, share, alike):
    check_coverage(clusters, share, alike, 20_000, least=0.925)


@pytest.mark.parametrize("clusters", CLUSTERS[1:])
def test_intervals_of_balances_and_tones_cover_as_they_say(clusters):
    rng = np.random.default_rng(clusters)
    cases = rng.geometric(1 / 6, size=(clusters, 1500)).astype(int)
    tilt = rng.beta(4, 6, size=cases.shape)  # of those that take sides, the share of support in each article
    sides = rng.binomial(cases, 0.4)
    support = rng.binomial(sides, tilt)
    balance = estimate_ratios((2 * support - sides) * 1.0, cases * 1.0, sides * 1.0, -1, 1)
    assert 0.93 <= cover(balance, 0.4 * (2 * 0.4 - 1)) <= 0.985
    mood = rng.normal(0.2, 0.1, size=cases.shape)
    tones = mood * cases + rng.normal(0, 0.3, size=cases.shape) * np.sqrt(cases)
    assert 0.93 <= cover(estimate_ratios(tones, cases * 1.0, tones**2, -1, 1), 0.2) <= 0.985


@pytest.mark.parametrize("hits", [0.0, 4.0])
@pytest.mark.parametrize("clusters", [2, 3, 40])
def test_what_is_the_same_in_every_article_still_has_an_interval(hits, clusters):
    values = np.full((clusters, 1), hits)
    found = estimate_ratios(values, np.full((clusters, 1), 4.0), values)
    width = float(found.ci_high[0] - found.ci_low[0])
    assert 0.02 < width < 0.96  # of two articles next to nothing follows
    assert found.estimate[0] in (found.ci_low[0], found.ci_high[0])


def test_a_balance_of_neutral_words_alone_is_told_as_well_as_its_shares_are():
    zero, cases = np.zeros((40, 1)), np.full((40, 1), 4.0)
    balance, share = estimate_ratios(zero, cases, zero, -1, 1), estimate_ratios(zero, cases, zero)
    assert balance.ci_high[0] == pytest.approx(-balance.ci_low[0])
    assert 0.5 * share.ci_high[0] < balance.ci_high[0] < 3 * share.ci_high[0]


def test_one_article_has_no_interval_and_articles_without_cases_do_not_count():
    hits, cases = np.array([[3.0], [0.0]]), np.array([[4.0], [0.0]])
    found = estimate_ratios(hits, cases, hits)
    assert found.estimate[0] == 0.75
    assert np.isnan([found.ci_low[0], found.ci_high[0]]).all()


def test_a_difference_knows_that_both_stand_in_the_same_articles():
    rng = np.random.default_rng(4)
    own = rng.beta(3, 3, size=(20, 1500))
    sides = [rng.binomial(8, own).astype(float) for _ in range(2)]
    one, other = (estimate_ratios(hits, np.full(hits.shape, 8.0), hits) for hits in sides)
    difference, low, high = subtract(one, other)
    assert 0.93 <= np.mean((low <= 0) & (high >= 0)) <= 0.98
    apart = one._replace(pulls=np.zeros_like(one.pulls))
    _, low_apart, high_apart = subtract(apart, other)
    assert np.mean(high - low) < 0.85 * np.mean(high_apart - low_apart)
    assert difference == pytest.approx(one.estimate - other.estimate)


def draw_labelled(rng, articles, share, sensitivity, specificity, n, draws):
    """A corpus, what a machine finds in it, and a sample with unequal probabilities, as sums by article."""
    sizes = rng.geometric(1 / 6, size=articles)
    home = np.repeat(np.arange(articles), sizes)
    total = len(home)
    found = {"values": [], "labelled": [], "n": [], "counted": [], "totals": [], "truth": []}
    for _ in range(draws):
        truth = rng.random(total) < rng.beta(share * 9, (1 - share) * 9, size=articles)[home]
        machine = np.where(truth, rng.random(total) < sensitivity, rng.random(total) > specificity).astype(float)
        doubt = np.clip(rng.beta(2, 5, total) + 0.25 * (machine != truth), 0.02, 1)
        chance = np.minimum(1, n / 2 / total + n / 2 * doubt / doubt.sum())
        order = rng.permutation(total)
        steps = np.floor(np.cumsum(chance[order]) - rng.random())
        drawn = np.zeros(total, bool)
        drawn[order] = np.diff(np.concatenate([[steps[0]], steps])) > 0
        error = np.where(drawn, (truth - machine) / chance, 0)
        found["values"].append(np.bincount(home, machine + error, articles))
        found["counted"].append(np.bincount(home, machine, articles))
        found["labelled"].append(len(set(home[drawn])))
        found["n"].append(drawn.sum())
        found["totals"].append(
            [
                float(x[0])
                for x in estimate_total(
                    np.array([machine.sum()]), error[drawn][:, None], 1 / chance[drawn][:, None], total
                )
            ]
        )
        found["truth"].append(truth.sum())
    cases = np.repeat(sizes[:, None].astype(float), draws, axis=1)
    return {name: np.array(value).T for name, value in found.items()}, cases


def check_corrections(articles, share, sensitivity, specificity, n, draws, counted_fails):
    rng = np.random.default_rng([articles, int(100 * share), int(100 * sensitivity), n])
    found, cases = draw_labelled(rng, articles, share, sensitivity, specificity, n, draws)
    corrected = estimate_corrected(found["values"], cases, found["labelled"], found["n"])
    counted = estimate_ratios(found["counted"], cases, found["counted"])
    low, high = found["totals"][1:]
    covered = {
        "counted": cover(counted, share), "corrected": cover(corrected, share),
        "total": float(np.mean((low <= found["truth"]) & (found["truth"] <= high))),
    }  # fmt: skip
    assert covered["corrected"] >= 0.92, covered
    assert covered["total"] >= 0.92, covered
    if counted_fails:
        assert covered["counted"] < 0.75, covered
        assert np.mean(corrected.estimate) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize(("share", "sensitivity", "specificity", "n"), [
    (0.3, 0.5, 0.9, 60), (0.3, 0.5, 0.9, 120), (0.3, 0.8, 0.95, 120), (0.1, 0.8, 0.9, 240), (0.3, 0.98, 0.99, 60),
])  # fmt: skip
def test_corrected_intervals_cover_where_counted_ones_do_not(share, sensitivity, specificity, n):
    check_corrections(200, share, sensitivity, specificity, n, 300, counted_fails=sensitivity < 0.9)


@pytest.mark.long
@pytest.mark.parametrize("articles", [40, 200])
@pytest.mark.parametrize("share", [0.1, 0.3])
@pytest.mark.parametrize(("sensitivity", "specificity"), [(0.98, 0.99), (0.8, 0.95), (0.5, 0.9)])
@pytest.mark.parametrize("n", [60, 120])
def test_corrected_intervals_cover_at_many_error_rates_and_sizes(articles, share, sensitivity, specificity, n):
    check_corrections(articles, share, sensitivity, specificity, n, 2000, counted_fails=False)


def test_bootstrap_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(7)
    hits = 0
    for seed in range(200):
        cases = rng.integers(1, 8, size=60)
        right = rng.binomial(cases, 0.3)
        _, low, high = bootstrap_clusters(
            np.column_stack([right, cases]).astype(float), ratio, resamples=300, seed=seed
        )
        hits += low <= 0.3 <= high
    assert 0.90 <= hits / 200 <= 0.99


@pytest.mark.parametrize("seed", range(5))
def test_every_score_lies_in_its_interval(seed):
    import pandas as pd

    rng = np.random.default_rng(seed)
    confidence = pd.Series(rng.beta(8, 2, 400))
    right = pd.Series(rng.random(400) < confidence)
    articles = pd.Series(rng.integers(0, 40, 400).astype(str))
    sums = rng.integers(1, 5, size=(12, 3)).astype(float)
    for score in (
        score_calibration(confidence, right, articles),
        make_score(sums, f1, 30),
        make_score(sums, ratio, 30),
    ):
        assert score["ci_low"] <= score["estimate"] <= score["ci_high"]
    assert make_score(np.full((6, 2), 3.0), ratio, 18)["ci_low"] < 1  # all right in six articles proves not everything
