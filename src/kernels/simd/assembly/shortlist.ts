/** The few rows of least score, in ascending order: what a pricing leaves behind. */

export const mostListed: i32 = 16

export let listed: i32 = 0
const scores: usize = memory.data(16 * 4, 16)
const rows: usize = memory.data(16 * 4, 16)

export function clearList(): void {
  listed = 0
}

export function listedRow(slot: i32): i32 {
  return load<i32>(rows + ((<usize>slot) << 2))
}

export function listedScore(slot: i32): f32 {
  return load<f32>(scores + ((<usize>slot) << 2))
}

/** The rows, as a list of indices. */
export function listedRows(): usize {
  return rows
}

/** Puts a row on the list; returns the score below which others still belong on it, at most `limit`. */
export function enlist(row: i32, score: f32, limit: f32): f32 {
  let slot = listed < mostListed ? listed++ : mostListed - 1
  while (slot > 0 && listedScore(slot - 1) > score) {
    store<f32>(scores + ((<usize>slot) << 2), listedScore(slot - 1))
    store<i32>(rows + ((<usize>slot) << 2), listedRow(slot - 1))
    slot--
  }
  store<f32>(scores + ((<usize>slot) << 2), score)
  store<i32>(rows + ((<usize>slot) << 2), row)
  return listed < mostListed ? limit : min<f32>(limit, listedScore(mostListed - 1))
}
