/**
 * `completion SHELL`: a script that completes commands, options, choices and files, made from the commands themselves.
 *
 * The script holds all that it needs: a shell that had to start Node at every Tab would wait for it.
 */
import { Argument } from 'commander'
import type { Command, Option } from 'commander'

type Shell = 'bash' | 'zsh' | 'fish'

interface CompletedOption {
  readonly flag: string
  readonly description: string
  readonly takesValue: boolean
  readonly takesFile: boolean
  /** Values to choose from; none where a file, a number or a name is wanted. */
  readonly choices: readonly string[]
}

interface CompletedCommand {
  readonly name: string
  readonly summary: string
  readonly options: readonly CompletedOption[]
  /** Words that its argument may be; none where it is a file. */
  readonly words: readonly string[]
}

const scripts: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = { bash, zsh, fish }

/** Declares the command on `program`, after all others; `write` takes the script. */
export function addCompletion(program: Command, write: (text: string) => void): void {
  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Print a completion script.')
    .addArgument(new Argument('<SHELL>', 'the shell to complete in').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      `
Examples:
  selectability completion bash >> ~/.bashrc
  selectability completion zsh > "\${fpath[1]}/_selectability"
  selectability completion fish > ~/.config/fish/completions/selectability.fish`,
    )
    .action((shell: Shell) => write(scripts[shell](program.commands.map(describe))))
}

function describe(command: Command): CompletedCommand {
  const help = {
    flag: '--help',
    description: 'display help for command',
    takesValue: false,
    takesFile: false,
    choices: [],
  }
  return {
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.map(describeOption), help],
    words: command.registeredArguments[0]?.argChoices ?? [],
  }
}

function describeOption(option: Option): CompletedOption {
  const { flags, long, description, required, argChoices } = option
  const takesFile = flags.endsWith('<file>')
  return { flag: long ?? '', description, takesValue: required, takesFile, choices: argChoices ?? [] }
}

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, options, words }) => {
    const chosen = options.filter(({ choices }) => choices.length > 0)
    const files = options.filter(({ takesFile }) => takesFile)
    const free = options.filter((o) => o.takesValue && !o.takesFile && o.choices.length === 0)
    const pattern = (some: readonly CompletedOption[]): string => some.map(({ flag }) => flag).join('|')
    return [
      `    ${name})`,
      '      case "$prev" in',
      ...chosen.map(({ flag, choices }) => `        ${flag}) words="${choices.join(' ')}" ;;`),
      ...(files.length > 0 ? [`        ${pattern(files)}) files=1 ;;`] : []),
      ...(free.length > 0 ? [`        ${pattern(free)}) ;;`] : []),
      `        *) words="${[...words, ...options.map(({ flag }) => flag)].join(' ')}"; files=${words.length > 0 ? '' : 1} ;;`,
      '      esac ;;',
    ].join('\n')
  })
  return `# bash completion for selectability
_selectability() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" words="" files=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} help --help --version" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  [ -n "$words" ] && COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [ -n "$files" ] && [ "\${cur#-}" = "$cur" ]; then
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$cur"))
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _selectability selectability
`
}

function zsh(commands: readonly CompletedCommand[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
  const plain = (text: string): string => text.replace(/[[\]:]/gu, '\\$&')
  const cases = commands.map(({ name, options, words }) => {
    const specs = options.map(({ flag, description, takesValue, takesFile, choices }) => {
      const values = choices.length > 0 ? `(${choices.join(' ')})` : takesFile ? '_files' : ' '
      const value = takesValue ? `:value:${values}` : ''
      return `        ${quote(`${flag}[${plain(description)}]${value}`)}`
    })
    const argument = words.length > 0 ? `:word:(${words.join(' ')})` : ':file:_files'
    return `      ${name})\n        _arguments \\\n${[...specs, `        ${quote(`*${argument}`)}`].join(' \\\n')} ;;`
  })
  return `#compdef selectability
_selectability() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${plain(summary)}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments '--help[display help for command]' '--version[output the version number]'
  else
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
${cases.join('\n')}
    esac
  fi
}
if [ "$funcstack[1]" = "_selectability" ]; then
  _selectability "$@"
else
  compdef _selectability selectability
fi
`
}

function fish(commands: readonly CompletedCommand[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = commands.flatMap(({ name, summary, options, words }) => [
    `complete -c selectability -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
    ...(words.length > 0
      ? [`complete -c selectability -n '__fish_seen_subcommand_from ${name}' -f -a ${quote(words.join(' '))}`]
      : []),
    ...options.map(({ flag, description, takesValue, takesFile, choices }) => {
      const values = choices.length > 0 ? ` -a ${quote(choices.join(' '))}` : ''
      const value = takesFile ? ' -r' : takesValue ? ` -x${values}` : ''
      const when = `-n '__fish_seen_subcommand_from ${name}'`
      return `complete -c selectability ${when} -l ${flag.slice(2)} -d ${quote(description)}${value}`
    }),
  ])
  return `# fish completion for selectability\n${lines.join('\n')}\n`
}
