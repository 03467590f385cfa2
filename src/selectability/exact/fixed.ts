/**
 * Numbers in fixed point: an integer times 2^−bits, with as many bits as are wanted. Exponentials and logarithms have `places` of them.
 *
 * `e^x = 2^k·(e^(r/256))^256` with r in [0, ln 2), by Taylor's series; a logarithm is the engine's own, made a bound by an exponential:
 * `log w = y + log(w·e^−y)` and `log(1 + t) <= t`, so that its error is about the square of that of y.
 */
import { bitLength, commonIntegers } from './dyadic.ts'

/** Bits of exponentials and logarithms. */
export const places = 128

/** Bits on the way: 14 terms, halved or rounded once each, and 8 squarings, each of which doubles the error, take less than 2^14 units. */
const working = places + 32

const squarings = 8

/** ln 2 = 2·artanh(1/3), rounded down by less than 2^−places·2^−32, also where it is taken a million times. */
const ln2Bits = working + 32
const ln2 = ((): bigint => {
  let sum = 0n
  let power = (2n << BigInt(ln2Bits + 16)) / 3n
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k
    power /= 9n
  }
  return sum >> 16n
})()

export const one: bigint = 1n << BigInt(places)

/** `x·2^n`, rounded down. */
export function shift(x: bigint, n: number): bigint {
  return x << BigInt(n)
}

/** `x·2^n`, rounded up. */
export function shiftUp(x: bigint, n: number): bigint {
  return -shift(-x, n)
}

/** `a/b` for b > 0, rounded down. */
export function divide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return quotient * b > a ? quotient - 1n : quotient
}

/** The square root of an integer >= 0, rounded down: Newton's method from above falls until it is there. */
export function rootBelow(x: bigint): bigint {
  if (x === 0n) return 0n
  let y = 1n << BigInt((bitLength(x) >> 1) + 1)
  for (;;) {
    const next = (y + x / y) >> 1n
    if (next >= y) return y
    y = next
  }
}

/** A float in fixed point, rounded down. */
export function fixed(x: number, bits: number): bigint {
  const { integers, e } = commonIntegers([x])
  return shift(integers[0], e + bits)
}

/** `e^x` for x <= 8, off by less than two units. */
export function exponential(x: bigint): bigint {
  if (x < -one * BigInt(places)) return 0n
  const k = divide(x << BigInt(ln2Bits - places), ln2)
  const r = ((x << BigInt(ln2Bits - places)) - k * ln2) >> BigInt(ln2Bits - working + squarings)
  let sum = 0n
  let term = 1n << BigInt(working)
  for (let j = 1n; term !== 0n; j++) {
    sum += term
    term = ((term * r) >> BigInt(working)) / j
  }
  for (let s = 0; s < squarings; s++) sum = (sum * sum) >> BigInt(working)
  return shift(sum, places - working + Number(k))
}

/** An upper bound on `log(w·2^−bits)` for an integer w > 0, off by less than 2^−100 and a unit for every million doublings. */
export function logarithmAbove(w: bigint, bits: number): bigint {
  const length = bitLength(w)
  const share = shiftUp(w, places - length)
  const y = fixed(Math.log(Number(share) * 2 ** -places), places)
  const rest = shiftUp(share * (exponential(-y) + 2n), -places) - one
  const doublings = BigInt(length - bits) * ln2
  return y + rest + shiftUp(doublings + BigInt(length), places - ln2Bits)
}
