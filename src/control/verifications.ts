/**
 * The control API's operations on verifications: an api is held to its document, in a thread of its own.
 */
import type { components, operations } from '../../specs/_sandbox/openapi.js';
import type { ApiDefinition } from '../api.js';
import { Problem } from '../problem.js';
import { shownInstant } from '../store/snapshot-file.js';
import type { Verification } from '../verifications/verifications.js';
import { checks, phases } from '../verify/case.js';
import type { Found, Steered } from './handlers.js';
import { notFound } from './refusals.js';

/** The handlers of verifications. */
export function verificationHandlers({ verifications }: Steered, foundApi: Found['api']) {
  const found = (id: string): Verification => {
    const verification = verifications.get(id);
    if (verification !== undefined) return verification;
    const known = verifications.all().map((each) => each.id);
    const names = known.length === 0 ? 'There are none yet.' : `Known are ${known.join(', ')}.`;
    throw notFound('/verification', `There is no verification ${id}. ${names}`);
  };
  return {
    listVerifications: () => ({ status: 200, body: verifications.all().map(describe) }),
    startVerification: ({ body }) => {
      const { api, excludeChecks = [], seed = 1, maxExamples = 100 } = body;
      foundApi(api, 'body');
      const { running } = verifications;
      if (running !== undefined) throw busy(running);
      const chosen = phases.filter((phase) => body.phases?.includes(phase) ?? true);
      const left = checks.filter((check) => excludeChecks.includes(check));
      const started = verifications.start({ api, phases: chosen, excludeChecks: left, seed, maxExamples });
      return { status: 202, body: describe(started), headers: { Location: urlOf(started) } };
    },
    readVerification: ({ path }) => {
      const verification = found(path.verification);
      const { report } = verification;
      return { status: 200, body: { ...describe(verification), ...(report === undefined ? {} : { report }) } };
    },
    stopVerification: ({ path }) => {
      verifications.stop(found(path.verification).id);
      return { status: 200, body: describe(found(path.verification)) };
    },
    deleteVerification: ({ path }) => {
      verifications.remove(found(path.verification).id);
      return { status: 204, body: undefined };
    },
  } satisfies ApiDefinition<operations, object>['handlers'];
}

function describe(verification: Verification): components['schemas']['Verification'] {
  const { id, order, state, startedAt, endedAt, progress, report, trouble } = verification;
  const { api, phases: chosen, excludeChecks, seed, maxExamples } = order;
  return {
    id,
    api,
    state,
    phases: [...chosen],
    excludeChecks: [...excludeChecks],
    seed,
    maxExamples,
    startedAt: shownInstant(startedAt.epochMilliseconds),
    ...(endedAt === undefined ? {} : { endedAt: shownInstant(endedAt.epochMilliseconds) }),
    ...(progress === undefined ? {} : { phase: progress.phase, total: progress.total }),
    done: progress?.done ?? 0,
    findings: report === undefined ? (progress?.findings ?? 0) : report.findings.length + report.findingsLeftOut,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function urlOf({ id }: Verification): string {
  return `/_sandbox/verifications/${id}`;
}

function busy(running: Verification): Problem {
  const { id, order } = running;
  const message = `The verification ${id} of ${order.api} runs, and one runs at a time. Wait for its end, or stop it: POST ${urlOf(running)}/stop.`;
  return new Problem('conflict', { message });
}
