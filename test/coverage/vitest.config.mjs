/** The tests of `npm run coverage`: they leave what they ran of `src`, and what the command lines that they started ran of it. */
import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'
import { children, tests } from './places.mjs'

export default mergeConfig(
  base,
  defineConfig({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    test: {
      exclude: [
        // These judge the package as it is published, without source maps.
        'test/package.test.ts',
        'test/api.test.ts',
        // What runs in Chromium or by itself is not counted, and takes most of the time.
        'test/browser/**',
        'test/examples/**',
        'test/site.test.ts',
      ],
      // Set in the workers only, so that the processes that tests start write their coverage there.
      env: { NODE_V8_COVERAGE: children },
      coverage: {
        enabled: true,
        reportOnFailure: true,
        provider: 'custom',
        customProviderModule: 'vitest-monocart-coverage',
        include: ['src/**/*.ts'],
        coverageReportOptions: {
          outputDir: tests,
          reports: ['raw'],
          logging: 'error',
          entryFilter: ({ url }) => url.includes('/src/') && !url.includes('node_modules'),
        },
      },
    },
  }),
)
