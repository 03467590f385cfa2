/** A project of its own: without this file vitest goes up to the library's settings. */
export default {}
