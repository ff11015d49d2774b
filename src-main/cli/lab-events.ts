/** A run's events as people see them in a terminal. */
import type { LabEvent } from '../lab/runs/hyperfit-run.ts';
import type { Progress } from './progress.ts';

export function showLabEvent(progress: Progress, label = 'Training'): (event: LabEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'windows':
        progress.say(`${event.report.train} token windows to train on, ${event.report.heldOut} held out.`);
        for (const note of event.report.notes) progress.say(`Note: ${note}`);
        break;
      case 'prefix':
        progress.show('Running the frozen blocks once', event.share);
        break;
      case 'step':
        progress.show(
          label,
          event.record.step / event.totalSteps,
          `epoch ${event.record.epoch}, loss ${event.record.loss.toFixed(3)}`,
        );
        break;
      case 'epoch':
        progress.clear();
        break;
      case 'checkpoint':
      case 'disk':
        break;
      case 'stopped':
        progress.say(`Stopped: ${event.reason}`);
        break;
      default:
        event satisfies never;
    }
  };
}
