/** Every link of the built site leads to a file and a heading of it, and no page asks another place for anything. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'

const outside = /^(?:[a-z]+:|\/\/)/i

/** @returns what is wrong, a line a link; [] when nothing is. */
export function linkProblems(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(folder, join(entry.parentPath, entry.name)))
  const html = new Map(
    files.filter((file) => file.endsWith('.html')).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  )
  const anchors = new Map(
    Array.from(html, ([file, text]) => [file, new Set(Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id]) => id))]),
  )
  const known = new Set(files)
  const problems = []
  for (const [file, text] of html) {
    for (const [, tag, attribute, address] of text.matchAll(/<(\w+)\b[^>]*? (href|src|srcset)="([^"]*)"/g)) {
      if (outside.test(address)) {
        if (tag !== 'a') problems.push(`${file}: <${tag} ${attribute}> asks for ${address}`)
        continue
      }
      const [path, hash] = address.split('#')
      const target = path === '' ? file : posix.join(posix.dirname(file), decodeURI(path.replace(/\?.*/, '')))
      if (!known.has(target)) problems.push(`${file}: links to ${address}, which is not there`)
      else if (hash !== undefined && hash !== '' && anchors.get(target)?.has(decodeURIComponent(hash)) === false) {
        problems.push(`${file}: links to ${address}, and ${target} has no such heading`)
      }
    }
  }
  return problems
}
