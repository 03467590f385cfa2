/** How wide text is on a terminal, where a letter of Chinese, Japanese or Korean takes two columns, and so does an emoji. */

/** The ranges of M. Kuhn's wcwidth (2007), with conjoining and extended Jamo, and what is an emoji by default or by a selector. */
const wide =
  /^(?:[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u
/** Marks and joiners with no letter before them. */
const unseen = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

const segmenter = new Intl.Segmenter()

/** Columns that the text takes. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += columns(segment)
  return width
}

/** The text if it takes at most so many columns, else its start and an ellipsis, no letter cut in two. */
export function shorten(text: string, most: number): string {
  if (widthOf(text) <= most) return text
  let start = ''
  let width = 1
  for (const { segment } of segmenter.segment(text)) {
    width += columns(segment)
    if (width > most) break
    start += segment
  }
  return `${start}…`
}

/** One line for a file or a program; for a terminal as many as it takes, since it would break words. A word may be wider than all. */
export function linesFor(text: string, { isTTY, columns: most }: { isTTY?: boolean; columns?: number }): string[] {
  if (isTTY !== true || most === undefined || most === 0) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    const fits = line === '' || widthOf(longer) <= most
    if (!fits) lines.push(line)
    line = fits ? longer : word
  }
  return [...lines, line]
}

/** Columns of one grapheme: an accent takes none of its own. */
function columns(segment: string): number {
  if (unseen.test(segment)) return 0
  return wide.test(segment) ? 2 : 1
}
