import { expect, it } from 'vitest';
import { stories } from './story.ts';

const many = [...stories(7, 400)];

it('writes the same stories for the same seed, and others for another', () => {
  expect([...stories(7, 3)]).toEqual(many.slice(0, 3));
  expect([...stories(8, 3)]).not.toEqual(many.slice(0, 3));
});

it('leaves no trace of the templates', () => {
  for (const story of many) expect(story).not.toMatch(/[{}[\]|]|undefined| {2}| \n|\n | [.,!?]|[.,!?]{2}/);
});

it('chooses a or an by the sound of the next word', () => {
  for (const story of many) {
    expect(story).not.toMatch(/\b[Aa] (?!one\b|once\b|use|uni)[aeiou]/);
    expect(story).not.toMatch(/\b[Aa]n (?!hour|honest)[^aeiou]/);
  }
});

it('begins every sentence with a capital letter', () => {
  for (const story of many) expect(story).not.toMatch(/(^|\n|[^"]\. |\." )"?[a-z]/);
});

it('puts a comma, not a period, between speech and speaker', () => {
  for (const story of many) expect(story).not.toMatch(/\." [a-z]/);
});

it('keeps its promise about length, paragraphs and words', () => {
  const lengths = many.map((story) => story.split(/\s+/).length).sort((left, right) => left - right);
  const median = lengths[lengths.length / 2]!;
  expect(median).toBeGreaterThan(150);
  expect(median).toBeLessThan(400);
  for (const story of many) expect(story.split('\n').length).toBeGreaterThanOrEqual(4);
  expect(
    new Set(
      many
        .join(' ')
        .toLowerCase()
        .match(/[a-z]+/g),
    ).size,
  ).toBeGreaterThan(1500);
});
