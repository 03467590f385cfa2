/** The command line: `selectability check KEYS`, `selectability verify KEYS CERTIFICATES`. */
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { addCheck } from './check.ts'
import { exit, fail, quietPipes } from './errors.ts'
import { inputFormats } from './input.ts'
import { addVerify } from './verify.ts'

const help = `
Keys are read as ${inputFormats.join(', ')}, by extension; a file holds one key a row.

Exit codes:
  0  every key is selectable, or every certificate valid
  1  some are not
  2  bad usage or bad input`

quietPipes()
process.exitCode = await main(process.argv)

async function main(argv: readonly string[]): Promise<number> {
  let code: number = exit.good
  const done = (result: number): void => {
    code = result
  }
  const program = new Command('selectability')
    .description('Which keys can attention select? Proven verdicts, one a key.')
    .version(versionOf(import.meta.url))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError()
    .addHelpText('after', help)
  addCheck(program, done)
  addVerify(program, done)
  try {
    await program.parseAsync(argv)
    return code
  } catch (error) {
    return fail(error)
  }
}

/** package.json stands one directory above the built file and two above this one. */
function versionOf(url: string): string {
  const built = new URL('../package.json', url)
  const source = new URL('../../package.json', url)
  const { version } = JSON.parse(readFileSync(url.endsWith('.ts') ? source : built, 'utf8')) as { version: string }
  return version
}
