/**
 * The pages of fidelity, as text.
 */
import { kinds } from './statements.mjs';

/** Where things come from, from what is most to be trusted to what is least. */
const origins = {
  seed: "the vendor's word",
  public: 'public',
  framework: 'framework',
  assumed: 'assumed',
  none: 'no source',
};
const names = Object.keys(origins);

/** Where a statement comes from; of several sources, the first. */
const originOf = ({ sources: [first] }) => first?.from ?? 'none';

/** Kinds as they are counted. */
const plural = {
  operation: 'operations',
  credential: 'credentials',
  parameter: 'parameters',
  'request property': 'properties of requests',
  'answer property': 'properties of answers',
  response: 'responses',
  rule: 'rules',
};

/** Text for a cell of a table. */
const cell = (text) => text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
const row = (cells) => `| ${cells.map(cell).join(' | ')} |`;

/** A table of which things come from where. The last row is all of them. */
function counts(statements, label, rows) {
  const columns = [...names, 'no test'];
  const line = (name, own) => {
    const cells = names.map((origin) => own.filter((each) => originOf(each) === origin).length);
    const untested = own.filter(({ evidence }) => evidence.length === 0).length;
    return row([name, String(own.length), ...[...cells, untested].map((count) => (count === 0 ? '·' : String(count)))]);
  };
  return [
    row([label, 'all', ...columns.map((name) => origins[name] ?? name)]),
    `|---|${['all', ...columns].map(() => '---:').join('|')}|`,
    ...rows.map(([name, own]) => line(name, own)),
    line('**all**', statements),
  ].join('\n');
}

/** What a source says, and what is ours of it. */
const said = (sources, part) => [...new Set(sources.map((source) => source[part] ?? ''))].filter(Boolean).join('; ');

/** Statements that say the same of where they come from, and that the same stands for, are one row. */
function grouped(statements) {
  const groups = new Map();
  for (const statement of statements) {
    const { kind, sources, evidence } = statement;
    const isProperty = kind.endsWith('property');
    const key = isProperty ? JSON.stringify([kind, sources, evidence, schemaOf(statement)]) : statement;
    groups.set(key, [...(groups.get(key) ?? []), statement]);
  }
  return [...groups.values()];
}

const schemaOf = ({ name }) => name.split('.')[0];

/** Properties of one schema in one cell: `Payment`: id, amount. */
function nameOf(group) {
  const [{ kind, name }] = group;
  if (!kind.endsWith('property')) return name;
  const schema = schemaOf(group[0]);
  const own = group.map((each) => `\`${each.name.slice(schema.length + 1)}\``).join(', ');
  return schema === '' ? own : `\`${schema}\`: ${own}`;
}

const heads = {
  seed: ['what', 'where the vendor says so', 'what is ours of it', 'test'],
  public: ['what', 'where', 'what is ours of it', 'test'],
  framework: ['what', 'which', 'why', 'test'],
  assumed: ['what', 'why', 'test'],
  none: ['what', 'test'],
};

/** All that comes from one place. */
function section(origin, statements) {
  const own = statements.filter((each) => originOf(each) === origin);
  if (own.length === 0) return [];
  const head = heads[origin];
  const title = {
    ...origins,
    seed: "The vendor's word",
    public: 'Public',
    framework: 'The framework',
    assumed: 'Assumed',
    none: 'No source',
  };
  const parts = kinds.flatMap((kind) => {
    const rows = grouped(own.filter((each) => each.kind === kind)).map((group) => {
      const [{ sources, evidence }] = group;
      const test = evidence.length === 0 ? '**no test**' : evidence.join('; ');
      const told = { see: said(sources, 'see'), because: said(sources, 'because') };
      const middle = { assumed: [told.because], none: [] }[origin] ?? [told.see, told.because];
      return row([nameOf(group), ...middle, test]);
    });
    if (rows.length === 0) return [];
    return [
      `### ${plural[kind][0].toUpperCase()}${plural[kind].slice(1)}`,
      '',
      row(head),
      row(head.map(() => '---')),
      ...rows,
      '',
    ];
  });
  return [`## ${title[origin]}`, '', ...parts];
}

/** What the vendor shows, and what of it the sandbox answers otherwise. */
function samplesPart(samples) {
  const rows = samples.map(({ operationId, response, deviations }) => {
    const what = response == null ? 'its request; the vendor shows no answer' : 'its request and its answer';
    const told = deviations.map(({ pointer, reason, because }) => `\`${pointer}\` (${reason}): ${because}`);
    return row([`\`${operationId}\``, what, told.length === 0 ? 'nothing' : told.join(' ')]);
  });
  if (rows.length === 0) return [];
  return [
    '## Samples of the vendor',
    '',
    'Sent as they are shown, in test/samples.test.ts and by `verify: samples`, and answered value by value as they are shown, but for the last column.',
    '',
    row(['operation', 'shown', 'answered otherwise']),
    row(['---', '---', '---']),
    ...rows,
    '',
  ];
}

