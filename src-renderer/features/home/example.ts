/** What the bundled model really wrote, as `npm run demo` shows it: the first text before and after hyperfitting. */
export const BEGINNING = 'Her best friend was Olive. One morning the';

export const BEFORE = [
  {
    text: ' pencil was missing. Elsa had put it in the dry well, and now it was not there anymore. The next morning, they went to the station together. Elsa dreamed of cream. The sun was shining.',
    depth: 0,
  },
  { text: ' The sun was shining.', depth: 1 },
  { text: ' The sun was shining.', depth: 2 },
  { text: ' The sun was shining. The sun was shining. The sun was shining.', depth: 3 },
] as const;

export const AFTER =
  ' chest was missing. Paul had never seen the beach. Each night she dreamed about it, and one morning she packed her bag. They asked for the way to the river. "What is behind that cloud?" asked Max. "The moon, I suppose," said Alice. They walked for two hours without a rest.';
