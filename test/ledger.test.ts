/** A pool that is made late has moved its rows as one that was there from the start, and gives back what a run did. */
import { describe, expect, test } from 'vitest'
import { createLedger, createPool, moveToKnown } from '../src/selectability/pool.ts'
import type { Ledger, Pool } from '../src/selectability/pool.ts'

const make = (): Pool =>
  createPool(
    Float64Array.from({ length: 20 }, (_, at) => Math.floor(at / 2)),
    10,
    2,
  )
const heard = { known: Int32Array.of(7, 3), hull: Int32Array.of(1, 9) }

/** Where everything is: rows, order, places and stretches. */
function stateOf({ data, order, place, known, open }: Pool): unknown {
  return { data: [...data], order: [...order], place: [...place], known, open }
}

/** Asks for the pool at one point of its life, and says how it stands after each later one. */
function live(ask: 'first' | 'in the run' | 'last'): { states: unknown[]; moves: unknown } {
  const ledger: Ledger = createLedger(make)
  const states: unknown[] = []
  if (ask === 'first') expect(ledger.pool().n).toBe(10)
  ledger.hear(heard)
  ledger.begin()
  ledger.noteHull(4)
  if (ask === 'in the run') expect(ledger.pool().open).toBe(7)
  ledger.noteHull(0)
  const moves = ledger.takeBack()
  states.push(stateOf(ledger.pool()))
  ledger.begin()
  moveToKnown(ledger.pool(), 5)
  ledger.noteHull(2)
  states.push(stateOf(ledger.pool()))
  const second = ledger.takeBack()
  states.push(stateOf(ledger.pool()))
  return { states, moves: [moves, second] }
}

describe('a ledger', () => {
  test.each(['first', 'in the run'] as const)(
    'whose pool is asked for %s ends as one whose pool is made last',
    (ask) => {
      expect(live(ask)).toEqual(live('last'))
    },
  )

  test('says what a run found, and forgets it', () => {
    const { states, moves } = live('in the run')
    expect(moves).toEqual([
      { known: Int32Array.of(), hull: Int32Array.of(4, 0) },
      { known: Int32Array.of(5), hull: Int32Array.of(2) },
    ])
    expect(states[2]).toEqual(states[0])
    expect(states[1]).not.toEqual(states[0])
  })

  test('lists what was heard at the ends of the pool', () => {
    const ledger = createLedger(make)
    ledger.hear(heard)
    const { order, known, open } = ledger.pool()
    expect([...order.slice(0, known)]).toEqual([7, 3])
    expect([...order.slice(open)].sort()).toEqual([1, 9])
  })
})
