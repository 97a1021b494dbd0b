/**
 * Two ledgers to compare: the first keeps its document, the second may have a defect. Their ids and stamps are never the same.
 */
import { type Defect, Ledger } from './ledger.js';

/** Does something with the URLs of both, and closes them. */
export async function withTwoLedgers<Result>(
  defect: Defect | undefined,
  use: (first: string, second: string) => Promise<Result>,
): Promise<Result> {
  const [first, second] = [new Ledger(undefined), new Ledger(defect, { id: 101, at: '2026-07-01T09:30:00.250Z' })];
  try {
    return await use(await first.listen(), await second.listen());
  } finally {
    first.close();
    second.close();
  }
}
