/** Version 4: what each arm of a comparison has written stands by itself, so that one can come, be read and be kept alone. */

/** Also for what was read from a damaged file of an older version. */
export const MOVE_ARMS = `
INSERT OR IGNORE INTO comparison_arms (comparison, place, written_json)
  SELECT comparisons.id, arms.key, arms.value
  FROM comparisons, json_each(CASE WHEN json_valid(result_json) THEN result_json END, '$.arms') AS arms;
UPDATE comparisons SET result_json = json_remove(result_json, '$.arms') WHERE json_valid(result_json);
`;

export const fourth = `
CREATE TABLE comparison_arms (
  comparison INTEGER NOT NULL REFERENCES comparisons ON DELETE CASCADE,
  -- Its place in the comparison's request.
  place INTEGER NOT NULL,
  -- Texts token by token, and what was measured of them.
  written_json TEXT NOT NULL,
  PRIMARY KEY (comparison, place)
) STRICT;
${MOVE_ARMS}`;
