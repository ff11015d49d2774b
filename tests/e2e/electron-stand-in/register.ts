/** `node --import` this: "electron" becomes the stand-in, and the process looks like one of Electron's. */
import { registerHooks } from 'node:module';

const isUtility = process.env.STANDIN_ROLE === 'utility';
delete process.env.STANDIN_ROLE;
const module = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' && !isUtility
      ? { url: module, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
Object.defineProperty(process, 'type', { value: isUtility ? 'utility' : 'browser' });
Object.defineProperty(process.versions, 'electron', { value: '0.0.0-stand-in', enumerable: true });
Object.defineProperty(process, 'resourcesPath', { value: process.env.STANDIN_APP_FOLDER ?? process.cwd() });
if (isUtility) await import('./utility-child.ts');
