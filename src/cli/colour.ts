/** Colour, only on a terminal and never against the user's wish (https://no-color.org). */

export interface Colours {
  cyan(text: string): string
  green(text: string): string
  yellow(text: string): string
  red(text: string): string
  dim(text: string): string
}

/** The colours that `stream` takes: none when it is no terminal, is dumb, or NO_COLOR is set and not empty. */
export function colours(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): Colours {
  const wanted = stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb'
  const sgr =
    (on: number, off: number) =>
    (text: string): string =>
      wanted ? `\u001b[${on}m${text}\u001b[${off}m` : text
  return { cyan: sgr(36, 39), green: sgr(32, 39), yellow: sgr(33, 39), red: sgr(31, 39), dim: sgr(2, 22) }
}
