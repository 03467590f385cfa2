/** The walk in the module and the walk in TypeScript select the same keys, also where float32 cannot tell keys apart. */
import seedrandom from 'seedrandom'
import { afterEach, expect, test } from 'vitest'
import { selectability, setBackend, verify } from '../src/index.ts'
import { gamma } from '../src/selectability/bounds.ts'
import { gaussian } from './reference/gaussian.ts'
import { families } from './soak/families.ts'

afterEach(() => setBackend('auto'))

const backends = ['js', 'simd'] as const

test.each(families.map(({ name, make }) => [name, make] as const))('%s', (name, make) => {
  for (let set = 0; set < 10; set++) {
    const { rows, bias } = make(seedrandom(`walk ${name} ${set}`))
    for (const tolerance of [0, undefined]) {
      const [js, simd] = backends.map((backend) => {
        setBackend(backend)
        const report = selectability(rows, { tolerance, bias })
        rows.forEach((_, i) =>
          expect(verify(rows, report.certificate(i), { tolerance, bias })).toEqual({ valid: true }),
        )
        // Above tolerance 0 a tie is searched for from where the walk ended: within rounding of the tolerance it may be missed.
        return report.verdicts.map((verdict) => (tolerance === 0 ? verdict : verdict === 'selectable'))
      })
      expect(simd, `set ${set}, tolerance ${tolerance}`).toEqual(js)
    }
  }
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
