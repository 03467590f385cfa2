/** Keys of every verdict, small enough to see. */

/** The corners of a square, a point of an edge, and the centre. */
export const rows = [
  [0, 0],
  [2, 0],
  [0, 2],
  [2, 2],
  [1, 0],
  [1, 1],
]
export const n = rows.length
export const verdicts = ['selectable', 'selectable', 'selectable', 'selectable', 'tied', 'unselectable']
export const counts = { selectable: 4, tied: 1, unselectable: 1 }
export const csv = rows.map((row) => `${row.join(',')}\n`).join('')
export const flat = rows.flat()
