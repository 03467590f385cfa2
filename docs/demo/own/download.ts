/** Text as a file of the reader's own machine. */
import { html } from '../dom.ts'
import type { OwnReport } from './messages.ts'

export function download(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }))
  html('a', { href: address, download: name }).click()
  URL.revokeObjectURL(address)
}

/** The table as CSV; keys count from 0, as in certificates and on the command line. */
export function toCsv({ n, names, verdicts, norms, margins }: OwnReport): string {
  const quote = (name: string): string => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)
  const head = ['key', ...(names === null ? [] : ['name']), 'verdict', 'norm', ...(margins === null ? [] : ['margin'])]
  const lines = Array.from({ length: n }, (_, i) =>
    [
      String(i),
      ...(names === null ? [] : [quote(names[i] ?? '')]),
      verdicts[i] ?? '',
      String(norms[i] ?? ''),
      ...(margins === null ? [] : [String(margins[i] ?? '')]),
    ].join(','),
  )
  return `${[head.join(','), ...lines].join('\n')}\n`
}
