/** Takes the page where the desktop's menu, or a notification, says. */
import type { Router } from 'vue-router';
import { lab } from './lab.ts';

/** For as long as the page lives. */
export function followCommands(router: Router): void {
  void lab.open('desktop.commands', null, {
    onPacket: (command) => {
      void router.push(
        'run' in command ? { name: 'run', params: { run: command.run } } : { name: command.screen },
      );
    },
  });
}
