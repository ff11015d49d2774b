/**
 * Every refusal of the engine is a `LabError`: a stable code that programs may branch on, data for the screen, and a
 * message that tells a person in plain words what happened and what to do next.
 */
export type ErrorCode =
  | 'bad-argument'
  | 'bad-config'
  | 'bad-data-set'
  | 'bad-safetensors'
  | 'bad-tokenizer'
  | 'bad-adapter'
  | 'bad-checkpoint'
  | 'cancelled'
  | 'disk-full'
  | 'download-failed'
  | 'engine-lost'
  | 'file-not-found'
  | 'graph-shape'
  | 'interrupted'
  | 'missing-tensor'
  | 'non-finite-loss'
  | 'out-of-memory'
  | 'output-exists'
  | 'runtime-failed'
  | 'runtime-unavailable'
  | 'store-damaged'
  | 'store-in-use'
  | 'store-too-new'
  | 'unsafe-file'
  | 'unsupported-architecture';

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: ErrorCode;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, data: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}
