/** Version 2: what a person thinks of a run, what it took and left; what is known of models and texts besides their places. */
export const second = `
ALTER TABLE runs ADD COLUMN tags_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE runs ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1));
-- Known once the text is cut into windows.
ALTER TABLE runs ADD COLUMN total_steps INTEGER;
ALTER TABLE attempts ADD COLUMN peak_memory_bytes INTEGER;
-- Why it ended before its last epoch: a stop rule, or a person's wish.
ALTER TABLE attempts ADD COLUMN stopped TEXT;

-- Those that stay, and the one to go on from. Each row is written after its folder, within the run's, is whole on the disk.
DROP TABLE checkpoints;
CREATE TABLE checkpoints (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  folder TEXT NOT NULL,
  step INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
  bytes INTEGER NOT NULL,
  sha256_json TEXT NOT NULL,
  PRIMARY KEY (run, folder)
) STRICT, WITHOUT ROWID;

ALTER TABLE models ADD COLUMN details_json TEXT NOT NULL DEFAULT '{}';
ALTER TABLE data_sets ADD COLUMN details_json TEXT NOT NULL DEFAULT '{}';

-- Runs name the places that models and texts had when they began; where what was moved lies now.
CREATE TABLE moved_paths (
  was TEXT PRIMARY KEY,
  is_now TEXT NOT NULL,
  told TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX moved_paths_by_place ON moved_paths (is_now);
`;
