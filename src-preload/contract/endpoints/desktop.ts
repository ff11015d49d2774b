/** The desktop around the page, where there is one: its dialogs, its file manager, its menu. In a browser there is none. */
import { z } from 'zod';
import { channel, rpc } from '../endpoint.ts';
import { nothing } from './common.ts';

/** What works here; screens offer nothing else. */
export const capabilitiesSchema = z.object({
  /** 'desktop.choose' asks with the system's own dialog. */
  dialogs: z.boolean(),
  showFolder: z.boolean(),
  /** The setting `notifyWhenDone` has an effect. */
  notifications: z.boolean(),
  /** The setting `keepAwake` has an effect. */
  keepAwake: z.boolean(),
  /** Where the app writes down what goes wrong; null: nowhere. */
  logFile: z.string().nullable(),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

/** What may be chosen: the folder of a model, a file with a text or with prompts, or any folder. */
export const choiceSchema = z.enum(['model', 'text', 'prompts', 'folder']);
export type Choice = z.infer<typeof choiceSchema>;

/** Screens that one can go to from everywhere, in the order of their shortcuts. */
export const screenSchema = z.enum([
  'home',
  'models',
  'texts',
  'hyperfit',
  'runs',
  'compare',
  'analysis',
  'settings',
]);
export type Screen = z.infer<typeof screenSchema>;

/** As they are called in the page and in the menu. */
export const SCREEN_TITLES: Readonly<Record<Screen, string>> = {
  home: 'Home',
  models: 'Models',
  texts: 'Texts',
  hyperfit: 'Hyperfit',
  runs: 'Runs',
  compare: 'Side by side',
  analysis: 'Why it works',
  settings: 'Settings',
};

/** What was chosen outside the page, in the menu or on a notification: a screen, or the run to show. */
export const commandSchema = z.union([
  z.object({ screen: screenSchema }),
  z.object({ run: z.number().int().positive() }),
]);
export type Command = z.infer<typeof commandSchema>;

export const desktopContract = {
  'desktop.capabilities': rpc(nothing, capabilitiesSchema),
  /** Null: nothing was chosen after all. */
  'desktop.choose': rpc(z.object({ kind: choiceSchema }), z.object({ path: z.string().nullable() })),
  /** Shows a file or folder in the system's file manager; opens and starts nothing. */
  'desktop.showFolder': rpc(z.object({ folder: z.string() }), nothing),
  /** Commands as they come. In a browser it ends at once. */
  'desktop.commands': channel(nothing, commandSchema, (input) => input),
};
