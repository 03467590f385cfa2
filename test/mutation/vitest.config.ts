/** The tests that judge the judge, for mutation testing: a mutant is killed by the first of them that fails. */
import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  defineConfig({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    test: {
      include: ['exact', 'verify', 'bounds', 'selectability', 'weights', 'json'].map((name) => `test/${name}.test.ts`),
    },
  }),
)
