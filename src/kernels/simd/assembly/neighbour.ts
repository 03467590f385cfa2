/** A walk that starts from the simplex of a key before, the one that the key is least outside of. */
import { addPoint, clearCorral, settleCorral, size, target } from './corral'
import { aim, d, gamma, row } from './walk'

/**
 * Starts a walk around key `own` from the corners of a simplex, without those across from which it is outside, by its coordinates in `target`; false
 * where the key is a corner, or they are too flat.
 */
export function startFrom(simplex: usize, own: i32): bool {
  clearCorral()
  const origin = row(own)
  for (let s: usize = 0; s <= <usize>d; s++) {
    const label = load<i32>(simplex + (s << 2))
    if (label === own) return false
    if (!(load<f64>(target + (s << 3)) > 0)) continue
    aim(label, origin)
    if (!addPoint(label, gamma)) return false
  }
  settleCorral()
  return size > 0
}
