/**
 * Where the window stood when it was closed, for the next time. It is kept as JSON in the data folder; where that cannot be
 * read, or the screen it stood on is gone, the window comes in its usual size in the middle.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { BrowserWindow, Rectangle } from 'electron';
import { z } from 'zod';

/** Pixels, as independent of the screen's density. Below this width the screens do not fit. */
export const SMALLEST = { width: 1024, height: 600 };
const USUAL = { width: 1280, height: 860 };
/** Of the top edge, so much must lie on a screen that one can take hold of it. */
const GRIP = { width: 120, height: 40 };

const windowStateSchema = z.object({
  bounds: z.object({
    x: z.int(),
    y: z.int(),
    width: z.int().min(SMALLEST.width),
    height: z.int().min(SMALLEST.height),
  }),
  isMaximized: z.boolean(),
});

export interface Placement {
  /** Without x and y: in the middle. */
  readonly bounds: { readonly width: number; readonly height: number } | Rectangle;
  readonly isMaximized: boolean;
}

/** @param screens the part of each that windows may take */
export function readWindowState(file: string, screens: readonly Rectangle[]): Placement {
  const parsed = windowStateSchema.safeParse(readJson(file));
  if (!parsed.success) return { bounds: USUAL, isMaximized: false };
  const { bounds, isMaximized } = parsed.data;
  if (screens.some((screen) => holdsGrip(screen, bounds))) return { bounds, isMaximized };
  return { bounds: USUAL, isMaximized };
}

/** When it is closed. */
export function keepWindowState(file: string, window: BrowserWindow): void {
  window.on('close', () => {
    const state = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
    try {
      writeFileSync(file, JSON.stringify(state));
    } catch {
      // A full disk is told where something is lost by it.
    }
  });
}

function holdsGrip(screen: Rectangle, bounds: Rectangle): boolean {
  const left = Math.max(screen.x, bounds.x);
  const right = Math.min(screen.x + screen.width, bounds.x + bounds.width);
  return (
    right - left >= GRIP.width && bounds.y >= screen.y && bounds.y + GRIP.height <= screen.y + screen.height
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
