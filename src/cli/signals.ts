/**
 * Signals that ask a command to end.
 */
import { troubleCode } from './connection.js';

/** Has any of the signals end the command at once. */
export function leaveOn(signals: readonly NodeJS.Signals[]): void {
  for (const signal of signals) process.on(signal, () => process.exit(troubleCode));
}

/** Resolves when the first of the signals comes. A second one leaves at once: no ending may take for ever. */
export function firstOf(signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    const first = () => {
      for (const signal of signals) process.off(signal, first);
      leaveOn(signals);
      resolve();
    };
    for (const signal of signals) process.on(signal, first);
  });
}
