/**
 * State: the collections of every api, the records of one, and one record, to be read, made, changed and deleted.
 */
import './state.css';
import { place } from '../place.js';
import { Collections } from './state/collections.js';
import { EditedRecord, NewRecord } from './state/edit.js';
import { RecordPage } from './state/record.js';
import { RecordTable } from './state/table.js';

export function State() {
  const { rest, query } = place.value;
  const [api, collection, key] = rest;
  if (api === undefined || collection === undefined) return <Collections only={api} />;
  const of = { api, collection };
  if (key === undefined) {
    const isNew = query.get('new') !== null;
    return isNew ? <NewRecord key={query.get('from')} of={of} /> : <RecordTable key={`${api}/${collection}`} of={of} />;
  }
  const Shown = query.get('edit') === null ? RecordPage : EditedRecord;
  return <Shown key={`${api}/${collection}/${key}`} of={of} id={key} />;
}
