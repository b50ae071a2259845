// An explanation for people: a tree from the unit down to the values that decided.
import { showControls } from '../../model/diagnostic.ts';
import type {
  Explanation,
  FindingExplanation,
  ObjectExplanation,
  Origin,
  PhaseExplanation,
  UnitExplanation,
} from '../explanation.ts';
import type { Style } from './style.ts';
import { formatTree } from './tree.ts';
import type { TreeNode } from './tree.ts';

/** Objects of one phase that are listed. */
const MAX_OBJECTS = 50;

/** Without a newline at the end. */
export function formatExplanation(explanation: Explanation, style: Style): string {
  const node = unitNode(explanation.unit, style, explanation.about === 'object');
  if (explanation.about === 'unit') return formatTree(node);
  const title = style.bold(showControls(explanation.subject));
  return `${title}\n${formatTree(node)}`;
}

function unitNode(unit: UnitExplanation, style: Style, inFull = false): TreeNode {
  const isReady = unit.ready === 'True';
  const state = isReady ? style.green('ready') : style.yellow(`not ready: ${unit.reason}`);
  const { revision } = unit;
  // What the phases below show in full is not said twice.
  const isToldBelow = unit.phases.some(
    ({ gate, objects }) => gate === 'closed' && objects.length > 0,
  );
  return {
    label: `${style.bold(showControls(unit.unit))}  ${state}`,
    children: [
      ...(unit.message === '' || isReady || isToldBelow ? [] : [leaf(unit.message)]),
      ...(revision
        ? [
            leaf(
              `revision ${revision.number} (${revision.state}) of ${shortCommit(revision.commit)}`,
            ),
          ]
        : []),
      ...originNodes(unit.origin, style),
      ...(unit.parent === undefined ? [] : [leaf(`asked for by ${unit.parent}`)]),
      ...unit.waitsFor.map((other) => {
        const node = unitNode(other, style);
        return { ...node, label: `waits for ${node.label}` };
      }),
      ...unit.phases.map((phase) => phaseNode(phase, unit, style, inFull)),
      ...unit.removals.map(({ object, state: stage, reason }) =>
        leaf(`removal of ${object}  ${stage}: ${reason}`),
      ),
      ...unit.findings.map((finding) => findingNode(finding, style)),
    ],
  };
}

function phaseNode(
  phase: PhaseExplanation,
  unit: UnitExplanation,
  style: Style,
  inFull: boolean,
): TreeNode {
  const shown = phase.objects.slice(0, MAX_OBJECTS);
  const rest = phase.objects.length - shown.length + (shown.length === 0 ? 0 : phase.omitted);
  return {
    label: `phase ${showControls(phase.name)}  ${gateText(phase, unit, style)}`.trimEnd(),
    children: [
      ...shown.map((object) => objectNode(object, style, inFull)),
      ...(rest > 0 ? [leaf(`and ${rest} more`)] : []),
    ],
  };
}

function gateText(phase: PhaseExplanation, unit: UnitExplanation, style: Style): string {
  if (phase.gate !== 'waiting') {
    return phase.gate === 'open' ? style.green('open') : style.yellow(phase.gate);
  }
  const closed = unit.phases.find(({ gate }) => gate === 'closed');
  return style.dim(closed ? `waits for phase ${showControls(closed.name)}` : 'waiting');
}

/** @param inFull also what is only of interest to who asks for this one object */
function objectNode(object: ObjectExplanation, style: Style, inFull: boolean): TreeNode {
  const isReady = object.ready === 'True';
  const state = isReady ? style.green('ready') : style.yellow(`${object.action}, not ready`);
  const { claim } = object;
  const origins = originNodes(object.origin, style);
  if (isReady && !inFull) {
    const from = origins.map(({ label }) => `  ${label}`).join('');
    return { label: `${showControls(object.object)}  ${state}${from}`, children: [] };
  }
  return {
    label: `${showControls(object.object)}  ${state}`,
    children: [
      ...object.messages.map(leaf),
      ...object.because.map((line) => leaf(`because ${line}`)),
      ...object.probes.map(({ text, failed }) =>
        leaf(`${failed ? 'failing probe' : 'probe'} ${text}`),
      ),
      ...(claim?.claim.kind === 'applied'
        ? [leaf(`applied by revision ${claim.revision}, uid ${claim.claim.uid}`)]
        : []),
      ...origins,
      ...(object.unit ? [unitNode(object.unit, style)] : []),
    ],
  };
}

function findingNode(finding: FindingExplanation, style: Style): TreeNode {
  return {
    label: `${finding.severity} ${finding.code}: ${showControls(finding.message)}`,
    children: [
      ...originNodes(finding.origin, style),
      ...(finding.hint === undefined ? [] : [leaf(finding.hint)]),
    ],
  };
}

function originNodes(origin: Origin | undefined, style: Style): readonly TreeNode[] {
  if (!origin) return [];
  const { file, line, change } = origin;
  const place = `from ${style.cyan(showControls(line === undefined ? file : `${file}:${line}`))}`;
  if (!change) return [{ label: place, children: [] }];
  const { commit, author, time, subject } = change;
  const by = showControls(`last changed by ${author}, ${time}, ${shortCommit(commit)}: ${subject}`);
  return [{ label: `${place}  ${style.dim(by)}`, children: [] }];
}

function leaf(text: string): TreeNode {
  // A rule or an answer of a server may have many lines; a branch of the tree has one.
  return { label: showControls(text.replaceAll(/\s*\n\s*/gu, ' ')), children: [] };
}

function shortCommit(commit: string): string {
  return commit.slice(0, 12);
}
