/**
 * Where wheels are asked for: the package index of this computer, as pip would take it (PIP_INDEX_URL, then pip's own
 * files), else the public one. An index is asked by PEP 503 and 691; what it answers is checked by size and SHA-256.
 */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../../engine/errors.ts';
import { ask } from './ask.ts';
import type { Wheel } from './offers.ts';

const PUBLIC_INDEX = 'https://pypi.org/simple';
const ACCEPT = 'application/vnd.pypi.simple.v1+json, text/html;q=0.5';

export function packageIndex(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.PIP_INDEX_URL || (indexOfPip(environment) ?? PUBLIC_INDEX);
}

/** "pypi.org": for people, and without what a person may have put into the address to sign in. */
export function hostOf(index: string): string {
  return URL.parse(index)?.host ?? index;
}

const listSchema = z.object({ files: z.array(z.object({ filename: z.string(), url: z.string() })) });

/**
 * The address of a wheel.
 *
 * @throws LabError 'download-failed' where the index cannot be asked or does not have it
 */
export async function addressOf(
  index: string,
  { project, file }: Wheel,
  signal: AbortSignal,
): Promise<string> {
  const response = await ask(`${index.replace(/\/+$/, '')}/${project}/`, {
    signal,
    headers: { accept: ACCEPT },
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const found = isJson ? inList(text, file) : inPage(text, file);
  const address = found === undefined ? null : URL.parse(found, response.url);
  if (address !== null) return signedIn(address, index).href;
  throw new LabError('download-failed', `${hostOf(index)} does not offer ${file}.`, {
    index: hostOf(index),
    file,
  });
}

function inList(text: string, file: string): string | undefined {
  try {
    return listSchema.parse(JSON.parse(text)).files.find(({ filename }) => filename === file)?.url;
  } catch {
    return undefined;
  }
}

/** An index without JSON is a page of links. */
function inPage(text: string, file: string): string | undefined {
  const links = [...text.matchAll(/<a\s[^>]*?href\s*=\s*(["'])(.*?)\1/gi)].map(([, , href]) =>
    href!.replaceAll('&amp;', '&'),
  );
  return links.find(
    (href) => href.split('#')[0]!.split('?')[0]!.endsWith(`/${file}`) || href.startsWith(file),
  );
}

/** Files of the same host want the same sign-in. What stands after a "#" is for pip. */
function signedIn(address: URL, index: string): URL {
  address.hash = '';
  const from = URL.parse(index);
  if (from?.host !== address.host) return address;
  address.username ||= from.username;
  address.password ||= from.password;
  return address;
}

/** In the order of their precedence; "[global]" is the section that holds for all of pip's commands. */
function indexOfPip({ PIP_CONFIG_FILE, XDG_CONFIG_HOME, APPDATA }: NodeJS.ProcessEnv): string | undefined {
  const home = os.homedir();
  const files =
    process.platform === 'win32'
      ? [path.join(APPDATA ?? home, 'pip', 'pip.ini')]
      : [
          path.join(XDG_CONFIG_HOME ?? path.join(home, '.config'), 'pip', 'pip.conf'),
          path.join(home, '.pip', 'pip.conf'),
          '/etc/pip.conf',
        ];
  for (const file of PIP_CONFIG_FILE ? [PIP_CONFIG_FILE, ...files] : files) {
    const found = existsSync(file) ? indexIn(readFileSync(file, 'utf8')) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function indexIn(text: string): string | undefined {
  const [, section = ''] = text.split(/^\[global\]\s*$/m);
  return /^index[-_]url\s*[=:]\s*(\S+)/m.exec(section.split(/^\[/m)[0]!)?.[1];
}
