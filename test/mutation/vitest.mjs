/**
 * The part of vitest and @fast-check/vitest that the tests under mutation use, without a file system, workers or reports: tests are
 * collected once and called as often as there are mutants.
 *
 * `chai` and `@vitest/expect` are vitest's own, so that a matcher means here what it means there.
 *
 * Property tests run from one seed, at most `mostRuns` times, and do not shrink: a mutant asks only whether they fail.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  getState,
  setState,
} from '@vitest/expect'
import * as chai from 'chai'
import fc from 'fast-check'

const mostRuns = 40

/** Every test, in the order of the files: its full name and what it does. */
export const tests = []
const path = []

export function describe(name, body) {
  path.push(name)
  body()
  path.pop()
}

export function test(name, body) {
  tests.push({ name: [...path, name].join(' > '), body })
}

/** As vitest has it: cases are lists of arguments where all of them are lists. */
const each = (declare) => (cases) => (name, body) => {
  const lists = cases.every((entry) => Array.isArray(entry)) ? cases : cases.map((entry) => [entry])
  lists.forEach((entries, at) => declare(`${name} #${at}`, () => body(...entries)))
}

test.each = each(test)
describe.each = each(describe)

test.prop =
  (arbitraries, { numRuns = 100 } = {}) =>
  (name, body) => {
    const property = Array.isArray(arbitraries)
      ? fc.property(fc.tuple(...arbitraries), (values) => void body(...values))
      : fc.property(fc.record(arbitraries), (values) => void body(values))
    test(name, () => fc.assert(property, { seed: 1, numRuns: Math.min(numRuns, mostRuns), endOnFailure: true }))
  }

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

export const expect = Object.assign(
  (value, message) => chai.expect(value, message),
  chai.expect,
  globalThis[ASYMMETRIC_MATCHERS_OBJECT],
)
setState({ assertionCalls: 0 }, expect)
expect.getState = () => getState(expect)

const hooks = []
export const afterEach = (hook) => void hooks.push(hook)
export const runHooks = () => hooks.forEach((hook) => hook())
export const it = test
export { fc }
