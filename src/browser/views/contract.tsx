/**
 * Contract.
 */
export function Contract() {
  return <h1>Contract</h1>;
}
