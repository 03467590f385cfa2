/** A walk that starts from the simplex around a key near by, in which, or not far from which, the key often is. */
import { addPoint, clearCorral, settleCorral } from './corral'
import { sumLanes } from './lanes'
import { aim, d, gamma, row, stride } from './walk'

const bytes: usize = 8

/** Starts a walk around key `own` from a simplex, d + 1 keys; false where the key is one of them, or they are too flat. */
export function startFrom(simplex: usize, own: i32): bool {
  clearCorral()
  const origin = row(own)
  for (let s: usize = 0; s <= <usize>d; s++) {
    const label = load<i32>(simplex + (s << 2))
    if (label === own) return false
    aim(label, origin)
    if (!addPoint(label, gamma)) return false
  }
  settleCorral()
  return true
}

/** Of the first `count` keys of a list that came to one end the nearest to key `own`, or −1. */
export function nearestOf(list: usize, ends: usize, end: i32, count: usize, own: i32): i32 {
  let least: f64 = Infinity
  let found = -1
  const origin = row(own)
  for (let at: usize = 0; at < count; at++) {
    if (load<i32>(ends + (at << 2)) !== end) continue
    const other = row(load<i32>(list + (at << 2)))
    let square = f64x2.splat(0)
    for (let c: usize = 0; c < <usize>stride * bytes; c += 16) {
      const a = f64x2.sub(v128.load(other + c), v128.load(origin + c))
      square = f64x2.add(square, f64x2.mul(a, a))
    }
    const sqDist = sumLanes<f64>(square)
    if (sqDist < least) {
      least = sqDist
      found = <i32>at
    }
  }
  return found
}
