/**
 * What is used of fs-native-extensions 1.5, which brings no declarations.
 */
declare module 'fs-native-extensions' {
  /** Whether the lock was had: for the whole file, and until the descriptor is closed or its process ends, however. */
  export function tryLock(descriptor: number): boolean;
}
