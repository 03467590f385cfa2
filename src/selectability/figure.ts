/** Numbers as a sentence prints them: to three digits or, where those are not certain, as many as it takes. */

/** Digits of a number of which little is known. */
const fewest = 3
const most = 17

/**
 * A number known to lie between two floats: both round to what is printed. Three digits, but more where the ends round apart (a tie
 * of rounding between them), or where a number below 1 would be printed as 1.
 */
export function figure(low: number, high: number = low): string {
  for (let digits = fewest; digits < most; digits++) {
    const text = low.toPrecision(digits)
    if (text === high.toPrecision(digits) && !(Number(text) === 1 && high < 1)) return plain(text)
  }
  return plain(low.toPrecision(most))
}

/** Numbers from here on are shorter with an exponent. */
const large = 1e6

/** Without zeros at the end: `0.500` is `0.5`. */
function plain(text: string): string {
  const x = Number(text)
  return Math.abs(x) < large || !Number.isFinite(x) ? String(x) : x.toExponential()
}

/** A number known to a relative error. */
export function figureWithin(x: number, error: number): string {
  return figure(x * (1 - error), x * (1 + error))
}

/** `a, b and c`. */
export function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`
}
