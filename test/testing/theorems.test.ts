/** Every theorem holds on random instances, and each hypothesis is needed. */
import fc from 'fast-check'
import { randomKeys, theorems } from 'selectability/testing'
import { describe, expect, it } from 'vitest'
import { broken } from './hypotheses.ts'

const numRuns = 1000

/** The theorem as a property over whatever instances. */
function failure(id: string, instances: fc.Arbitrary<unknown>): fc.RunDetails<[unknown]> {
  const theorem = theorems.find((candidate) => candidate.id === id)
  if (theorem === undefined) throw new Error(`no theorem ${id}`)
  return fc.check(
    fc.property(instances, (instance) => theorem.check(instance)),
    { numRuns },
  )
}

describe.each(theorems.map((theorem) => [theorem.id, theorem] as const))('%s', (id, theorem) => {
  it(`holds on ${numRuns} random instances`, () => {
    fc.assert(
      fc.property(theorem.arbitrary(fc), (instance) => {
        expect(theorem.check(instance)).toBeUndefined()
      }),
      { numRuns },
    )
  })

  it.each(broken.filter((entry) => entry.id === id).map(({ without, instances }) => [without, instances] as const))(
    'is false without %s',
    (_, instances) => {
      const { failed, errorInstance } = failure(id, instances) as { failed: boolean; errorInstance: Error | null }
      expect(failed).toBe(true)
      // The check says what is wrong in a sentence of its own; it does not stumble over the instance.
      expect(errorInstance?.constructor).toBe(Error)
    },
  )

  it('is stated with its hypotheses and its source', () => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/)
    expect(theorem.statement).toMatch(/[.]$/)
    // Dollar signs in pairs, and braces that close: what a renderer of TeX needs.
    expect(theorem.statement.split('$').length % 2).toBe(1)
    for (const [at, tex] of theorem.statement.split('$').entries()) {
      if (at % 2 === 1) expect(tex.split('{').length).toBe(tex.split('}').length)
    }
    expect(theorem.hypotheses.length).toBeGreaterThan(0)
    expect(theorem.source).not.toBe('')
  })

  it.each(['gaussian', 'cube', 'heavy', 'layernorm', 'lattice', 'low-rank'] as const)(
    'holds on %s keys',
    (distribution) => {
      for (const [n, d] of [
        [1, 1],
        [2, 2],
        [40, 3],
        [30, 8],
      ] as const) {
        const { data } = randomKeys({ n, d, distribution, seed: `${n}×${d}` })
        const keys = Array.from({ length: n }, (_, j) => Array.from(data.subarray(j * d, (j + 1) * d)))
        theorem.about(keys).forEach((instance) => theorem.check(instance))
      }
    },
  )
})

describe('the theorems', () => {
  it('have ids of their own', () => {
    expect(new Set(theorems.map(({ id }) => id)).size).toBe(theorems.length)
  })

  it('have each a hypothesis without which they are false', () => {
    expect(new Set(broken.map(({ id }) => id))).toEqual(new Set(theorems.map(({ id }) => id)))
  })

  it('shrink to an instance of a few small keys', () => {
    const { id, instances } = broken.find(({ id }) => id === 'rmsnorm-makes-all-selectable')!
    const [instance] = failure(id, instances).counterexample as [{ keys: number[][] }]
    expect(instance.keys.length).toBeLessThanOrEqual(2)
    expect(Math.max(...instance.keys.flat().map(Math.abs))).toBeLessThanOrEqual(2)
  })
})
