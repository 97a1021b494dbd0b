/**
 * What a run puts its cases to: one server that is judged by its document, or two that are compared.
 */
import type { Case, Exchange } from './case.js';
import { type Judgement, judgeExchange } from './checks.js';
import type { WireClient } from './client.js';
import type { VerifiedContract } from './contract.js';
import type { Session } from './target.js';

/** Sends cases, and says what is wrong with what comes of them. */
export interface Examiner {
  /** Never throws: where no answer comes, the exchange says why. */
  send(session: Session, each: Case): Promise<Exchange>;
  judge(exchange: Exchange): Judgement;
}

/** One server, judged by its document. */
export class OneServer implements Examiner {
  constructor(
    private readonly contract: VerifiedContract,
    private readonly client: WireClient,
  ) {}

  async send({ baseUrl }: Session, each: Case): Promise<Exchange> {
    const response = await this.client.send(baseUrl, each.request);
    return { case: each, url: `${baseUrl}${each.request.path}`, response };
  }

  judge(exchange: Exchange): Judgement {
    return judgeExchange(this.contract, exchange);
  }
}
