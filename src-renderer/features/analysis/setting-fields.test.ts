import { describe, expect, it } from 'vitest';
import { RUN_QUESTIONS, TRAINING_QUESTIONS } from './questions.ts';
import { fieldsOf, numbersIn, settingProblem } from './setting-fields.ts';
import { defaultSettings } from './settings.ts';

describe('settings of an experiment', () => {
  it.each([...RUN_QUESTIONS, ...TRAINING_QUESTIONS])('are right as they are at first: $kind', ({ kind }) => {
    const settings = defaultSettings(kind);
    expect(fieldsOf(kind).map((field) => settingProblem(field, settings))).toEqual(
      fieldsOf(kind).map(() => ''),
    );
  });

  it('are refused in words where they cannot be', () => {
    const problemOf = (kind: 'data-size' | 'static-injection', name: string, value: unknown) => {
      const field = fieldsOf(kind).find((one) => one.field === name)!;
      return settingProblem(field, { ...defaultSettings(kind), [name]: value });
    };
    expect(problemOf('data-size', 'texts', 1.5)).toBe('Write a whole number from 1 to 300.');
    expect(problemOf('data-size', 'texts', Number.NaN)).not.toBe('');
    expect(problemOf('data-size', 'sizes', [8])).toContain('at least two');
    expect(problemOf('data-size', 'sizes', [8, 0])).toContain('whole numbers from 1');
    expect(problemOf('static-injection', 'strengths', numbersIn('0.1, x'))).toContain('numbers from');
    expect(problemOf('static-injection', 'strengths', numbersIn('0.1, 0.25,'))).toBe('');
  });
});
