import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { buildGenerated } from './tools/generated.mjs'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The sources import what is generated, which is built first.
await buildGenerated()

export default defineConfig({
  resolve: {
    // Tests and snippets name the package as its users do. Exact matches, so that one entry does not swallow the others.
    alias: [
      { find: /^selectability$/, replacement: here('./src/index.ts') },
      { find: /^selectability\/kernels$/, replacement: here('./src/kernels.ts') },
      { find: /^selectability\/testing$/, replacement: here('./src/testing/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Some fifty times what a test takes on a quiet machine: two slow cores shared with others must not turn it red.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    teardownTimeout: 10_000,
  },
})
