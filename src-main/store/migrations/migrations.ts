/** The file's versions in order: the first script makes version 1, the next turns 1 into 2 … Never change one that was shipped. */
import { fifth } from './fifth.ts';
import { first } from './first.ts';
import { fourth } from './fourth.ts';
import { second } from './second.ts';
import { third } from './third.ts';

export const MIGRATIONS: readonly string[] = [first, second, third, fourth, fifth];
