"""Makes the golden numbers of the lab's statistics, from their definitions, with numpy and exact fractions.

    python lab_statistics.py      writes statistics.json

`bootstrap`: a generator of its own (sfc32, written down again here) draws `indices`; `low` and `high` are numpy's percentiles of
the means over them. `binomial` and `clopperPearson` sum exact fractions. `spearman` is numpy's correlation of mean ranks.
`krippendorff` compares all pairs of judgements, one by one. `selfBleu` and `datasetBleu` count n-grams in plain dictionaries.

Not named statistics.py, which would stand before Python's own module of that name.
"""

import json
import math
from collections import Counter
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy

OUTPUT = Path(__file__).parent / "statistics.json"
MASK = 0xFFFFFFFF
chance = numpy.random.default_rng(20260522)


def sfc32(seed: int):
    """Yields integers in [0, 2³²): see src-main/engine/random.ts for how a seed becomes a state."""
    a, b, c, counter = seed & MASK, 0x9E3779B9, 0x243F6A88, 1
    drawn = 0
    while True:
        result = (a + b + counter) & MASK
        counter = (counter + 1) & MASK
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & MASK
        c = (((c << 21) | (c >> 11)) + result) & MASK
        drawn += 1
        if drawn > 15:
            yield result


def bootstrap_case(count: int, seed: int, samples: int, level: float) -> dict[str, Any]:
    values = [round(float(value), 6) for value in chance.normal(1, 2, count)]
    integers = sfc32(seed)
    indices = [[next(integers) * count // 2**32 for _ in range(count)] for _ in range(samples)]
    means = numpy.array(values)[numpy.array(indices)].mean(axis=1)
    low, high = numpy.percentile(means, [50 * (1 - level), 50 * (1 + level)])
    return {
        "values": values,
        "seed": seed,
        "level": level,
        "indices": indices,
        "low": float(low),
        "high": float(high),
    }


def probability_at_most(successes: int, trials: int, share: Fraction) -> Fraction:
    return sum(
        (
            math.comb(trials, count) * share**count * (1 - share) ** (trials - count)
            for count in range(successes + 1)
        ),
        Fraction(0),
    )


def binomial_test(successes: int, trials: int) -> float:
    """All results that are at most as likely as this one, added up."""
    ways = math.comb(trials, successes)
    as_unlikely = sum(
        math.comb(trials, count) for count in range(trials + 1) if math.comb(trials, count) <= ways
    )
    return float(Fraction(as_unlikely, 2**trials))


def clopper_pearson(successes: int, trials: int, level: float) -> tuple[float, float]:
    """By halving dyadic fractions 45 times, so that each tail is exact."""
    tail = (1 - Fraction(level)) / 2

    def halved(is_below) -> float:
        low, high = Fraction(0), Fraction(1)
        for _ in range(45):
            middle = (low + high) / 2
            low, high = (middle, high) if is_below(middle) else (low, middle)
        return float((low + high) / 2)

    def low_is_below(share: Fraction) -> bool:
        return 1 - probability_at_most(successes - 1, trials, share) < tail

    low = 0.0 if successes == 0 else halved(low_is_below)
    high = (
        1.0
        if successes == trials
        else halved(lambda share: probability_at_most(successes, trials, share) > tail)
    )
    return low, high


def mean_ranks(values: list[float]) -> numpy.ndarray:
    return numpy.array(
        [sum(o < value for o in values) + (sum(o == value for o in values) + 1) / 2 for value in values]
    )


def spearman_case(count: int, different: int) -> dict[str, Any]:
    first = [int(value) for value in chance.integers(different, size=count)]
    second = [value + int(noise) for value, noise in zip(first, chance.integers(different, size=count))]
    rho = numpy.corrcoef(mean_ranks(first), mean_ranks(second))[0, 1]
    return {"first": first, "second": second, "rho": float(rho)}


def krippendorff_case(units: int, people: int, missing: float) -> dict[str, Any]:
    judged = []
    for _ in range(units):
        truth = chance.choice(["A", "B", "tie"])
        judged.append(
            [
                None
                if chance.random() < missing
                else str(truth if chance.random() < 0.6 else chance.choice(["A", "B", "tie"]))
                for _ in range(people)
            ]
        )
    pairable = [given for unit in judged if len(given := [one for one in unit if one is not None]) > 1]
    values = [one for given in pairable for one in given]
    observed = sum(
        sum(first != second for first, second in permutations(given, 2)) / (len(given) - 1)
        for given in pairable
    ) / len(values)
    expected = sum(first != second for first, second in permutations(values, 2)) / (
        len(values) * (len(values) - 1)
    )
    return {"units": judged, "alpha": 1 - observed / expected}


def n_grams(tokens: list[int], n: int) -> Counter:
    return Counter(tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1))


def precision(text: list[int], references: list[list[int]], longest: int = 4) -> float:
    """BLEU without its brevity penalty, with method 1 of Chen and Cherry 2014: no match counts as a tenth of one."""
    log_precision = 0.0
    for n in range(1, longest + 1):
        own = n_grams(text, n)
        matches: float = sum(
            min(count, max(n_grams(reference, n)[gram] for reference in references))
            for gram, count in own.items()
        )
        if matches == 0:
            if n == 1:
                return 0.0
            matches = 0.1
        log_precision += math.log(matches / max(1, sum(own.values()))) / longest
    return math.exp(log_precision)


def brevity_penalty(text: list[int], references: list[list[int]]) -> float:
    nearest = min((abs(len(reference) - len(text)), len(reference)) for reference in references)[1]
    return 1.0 if len(text) >= nearest else math.exp(1 - nearest / len(text))


def random_text(length: int, vocabulary: int) -> list[int]:
    return [int(token) for token in chance.zipf(1.4, length) % vocabulary]


def bleu_cases() -> dict[str, Any]:
    windows = [random_text(64, 60) for _ in range(12)]
    texts = [random_text(length, 60) for length in (40, 64, 64, 90, 12, 3)]
    # One that is put together from windows, and one that has nothing of them.
    texts += [windows[3][10:30] + windows[7][5:40], [100 + token for token in range(30)]]
    others = [texts[:index] + texts[index + 1 :] for index in range(len(texts))]
    return {
        "windows": windows,
        "texts": texts,
        "datasetBleu": [precision(text, windows) for text in texts],
        "selfBleu": [
            brevity_penalty(text, references) * precision(text, references)
            for text, references in zip(texts, others)
        ],
    }


def main() -> None:
    votes = [(3, 5), (5, 5), (0, 9), (10, 20), (115, 200), (61, 97), (312, 600), (1, 400)]
    golden = {
        "bootstrap": [
            bootstrap_case(12, 1, 40, 0.95),
            bootstrap_case(7, 99, 25, 0.9),
            bootstrap_case(1, 3, 5, 0.5),
        ],
        "binomial": [
            {
                "successes": successes,
                "trials": trials,
                "p": binomial_test(successes, trials),
                "intervals": [
                    {"level": level, "low": low, "high": high}
                    for level in (0.95, 0.8)
                    for low, high in [clopper_pearson(successes, trials, level)]
                ],
            }
            for successes, trials in votes
        ],
        "spearman": [spearman_case(8, 100), spearman_case(40, 6), spearman_case(15, 3)],
        "krippendorff": [
            krippendorff_case(20, 3, 0.2),
            krippendorff_case(60, 2, 0),
            krippendorff_case(10, 5, 0.5),
        ],
        "bleu": bleu_cases(),
    }
    OUTPUT.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
