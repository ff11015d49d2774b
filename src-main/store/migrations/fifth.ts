/** Version 5: the room that a run took on the disk, beside the memory that it took. */
export const fifth = `
-- Of the run's folder at its largest; null before its first checkpoint.
ALTER TABLE attempts ADD COLUMN disk_bytes INTEGER;
`;