/** The page of one api. */
export function apiPage({ api, title, statements, samples }) {
  const rows = kinds.map((kind) => [plural[kind], statements.filter((each) => each.kind === kind)]);
  return `${[
    `# ${title}: what to trust`,
    '',
    `Generated by scripts/write-fidelity.mjs from specs/${api}/openapi.yaml and what the tests came to. What the words mean is in [the overview](../fidelity.md).`,
    '',
    counts(
      statements,
      api,
      rows.filter(([, own]) => own.length > 0),
    ),
    '',
    ...samplesPart(samples),
    ...['none', 'assumed', 'framework', 'public', 'seed'].flatMap((origin) => section(origin, statements)),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** The page that leads to the others. */
export function overviewPage(apis) {
  const all = apis.flatMap(({ statements }) => statements);
  const rows = apis.map(({ api, statements }) => [`[${api}](fidelity/${api}.md)`, statements]);
  return `${[
    '# Fidelity: what to trust',
    '',
    'Where what the sandbox does comes from, and which test stands for it. Generated by scripts/write-fidelity.mjs from the documents (`x-source`) and from what the tests came to; CI checks that it is fresh.',
    '',
    counts(all, 'API', rows),
    '',
    'Counted are operations, credentials, parameters, properties of requests and of answers, responses, and rules. What the sandbox keeps beside them (records, settings) is ours alone, and no client sees it.',
    '',
    '- **the vendor’s word**: the page of the vendor’s documentation that the document was written from (the seed). Rely on it.',
    '- **public**: another public source, named: most often another page of the vendor. Rely on it, and look once where it matters.',
    '- **framework**: how the platform behind the vendor’s API answers. Likely, and not confirmed for this vendor.',
    '- **assumed**: our best guess, with the reason. Try it against the vendor’s own test system before you depend on it: `paydouble verify <api> --url …` sends the requests.',
    '',
    'A thing without a source of its own has that of the part around it: a property that of its schema, a response that of its operation. Of several sources the first counts. What is the vendor’s word may have a part that is ours, a length for example; each page says so in a column of its own.',
    '',
    '## Assumed rules',
    '',
    'What a rule decides shows in a client’s tests first. These are assumed; each page has the rest.',
    '',
    ...apis.flatMap(({ api, statements }) => assumedRules(api, statements)),
    '## What stands for it',
    '',
    '- `verify: negative, positive …`: `paydouble verify` sent requests for this very part in these [phases](contract-testing.md), and found no defect. Of a part of a request, `negative` means that a request that breaks it is refused for that reason; of a response, that such a request got it. `npx paydouble verify <api> --cases FILE` writes each request, with the part under `subject.documented`. Random requests are not counted.',
    '- A file of tests, in test/handlers: tests in it came to this operation or this response, or, where verify has none for it, sent this property in a request that was accepted.',
    '- `both sides`: a test keeps the rule and one breaks it, or meets the case that it is not for. Run them by the rule’s name: `npx vitest run test/handlers -t "<rule>: "`.',
    '- `answers`: it stood in answers that were judged by the document, with a value; `always null`: never with one.',
    '- `Dredd, Prism`: the [outside judges](outside-judges.md) get this answer, and judge its form; `on demand`: no request leads to it, and they ask for it by `Prefer: code=…`.',
    '- **no test**: nothing came to it.',
    '',
    untested(apis),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function assumedRules(api, statements) {
  const rules = statements.filter((each) => each.kind === 'rule' && originOf(each) === 'assumed');
  if (rules.length === 0) return [];
  const rows = rules.map(({ name, sources }) => row([name, said(sources, 'because')]));
  return [`### ${api}`, '', row(['what', 'why']), row(['---', '---']), ...rows, ''];
}

/** What no test came to, by name. */
function untested(apis) {
  const rows = apis.flatMap(({ api, statements }) =>
    grouped(statements.filter(({ evidence }) => evidence.length === 0)).map((group) =>
      row([api, group[0].kind, nameOf(group)]),
    ),
  );
  if (rows.length === 0) return 'Nothing is without a test.';
  return ['## Without a test', '', row(['API', 'kind', 'what']), row(['---', '---', '---']), ...rows].join('\n');
}
