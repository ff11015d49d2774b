/** What is laid over a base model in memory: an adapter, or weights that replace the base's own. */
import type { Architecture } from '../architectures/architecture.ts';
import type { AdapterPlan } from '../architectures/builder.ts';
import { LabError } from '../errors.ts';
import type { Adapter } from '../formats/adapter.ts';
import type { DeviceTensor, Runtime } from '../runtimes/runtime.ts';

export interface Overlay {
  readonly adapter: AdapterPlan | undefined;
  /** Adapter matrices or weights, by parameter name. */
  readonly tensors: ReadonlyMap<string, DeviceTensor>;
}

export const NO_OVERLAY: Overlay = { adapter: undefined, tensors: new Map() };

/** Uploads an adapter; it must fit the architecture. */
export function adapterOverlay(
  adapter: Adapter,
  { geometry, blockPath, linearModules }: Architecture,
  runtime: Runtime,
): Overlay {
  const known = new Set(
    Array.from({ length: geometry.blocks }, (_, block) =>
      linearModules.map((module) => `${blockPath(block)}.${module}`),
    ).flat(),
  );
  const tensors = new Map<string, DeviceTensor>();
  for (const [module, { a, b }] of adapter.modules) {
    if (!known.has(module)) {
      throw new LabError(
        'bad-adapter',
        `The adapter is made for another model: this one has no module "${module}".`,
        { module },
      );
    }
    tensors.set(`${module}.lora_A.weight`, runtime.upload(a.data, a.shape));
    tensors.set(`${module}.lora_B.weight`, runtime.upload(b.data, b.shape));
  }
  return {
    adapter: { rank: adapter.rank, scale: adapter.scale, targets: (module) => adapter.modules.has(module) },
    tensors,
  };
}

export function releaseOverlay({ tensors }: Overlay): void {
  for (const tensor of tensors.values()) tensor.release();
}
