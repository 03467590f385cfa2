import { defineConfig } from 'tsup'
import type { Options } from 'tsup'
import { buildGenerated } from './tools/generated.mjs'

const library = {
  format: ['esm', 'cjs'] as ('esm' | 'cjs')[],
  target: 'es2022',
  clean: true,
  treeshake: true,
  // CommonJS entries share chunks too: one copy of the program, and one backend for all of them.
  splitting: true,
}

/** The command line is one more user of the library, which is beside it in the package: it would be there twice. */
const besideLibrary: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'beside-library',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[.][.]\/index[.]ts$/ }, () => ({ path: './index.js', external: true }))
  },
}

// The sources import what is generated, which is built first.
await buildGenerated()

export default defineConfig([
  {
    ...library,
    // Nobody imports `backend`: with it the kernels are in a chunk of their own, and whoever wants only them gets nothing of the checker.
    entry: {
      index: 'src/index.ts',
      kernels: 'src/kernels.ts',
      testing: 'src/testing/index.ts',
      backend: 'src/kernels/backend.ts',
    },
    dts: { entry: { index: 'src/index.ts', kernels: 'src/kernels.ts', testing: 'src/testing/index.ts' } },
  },
  {
    // The command line bundles what only it needs, so that installing the library installs none of it.
    entry: { cli: 'src/cli/index.ts' },
    format: ['esm'],
    target: 'es2022',
    platform: 'node',
    minify: true,
    esbuildPlugins: [besideLibrary],
    noExternal: ['commander', 'csv-parse', 'cli-progress', 'yauzl'],
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    dts: false,
    clean: false,
  },
])
