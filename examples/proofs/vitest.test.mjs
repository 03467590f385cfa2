import fc from 'fast-check'
import { assertTheorems, randomKeys, theorems } from 'selectability/testing'
import { test } from 'vitest'

test.each(theorems)('$id', (theorem) => {
  fc.assert(fc.property(theorem.arbitrary(fc), (instance) => theorem.check(instance)))
})
test('on my keys', () => {
  assertTheorems(fc, { keys: randomKeys({ n: 64, d: 8, distribution: 'heavy', seed: 'mine' }), numRuns: 5 })
})
