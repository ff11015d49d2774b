import path from 'node:path';
import { expect, it } from 'vitest';
import { tokenPieces } from './token-pieces.ts';
import { loadTokenizer } from './tokenizer.ts';

it('gives the text back, letters of several tokens whole', async () => {
  const model = path.join(import.meta.dirname, '../../../resources/starter-model');
  const { encode, decode } = await loadTokenizer(model, 2048);
  const text = 'The sea 🌊 was déjà vu.';
  const pieces = tokenPieces(encode(text), decode);
  expect(pieces.join('')).toBe(text);
  expect(pieces).toContain('🌊');
  expect(pieces.some((piece) => piece.includes('\ufffd'))).toBe(false);
});
