"""Makes the golden cases of decoding: what transformers' logits processors leave of random logits.

    python decoding.py      writes src-main/engine/generation/fixtures/decoding.json

Each case has `logits` [40], a `history` of token ids, `blocked` ids, `settings` as DecodingSettings names them, and the
`scores` [40] that come out, null for −∞. Logits are multiples of 1/64, so that JSON holds them exactly; no case is
decided by less than the rounding of f32.
"""

import json
import math
from pathlib import Path
from typing import Any

import torch
from transformers import LogitsProcessorList
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    NoRepeatNGramLogitsProcessor,
    RepetitionPenaltyLogitsProcessor,
    SuppressTokensLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

OUTPUT = Path(__file__).parents[2] / "src-main/engine/generation/fixtures/decoding.json"
VOCABULARY = 40
SPREAD = 3.0
HISTORY = [3, 14, 15, 9, 2, 6, 3, 14, 15, 35, 8, 9, 7, 9, 3, 14]

CASES: list[dict[str, Any]] = [
    {"repetitionPenalty": 1.2},
    {"repetitionPenalty": 0.8},
    {"noRepeatNgramSize": 1},
    {"noRepeatNgramSize": 2},
    {"noRepeatNgramSize": 3},
    {"noRepeatNgramSize": 16},
    {"blocked": [0, 7, 39]},
    {"repetitionPenalty": 1.5, "noRepeatNgramSize": 3, "blocked": [1, 2]},
    {"strategy": "sample", "temperature": 0.7},
    {"strategy": "sample", "temperature": 3.0},
    {"strategy": "sample", "topK": 5},
    {"strategy": "sample", "topK": 100},
    {"strategy": "sample", "topP": 0.9},
    {"strategy": "sample", "topP": 0.05},
    {"strategy": "sample", "minP": 0.1},
    {"strategy": "sample", "minP": 0.1, "temperature": 1.5},
    {"strategy": "sample", "temperature": 0.7, "topK": 10, "topP": 0.9},
    {"strategy": "sample", "temperature": 2.0, "topK": 30, "topP": 0.95, "minP": 0.05},
    {"strategy": "sample", "topP": 0.8, "repetitionPenalty": 1.3, "noRepeatNgramSize": 2, "blocked": [11, 12]},
]


def processors(settings: dict[str, Any], blocked: list[int]) -> LogitsProcessorList:
    """In the order in which GenerationMixin puts them together."""
    result = LogitsProcessorList()
    if "repetitionPenalty" in settings:
        result.append(RepetitionPenaltyLogitsProcessor(settings["repetitionPenalty"]))
    if "noRepeatNgramSize" in settings:
        result.append(NoRepeatNGramLogitsProcessor(settings["noRepeatNgramSize"]))
    if blocked:
        result.append(SuppressTokensLogitsProcessor(blocked, device="cpu"))
    if "temperature" in settings:
        result.append(TemperatureLogitsWarper(settings["temperature"]))
    if "topK" in settings:
        result.append(TopKLogitsWarper(settings["topK"]))
    if "topP" in settings:
        result.append(TopPLogitsWarper(settings["topP"]))
    if "minP" in settings:
        result.append(MinPLogitsWarper(settings["minP"]))
    return result


def make(index: int, case: dict[str, Any]) -> dict[str, Any]:
    settings = {name: value for name, value in case.items() if name != "blocked"}
    blocked = case.get("blocked", [])
    generator = torch.Generator().manual_seed(index)
    logits = (torch.randn(1, VOCABULARY, generator=generator) * SPREAD * 64).round() / 64
    scores = processors(settings, blocked)(torch.tensor([HISTORY]), logits.clone())
    return {
        "settings": settings,
        "history": HISTORY,
        "blocked": blocked,
        "logits": logits[0].tolist(),
        "scores": [None if math.isinf(score) else round(score, 6) for score in scores[0].tolist()],
    }


def main() -> None:
    OUTPUT.parent.mkdir(exist_ok=True)
    cases = [json.dumps(make(index, case)) for index, case in enumerate(CASES)]
    OUTPUT.write_text("[\n" + ",\n".join(cases) + "\n]\n")
    print(f"{len(cases)} cases, {OUTPUT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
