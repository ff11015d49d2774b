import { expect, it } from 'vitest';
import { RemainingTime } from './remaining-time.ts';

it('tells the time left of a run, and is not led astray by a computer that slept', () => {
  const remaining = new RemainingTime();
  remaining.addStep(2);
  remaining.addStep(2);
  expect(remaining.seconds(10, 1)).toBeNull();
  remaining.addStep(3600);
  remaining.addStep(2);
  expect(remaining.seconds(10, 1)).toBe(20);
  remaining.addEpoch(5);
  expect(remaining.seconds(10, 2)).toBe(30);
});

it('follows a run that has become slower', () => {
  const remaining = new RemainingTime();
  for (let step = 0; step < 1000; step++) remaining.addStep(1);
  for (let step = 0; step < 100; step++) remaining.addStep(3);
  expect(remaining.seconds(10, 0)).toBe(30);
});
