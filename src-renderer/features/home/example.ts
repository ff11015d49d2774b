/** What really happened to the bundled model: figures and texts that were measured and written, none of them invented. */

/** One run of "Try it now" on the sea stories: what was measured before it, and after each of its 20 epochs. */
export const MEASURED = {
  /** Training loss, in nats. */
  onTheText: [
    1.294, 1.22, 1.053, 0.961, 0.897, 0.842, 0.788, 0.736, 0.685, 0.634, 0.586, 0.539, 0.498, 0.461, 0.429,
    0.4, 0.377, 0.357, 0.338, 0.321, 0.307,
  ],
  /** Held-out loss, in nats. */
  onOtherText: [
    1.176, 1.06, 1.046, 1.054, 1.062, 1.081, 1.102, 1.142, 1.181, 1.234, 1.278, 1.342, 1.364, 1.43, 1.466,
    1.489, 1.532, 1.567, 1.599, 1.619, 1.648,
  ],
  /** Share of repeated pairs of tokens (rep-2) in four texts that it wrote. */
  repeated: [
    0.58, 0.37, 0.42, 0.43, 0.32, 0.32, 0.32, 0.32, 0.24, 0.29, 0.23, 0.11, 0.11, 0.08, 0.21, 0.05, 0.15,
    0.12, 0.08, 0.08, 0.05,
  ],
} as const;

/** The first text of `npm run demo`, before and after. */
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
