"""Makes predictions.json: the experiments on two models' predictions, computed with PyTorch from the fixtures llama and gemma2.

    python experiments/predictions.py

Base: the fixture; tuned: with its adapter/. README.md says what is in the file. Everything is seeded; inputs are drawn
until nothing hangs on the rounding of f32: see MARGIN, RANK_MARGIN and GAIN_MARGIN.
"""

import itertools
import json
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
from transformers.utils import logging

from make import FIXTURES, load_adapted
from make_models import generator_for, load_model

NAMES = ("llama", "gemma2")
LENGTHS = (9, 5, 14)  # of the texts
PROMPT, NEW_TOKENS = 6, 12
TOP_TOKENS = 12
STRENGTHS = (0.5, 1.0, 2.0, 4.0)
BUCKETS = (1, 10, 50, 200)
MARGIN = 1e-3  # between the likeliest token and the next, in logits
RANK_MARGIN = 1e-4  # between a token whose rank is told and any other
GAIN_MARGIN = 0.15  # between the mean rank gains of tokens that follow each other

Model = torch.nn.Module


def logits_of(model: Model, tokens: list[int]) -> torch.Tensor:
    """[tokens, vocabulary], in f32."""
    with torch.no_grad():
        return model(torch.tensor([tokens]), use_cache=False).logits[0]


def predictions(model: Model, texts: list[list[int]]) -> torch.Tensor:
    """Logits at every position that predicts a text's next token: [positions, vocabulary]."""
    return torch.cat([logits_of(model, text)[:-1] for text in texts])


def mean_entropy(logits: torch.Tensor, temperature: float = 1.0) -> float:
    log_probabilities = torch.log_softmax(logits.double() / temperature, dim=-1)
    return -(log_probabilities.exp() * log_probabilities).sum(-1).mean().item()


def matched_temperature(logits: torch.Tensor, target: float) -> float:
    low, high = 0.01, 20.0
    assert mean_entropy(logits, low) < target < mean_entropy(logits, high)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_entropy(logits, middle) < target else (low, middle)
    return (low + high) / 2


def is_clear(logits: torch.Tensor) -> bool:
    best = logits.topk(2).values
    return bool((best[..., 0] - best[..., 1] >= MARGIN).all())


def clear_rank(logits: torch.Tensor, token: int) -> int | None:
    distances = (logits - logits[token]).abs()
    distances[token] = torch.inf
    return int((logits > logits[token]).sum()) + 1 if distances.min() >= RANK_MARGIN else None


def clear_ranks(logits: torch.Tensor, tokens: list[int]) -> list[int] | None:
    ranks = [clear_rank(row, token) for row, token in zip(logits, tokens, strict=True)]
    return ranks if all(rank is not None for rank in ranks) else None


def greedy(model: Model, prompt: list[int], added: torch.Tensor | float = 0.0) -> list[int] | None:
    """The likeliest tokens by logits + added; the end token counts as any other. None where a choice is not clear."""
    tokens = list(prompt)
    for _ in range(NEW_TOKENS):
        logits = logits_of(model, tokens)[-1] + added
        if not is_clear(logits):
            return None
        tokens.append(int(logits.argmax()))
    return tokens[len(prompt) :]


def all_ranks(logits: torch.Tensor) -> torch.Tensor:
    order = logits.argsort(dim=-1, descending=True, stable=True)
    ranks = torch.empty_like(order)
    ranks.scatter_(-1, order, torch.arange(1, logits.shape[-1] + 1).expand_as(order).contiguous())
    return ranks


def lifted_tokens(base: torch.Tensor, tuned: torch.Tensor) -> list[dict[str, Any]] | None:
    gains = (all_ranks(base) - all_ranks(tuned)).double().mean(0)
    best = gains.topk(TOP_TOKENS + 1)
    if (best.values[:-1] - best.values[1:]).min() < GAIN_MARGIN:
        return None
    delta = (tuned.double() - base.double()).mean(0)
    tokens = best.indices[:-1].tolist()
    return [{"token": token, "rankGain": gains[token].item(), "delta": delta[token].item()} for token in tokens]


