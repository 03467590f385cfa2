/** What a reader can do in the pictures; the page's main file says what becomes of the state. */
import type { Vector } from './vector.ts'

export interface Actions {
  select(i: number): void
  /** Moves key i by so much in the space of the keys on show. */
  move(i: number, by: Vector): void
  point(query: Vector): void
  remove(i: number): void
  /** A drag begins or ends: the pictures keep their scale meanwhile. */
  hold(held: boolean): void
}

/** How large things are drawn: units of the view box to a unit of the keys' space. */
export interface View {
  readonly plane: number
  readonly space: number
}
