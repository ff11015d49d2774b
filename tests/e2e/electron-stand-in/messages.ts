/** What a test and the app that it has started say to each other, over the channel between their processes. */

/** Something that the app has asked of the desktop, or that happened to its pages. */
export interface Call {
  /** As in Electron where it is a function of Electron's, such as "shell.openPath". */
  readonly name: string;
  readonly detail: unknown;
}

export type FromApp =
  /** Chromium can be spoken to at this address, by the DevTools protocol. */
  { readonly kind: 'ready'; readonly endpoint: string } | { readonly kind: 'call'; readonly call: Call };

export type ToApp =
  /** What the next dialogs of this kind give back, in order. */
  | { readonly kind: 'answer'; readonly dialog: string; readonly answers: readonly unknown[] }
  /** A person chooses this from the application menu. */
  | { readonly kind: 'choose'; readonly label: string }
  /** A person clicks on the newest notification. */
  | { readonly kind: 'click-notification' }
  | { readonly kind: 'close-windows' }
  | { readonly kind: 'quit' };
