import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SpacedChanges } from './changes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('spaced changes', () => {
  it('tell the first at once, and together those that come before the time is over', () => {
    const changes = new SpacedChanges(200);
    const listener = vi.fn();
    changes.subscribe(listener);
    changes.tell();
    expect(listener).toHaveBeenCalledTimes(1);
    changes.tell();
    changes.tell();
    vi.advanceTimersByTime(199);
    expect(listener).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(listener).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1_000);
    expect(listener).toHaveBeenCalledTimes(2);
    changes.tell();
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it('tell nobody any more when they are closed', () => {
    const changes = new SpacedChanges(200);
    const listener = vi.fn();
    changes.subscribe(listener);
    changes.tell();
    changes.tell();
    changes.close();
    vi.advanceTimersByTime(1_000);
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
