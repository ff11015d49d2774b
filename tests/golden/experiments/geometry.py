"""Makes the golden numbers of "Terminal expansion": transformers' and PEFT's hidden states, numpy's covariances.

    python geometry.py      writes geometry.json

Of each fixture, per layer what GeometryResults names. States come from `output_hidden_states`; its last entry is after the
final norm, so what leaves the last block is taken from a hook before that norm. The bands' 1,000 draws of texts are those of
seed 7 of a generator written down in lab_statistics.py; each draw's states are put together and their covariance taken anew.
"""

import json
import os
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy
import torch
from peft import PeftModel
from lab_statistics import sfc32
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

FOLDER = Path(__file__).parent
FIXTURES = FOLDER.parent / "fixtures"
OUTPUT = FOLDER / "geometry.json"
NAMES = ("llama", "gemma2")
TEXTS = (
    "The sea was calm, and the boat came home before the night.",
    "A dog ran along the river. It was a good dog!",
    "Nobody knew why the lamp in the tower burned, and so it went on.",
    "One two three.",
)
SEED, SAMPLES = 7, 1000


def states_of(model: torch.nn.Module, norm: torch.nn.Module, tokens: list[int]) -> list[numpy.ndarray]:
    """What leaves each block, then what leaves the final norm: [tokens, width] each."""
    before_norm: list[torch.Tensor] = []
    hook = norm.register_forward_pre_hook(lambda _, inputs: before_norm.append(inputs[0].clone()))
    with torch.no_grad():
        listed = model(torch.tensor([tokens]), output_hidden_states=True, use_cache=False).hidden_states
    hook.remove()
    # The first entry is what enters the first block.
    return [state[0].double().numpy() for state in (*listed[1:-1], before_norm[0], listed[-1])]


def ratio(states: numpy.ndarray) -> float:
    eigenvalues = numpy.linalg.eigvalsh(numpy.cov(states, rowvar=False, bias=True))
    return float(eigenvalues.sum() ** 2 / (eigenvalues**2).sum())


def unit(states: numpy.ndarray) -> numpy.ndarray:
    return states / numpy.linalg.norm(states, axis=1, keepdims=True)


def numbers_of(base: numpy.ndarray, tuned: numpy.ndarray) -> dict[str, float]:
    ratios = [ratio(states) for states in (base, tuned, unit(base), unit(tuned))]
    return {
        "cosine": float((unit(base) * unit(tuned)).sum(axis=1).mean()),
        "l2": float(numpy.linalg.norm(tuned - base, axis=1).mean()),
        "participationRatioBase": ratios[0],
        "participationRatioTuned": ratios[1],
        "deltaDim": ratios[1] - ratios[0],
        "normalizedDeltaDim": ratios[3] - ratios[2],
    }


def draws(count: int) -> list[list[int]]:
    integers = sfc32(SEED)
    return [[next(integers) * count // 2**32 for _ in range(count)] for _ in range(SAMPLES)]


def layer(base: list[numpy.ndarray], tuned: list[numpy.ndarray]) -> dict[str, Any]:
    """Of the states of one layer, text by text."""
    drawn = [
        numbers_of(
            numpy.concatenate([base[text] for text in draw]), numpy.concatenate([tuned[text] for text in draw])
        )
        for draw in draws(len(base))
    ]
    bands = {
        f"{name}Band": numpy.percentile([numbers[name] for numbers in drawn], [2.5, 97.5]).tolist()
        for name in ("cosine", "l2", "deltaDim", "normalizedDeltaDim")
    }
    return numbers_of(numpy.concatenate(base), numpy.concatenate(tuned)) | bands


def fixture(name: str) -> dict[str, Any]:
    folder = FIXTURES / name
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokens = [tokenizer.encode(text).ids for text in TEXTS]
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    norm = model.model.norm
    base = [states_of(model, norm, ids) for ids in tokens]
    adapted = PeftModel.from_pretrained(model, folder / "adapter").eval()
    tuned = [states_of(adapted, norm, ids) for ids in tokens]
    layers = len(base[0])
    return {
        "name": name,
        "tokens": sum(len(ids) for ids in tokens),
        "layers": [
            {
                "block": min(index + 1, layers - 1),
                "stage": "output" if index < layers - 1 else "after-final-norm",
                **layer([states[index] for states in base], [states[index] for states in tuned]),
            }
            for index in range(layers)
        ],
    }


def main() -> None:
    golden = {"texts": TEXTS, "seed": SEED, "fixtures": [fixture(name) for name in NAMES]}
    OUTPUT.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
