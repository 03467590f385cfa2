/**
 * The majority task of Brody, Alon and Yahav 2023: sequences of 50 tokens from 20 classes, at each token predict the class that
 * occurs most often. It leads the second by at least 6.
 *
 * The model has no positions, so a sequence is its counts: tokens of one class have the same output, and attention over tokens is
 * attention over classes with the counts as factors. The loss of each class counts as often as its tokens.
 */
export const task = { length: 50, classes: 20, lead: 6 }

/** The parts of a random composition of `length` into m positive parts, from largest to smallest. */
function composition(uniform, m) {
  const cuts = new Set()
  while (cuts.size < m - 1) cuts.add(1 + Math.floor((task.length - 1) * uniform()))
  const ends = [...cuts, task.length].sort((a, b) => a - b)
  return ends.map((end, at) => end - (at === 0 ? 0 : ends[at - 1])).sort((a, b) => b - a)
}

/** Fisher and Yates. */
function shuffledClasses(uniform) {
  const order = Array.from({ length: task.classes }, (_, c) => c)
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor((at + 1) * uniform())
    ;[order[at], order[other]] = [order[other], order[at]]
  }
  return order
}

/** `size` sequences as counts, size × classes, and the most frequent class of each. */
export function batch(uniform, size) {
  const counts = new Float32Array(size * task.classes)
  const majority = new Int32Array(size)
  for (let b = 0; b < size; b++) {
    let parts
    do parts = composition(uniform, 2 + Math.floor((task.classes - 1) * uniform()))
    while (parts[0] - parts[1] < task.lead)
    const order = shuffledClasses(uniform)
    parts.forEach((part, at) => (counts[b * task.classes + order[at]] = part))
    majority[b] = order[0]
  }
  return { counts, majority }
}
