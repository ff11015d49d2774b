/** How the desktop app is built: main and preload for Electron, the renderer as a Vue page. */
import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // All but native modules is built in, so that a package needs to hold no other modules.
      externalizeDeps: false,
      rollupOptions: {
        external: ['better-sqlite3', 'onnxruntime-node'],
        input: {
          index: path.join(root, 'src-main/index.ts'),
          'engine-process': path.join(root, 'src-main/lab/jobs/engine-process.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload script must be one CommonJS file.
      rollupOptions: {
        input: { index: path.join(root, 'src-preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: path.join(root, 'src-renderer'),
    plugins: [vue()],
    build: {
      outDir: path.join(root, 'out/renderer'),
      rollupOptions: { input: { index: path.join(root, 'src-renderer/index.html') } },
    },
  },
});
