/**
 * Durations of requests, as Prometheus reads them.
 */
import { expect, test } from 'vitest';
import { Durations } from '../../src/durations.js';

test('each kind is counted by itself, a duration on a bound within it, and buckets add up', () => {
  const durations = new Durations('took_seconds', 'How long.', [0.25, 1]);
  for (const seconds of [0.125, 0.25, 0.5, 4]) durations.observe('one', 'list', 200, seconds);
  durations.observe('one', '', 404, 1);
  durations.observe('two', 'list', 200, 2);
  expect(durations.text().split('\n')).toEqual([
    '# HELP took_seconds How long.',
    '# TYPE took_seconds histogram',
    'took_seconds_bucket{le="0.25",api="one",operation="list",status="200"} 2',
    'took_seconds_bucket{le="1",api="one",operation="list",status="200"} 3',
    'took_seconds_bucket{le="+Inf",api="one",operation="list",status="200"} 4',
    'took_seconds_sum{api="one",operation="list",status="200"} 4.875',
    'took_seconds_count{api="one",operation="list",status="200"} 4',
    'took_seconds_bucket{le="0.25",api="one",operation="",status="404"} 0',
    'took_seconds_bucket{le="1",api="one",operation="",status="404"} 1',
    'took_seconds_bucket{le="+Inf",api="one",operation="",status="404"} 1',
    'took_seconds_sum{api="one",operation="",status="404"} 1',
    'took_seconds_count{api="one",operation="",status="404"} 1',
    'took_seconds_bucket{le="0.25",api="two",operation="list",status="200"} 0',
    'took_seconds_bucket{le="1",api="two",operation="list",status="200"} 0',
    'took_seconds_bucket{le="+Inf",api="two",operation="list",status="200"} 1',
    'took_seconds_sum{api="two",operation="list",status="200"} 2',
    'took_seconds_count{api="two",operation="list",status="200"} 1',
  ]);
});

test('what would end a label is escaped', () => {
  const durations = new Durations('took_seconds', 'How long.', []);
  durations.observe('one', 'a"b\\c\nd', 200, 0);
  expect(durations.text()).toContain('{api="one",operation="a\\"b\\\\c\\nd",status="200"}');
});
