/** What went wrong and where, in words. Nothing here needs Node: the documentation's page reads files with the same readers. */

const systemReasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left',
  EDQUOT: 'no space left in the quota',
  EFBIG: 'too large for its file system',
  EIO: 'the device failed',
  EPIPE: 'its reader has gone',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'name too long',
  EMFILE: 'too many open files',
  ERR_FS_FILE_TOO_LARGE: 'too large to be read at once',
  ERR_STRING_TOO_LONG: 'too large to be read as text',
}

/** The code of a system error (`ENOENT`, …), if `error` carries one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  const reason = systemReasons[codeOf(error) ?? '']
  if (reason !== undefined) return reason
  return error instanceof Error ? error.message : String(error)
}

/** The same kind of error, its message led by where it happened: a file, a line, an option. */
export function locate(place: string, error: unknown): Error {
  const message = `${place || "''"}: ${messageOf(error)}`
  if (error instanceof TypeError) return new TypeError(message)
  return error instanceof RangeError ? new RangeError(message) : new Error(message)
}
