/** Small Parquet files as Python writes them: see make.py. */
import path from 'node:path';

export const FIXTURES = path.join(import.meta.dirname, 'fixtures');
