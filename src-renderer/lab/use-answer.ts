/** The lab's answer to one call that needs to be asked once only; undefined until it has come. */
import { shallowRef } from 'vue';
import type { InputOf, NamesOf, OutputOf } from '../../src-preload/contract/endpoint.ts';
import type { LabContract } from '../../src-preload/contract/lab-contract.ts';
import { lab } from './lab.ts';
import { useAction } from './use-action.ts';

export function useAnswer<Name extends NamesOf<LabContract, 'rpc'>>(
  name: Name,
  input: InputOf<LabContract[Name]>,
) {
  const answer = shallowRef<OutputOf<LabContract[Name]>>();
  const { problem, run: ask } = useAction(async () => {
    answer.value = await lab.call(name, input);
  });
  void ask();
  return { answer, problem, ask };
}
