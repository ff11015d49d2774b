"""The architecture variants of the golden fixtures, and their Hugging Face folders with tiny random weights.

Sizes are chosen so that a mistake shows: the intermediate size is no power of two, sliding windows are shorter than the
sequences, soft caps are low enough to bend, norm gains differ from 1 and biases from 0.
"""

import json
import shutil
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    GPT2Config,
    LlamaConfig,
    MistralConfig,
    PreTrainedConfig,
    PreTrainedModel,
    Qwen2Config,
    Qwen3Config,
)

from make_tokenizers import write_tokenizer


@dataclass(frozen=True)
class Variant:
    """One fixture: a configuration, its tokenizer family, and what is recorded of it."""

    config: type[PreTrainedConfig]
    tokenizer: str
    options: dict[str, Any]
    classical_options: dict[str, Any] = field(default_factory=dict)  # written to config.json as hub models have them
    left_out: tuple[str, ...] = ()  # of config.json, since the default says the same
    classical: bool = True  # config.json with rope_theta and rope_scaling; otherwise as transformers 5 writes it
    adapter_targets: tuple[str, ...] = ()
    weights_of: str | None = None  # takes this variant's weights, in bf16 and in several files
    adamw: bool = False
    extra_vocabulary: int = 0  # rows of the embedding that no token of the tokenizer has


