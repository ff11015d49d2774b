"""Trains the tiny tokenizers of the golden fixtures, one per family, and records what they do with awkward strings.

Each has the parts (normalizer, pre-tokenizer, model options, post-processor, decoder, added tokens) that the family's
tokenizer.json has on the Hugging Face hub; only vocabulary and merges are tiny. Training is deterministic.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

CORPUS = [
    "The river kept its own time, and the old man who lived beside it kept the river's. In the morning he counted "
    "the boats; in the evening he counted them again, and when the numbers did not agree he said nothing.",
    "There is another way to tell it: there was a house, there were three windows, and in the third window there was "
    "a light that nobody had lit. The children knew. The children always know such things before the others do.",
    "Café, naïve, Ærøskøbing, über, señor, façade, garçon; the 12 boats, 345 stones and 3.14 of a pie.",
    "def count(boats):\n    total = 0\n    for boat in boats:\n        total += 1\n    return total\n\n\n",
    "天地玄黄，宇宙洪荒。日月盈昃，辰宿列张。 日本語の文章もあります。 Привет, мир! 🙂🌊🚢",
]

LLAMA3_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN_SPLIT = LLAMA3_SPLIT.replace(r"\p{N}{1,3}", r"\p{N}")

AWKWARD_STRINGS = [
    "",
    " ",
    "   ",
    "The river kept its own time.",
    " leading space",
    "   three leading spaces",
    "double  spaces   and trailing  ",
    "line one\nline two\r\nline three\n\n\nend\n",
    "\ttab\tand \t mixed\t\t",
    "family 👩‍👩‍👧‍👦, flag 🇸🇪, thumb 👍🏽, wave 🌊",
    unicodedata.normalize("NFC", "Café naïve Ærøskøbing Å ﬁn"),
    unicodedata.normalize("NFD", "Café naïve Ærøskøbing Å ﬁn"),
    "天地玄黄，宇宙洪荒。日本語の文章、한국어 문장",
    "مرحبا بالعالم، كيف حالك؟",
    "12345 3.14 1,000,000 007 ١٢٣ ½",
    "def f(x):\n    return {'a': x ** 2, \"b\": [1, 2]}  # ok?\n",
    "Don't you'LL they've I'm we'd it's 'S",
    "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
    "a , b . c ! d ? it 's do n't",
    "zero\u200bwidth no\u00a0break \ufeffbom \u2581 lower block",
    "<s>literal</s> <unk> <pad> <bos>x<eos> <|endoftext|> y <|begin_of_text|><|eot_id|> <|im_start|>user <table>",
    "<|im_start|> spaces around <|im_end|> <s> and </s> ",
]


def learn_pieces(
    pre_tokenizer: pre_tokenizers.PreTokenizer,
    normalizer: normalizers.Normalizer | None,
    trainer: trainers.BpeTrainer,
) -> tuple[list[str], list[list[str]]]:
    """The pieces (in order of id) and merges that byte pair encoding learns from the corpus."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.train_from_iterator(CORPUS, trainer)
    learned = json.loads(tokenizer.to_str())["model"]
    pieces = sorted(learned["vocab"], key=lambda piece: learned["vocab"][piece])
    return pieces, learned["merges"]


def commonest_characters(count: int) -> list[str]:
    """The trainer's own limit_alphabet breaks ties at random; here the lower code point wins."""
    counts = Counter("".join("▁" + text.replace(" ", "▁") for text in CORPUS))
    return sorted(counts, key=lambda character: (-counts[character], character))[:count]


def sentence_pieces(first: list[str], alphabet: int, merges: int) -> models.BPE:
    """SentencePiece-style BPE: `first`, the 256 byte tokens, then characters and merges that never cross a word."""
    pieces, learned_merges = learn_pieces(
        pre_tokenizers.Split(Regex("▁*[^▁\n]+|▁+|\n+"), behavior="isolated"),
        normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        trainers.BpeTrainer(
            vocab_size=alphabet + merges,
            initial_alphabet=commonest_characters(alphabet),
            limit_alphabet=alphabet,
            show_progress=False,
        ),
    )
    names = first + [f"<0x{byte:02X}>" for byte in range(256)] + pieces
    return models.BPE(
        vocab={name: index for index, name in enumerate(names)},
        merges=[(left, right) for left, right in learned_merges],
        unk_token="<unk>",
        fuse_unk=True,
        byte_fallback=True,
    )


def byte_level_pieces(
    pre_tokenizer: pre_tokenizers.PreTokenizer,
    size: int,
    normalizer: normalizers.Normalizer | None = None,
    **options: Any,
) -> models.BPE:
    """Byte-level BPE: the 256 bytes as GPT-2 spells them, then merges up to `size` pieces."""
    pieces, merges = learn_pieces(
        pre_tokenizer,
        normalizer,
        trainers.BpeTrainer(
            vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
        ),
    )
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    return models.BPE(vocab=vocabulary, merges=[(left, right) for left, right in merges], **options)


