/**
 * Chromium serves no scheme of ours, so app://lab is shown as https://lab.app.invalid: a secure context, in which 'self'
 * keeps its meaning, at a name that can never be resolved.
 */

export const schemes = new Set<string>();

/** @returns the address that Chromium is given */
export function toChromium(address: string): string {
  const [, scheme = '', host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(address) ?? [];
  if (!schemes.has(scheme)) return address;
  return `https://${host}.${scheme}.invalid${rest || '/'}`;
}

/** @returns the address that the app knows */
export function fromChromium(address: string): string {
  return address.replace(/^https:\/\/([^/?#]*)\.([a-z0-9+-]+)\.invalid(?=[/?#]|$)/i, (all, host, scheme) =>
    schemes.has(scheme) ? `${scheme}://${host}` : all,
  );
}

/** @param address as the app knows it */
export function originOf(address: string): string {
  const [origin, scheme = ''] = /^([a-z][a-z0-9+.-]*):\/\/[^/?#]*/i.exec(address) ?? [];
  if (origin && schemes.has(scheme)) return origin;
  return URL.canParse(address) ? new URL(address).origin : 'null';
}
