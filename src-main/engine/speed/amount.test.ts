import { expect, it } from 'vitest';
import { amountFor } from './amount.ts';

const A_TOKEN = 1e9;
const trains = ({ batch, window }: { batch: number; window: number }) => A_TOKEN * batch * window;

it('does less at once where it would take too long', () => {
  expect(amountFor(trains, 1000, 2048)).toMatchObject({ batch: 8, window: 128 });
  expect(amountFor(trains, 100, 2048)).toMatchObject({ batch: 2, window: 128 });
  expect(amountFor(trains, 20, 2048)).toMatchObject({ batch: 1, window: 64 });
  expect(amountFor(trains, 0.001, 2048)).toMatchObject({ batch: 1, window: 16 });
});

it('keeps within what the model reads', () => {
  const { window, promptTokens, newTokens } = amountFor(trains, 1000, 24);
  expect(window).toBe(24);
  expect(promptTokens).toBe(12);
  expect(newTokens).toBe(12);
});