def bucket_counts(ranks: list[int]) -> list[int]:
    """1, 2-10, 11-50, 51-200, above."""
    places = [sum(bound < rank for bound in BUCKETS) for rank in ranks]
    return [places.count(place) for place in range(len(BUCKETS) + 1)]


def type_token_ratio(tokens: list[int]) -> float:
    return len(set(tokens)) / len(tokens)


def mean_ranks(numbers: list[float]) -> torch.Tensor:
    values = torch.tensor(numbers, dtype=torch.float64)
    below = (values[None] < values[:, None]).sum(1)
    equal = (values[None] == values[:, None]).sum(1)
    return below + (equal + 1) / 2


def spearman(first: list[float], second: list[float]) -> float:
    return torch.corrcoef(torch.stack([mean_ranks(first).double(), mean_ranks(second).double()]))[0, 1].item()


def attempt(name: str, number: int, base: Model, tuned: Model) -> dict[str, Any] | None:
    """None where something hangs on rounding."""
    generator = generator_for(name, f"predictions {number}")

    def draw(length: int) -> list[int]:
        return torch.randint(base.config.vocab_size, (length,), generator=generator).tolist()

    texts = [draw(length) for length in LENGTHS]
    own, other = predictions(base, texts), predictions(tuned, texts)
    if not (is_clear(own) and is_clear(other)):
        return None
    fixed_ranks = clear_ranks(own, other.argmax(-1).tolist())
    lifted = lifted_tokens(own, other)
    if fixed_ranks is None or lifted is None:
        return None
    prompt = draw(PROMPT)
    trajectory, plain = greedy(tuned, prompt), greedy(base, prompt)
    if trajectory is None or plain is None:
        return None
    ranks = clear_ranks(logits_of(base, prompt + trajectory)[PROMPT - 1 : -1], trajectory)
    if ranks is None:
        return None
    delta = torch.zeros(base.config.vocab_size)
    for item in lifted:
        delta[item["token"]] = item["delta"]
    injected = [greedy(base, prompt, strength * delta) for strength in STRENGTHS]
    if any(text is None for text in injected):
        return None
    ratios = [type_token_ratio(text) for text in injected]
    if len(set(ratios)) == 1:
        return None
    target = mean_entropy(other)
    temperature = matched_temperature(own, target)
    agreement = (own.argmax(-1) == other.argmax(-1)).double().mean().item()
    return {
        "texts": texts,
        "entropyBase": mean_entropy(own),
        "entropyTuned": target,
        "temperature": temperature,
        "entropyAtTemperature": mean_entropy(own, temperature),
        "top1Agreement": agreement,
        "fixedRanks": fixed_ranks,
        "fixedBuckets": bucket_counts(fixed_ranks),
        "prompt": prompt,
        "greedyBase": plain,
        "greedyTuned": trajectory,
        "ranks": ranks,
        "buckets": bucket_counts(ranks),
        "lifted": lifted,
        "strengths": list(STRENGTHS),
        "injected": injected,
        "spearman": spearman(list(STRENGTHS), ratios),
    }


def make(name: str) -> dict[str, Any]:
    folder = FIXTURES / name
    base, tuned = load_model(folder), load_adapted(folder / "adapter", trainable=False)
    for number in itertools.count():
        found = attempt(name, number, base, tuned)
        if found is not None:
            print(f"{name}: attempt {number}, T* {found['temperature']:.4f}, ranks {found['ranks']}")
            return found
    raise AssertionError


def main() -> None:
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    warnings.simplefilter("ignore", FutureWarning)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    parts = []
    for name in NAMES:
        lines = [f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in make(name).items()]
        parts.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n  }")
    Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
