/** How the space is looked at: from the side of the hyperplane, turned and tilted, without perspective. */
import { add, frame, times } from './vector.ts'
import type { Vector } from './vector.ts'

export interface Camera {
  readonly turn: number
  readonly tilt: number
}

/** The screen's right, its up, and towards the reader, as vectors of the keys' space. */
export function axesOf({ turn, tilt }: Camera): readonly [Vector, Vector, Vector] {
  const [u, v, w] = frame
  const right = add(times(u, Math.cos(turn)), times(v, Math.sin(turn)))
  const back = add(times(u, -Math.sin(turn)), times(v, Math.cos(turn)))
  const up = add(times(w, Math.cos(tilt)), times(back, Math.sin(tilt)))
  const near = add(times(w, Math.sin(tilt)), times(back, -Math.cos(tilt)))
  return [right, up, near]
}

export function rotate({ turn, tilt }: Camera, by: Camera): Camera {
  return { turn: turn + by.turn, tilt: Math.max(-1.5, Math.min(1.5, tilt + by.tilt)) }
}
