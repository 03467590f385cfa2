/** A check is a plan of pure jobs: whoever runs them, in whatever order, the proofs are the same to the bit. */
import { afterEach, describe, expect, test } from 'vitest'
import { setBackend } from '../src/kernels.ts'
import { createBench } from '../src/selectability/job.ts'
import { openKeys } from '../src/selectability/keyset.ts'
import { packProofs, packedVerdict, unpackProof } from '../src/selectability/packed.ts'
import { planFor } from '../src/selectability/plan.ts'
import { prepare } from '../src/selectability/prepare.ts'
import type { Proof } from '../src/selectability/proof.ts'
import type { Distribution } from '../src/testing/index.ts'
import { randomKeys } from '../src/testing/index.ts'

afterEach(() => setBackend('auto'))

const cases: [Distribution, number, number, number | undefined][] = [
  ['gaussian', 700, 4, undefined],
  ['heavy', 900, 6, undefined],
  ['heavy', 300, 24, undefined],
  ['lattice', 150, 3, 0],
  ['lattice', 100, 3, 0.5],
  ['low-rank', 120, 8, undefined],
]

/** The proofs of all keys, as `benches` benches find them that take turns, forwards or backwards. */
function proofs(
  data: Float64Array,
  n: number,
  d: number,
  tolerance: number | undefined,
  benches: number,
  bias = false,
) {
  const rises = bias ? Float64Array.from({ length: n }, (_, i) => Math.sin(i)) : undefined
  const open = openKeys(data, n, d, 'float64', { tolerance, bias: rises })
  const frames = Array.from({ length: benches }, () => prepare(open.keys))
  const staff = frames.map((frame) => createBench(frame, open.tolerance, true))
  const { rounds, findings } = planFor(frames[0], null)
  let jobsOfWalks = 0
  for (const { phase, news, jobs, take } of rounds) {
    if (news !== null) for (const bench of staff) bench.hear(news)
    if (phase === 'walk') jobsOfWalks += jobs.length
    const order = [...jobs.keys()]
    if (benches > 1) order.reverse()
    order.forEach((at, turn) => take(at, structuredClone(staff[turn % benches].run(structuredClone(jobs[at])))))
  }
  const { block, place, blocks } = findings
  const found = Array.from(block, (b, v) => (b < 0 ? 'own' : unpackProof(blocks[b], place[v], d)))
  return { found, jobsOfWalks }
}

describe.each(['js', 'simd'] as const)('on %s', (name) => {
  test.each(cases)('%s keys, %i × %i at tolerance %s: one bench or three', (distribution, n, d, tolerance) => {
    setBackend(name)
    const { data } = randomKeys({ n, d, distribution, seed: `plan ${n}` })
    const alone = proofs(data as Float64Array, n, d, tolerance, 1)
    expect(alone.jobsOfWalks).toBeGreaterThan(1)
    expect(proofs(data as Float64Array, n, d, tolerance, 3).found).toEqual(alone.found)
  })

  test('under a bias', () => {
    setBackend(name)
    const { data } = randomKeys({ n: 150, d: 3, distribution: 'gaussian', seed: 'biased' })
    const alone = proofs(data as Float64Array, 150, 3, undefined, 1, true)
    expect(proofs(data as Float64Array, 150, 3, undefined, 2, true).found).toEqual(alone.found)
  })
})

describe('packed proofs', () => {
  const query = Float64Array.of(1, -2)
  const hull = { support: Uint32Array.of(3, 7), weights: Float64Array.of(0.25, 0.75) }
  const all: Proof[] = [
    { verdict: 'selectable', query },
    { verdict: 'unselectable', simplex: Uint32Array.of(1, 2, 3) },
    { verdict: 'tied', query, ...hull, exact: true, exactQuery: [1n, -(2n ** 80n)] },
    { verdict: 'selectable', query: Float64Array.of(5, 6), exactQuery: [5n, 6n] },
    { verdict: 'unselectable', support: Uint32Array.of(9), weights: Float64Array.of(1), exact: false },
    { verdict: 'tied', query, ...hull, exact: false },
  ]

  test('come out as they went in', () => {
    const packed = structuredClone(packProofs(all, true))
    expect(all.map((_, at) => unpackProof(packed, at, 2))).toEqual(all)
  })

  test('without proofs have the verdicts alone', () => {
    const packed = packProofs(all, false)
    expect(all.map((_, at) => packedVerdict(packed, at))).toEqual(all.map(({ verdict }) => verdict))
    expect(packed.queries.length + packed.supports.length + packed.weights.length + packed.integers.length).toBe(0)
  })
})
