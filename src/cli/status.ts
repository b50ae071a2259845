// `sluice status`: what the status branch says, as a table or one unit in full.
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import { formatUnitId } from '../model/unit-id.ts';
import { restoreUnits } from '../reconcile/restore.ts';
import { unitDirectory } from '../status/paths.ts';
import { FINDINGS_PATH } from '../status/summary.ts';
import { readStatusFile } from '../status/unit-reader.ts';
import { createWiring } from '../wiring.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { jsonText } from './output/plan-json.ts';
import { formatTable } from './output/table.ts';
import { showControls } from '../model/diagnostic.ts';
import { openStatusBranch } from './status-branch.ts';
import type { StatusBranchFlags, StatusReader } from './status-branch.ts';
import { chooseUnits, ON_BRANCH } from './unit-choice.ts';
import { newestRevision } from './unit-facts.ts';

export interface StatusFlags extends StatusBranchFlags {
  readonly output?: string;
  readonly watch?: boolean;
  /** Directory of the clone. */
  readonly dir?: string;
}

/** Between two looks with `--watch`, in milliseconds. */
const WATCH_MS = 1_000;

/** @returns the exit code: 1 when a shown unit is not ready, or when something is wrong with the repository */
export async function statusCommand(
  unit: string | undefined,
  flags: StatusFlags,
  io: CliIo,
): Promise<number> {
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  let shown: string | undefined;
  for (;;) {
    const { reader, commit } = await openStatusBranch(flags.dir, flags, wiring, io);
    const { text, ready } = await describe(reader, unit, flags, io);
    if (commit !== shown) io.out(text);
    shown = commit;
    if (flags.watch !== true || io.signal.aborted) return ready ? EXIT.done : EXIT.failed;
    await wiring.clock.sleep(WATCH_MS, io.signal).catch(() => undefined);
  }
}

export interface UnitStatusFile {
  readonly id: string;
  readonly file: JsonObject;
}

