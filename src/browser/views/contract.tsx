/**
 * Contract: whether the apis keep their documents. `#/contract` starts runs, `#/contract/v-3` reads a report.
 */
import './contract.css';
import { useEffect } from 'preact/hooks';
import { place } from '../place.js';
import { Overview } from './contract/overview.js';
import { Report } from './contract/report.js';
import { look } from './contract/runs.js';

export function Contract() {
  const [id] = place.value.rest;
  useEffect(() => {
    look();
  }, []);
  return id === undefined ? <Overview /> : <Report key={id} id={id} />;
}
