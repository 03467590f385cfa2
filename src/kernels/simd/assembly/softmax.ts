/**
 * Softmax of rows: the maximum, then e^(s − max) and their sum, then the quotients; and the masks that come before.
 *
 * The sum runs in as many partial sums as a vector has lanes: γ_(n/lanes + 3).
 */
import { exp } from './exp'
import { lanes, maxLanes, sumLanes, vector } from './lanes'

/** The largest of n numbers, none of which is NaN. */
export function largest<T extends number>(s: usize, n: i32): T {
  let most = v128.splat<T>(<T>-Infinity)
  let j = 0
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    most = v128.pmax<T>(most, v128.load(s))
    s += vector
  }
  let result = maxLanes<T>(most)
  for (; j < n; j++) {
    result = max<T>(result, load<T>(s))
    s += sizeof<T>()
  }
  return result
}

/** Turns n numbers s <= max into e^(s − max), and returns their sum. */
export function exponentials<T extends number>(s: usize, n: i32, max: T): T {
  const most = v128.splat<T>(max)
  let total = v128.splat<T>(<T>0)
  let j = 0
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    const e = exp<T>(v128.sub<T>(v128.load(s), most))
    v128.store(s, e)
    total = v128.add<T>(total, e)
    s += vector
  }
  let sum = sumLanes<T>(total)
  for (; j < n; j++) {
    const e = exp<T>(v128.splat<T>(<T>(load<T>(s) - max)))
    const first = sizeof<T>() === 4 ? <T>f32x4.extract_lane(e, 0) : <T>f64x2.extract_lane(e, 0)
    store<T>(s, first)
    sum = <T>(sum + first)
    s += sizeof<T>()
  }
  return sum
}

/** Softmax of rows of n numbers, none of them NaN or +∞, in place; a row of −∞ gives zeros. */
export function softmax<T extends number>(s: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    const max = largest<T>(s, n)
    const total = exponentials<T>(s, n, <f64>max === -Infinity ? <T>0 : max)
    if (<f64>total !== 0) divide<T>(s, n, total)
    s += <usize>n * sizeof<T>()
  }
}

function divide<T extends number>(s: usize, n: i32, total: T): void {
  const by = v128.splat<T>(total)
  let j = 0
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    v128.store(s, v128.div<T>(v128.load(s), by))
    s += vector
  }
  for (; j < n; j++) {
    store<T>(s, <T>(load<T>(s) / total))
    s += sizeof<T>()
  }
}

/**
 * Masks of rows of n scores: adds b where it is floating, and puts −∞ where it is boolean and 0.
 *
 * @param stride numbers from one row of the mask to the next: n, or 0 where one serves all
 */
export function maskRows<T extends number>(
  s: usize,
  rows: i32,
  n: i32,
  mask: usize,
  stride: i32,
  isBoolean: bool,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < n; j++) {
      if (!isBoolean) store<T>(s, <T>(load<T>(s) + load<T>(mask + <usize>(i * stride + j) * sizeof<T>())))
      else if (load<u8>(mask + <usize>(i * stride + j)) === 0) store<T>(s, <T>-Infinity)
      s += sizeof<T>()
    }
  }
}

/** Causal limit: row i of n scores keeps the first seen + i. */
export function limitRows<T extends number>(s: usize, rows: i32, n: i32, seen: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = max(0, min(n, seen + i)); j < n; j++) {
      store<T>(s + <usize>(i * n + j) * sizeof<T>(), <T>-Infinity)
    }
  }
}