/** `unit.yaml` of every unit on the branch, sorted by id. */
export async function readUnitFiles(
  reader: StatusReader,
  unit: string | undefined,
): Promise<readonly UnitStatusFile[]> {
  const units = (await restoreUnits(reader)).map(({ memory }) => memory.name);
  const meant =
    unit === undefined ? undefined : chooseUnits(unit, units.map(formatUnitId), ON_BRANCH);
  const chosen = units.filter((name) => meant?.includes(formatUnitId(name)) ?? true);
  const paths = new Map(
    chosen.map((name) => [`${unitDirectory(name)}/unit.yaml`, formatUnitId(name)]),
  );
  const contents = await reader.read([...paths.keys()]);
  return [...paths]
    .flatMap(([path, id]) => {
      const file = readStatusFile(contents.get(path) ?? '', path);
      return file ? [{ id, file }] : [];
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

async function describe(
  reader: StatusReader,
  unit: string | undefined,
  flags: StatusFlags,
  io: CliIo,
): Promise<{ readonly text: string; readonly ready: boolean }> {
  const files = await readUnitFiles(reader, unit);
  // What is wrong with the repository as a whole is no business of one unit.
  const findings = unit === undefined ? await readFindings(reader) : NO_FINDINGS;
  const isReady = files.every(({ file }) => stringAt(objectAt(file, 'sluice'), 'ready') === 'True');
  const ready = isReady && findings.items.every((item) => item['severity'] !== 'error');
  if (flags.output === 'json') {
    const value = {
      apiVersion: 'sluice.dev/v1alpha1',
      kind: 'StatusList',
      units: files.map(({ file }) => file),
      findings: findings.items,
    };
    return { text: `${jsonText(value)}\n`, ready };
  }
  if (unit !== undefined)
    return { text: files.map(({ file }) => detail(file, io)).join('\n'), ready };
  const rows = files.map(({ id, file }) => {
    const block = objectAt(file, 'sluice');
    const status = stringAt(block, 'ready') ?? 'Unknown';
    const { green, yellow } = io.outStyle;
    return [
      showControls(id),
      status === 'True' ? green(status) : yellow(status),
      stringAt(block, 'reason') ?? '',
      newestRevision(file),
      showControls(shorten(stringAt(block, 'message') ?? '')),
    ];
  });
  const count = `${files.filter(({ file }) => stringAt(objectAt(file, 'sluice'), 'ready') === 'True').length} of ${files.length} units are ready.`;
  const table = formatTable(['Unit', 'Ready', 'Reason', 'Revision', 'Message'], rows);
  return { text: `${table}\n\n${count}\n${findingLines(findings, io)}`, ready };
}

interface Findings {
  readonly items: readonly JsonObject[];
  /** Further ones that the file counts only. */
  readonly omitted: number;
}

const NO_FINDINGS: Findings = { items: [], omitted: 0 };

/** What `findings.json` says of the repository. */
async function readFindings(reader: StatusReader): Promise<Findings> {
  const text = (await reader.read([FINDINGS_PATH])).get(FINDINGS_PATH);
  const file = text === undefined ? undefined : readStatusFile(text, FINDINGS_PATH);
  const omitted = file?.['omitted'];
  return {
    items: listAt(file, 'findings').filter(isObject),
    omitted: typeof omitted === 'number' ? omitted : 0,
  };
}

function findingLines({ items, omitted }: Findings, io: CliIo): string {
  if (items.length === 0) return '';
  const { red, yellow, bold } = io.outStyle;
  const lines = items.map((item) => {
    const severity = String(item['severity']);
    const paint = severity === 'error' ? red : yellow;
    return `  ${paint(severity)} ${problemText(item)}`;
  });
  const rest = omitted === 0 ? [] : [`  and ${omitted} more`];
  return `\n${[bold('Findings'), ...lines, ...rest].join('\n')}\n`;
}

/** `code file:line message` */
function problemText(item: JsonObject): string {
  const place = [item['file'], item['line']].filter((part) => part !== undefined).join(':');
  const parts = [String(item['code']), place, showControls(String(item['message']))];
  return parts.filter((part) => part !== '').join(' ');
}

function detail(file: JsonObject, io: CliIo): string {
  const block = objectAt(file, 'sluice');
  const { bold } = io.outStyle;
  const lines = [
    bold(showControls(stringAt(block, 'unit') ?? '')),
    `  Ready:    ${stringAt(block, 'ready') ?? ''} (${stringAt(block, 'reason') ?? ''})`,
    `  Message:  ${showControls(stringAt(block, 'message') ?? '')}`,
    `  Revision: ${newestRevision(file) || '-'}`,
    `  Commit:   ${stringAt(block, 'commit') ?? ''}`,
    `  Source:   ${stringAt(block, 'source') ?? ''}`,
  ];
  for (const phase of listAt(block, 'phases').filter(isObject)) {
    lines.push(
      '',
      `  Phase ${showControls(stringAt(phase, 'name') ?? '')}: ${stringAt(phase, 'gate') ?? ''}`,
    );
    for (const object of listAt(phase, 'objects').filter(isObject)) {
      const messages = listAt(object, 'messages').join('; ');
      const name = showControls(stringAt(object, 'object') ?? '');
      lines.push(
        `    ${stringAt(object, 'ready') ?? ''}  ${name}  ${showControls(messages)}`.trimEnd(),
      );
    }
  }
  for (const removal of listAt(block, 'removals').filter(isObject)) {
    const name = showControls(stringAt(removal, 'object') ?? '');
    lines.push(
      `  Removal ${name}: ${stringAt(removal, 'state') ?? ''} (${showControls(stringAt(removal, 'reason') ?? '')})`,
    );
  }
  for (const item of listAt(block, 'diagnostics').filter(isObject)) {
    lines.push(`  ${String(item['severity'])} ${problemText(item)}`);
  }
  return `${lines.join('\n')}\n`;
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
