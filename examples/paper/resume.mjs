/** Long runs that can be stopped, or shared by several processes: each finished part is a file until the whole is done. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * @param {URL} folder where finished parts are kept; ends with a slash
 * @param {string} settings what the parts depend on; parts of other settings are computed again
 */
export function resumable(folder, settings) {
  const fileOf = (name) => new URL(`${name.replace(/\W+/g, '-')}.json`, folder)
  const read = (name) => {
    if (!existsSync(fileOf(name))) return undefined
    const kept = JSON.parse(readFileSync(fileOf(name), 'utf8'))
    return kept.settings === settings ? kept.part : undefined
  }
  return {
    /** The part of that name: kept, or computed now and kept. */
    part(name, compute) {
      const kept = read(name)
      if (kept !== undefined) return kept
      const part = compute()
      mkdirSync(folder, { recursive: true })
      // Written beside and renamed, so that a run cut off in between leaves a whole file.
      const beside = new URL(`${fileOf(name).href}.${process.pid}`)
      writeFileSync(beside, JSON.stringify({ settings, part }))
      renameSync(beside, fileOf(name))
      return part
    },
    done: () => rmSync(folder, { recursive: true, force: true }),
  }
}
