import { expect, it } from 'vitest';
import { Commands } from './commands.ts';

it('keeps commands for the page that listens next, in their order', async () => {
  const commands = new Commands();
  commands.give({ screen: 'runs' });
  commands.give({ run: 7 });
  const page = commands.follow(new AbortController().signal);
  expect((await page.next()).value).toEqual({ screen: 'runs' });
  expect((await page.next()).value).toEqual({ run: 7 });
  const next = page.next();
  commands.give({ screen: 'home' });
  expect((await next).value).toEqual({ screen: 'home' });
});

it('ends with the page, and gives the next page what came meanwhile', async () => {
  const commands = new Commands();
  const gone = new AbortController();
  const page = commands.follow(gone.signal);
  const waiting = page.next();
  gone.abort();
  expect((await waiting).done).toBe(true);
  commands.give({ screen: 'models' });
  const next = commands.follow(new AbortController().signal);
  expect((await next.next()).value).toEqual({ screen: 'models' });
});
