"""The peers' side of the comparison: one measurement in a process of its own.

    python peers.py MEASUREMENT      JSON as measurement.ts has it, with "attention" and "threads"; prints the result

Models have random weights. Nothing is fetched.
"""

import json
import os
import statistics
import sys
import time
from typing import Any, Callable

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import peft
import torch
import transformers

LEARNING_RATE = 1e-4
LINEAR_MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

Asked = dict[str, Any]


def random_model(asked: Asked) -> transformers.PreTrainedModel:
    sizes = {name: value for name, value in asked["model"].items() if name != "model_type"}
    # Without an end token every text has its full length.
    config = transformers.LlamaConfig(**sizes, bos_token_id=None, eos_token_id=None, pad_token_id=0)
    return transformers.AutoModelForCausalLM.from_config(
        config, attn_implementation=asked["attention"], dtype=torch.float32
    )


def trainable_model(model: transformers.PreTrainedModel, scope: str) -> torch.nn.Module:
    if scope == "full":
        return model
    blocks = model.config.num_hidden_layers
    learning = None if scope == "all" else list(range(blocks - int(scope.removeprefix("last:")), blocks))
    adapter = peft.LoraConfig(
        r=16,
        lora_alpha=32,
        lora_dropout=0.0,
        target_modules=LINEAR_MODULES,
        layers_to_transform=learning,
        task_type="CAUSAL_LM",
    )
    return peft.get_peft_model(model, adapter)


def stepper(model: torch.nn.Module) -> Callable[[torch.Tensor], float]:
    model.train()
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    # Fused is the fastest that PyTorch has, and what the Trainer of transformers takes.
    optimizer = torch.optim.Adam(learning, lr=LEARNING_RATE, fused=True)

    def step(tokens: torch.Tensor) -> float:
        loss = model(input_ids=tokens, labels=tokens, use_cache=False).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()

    return step


def random_tokens(asked: Asked, count: int, length: int) -> torch.Tensor:
    return torch.randint(asked["model"]["vocab_size"], (count, length))


def measure_step(asked: Asked) -> Asked:
    base = random_model(asked)
    tokens = random_tokens(asked, asked["batch"], asked["length"])
    started = time.perf_counter()
    step = stepper(trainable_model(base, asked["scope"]))
    for _ in range(asked["warmups"]):
        step(tokens)
    preparation = time.perf_counter() - started
    seconds, loss = [], 0.0
    for _ in range(asked["repeats"]):
        begun = time.perf_counter()
        loss = step(tokens)
        seconds.append(time.perf_counter() - begun)
    return {"seconds": statistics.median(seconds), "preparationSeconds": preparation, "loss": loss}


def measure_course(asked: Asked) -> Asked:
    base = random_model(asked)
    batch = asked["batch"]
    windows = random_tokens(asked, asked["windows"], asked["length"])
    started = time.perf_counter()
    step = stepper(trainable_model(base, asked["scope"]))
    preparation = time.perf_counter() - started
    epochs, loss = [], 0.0
    for _ in range(asked["measuredEpochs"]):
        begun = time.perf_counter()
        order = torch.randperm(len(windows))
        for start in range(0, len(windows) - batch + 1, batch):
            loss = step(windows[order[start : start + batch]])
        epochs.append(time.perf_counter() - begun)
    unmeasured = (asked["epochs"] - len(epochs)) * epochs[-1]
    return {"seconds": preparation + sum(epochs) + unmeasured, "preparationSeconds": preparation, "loss": loss}


def measure_decoding(asked: Asked) -> Asked:
    model = random_model(asked).eval()
    prompts = random_tokens(asked, asked["prompts"], asked["promptTokens"])
    mask = torch.ones_like(prompts)

    def generate() -> float:
        begun = time.perf_counter()
        texts = model.generate(
            prompts, attention_mask=mask, max_new_tokens=asked["newTokens"], do_sample=False
        )
        seconds = time.perf_counter() - begun
        if texts.shape[1] != asked["promptTokens"] + asked["newTokens"]:
            raise RuntimeError(f"The texts have {texts.shape[1]} tokens, another number than asked for.")
        return seconds

    preparation = generate()
    seconds = [generate() for _ in range(asked["repeats"])]
    return {"seconds": statistics.median(seconds), "preparationSeconds": preparation, "loss": None}


def peak_mib() -> float | None:
    if sys.platform == "win32":
        return None
    import resource

    # Kibibytes, on macOS bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    asked: Asked = json.loads(sys.argv[1])
    torch.manual_seed(1)
    torch.set_num_threads(asked["threads"])
    measure = {"step": measure_step, "course": measure_course, "decode": measure_decoding}[asked["kind"]]
    libraries = peak_mib()
    result = measure(asked)
    software = (
        f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}"
        f" ({torch.get_num_threads()} threads)"
    )
    print(json.dumps({**result, "peakMiB": peak_mib(), "librariesMiB": libraries, "software": software}))


if __name__ == "__main__":
    main()
