/** A plan carried out by workers of which some fail: the first failure in the order of jobs counts, whoever met it first. */
import { expect, test } from 'vitest'
import { createReporter } from '../src/selectability/progress.ts'
import { runOnStaff } from '../src/selectability/rounds.ts'
import type { Round } from '../src/selectability/rounds.ts'

/** Workers that take as many turns for a job as it says, and fail at what is negative. */
const workers = (count: number) =>
  Array.from({ length: count }, () => ({
    open: () => Promise.resolve(null),
    hear: () => undefined,
    run: async (turns: number) => {
      for (let turn = 0; turn < Math.abs(turns); turn++) await Promise.resolve()
      if (turns < 0) throw new Error(`${turns}`)
      return turns
    },
  }))

async function carryOut(jobs: number[], count: number): Promise<number[]> {
  const outcomes: number[] = []
  const round: Round<number, number, never> = {
    phase: 'walk',
    before: 0,
    shares: jobs.map(() => 1),
    news: null,
    jobs,
    take: (at, outcome) => (outcomes[at] = outcome),
  }
  await runOnStaff([round], workers(count), createReporter(jobs.length, count))
  return outcomes
}

test.each([1, 2, 5])('%i workers do all jobs', async (count) => {
  expect(await carryOut([5, 1, 3, 1, 2], count)).toEqual([5, 1, 3, 1, 2])
})

test('the first failure in the order of jobs counts, be it met last or first', async () => {
  await expect(carryOut([1, -9, -2, 1], 2)).rejects.toThrow('-9')
  await expect(carryOut([-2, -9], 2)).rejects.toThrow('-2')
  await expect(carryOut([1, -3, -3], 1)).rejects.toThrow('-3')
})

test('after a failure no job is handed out but the one that a worker had ahead', async () => {
  const begun: number[] = []
  const [worker] = workers(1)
  const run = async (turns: number): Promise<number> => {
    begun.push(turns)
    return worker.run(turns)
  }
  const round: Round<number, number, never> = {
    phase: 'walk',
    before: 0,
    shares: [1, 1, 1, 1, 1],
    news: null,
    jobs: [1, -1, 2, 3, 4],
    take: () => undefined,
  }
  await expect(runOnStaff([round], [{ ...worker, run }], createReporter(5, 1))).rejects.toThrow('-1')
  expect(begun).toEqual([1, -1, 2])
})

test.each([
  [7, 2],
  [2, 1],
])('of %i jobs two workers have at most %i each at a time', async (count, expected) => {
  let most = 0
  const staff = workers(2).map((worker) => {
    let held = 0
    const run = async (turns: number): Promise<number> => {
      most = Math.max(most, ++held)
      const outcome = await worker.run(turns)
      held--
      return outcome
    }
    return { ...worker, run }
  })
  const jobs = Array.from({ length: count }, () => 3)
  const outcomes: number[] = []
  const take = (_: number, outcome: number): number => outcomes.push(outcome)
  const round: Round<number, number, never> = { phase: 'walk', before: 0, shares: jobs, news: null, jobs, take }
  await runOnStaff([round], staff, createReporter(count, 2))
  expect(most).toBe(expected)
  expect(outcomes).toEqual(jobs)
})
