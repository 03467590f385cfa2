/** The gap from which on scores in floats are believed, against what its derivation asks for, in integers. */
import { describe, expect, test } from 'vitest'
import { acceptanceGap, gramCeilings } from '../src/selectability/acceptance.ts'
import type { Frame } from '../src/selectability/prepare.ts'

const frameOf = (d: number, exponent: number, ...norms: number[]): Frame =>
  ({ keys: { d }, norms: Float64Array.from(norms), largest: Math.max(...norms), exponent }) as unknown as Frame

/** Multiples of 2^−300, which all numbers here are. */
const whole = (x: number): bigint => BigInt(x * 2 ** 300)
/** `x·(1 + k·u)`, rounded down. */
const raised = (x: bigint, k: number): bigint => x + ((x * BigInt(k)) >> 53n)

describe('the acceptance gap', () => {
  test.each([1, 2, 7, 8, 33, 64, 300])(
    'has d + 12 roundings of itself to spare, and few more, in %i dimensions',
    (d) => {
      for (let round = 0; round < 50; round++) {
        const [norm, largest] = [1 + Math.sin(round) / 2, 2 + Math.cos(round) / 3]
        const exponent = (round % 5) - 2
        const tolerance = round % 3 === 0 ? 0 : 2 ** -(round + 5) / 3
        const gap = whole(acceptanceGap(frameOf(d, exponent, largest, norm), 1, tolerance))
        const roundings = (BigInt(d + 2) * (whole(norm) + whole(largest))) >> 53n
        const exact = whole(tolerance * 2 ** -exponent) + roundings
        expect(gap >= raised(exact, d + 12)).toBe(true)
        expect(gap <= raised(exact, 3 * d + 24)).toBe(true)
      }
    },
  )

  test('covers what underflows beside norms of 0', () => {
    expect(acceptanceGap(frameOf(3, 0, 0), 0, 0)).toBe(5 * 2 ** -1020 * (1 + 22 * 2 ** -53))
    expect(acceptanceGap(frameOf(3, 4, 0), 0, 16)).toBe(1 + 22 * 2 ** -53)
  })
})

describe('ceilings', () => {
  test('are below what the gap leaves by more than their own two roundings', () => {
    for (const norm of [1, 1.1, 1.37, 1.9]) {
      const frame = frameOf(3, 0, 2, norm)
      for (const tolerance of [0, 0.1, 0.6]) {
        const ceiling = whole(gramCeilings(frame, tolerance)[1])
        const unit = 2n ** 300n
        const square = (whole(norm) * whole(norm)) / unit
        const left = square - (whole(acceptanceGap(frame, 1, tolerance)) * whole(norm)) / unit
        expect(left - ceiling > square >> 52n).toBe(true)
        expect(left - ceiling < square >> 50n).toBe(true)
      }
    }
  })

  test('are none where the gap leaves nothing, or squares would underflow', () => {
    expect(gramCeilings(frameOf(2, 0, 1), 1)).toEqual(Float64Array.of(-Infinity))
    expect(gramCeilings(frameOf(2, 0, 1), 2)).toEqual(Float64Array.of(-Infinity))
    const [, least, below] = gramCeilings(frameOf(2, -600, 2 ** -499, 2 ** -499, 2 ** -500), 0)
    expect(least > 0 && least < Infinity).toBe(true)
    expect(below).toBe(-Infinity)
  })
})
