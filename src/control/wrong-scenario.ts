/**
 * Scenario files that are wrong, as the control API tells of them. They are read when first asked for, so a server starts
 * without them.
 */
import { Problem, type ProblemDetail } from '../problem.js';
import { FileError } from '../yaml.js';

/**
 * What `action` makes of a scenario. `place` and `pointer` tell where the request names it, or what was made from it.
 *
 * @throws {Problem} a conflict with a detail for each thing that is wrong with its files
 */
export function fromScenario<Made>(
  scenario: string,
  action: () => Made,
  place: ProblemDetail['in'] = 'body',
  pointer = '/scenario',
): Made {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const details = error.message.split('\n').map((line): ProblemDetail => {
      return { in: place, pointer, rule: 'scenario', message: line, received: scenario };
    });
    throw new Problem('conflict', { message: `The scenario ${scenario} is wrong. ${error.message}`, details });
  }
}

/** A scenario's story; where its file cannot be read, what is wrong with that. */
export function storyOrFault(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return `Cannot be read: ${error.message}`;
  }
}
