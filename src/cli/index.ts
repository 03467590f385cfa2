/** The command line: one subcommand a file. */
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { addAttend } from './attend.ts'
import { addCheck } from './check.ts'
import { addCompletion } from './completion.ts'
import { addExplain } from './explain.ts'
import { exit, fail, isAnswer, quietPipes } from './errors.ts'
import { inputFormats } from './input.ts'
import { addMerge } from './merge.ts'
import { print } from './output.ts'
import { addVerify } from './verify.ts'

const help = `
Keys are read as ${inputFormats.join(', ')}, by extension,
gzip'd or not; one key a row.

Examples:
  selectability check keys.npy         which keys can some query select?
  selectability check model.safetensors --entry wte.weight --transform layernorm
  selectability check keys.csv --exact --certificates proofs.jsonl
  selectability verify keys.csv proofs.jsonl --exact
  selectability explain keys.npy 7     why, and what would change it?
  selectability attend queries.npy keys.npy --causal

Exit codes:
  0  every key is selectable (for explain, the one), or every certificate valid
  1  some are not
  2  bad usage or bad input

Colours are for terminals; NO_COLOR=1 in the environment turns them off.`

quietPipes()
process.exitCode = await main(process.argv)

async function main(argv: readonly string[]): Promise<number> {
  let code: number = exit.good
  // Help and the version go the way of all results, so that a full disk or a closed pipe is met there too.
  let answer = ''
  try {
    const program = commandLine(
      (result) => (code = result),
      (text) => (answer += text),
    )
    await program.parseAsync(argv).catch((error: unknown) => {
      if (!isAnswer(error)) throw error
    })
    if (answer !== '') await print([answer.trimEnd()])
    return code
  } catch (error) {
    return fail(error)
  }
}

function commandLine(done: (code: number) => void, writeOut: (text: string) => void): Command {
  const program = new Command('selectability')
    .description('Which keys can attention select? Proven verdicts, one a key.')
    .version(versionOf(import.meta.url))
    .exitOverride()
    .configureOutput({ writeOut, writeErr: () => undefined })
    .configureHelp({ subcommandTerm })
    .showSuggestionAfterError()
    .addHelpText('after', help)
  addCheck(program, done)
  addMerge(program, done)
  addVerify(program, done)
  addExplain(program, done)
  addAttend(program, done)
  addCompletion(program, writeOut)
  return program
}

/** A command and its arguments: that all have options is no news, and leaves their summaries room on a line. */
function subcommandTerm(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`
    return argument.required ? `<${name}>` : `[${name}]`
  })
  return [command.name(), ...names].join(' ')
}

/** package.json stands one directory above the built file and two above this one. */
function versionOf(url: string): string {
  const built = new URL('../package.json', url)
  const source = new URL('../../package.json', url)
  const { version } = JSON.parse(readFileSync(url.endsWith('.ts') ? source : built, 'utf8')) as { version: string }
  return version
}
