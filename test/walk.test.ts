/** The walk in the module, the walk in TypeScript and one for a single key give the same verdicts, also where float32 cannot tell keys apart. */
import seedrandom from 'seedrandom'
import { afterEach, expect, test } from 'vitest'
import { certify, selectability, setBackend, toJson, verify } from '../src/index.ts'
import { borrow, giveBack } from '../src/kernels/simd/module.ts'
import { gamma } from '../src/selectability/bounds.ts'
import { gaussian } from './reference/gaussian.ts'
import { families } from './soak/families.ts'

afterEach(() => setBackend('auto'))

const backends = ['js', 'simd'] as const

/** The verdicts on both backends and of each key by itself, which must agree; each certificate is verified. */
function oneAnswer(name: string, seed: string, tolerance: number | undefined): void {
  const family = families.find((candidate) => candidate.name === name)
  if (family === undefined) throw new Error(`no family ${name}`)
  const { rows, bias } = family.make(seedrandom(seed))
  const [js, simd] = backends.map((backend) => {
    setBackend(backend)
    const report = selectability(rows, { tolerance, bias })
    rows.forEach((_, i) => expect(verify(rows, report.certificate(i), { tolerance, bias })).toEqual({ valid: true }))
    return report.verdicts
  })
  expect(simd, `${seed}, tolerance ${tolerance}`).toEqual(js)
  const alone = rows.map((_, i) => certify(rows, i, { tolerance, bias }).verdict)
  expect(alone, `${seed}, tolerance ${tolerance}, key by key`).toEqual(js)
}

test.each(families.map(({ name }) => name))('%s', (name) => {
  for (let set = 0; set < 10; set++) {
    for (const tolerance of [0, undefined]) oneAnswer(name, `walk ${name} ${set}`, tolerance)
  }
})

// Keys of these sets are inside by so little that another simplex around them does not show it, and one in a flat set is deep inside in the
// plane but tied across it.
test.each([
  ['rounded onto a facet', 14],
  ['rounded onto a facet', 188],
  ['planted, one ulp off', 69],
  ['planted on faces', 186],
  ['float32, centred', 566],
])('%s, set %i: a key a few tolerances from a tie has one answer', (name, set) => {
  oneAnswer(name, `diff ${name} ${set}`, undefined)
})

test('keys that are equal in float32: outer ones on a sphere, inner ones 1e-9 below them', () => {
  const n = 300
  const sphere = gaussian('sphere', n, 3)
  const outer = Array.from({ length: n }, (_, j) => {
    const row = Array.from(sphere.subarray(3 * j, 3 * j + 3))
    const norm = Math.hypot(...row)
    return row.map((x) => x / norm)
  })
  const inner = outer.map((row) => row.map((x) => x * (1 - 1e-9)))
  const expected = [...outer.map(() => 'selectable'), ...inner.map(() => 'unselectable')]
  for (const backend of backends) {
    setBackend(backend)
    for (const tolerance of [0, undefined]) {
      expect(selectability([...outer, ...inner], { tolerance }).verdicts).toEqual(expected)
    }
  }
})

test.each([1, 2, 3, 8, 65])('a float32 score in %i dimensions is within its bound', (d) => {
  const rounded = new Float32Array(1)
  const single = (x: number): number => {
    rounded[0] = x
    return rounded[0]
  }
  let reached = 0
  for (let trial = 0; trial < 2000; trial++) {
    const numbers = gaussian(`score ${d} ${trial}`, 2, d)
    const [length, norm] = [0, 1].map((r) => Math.hypot(...numbers.subarray(r * d, (r + 1) * d)))
    let score = 0
    let exact = 0
    for (let c = 0; c < d; c++) {
      const x = numbers[c] / length
      const y = numbers[d + c]
      score = single(score + single(single(x) * single(y)))
      exact += x * y
    }
    reached = Math.max(reached, Math.abs(score - exact) / (gamma(d + 4, 2 ** -24) * norm))
  }
  expect(reached).toBeLessThanOrEqual(1)
  expect(reached).toBeGreaterThan(0)
})

test('an instance of the module that was used before gives the same proofs as a new one', () => {
  setBackend('simd')
  const proofsOf = (n: number, d: number): string => {
    const report = selectability({ data: gaussian(`again ${n} ${d}`, n, d), shape: [n, d] })
    return JSON.stringify(Array.from({ length: n }, (_, i) => toJson(report.certificate(i))))
  }
  const sizes = [
    [40, 3],
    [64, 7],
    [90, 4],
    [33, 5],
  ] as const
  const once = sizes.map(([n, d]) => proofsOf(n, d))
  // Anything may lie where the numbers of others lay: whole numbers of either sign, and as floats infinities and NaN.
  for (let round = 0; round < 4; round++) {
    const random = seedrandom(`memory ${round}`)
    const engines = [borrow(), borrow()]
    for (const { float64 } of engines) {
      const [at] = float64.layout(4096)
      const words = new Int16Array(float64.view(at, 4096).buffer, at, 4 * 4096)
      words.set(words.map(() => Math.floor(65536 * random()) - 32768))
    }
    engines.forEach(giveBack)
    expect(sizes.map(([n, d]) => proofsOf(n, d))).toEqual(once)
  }
})
