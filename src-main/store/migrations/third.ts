/** Version 3: the papers' experiments, and who voted. */
export const third = `
CREATE TABLE experiments (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  -- As 'experiments.start' was asked; its field "kind" says which experiment it is. Never changes.
  request_json TEXT NOT NULL,
  -- What was found so far; null: nothing yet.
  results_json TEXT,
  -- Null: it is being computed, or the lab ended while it was.
  outcome TEXT CHECK (outcome IN ('finished', 'stopped', 'failed')),
  error_json TEXT,
  created TEXT NOT NULL
) STRICT;

-- Arms are named by their places in the comparison's request, "human" is how the text really went on.
DROP TABLE votes;
CREATE TABLE votes (
  id INTEGER PRIMARY KEY,
  comparison INTEGER NOT NULL REFERENCES comparisons ON DELETE CASCADE,
  voter TEXT NOT NULL,
  prompt INTEGER NOT NULL,
  left_arm TEXT NOT NULL,
  right_arm TEXT NOT NULL,
  choice TEXT NOT NULL CHECK (choice IN ('left', 'right', 'tie', 'both bad')),
  voted TEXT NOT NULL
) STRICT;
CREATE INDEX votes_by_comparison ON votes (comparison);
`;
