/** A file with any one byte changed is read, numbers and shape in agreement, or refused in our words. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Numbers } from '../../src/cli/numbers.ts'

export function expectReadOrRefused(whole: Uint8Array, read: (bytes: Uint8Array) => Numbers, refusal: RegExp): void {
  const byte = fc.record({ at: fc.nat(whole.length - 1), value: fc.integer({ min: 0, max: 255 }) })
  fc.assert(
    fc.property(byte, ({ at, value }) => {
      const bytes = whole.slice()
      bytes[at] = value
      let matrix: Numbers
      try {
        matrix = read(bytes)
      } catch (error) {
        expect((error as Error).message).toMatch(refusal)
        return
      }
      // Outside of the try, or its own failure, which also begins with "expected", would pass for a refusal.
      expect(matrix.data.length).toBe(matrix.shape.reduce((product, size) => product * size, 1))
    }),
    { numRuns: 1000 },
  )
}
