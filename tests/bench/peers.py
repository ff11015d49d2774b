"""The peers' side of the comparison: one measurement in a process of its own.

    python peers.py MEASUREMENT      JSON as measurement.ts has it, with "attention", "threads", "device" and "folder",
                                     the model's; prints the result

Of the folder only config.json is read: weights are made where they are needed, so no page of a file counts as memory.
Nothing is fetched.
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


def random_model(asked: Asked, blocks: int | None = None) -> transformers.PreTrainedModel:
    config = transformers.AutoConfig.from_pretrained(asked["folder"])
    config.pad_token_id = 0
    if blocks is not None:
        config.num_hidden_layers = blocks
    family = transformers.AutoModelForCausalLM if blocks is None else transformers.AutoModel
    with torch.device(asked["device"]):
        return family.from_config(config, attn_implementation=asked["attention"], dtype=torch.float32)


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


def stepper(model: torch.nn.Module, asked: Asked) -> Callable[[torch.Tensor], float]:
    model.train()
    is_rounded = asked.get("products") == "bfloat16"
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    # Fused is the fastest that PyTorch has, and what the Trainer of transformers takes.
    optimizer = torch.optim.Adam(learning, lr=LEARNING_RATE, fused=True)

    def step(tokens: torch.Tensor) -> float:
        with torch.autocast(asked["device"], dtype=torch.bfloat16, enabled=is_rounded):
            loss = model(input_ids=tokens, labels=tokens, use_cache=False).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()

    return step


def random_tokens(asked: Asked, count: int, length: int) -> torch.Tensor:
    return torch.randint(asked["model"]["vocabulary"], (count, length), device=asked["device"])


def wait(asked: Asked) -> None:
    """A graphics card works on by itself; the processor is done when a call returns."""
    if asked["device"] == "cuda":
        torch.cuda.synchronize()


def measure_step(asked: Asked) -> Asked:
    base = random_model(asked)
    tokens = random_tokens(asked, asked["batch"], asked["length"])
    started = time.perf_counter()
    step = stepper(trainable_model(base, asked["scope"]), asked)
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
    step = stepper(trainable_model(base, asked["scope"]), asked)
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


def measure_prefix(asked: Asked) -> Asked:
    model = random_model(asked, asked["blocks"]).eval()
    windows = random_tokens(asked, asked["windows"], asked["length"])

    @torch.no_grad()
    def run() -> float:
        begun = time.perf_counter()
        for batch in windows.split(asked["batch"]):
            model(input_ids=batch, use_cache=False)
        wait(asked)
        return time.perf_counter() - begun

    preparation = run()
    seconds = [run() for _ in range(asked["repeats"])]
    return {"seconds": statistics.median(seconds), "preparationSeconds": preparation}


def measure_product(asked: Asked) -> Asked:
    found = []
    for size in asked["sizes"]:
        factor = torch.randn(size, size, device=asked["device"]) / size**0.5
        product = torch.empty_like(factor)

        def multiply(times: int) -> float:
            wait(asked)
            begun = time.perf_counter()
            for _ in range(times):
                torch.mm(factor, factor, out=product)
            wait(asked)
            return time.perf_counter() - begun

        multiply(1)
        times = max(1, int(asked["seconds"] / multiply(1)) + 1)
        found.append({"seconds": multiply(times) / times, "operations": 2 * size**3})
    return max(found, key=lambda one: one["operations"] / one["seconds"])


def measure_decoding(asked: Asked) -> Asked:
    model = random_model(asked).eval()
    prompts = random_tokens(asked, asked["prompts"], asked["promptTokens"])
    mask = torch.ones_like(prompts)

    def generate() -> float:
        begun = time.perf_counter()
        texts = model.generate(
            prompts, attention_mask=mask, max_new_tokens=asked["newTokens"], do_sample=False
        )
        wait(asked)
        seconds = time.perf_counter() - begun
        if texts.shape[1] != asked["promptTokens"] + asked["newTokens"]:
            raise RuntimeError(f"The texts have {texts.shape[1]} tokens, another number than asked for.")
        return seconds

    preparation = generate()
    seconds = [generate() for _ in range(asked["repeats"])]
    return {"seconds": statistics.median(seconds), "preparationSeconds": preparation}


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
    measure = {
        "step": measure_step,
        "course": measure_course,
        "prefix": measure_prefix,
        "decode": measure_decoding,
        "product": measure_product,
    }[asked["kind"]]
    libraries = peak_mib()
    result = measure(asked)
    software = (
        f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}"
        f" ({torch.cuda.get_device_name() if asked['device'] == 'cuda' else f'{torch.get_num_threads()} threads'})"
    )
    unless_told = {"preparationSeconds": 0.0, "operations": None, "loss": None}
    memory = {"peakMiB": peak_mib(), "librariesMiB": libraries}
    print(json.dumps({**unless_told, **result, **memory, "software": software}))


if __name__ == "__main__":
    main()
