/** The check of a plan: begun, watched, cancelled. What it finds goes to the plan, of which it holds. */
import { onScopeDispose, shallowRef } from 'vue';
import type { CheckStage } from '../../../src-preload/contract/endpoints/plans.ts';
import { lab } from '../../lab/lab.ts';
import { useAction } from '../../lab/use-action.ts';
import { usePlan } from './plan.ts';

export function useCheck() {
  const plan = usePlan();
  const stage = shallowRef<CheckStage>('waiting');
  const share = shallowRef(0);
  let controller = new AbortController();
  onScopeDispose(() => controller.abort());

  const { isBusy, problem, run } = useAction(async () => {
    const asked = plan.question;
    if (asked === undefined) return;
    controller = new AbortController();
    const { signal } = controller;
    [stage.value, share.value] = ['waiting', 0];
    try {
      await lab.open('plans.check', asked, {
        signal,
        onPacket: (packet) => {
          [stage.value, share.value] = [packet.stage, packet.share];
          if (packet.verdict) plan.judge(asked, packet.verdict);
        },
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  });
  return { stage, share, isBusy, problem, check: run, cancel: () => controller.abort() };
}
