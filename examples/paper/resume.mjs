/** Long runs that can be stopped: finished parts are kept in a file until the whole is done. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * @param {URL} file where finished parts are kept
 * @param {string} settings what the parts depend on; parts of other settings are dropped
 */
export function resumable(file, settings) {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  const parts = kept?.settings === settings ? kept.parts : {}
  const found = Object.keys(parts).length
  return {
    found,
    /** The part of that name: kept, or computed now and kept. */
    part(name, compute) {
      if (name in parts) return parts[name]
      parts[name] = compute()
      // Written beside and renamed, so that a run cut off in between leaves a whole file.
      const beside = new URL(`${file.href}.tmp`)
      writeFileSync(beside, JSON.stringify({ settings, parts }))
      renameSync(beside, file)
      return parts[name]
    },
    done: () => rmSync(file, { force: true }),
  }
}
