/** What speed is measured with: a small model that is the same everywhere, as a whole; of any other, its last blocks. */

/** The config.json of 5 million parameters, as TinyLlama is built. */
export const SMALL_MODEL = {
  ...{ model_type: 'llama', vocab_size: 4096, hidden_size: 256, intermediate_size: 704 },
  ...{ num_hidden_layers: 4, num_attention_heads: 8, num_key_value_heads: 4 },
  ...{ max_position_embeddings: 256, rms_norm_eps: 1e-5, rope_theta: 10_000 },
  ...{ hidden_act: 'silu', tie_word_embeddings: true },
} as const;

/** The recipe that other models are measured by. */
export const LATE_STAGE = 'li-2026-late-stage';
export const LATE_STAGE_BLOCKS = 5;
