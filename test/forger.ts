/** A set of keys, a certificate of each verdict for it, and what a forger meets who changes one. */
import { expect } from 'vitest'
import type { Certificate, CertifyOptions, MatrixLike } from '../src/index.ts'
import { certify, verify } from '../src/index.ts'

export const keys = [[1, 1], [1, -1], [-1, 1], [-1, -1], [0, 0], [0.5, 1], [0.25, 0.125]] // prettier-ignore
export const exact = { tolerance: 0 }
export const selectable = certify(keys, 0, exact)
export const tied = certify(keys, 5, exact)
export const unselectable = certify(keys, 6, exact)

export const judge = (
  forged: unknown,
  options: CertifyOptions = exact,
  set: MatrixLike = keys,
): ReturnType<typeof verify> => verify(set, forged as Certificate, options)

/** Refused with one line that names a part of the certificate, and nothing of the inside. */
export function expectRefused(forged: unknown, options: CertifyOptions = exact, set: MatrixLike = keys): void {
  const outcome = judge(forged, options, set)
  expect(outcome.valid).toBe(false)
  const reason = outcome.valid ? '' : outcome.reason
  expect(reason).toMatch(/key|verdict|query|exactQuery|margin|runner-?up|support|weights|distance/i)
  expect(reason).not.toMatch(/\n|undefined is|Cannot|not a function|BigInt|iterable/)
}
