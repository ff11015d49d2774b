"""Makes the golden fixtures: tiny random models and the numbers that PyTorch + transformers + PEFT get from them.

    python make.py [names…]      all fixtures, or the named ones; on one machine the output is the same to the bit

Each fixture is a Hugging Face model folder under fixtures/ with expected.json and expected.safetensors beside the
weights. README.md says what is in them; make_models.py has the variants, make_tokenizers.py the tokenizers.
"""

import itertools
import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy
from transformers import PreTrainedModel
from transformers.utils import logging

from make_models import VARIANTS, generator_for, load_model, write_model
from make_tokenizers import tokenized_strings

FIXTURES = Path(__file__).parent / "fixtures"
BATCH, LENGTH, STEPS = 2, 24, 10
PROMPT_LENGTHS, NEW_TOKENS = (3, 8, 17), 20
LEAST_MARGIN = 1e-3  # between the two likeliest tokens of a greedy step: far above the rounding of f32

Tensors = dict[str, torch.Tensor]


def random_tokens(name: str, purpose: str, vocabulary: int, *shape: int) -> torch.Tensor:
    return torch.randint(vocabulary, shape, generator=generator_for(name, purpose))


def next_token_loss(model: torch.nn.Module, tokens: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy in nats over all BATCH × (LENGTH − 1) predictions."""
    logits = model(tokens, use_cache=False).logits[:, :-1]
    return cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())


def forward_tensors(model: PreTrainedModel, tokens: torch.Tensor) -> Tensors:
    """logits; hidden.0 (enters the first block) to hidden.<blocks> (leaves the last); hidden.final (normed)."""
    inner = model.base_model
    blocks, norm = (inner.h, inner.ln_f) if hasattr(inner, "h") else (inner.layers, inner.norm)
    tensors: Tensors = {}

    def keep(key: str, value: torch.Tensor) -> None:
        tensors[key] = value.clone().contiguous()

    hooks = [
        blocks[0].register_forward_pre_hook(lambda _, inputs: keep("hidden.0", inputs[0])),
        norm.register_forward_hook(lambda _module, _inputs, output: keep("hidden.final", output)),
    ]
    for index, block in enumerate(blocks):

        def after_block(_module: Any, _inputs: Any, output: Any, key: str = f"hidden.{index + 1}") -> None:
            keep(key, output[0] if isinstance(output, tuple) else output)

        hooks.append(block.register_forward_hook(after_block))
    with torch.no_grad():
        tensors["logits"] = model(tokens, use_cache=False).logits
    for hook in hooks:
        hook.remove()
    return tensors


def loss_and_gradients(model: PreTrainedModel, tokens: torch.Tensor) -> tuple[float, Tensors]:
    """The loss and gradient.<parameter>; tied embeddings are one parameter, with the sum of both gradients."""
    loss = next_token_loss(model, tokens)
    loss.backward()
    gradients: Tensors = {}
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        gradients[f"gradient.{name}"] = parameter.grad.clone()
    model.zero_grad()
    return loss.item(), gradients


def training_curve(
    model: torch.nn.Module,
    tokens: torch.Tensor,
    optimizer: type[torch.optim.Optimizer] = torch.optim.Adam,
    **options: Any,
) -> list[float]:
    """Losses before each of the STEPS updates and after the last: STEPS + 1 numbers. Changes the model."""
    trainables = [parameter for parameter in model.parameters() if parameter.requires_grad]
    stepper = optimizer(trainables, betas=(0.9, 0.999), eps=1e-8, **options)
    losses = []
    for _ in range(STEPS):
        stepper.zero_grad()
        loss = next_token_loss(model, tokens)
        losses.append(loss.item())
        loss.backward()
        stepper.step()
    with torch.no_grad():
        losses.append(next_token_loss(model, tokens).item())
    return losses


def greedy_continuation(model: PreTrainedModel, prompt: torch.Tensor) -> torch.Tensor | None:
    """NEW_TOKENS likeliest tokens, without a cache, not stopping at the end token; None if a choice is too close."""
    tokens = prompt
    for _ in range(NEW_TOKENS):
        with torch.no_grad():
            best = model(tokens[None], use_cache=False).logits[0, -1].topk(2)
        if best.values[0] - best.values[1] < LEAST_MARGIN:
            return None
        tokens = torch.cat([tokens, best.indices[:1]])
    return tokens[len(prompt) :]


def greedy_continuations(name: str, model: PreTrainedModel) -> list[dict[str, list[int]]]:
    """For each length the first random prompt whose continuation does not hang on rounding."""
    results = []
    for length in PROMPT_LENGTHS:
        for attempt in itertools.count():
            prompt = random_tokens(name, f"prompt {length} {attempt}", model.config.vocab_size, length)
            tokens = greedy_continuation(model, prompt)
            if tokens is not None:
                results.append({"prompt": prompt.tolist(), "tokens": tokens.tolist()})
                break
    return results


def write_adapter(name: str, folder: Path, random_b: bool) -> None:
    """A PEFT folder with LoRA on all linear layers of the last two blocks; B is zero unless random_b."""
    model = load_model(folder.parent)
    blocks = model.config.num_hidden_layers
    adapted = get_peft_model(
        model,
        LoraConfig(
            r=4,
            lora_alpha=8,
            lora_dropout=0.0,
            target_modules=list(VARIANTS[name].adapter_targets),
            layers_to_transform=[blocks - 2, blocks - 1],
            fan_in_fan_out=model.config.model_type == "gpt2",
            task_type="CAUSAL_LM",
        ),
    )
    generator = generator_for(name, folder.name)
    with torch.no_grad():
        for key, parameter in sorted(adapted.named_parameters()):
            if parameter.requires_grad:
                if random_b or "lora_A" in key:
                    parameter.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
                else:
                    parameter.zero_()
    adapted.save_pretrained(folder)
    (folder / "README.md").unlink()  # the model card of peft, a form with nothing filled in
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text())
    # peft keeps the targets in a set, whose order changes from run to run, and the path of this machine.
    config |= {"target_modules": sorted(config["target_modules"]), "base_model_name_or_path": name}
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def load_adapted(folder: Path, trainable: bool) -> PeftModel:
    return PeftModel.from_pretrained(load_model(folder.parent), folder, is_trainable=trainable).eval()


def write_expected(folder: Path, values: dict[str, Any], tensors: Tensors) -> None:
    """expected.json with one key a line, lists of objects one object a line, and expected.safetensors."""

    def written(value: Any) -> str:
        if isinstance(value, list) and isinstance(value[0], dict):
            return "[\n    " + ",\n    ".join(json.dumps(item) for item in value) + "\n  ]"
        return json.dumps(value)

    lines = [f"  {json.dumps(key)}: {written(value)}" for key, value in values.items()]
    (folder / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    save_file(tensors, folder / "expected.safetensors")


def make(name: str) -> None:
    variant, folder = VARIANTS[name], FIXTURES / name
    write_model(name, folder)
    model = load_model(folder)
    tokens = random_tokens(name, "tokens", model.config.vocab_size, BATCH, LENGTH)
    tensors = forward_tensors(model, tokens)
    loss, gradients = loss_and_gradients(model, tokens)
    if variant.weights_of is None:
        tensors |= gradients
    values: dict[str, Any] = {
        "tokens": tokens.tolist(),
        "loss": loss,
        "curve": training_curve(load_model(folder), tokens, lr=1e-3),
    }
    if variant.adamw:
        values["adamwCurve"] = training_curve(
            load_model(folder), tokens, torch.optim.AdamW, lr=1e-3, weight_decay=0.01
        )
    if variant.adapter_targets:
        write_adapter(name, folder / "adapter", random_b=True)
        write_adapter(name, folder / "initial-adapter", random_b=False)
        with torch.no_grad():
            tensors["adapterLogits"] = load_adapted(folder / "adapter", trainable=False)(tokens, use_cache=False).logits
        values["loraCurve"] = training_curve(load_adapted(folder / "initial-adapter", trainable=True), tokens, lr=5e-3)
    values["greedy"] = greedy_continuations(name, model)
    values["strings"] = tokenized_strings(folder)
    write_expected(folder, values, tensors)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    print(f"{name}: loss {loss:.6f}, {size / 1000:.0f} kB")


def main() -> None:
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    warnings.simplefilter("ignore", FutureWarning)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    names = sys.argv[1:] or list(VARIANTS)
    unknown = [name for name in names if name not in VARIANTS]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; the fixtures are {', '.join(VARIANTS)}")
    for name in names:
        make(name)


if __name__ == "__main__":
    main()