LLAMA_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
SMALL: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 44,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
}
ROTARY = {"rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}}
LLAMA_IDS = {"bos_token_id": 1, "eos_token_id": 2}
LLAMA3_SCALING = {
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
    "rope_type": "llama3",
}
LLAMA = SMALL | ROTARY | LLAMA_IDS | {"num_hidden_layers": 3, "num_key_value_heads": 4, "rms_norm_eps": 1e-5}

VARIANTS: dict[str, Variant] = {
    "llama": Variant(LlamaConfig, "llama2", LLAMA, left_out=("head_dim",), adapter_targets=LLAMA_LINEAR, adamw=True),
    "llama-gqa-tied-llama3": Variant(
        LlamaConfig,
        "llama3",
        SMALL
        | {"head_dim": 16, "tie_word_embeddings": True, "rms_norm_eps": 1e-5, "max_position_embeddings": 512}
        | {"rope_parameters": LLAMA3_SCALING | {"rope_theta": 500000.0}, "bos_token_id": 308, "eos_token_id": 309},
    ),
    "llama-bias": Variant(
        LlamaConfig,
        "llama2",
        SMALL | ROTARY | LLAMA_IDS | {"num_key_value_heads": 4, "attention_bias": True, "mlp_bias": True},
        left_out=("head_dim", "num_key_value_heads"),
    ),
    "mistral": Variant(
        MistralConfig,
        "llama2",
        SMALL | ROTARY | LLAMA_IDS | {"sliding_window": 7, "rms_norm_eps": 1e-5},
        left_out=("head_dim",),
    ),
    "qwen2": Variant(
        Qwen2Config,
        "qwen",
        SMALL
        | {"hidden_size": 40, "num_attention_heads": 5, "num_key_value_heads": 1, "tie_word_embeddings": True}
        | {"rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0}, "use_sliding_window": False}
        | {"bos_token_id": 306, "eos_token_id": 306},
        classical_options={"sliding_window": 16, "max_window_layers": 2},
        extra_vocabulary=11,
    ),
    "qwen3": Variant(
        Qwen3Config,
        "qwen",
        SMALL
        | {"head_dim": 16, "tie_word_embeddings": True, "use_sliding_window": False}
        | {"rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0}}
        | {"bos_token_id": 306, "eos_token_id": 308},
        classical=False,
    ),
    "gpt2": Variant(
        GPT2Config,
        "gpt2",
        {"n_embd": 32, "n_inner": 76, "n_layer": 3, "n_head": 4, "n_positions": 64, "activation_function": "gelu_new"}
        | {"embd_pdrop": 0.0, "attn_pdrop": 0.0, "resid_pdrop": 0.0, "bos_token_id": 310, "eos_token_id": 310},
        left_out=("tie_word_embeddings",),
        adapter_targets=("c_attn", "c_proj", "c_fc"),
    ),
    "gemma2": Variant(
        Gemma2Config,
        "gemma",
        SMALL
        | ROTARY
        | {"num_hidden_layers": 3, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 24}
        | {"query_pre_attn_scalar": 20, "sliding_window": 6}
        | {"attn_logit_softcapping": 1.5, "final_logit_softcapping": 2.0}
        | {"bos_token_id": 2, "eos_token_id": 1, "pad_token_id": 0},
        classical_options={"hidden_act": "gelu_pytorch_tanh"},
        left_out=("tie_word_embeddings", "use_bidirectional_attention"),
        adapter_targets=LLAMA_LINEAR,
    ),
    "llama-sharded": Variant(LlamaConfig, "llama2", LLAMA, left_out=("head_dim",), weights_of="llama"),
}


def generator_for(name: str, purpose: str) -> torch.Generator:
    """A random stream of its own for each use, so that a change of one use leaves the others as they are."""
    return torch.Generator().manual_seed(zlib.crc32(f"{name}/{purpose}".encode()))


def randomize_weights(model: PreTrainedModel, generator: torch.Generator) -> None:
    """Matrices, embeddings N(0, 0.15²); biases N(0, 0.1²); norm gains 1 + N(0, 0.2²) (Gemma: the 1 is implied)."""
    gain = 0.0 if model.config.model_type == "gemma2" else 1.0
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() == 2:
                parameter.copy_(0.15 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.1 * noise)
            else:
                parameter.copy_(gain + 0.2 * noise)


def round_to_bfloat16(model: PreTrainedModel) -> None:
    """Parameters only: model.to(bfloat16) would also round the rotary frequencies, which no file holds."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.bfloat16())


def spell_classically(config: dict[str, Any], variant: Variant) -> dict[str, Any]:
    """config.json as hub models from before transformers 5 have it: rope_theta and rope_scaling, torch_dtype."""
    config = config | variant.classical_options
    for key in variant.left_out:
        del config[key]
    rope = config.pop("rope_parameters", None)
    if rope is not None:
        config["rope_theta"] = rope.pop("rope_theta")
        config["rope_scaling"] = None if rope["rope_type"] == "default" else rope
    config.pop("layer_types", None)
    config["torch_dtype"] = config.pop("dtype")
    return config


def load_model(folder: Path) -> PreTrainedModel:
    """The folder's model in f32, with the plain attention implementation and without dropout."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    return model.eval()


def write_model(name: str, folder: Path) -> None:
    """Makes the model folder afresh and proves that what is read back computes what was built."""
    variant = VARIANTS[name]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    vocabulary = write_tokenizer(variant.tokenizer, folder).get_vocab_size() + variant.extra_vocabulary
    # Some configurations change the dictionaries that they are given, hence the copy.
    options = json.loads(json.dumps(variant.options))
    model = AutoModelForCausalLM.from_config(
        variant.config(vocab_size=vocabulary, **options), dtype=torch.float32, attn_implementation="eager"
    )
    randomize_weights(model, generator_for(variant.weights_of or name, "weights"))
    if variant.weights_of is not None:
        round_to_bfloat16(model)
    probe = torch.arange(20)[None]
    with torch.no_grad():
        built = model.eval()(probe).logits
    if variant.weights_of is None:
        model.save_pretrained(folder)
    else:
        model.to(torch.bfloat16).save_pretrained(folder, max_shard_size="40KB")
    path = folder / "config.json"
    config = json.loads(path.read_text())
    if variant.classical:
        config = spell_classically(config, variant)
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    with torch.no_grad():
        read = load_model(folder)(probe).logits
    assert torch.equal(built, read), f"{name}: the folder does not give back the model that was built"
