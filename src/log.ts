/**
 * The log: JSON lines on standard error, so that standard output stays what the command prints.
 *
 * The only module that imports pino.
 */
import { destination, type Logger, pino, stdSerializers } from 'pino';

export type Log = Pick<Logger, 'error' | 'warn' | 'info'>;

/** A log that writes to standard error, or one that is silent. */
export function makeLog(enabled: boolean): Log {
  return enabled
    ? pino({ name: 'paydouble', level: 'info', serializers: { error: stdSerializers.err } }, destination(2))
    : pino({ level: 'silent' });
}
