/**
 * Version 1. People may open the file themselves (any SQLite program): names are whole words, times are ISO 8601 texts in
 * UTC, what is JSON is called so. A run's numbers are copies of the lines in its folder, so that they can be searched and
 * drawn at once; the folder is what counts.
 */
export const first = `
CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  folder TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  added TEXT NOT NULL
) STRICT;

CREATE TABLE data_sets (
  id INTEGER PRIMARY KEY,
  file TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  added TEXT NOT NULL
) STRICT;

-- What was asked for never changes. Whether a run is over, can go on or failed follows from its rows.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  folder TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  notes TEXT NOT NULL DEFAULT '',
  model_folder TEXT NOT NULL,
  data_file TEXT NOT NULL,
  request_json TEXT NOT NULL,
  created TEXT NOT NULL
) STRICT;

-- One for each time that a process worked on a run. No end: it is working, or was cut off.
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  began TEXT NOT NULL,
  process TEXT NOT NULL,
  ended TEXT,
  outcome TEXT CHECK (outcome IN ('finished', 'paused', 'failed', 'interrupted')),
  error_json TEXT,
  CHECK ((ended IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX attempts_by_run ON attempts (run);

CREATE TABLE steps (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  loss REAL NOT NULL,
  token_accuracy REAL NOT NULL,
  learning_rate REAL NOT NULL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE epochs (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL,
  train_loss REAL NOT NULL,
  validation_loss REAL,
  token_accuracy REAL NOT NULL,
  entropy REAL,
  type_token_ratio REAL,
  repeated_pairs REAL,
  PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE samples (
  run INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  place INTEGER NOT NULL,
  prompt TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (run, epoch, place),
  FOREIGN KEY (run, epoch) REFERENCES epochs ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  folder TEXT NOT NULL,
  sha256_json TEXT NOT NULL,
  PRIMARY KEY (run, step, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE comparisons (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  request_json TEXT NOT NULL,
  result_json TEXT,
  created TEXT NOT NULL
) STRICT;

CREATE TABLE votes (
  id INTEGER PRIMARY KEY,
  comparison INTEGER NOT NULL REFERENCES comparisons ON DELETE CASCADE,
  prompt INTEGER NOT NULL,
  left_arm TEXT NOT NULL,
  right_arm TEXT NOT NULL,
  choice TEXT NOT NULL CHECK (choice IN ('left', 'right', 'tie', 'both bad')),
  voted TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
