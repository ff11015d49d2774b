/** lab score: token ids and log-probabilities of texts. */

import { perplexity } from '../../engine/analysis/diversity/predictions.ts';
import { Scorer } from '../../engine/analysis/score.ts';
import { releaseOverlay } from '../../engine/model/overlay.ts';
import { readDocuments } from '../../engine/text/documents/documents.ts';
import { openModel } from '../../lab/models/open-model.ts';
import { type Command, onlyPositional, runtimeName, text, texts, usageError } from '../command.ts';
import { table } from '../table.ts';

export const score: Command = {
  name: 'score',
  usage: 'lab score MODEL [--adapter A] --text T | --file F',
  summary: 'token ids and log-probabilities (natural log) of texts',
  options: {
    adapter: { type: 'string', takes: 'FOLDER', help: 'adapter to lay over the model' },
    text: { type: 'string', multiple: true, takes: 'TEXT', help: 'text to score; may come several times' },
    file: { type: 'string', takes: 'FILE', help: 'texts to score: .txt (one text) or .jsonl (one a line)' },
  },
  run: async (context) => {
    const { values, progress, signal } = context;
    const path = onlyPositional(score, context, 'model folder');
    const file = text(values, 'file');
    const given = [
      ...texts(values, 'text'),
      ...(file === undefined ? [] : (await readDocuments(file)).documents.map((document) => document.text)),
    ];
    if (given.length === 0) throw usageError(score, 'There is no text to score');
    const model = await openModel(path, runtimeName(values));
    try {
      const overlay = await model.overlay(text(values, 'adapter'));
      const scorer = new Scorer(model.architecture, model.weights, overlay);
      const results = [];
      for (const [index, content] of given.entries()) {
        signal.throwIfAborted();
        const tokens = model.tokenizer.encodeWithSpecial(content);
        const { logProbabilities } = await scorer.score(tokens);
        results.push({ text: content, tokens, logProbabilities });
        progress.show('Scoring', (index + 1) / given.length);
      }
      await scorer.release();
      releaseOverlay(overlay);
      const rows = results.map(({ text: content, tokens, logProbabilities }) => [
        `${tokens.length} tokens`,
        logProbabilities.length === 0 ? '-' : `perplexity ${perplexity(logProbabilities).toFixed(2)}`,
        content.slice(0, 60).replaceAll('\n', ' '),
      ]);
      return { json: { results }, text: table(rows) };
    } finally {
      await model.close();
    }
  },
};