def special(content: str) -> AddedToken:
    return AddedToken(content, special=True, normalized=False)


def begin_with(tokenizer: Tokenizer, token: str) -> processors.PostProcessor:
    """The post-processor that puts one token before each text."""
    return processors.TemplateProcessing(
        single=f"{token} $A",
        pair=f"{token} $A {token}:1 $B:1",
        special_tokens=[(token, tokenizer.token_to_id(token))],
    )


def llama2_tokenizer() -> tuple[Tokenizer, dict[str, Any]]:
    tokenizer = Tokenizer(sentence_pieces(["<unk>", "<s>", "</s>"], alphabet=36, merges=14))
    tokenizer.add_special_tokens([special("<unk>"), special("<s>"), special("</s>")])
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.post_processor = begin_with(tokenizer, "<s>")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return tokenizer, {
        "add_bos_token": True,
        "add_eos_token": False,
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "legacy": True,
        "tokenizer_class": "LlamaTokenizer",
    }


def split_then_bytes(pattern: str) -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


def llama3_tokenizer() -> tuple[Tokenizer, dict[str, Any]]:
    pre_tokenizer = split_then_bytes(LLAMA3_SPLIT)
    tokenizer = Tokenizer(byte_level_pieces(pre_tokenizer, size=308, ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.add_special_tokens(
        [special(name) for name in ("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|eot_id|>")]
    )
    tokenizer.post_processor = processors.Sequence(
        [processors.ByteLevel(trim_offsets=False), begin_with(tokenizer, "<|begin_of_text|>")]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer, {
        "bos_token": "<|begin_of_text|>",
        "eos_token": "<|end_of_text|>",
        "tokenizer_class": "PreTrainedTokenizerFast",
    }


def qwen_tokenizer() -> tuple[Tokenizer, dict[str, Any]]:
    pre_tokenizer = split_then_bytes(QWEN_SPLIT)
    tokenizer = Tokenizer(byte_level_pieces(pre_tokenizer, size=306, normalizer=normalizers.NFC()))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.add_special_tokens([special(name) for name in ("<|endoftext|>", "<|im_start|>", "<|im_end|>")])
    tokenizer.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer, {
        "add_bos_token": False,
        "add_prefix_space": False,
        "bos_token": None,
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
        "unk_token": None,
        "tokenizer_class": "Qwen2Tokenizer",
    }


def gpt2_tokenizer() -> tuple[Tokenizer, dict[str, Any]]:
    pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer = Tokenizer(byte_level_pieces(pre_tokenizer, size=310))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.add_special_tokens([special("<|endoftext|>")])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer, {
        "add_prefix_space": False,
        "bos_token": "<|endoftext|>",
        "eos_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>",
        "tokenizer_class": "GPT2Tokenizer",
    }


def gemma_tokenizer() -> tuple[Tokenizer, dict[str, Any]]:
    first = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<start_of_turn>", "<end_of_turn>"]
    unspecial = ["\n\n", "<table>"]
    tokenizer = Tokenizer(sentence_pieces(first + unspecial, alphabet=34, merges=16))
    tokenizer.add_special_tokens([special(name) for name in first])
    tokenizer.add_tokens([AddedToken(name, special=False, normalized=False) for name in unspecial])
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", behavior="merged_with_previous")
    tokenizer.post_processor = begin_with(tokenizer, "<bos>")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    return tokenizer, {
        "add_bos_token": True,
        "add_eos_token": False,
        "bos_token": "<bos>",
        "eos_token": "<eos>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "tokenizer_class": "GemmaTokenizer",
    }


TOKENIZERS: dict[str, Callable[[], tuple[Tokenizer, dict[str, Any]]]] = {
    "llama2": llama2_tokenizer,
    "llama3": llama3_tokenizer,
    "qwen": qwen_tokenizer,
    "gpt2": gpt2_tokenizer,
    "gemma": gemma_tokenizer,
}


def write_tokenizer(family: str, folder: Path) -> Tokenizer:
    """Writes tokenizer.json and tokenizer_config.json as the hub's model folders have them."""
    tokenizer, config = TOKENIZERS[family]()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config |= {"clean_up_tokenization_spaces": False, "model_max_length": 2048}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    return tokenizer


def tokenized_strings(folder: Path) -> list[dict[str, Any]]:
    """What transformers makes of each awkward string with the folder's tokenizer.json taken as it is.

    Not AutoTokenizer: for Llama, transformers 5 replaces the file's normalizer by one of its own, which gives other ids
    for leading spaces and after special tokens.
    """
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    plain = Tokenizer.from_file(str(folder / "tokenizer.json"))
    results = []
    for text in AWKWARD_STRINGS:
        ids = tokenizer(text)["input_ids"]
        assert ids == plain.encode(text).ids, (folder.name, text)
        results.append(
            {
                "text": text,
                "ids": ids,
                "idsWithoutSpecial": tokenizer(text, add_special_tokens=False)["input_ids"],
                "decoded": tokenizer.decode(ids, skip_special_tokens=True),
            }
        )
    return results
