/** The few rows of least score, in ascending order: what a pricing leaves behind, for one direction or for four. */

/** Rows of a list, at most. */
export let mostListed: i32 = 16

/** Lists hold up to so many rows, at most 16: in 8 dimensions walks among Gaussian keys take 0.95 of the time with 8, in 64 1.1. */
export function listUpTo(count: i32): void {
  mostListed = count
}

/** There are five lists: the first for walks, the others for the lanes of reflections. */
const listBytes: usize = 16 * 4

const allScores: usize = memory.data(5 * 16 * 4, 16)
const allRows: usize = memory.data(5 * 16 * 4, 16)
const lengths: usize = memory.data(5 * 4, 4)

/** The list in use. */
let list: usize = 0
let scores: usize = allScores
let rows: usize = allRows
export let listed: i32 = 0

/** Takes up another list, as it was left. */
export function useList(other: usize): void {
  store<i32>(lengths + (list << 2), listed)
  list = other
  scores = allScores + list * listBytes
  rows = allRows + list * listBytes
  listed = load<i32>(lengths + (list << 2))
}

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
