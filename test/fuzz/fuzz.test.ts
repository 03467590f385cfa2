/** Files and certificates from strangers: the short version of `npm run fuzz`, and promises about memory. */
import fc from 'fast-check'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/cli/npy.ts'
import { readNpy } from '../../src/cli/npy.ts'
import { readNpz } from '../../src/cli/npz.ts'
import { readSafetensors } from '../../src/cli/safetensors.ts'
import { forgedZip, safetensorsOf } from '../cli/archives.ts'
import { mutate } from './mutate.ts'
import { seeds } from './seeds.ts'
import { judge, proofs, targets } from './targets.ts'

describe('damaged files', () => {
  it.each(Object.entries(targets))('%s: are read or refused', async (name, target) => {
    const files = seeds[name] ?? []
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) await target(file)
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const random = seedrandom(String(seed))
        const pick = (): Uint8Array => files[Math.floor(random() * files.length)] ?? new Uint8Array()
        for (let round = 0; round < 10; round++) await target(mutate(pick(), pick(), random))
      }),
      { numRuns: 100 },
    )
  })
})

describe('forged certificates', () => {
  const number = fc.oneof(fc.integer({ min: -2, max: 7 }), fc.double(), fc.constantFrom('Infinity', null, '1', true))
  const list = fc.oneof(fc.array(number, { maxLength: 8 }), number)
  const certificate = fc.record(
    {
      verdict: fc.constantFrom('selectable', 'tied', 'unselectable', 'toString', '__proto__'),
      key: number,
      query: list,
      margin: number,
      runnerUp: number,
      support: list,
      weights: list,
      distance: number,
      exactQuery: fc.oneof(fc.array(fc.bigInt().map(String), { maxLength: 4 }), list),
    },
    { requiredKeys: ['verdict', 'key'] },
  )

  it('prove nothing false, whatever their fields hold', () => {
    fc.assert(
      fc.property(certificate, (json) => void judge(json)),
      { numRuns: 2000 },
    )
  })

  it('prove nothing false where one field of a true one is another’s', () => {
    const proof = fc.constantFrom(...proofs).map((line) => JSON.parse(line) as Record<string, unknown>)
    const mixed = fc.tuple(proof, proof, fc.nat()).map(([a, b, at]) => {
      const fields = Object.keys(b)
      const field = fields[at % fields.length] ?? 'key'
      return { ...a, [field]: b[field] }
    })
    fc.assert(
      fc.property(mixed, (json) => void judge(json)),
      { numRuns: 2000 },
    )
  })
})

describe('headers that claim what is not there', () => {
  const body = new Uint8Array(1 << 20)
  const claims = (rows: number): Uint8Array => {
    const file = writeNpy(Float64Array.from(body), [1 << 20, 1])
    const text = Buffer.from(file.buffer, 0, 128).toString('latin1')
    const forged = text.replace('(1048576, 1)', `(${rows}, 1)`).replace('}', '}'.padEnd(2))
    return Buffer.concat([Buffer.from(forged.slice(0, 127).padEnd(127) + '\n', 'latin1'), file.subarray(128)])
  }
  const tensor = { dtype: 'F64', shape: [1 << 28, 1], data_offsets: [0, 8 * 2 ** 28] }

  it.each<[string, Uint8Array, (bytes: Uint8Array) => unknown]>([
    ['.npy', claims(99999999), readNpy],
    ['.npz', forgedZip('a.npy', claims(99999999), {}), readNpz],
    ['.npz of stated size', forgedZip('a.npy', body, { size: 2 ** 31, method: 8 }), readNpz],
    ['.safetensors', safetensorsOf({ a: tensor }, body), (bytes) => readSafetensors(bytes)],
  ])('%s: are refused before four times the file is allocated', async (_, bytes, read) => {
    const before = process.memoryUsage().arrayBuffers
    await expect((async () => read(bytes))()).rejects.toThrow(/expected /u)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * bytes.length)
  })
})
