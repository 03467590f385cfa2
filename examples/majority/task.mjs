/**
 * The majority task of Brody, Alon and Yahav 2023: sequences of tokens, at each token predict the class that occurs most often. It
 * leads the second by at least `lead`.
 *
 * The model has no positions, so a sequence is its counts: tokens of one class have the same output, and attention over tokens is
 * attention over classes with the counts as factors. One token of each sequence is asked, drawn evenly: the loss at it is an
 * unbiased estimate of the loss over all, and tokens of one sequence tell little that is new.
 */

/** Figures 2 and 3. */
export const task = { length: 50, classes: 20, lead: 6, width: 8 }
/** Figures 1a and 1b, whose queries and keys can be drawn. */
export const drawable = { length: 30, classes: 10, lead: 6, width: 3 }

const draw = (uniform, below) => Math.floor(below * uniform())

/**
 * A random composition of `length` into m positive parts, m even in 2..classes, given that the largest leads: into `parts`; returns m
 * and where the largest is.
 */
function composition(uniform, { length, classes, lead }, cut, parts) {
  for (;;) {
    const m = 2 + draw(uniform, classes - 1)
    cut.fill(0)
    for (let left = m - 1; left > 0;) {
      const at = 1 + draw(uniform, length - 1)
      left -= 1 - cut[at]
      cut[at] = 1
    }
    cut[length] = 1
    let first = 0
    let second = 0
    let largest = 0
    for (let at = 1, start = 0, part = 0; at <= length; at++) {
      if (cut[at] === 0) continue
      parts[part] = at - start
      if (parts[part] > first) {
        second = first
        first = parts[part]
        largest = part
      } else second = Math.max(second, parts[part])
      start = at
      part++
    }
    if (first - second >= lead) return { m, largest }
  }
}

/** `size` sequences: counts, size × classes, the most frequent class of each, and the class of the token that is asked. */
export function batch(uniform, size, which = task) {
  const { length, classes } = which
  const counts = new Float32Array(size * classes)
  const majority = new Int32Array(size)
  const asked = new Int32Array(size)
  const cut = new Uint8Array(length + 1)
  const parts = new Uint8Array(classes)
  const order = Uint8Array.from({ length: classes }, (_, c) => c)
  for (let b = 0; b < size; b++) {
    const { m, largest } = composition(uniform, which, cut, parts)
    let token = draw(uniform, length)
    // Fisher and Yates as far as there are parts; any order to start from will do.
    for (let part = 0; part < m; part++) {
      const other = part + draw(uniform, classes - part)
      const c = order[other]
      order[other] = order[part]
      order[part] = c
      counts[b * classes + c] = parts[part]
      if (token >= 0 && token < parts[part]) asked[b] = c
      token -= parts[part]
    }
    majority[b] = order[largest]
  }
  return { counts, majority, asked }
}
