/** A value of the lab's, as it is now; undefined until it has come. It is watched for as long as who asks is there. */
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';
import type { NamesOf, ValueOf } from '../../src-preload/contract/endpoint.ts';
import type { LabContract } from '../../src-preload/contract/lab-contract.ts';
import { lab } from './lab.ts';

export function useSignal<Name extends NamesOf<LabContract, 'signal' | 'writable'>>(
  name: Name,
): Readonly<ShallowRef<ValueOf<LabContract[Name]> | undefined>> {
  const value = shallowRef<ValueOf<LabContract[Name]>>();
  onScopeDispose(
    lab.watch(name, (now) => {
      value.value = now;
    }),
  );
  return value;
}
