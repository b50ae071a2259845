// `sluice tree`: unit → revision → phase → object, with state, from the status branch.
import { showControls } from '../model/diagnostic.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import { createWiring } from '../wiring.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { jsonText } from './output/plan-json.ts';
import { formatTree } from './output/tree.ts';
import type { TreeNode } from './output/tree.ts';
import { openStatusBranch } from './status-branch.ts';
import { readUnitFiles } from './status.ts';
import type { StatusFlags } from './status.ts';
import { newestRevision } from './unit-facts.ts';

/** @returns the exit code */
export async function treeCommand(
  unit: string | undefined,
  flags: StatusFlags,
  io: CliIo,
): Promise<number> {
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  const { reader } = await openStatusBranch(flags.dir, flags, wiring, io);
  const nodes = (await readUnitFiles(reader, unit)).map(({ id, file }) => unitNode(id, file, io));
  if (flags.output === 'json') {
    io.out(`${jsonText({ apiVersion: 'sluice.dev/v1alpha1', kind: 'Tree', nodes })}\n`);
  } else {
    io.out(nodes.map((node) => `${formatTree(node)}\n`).join(''));
  }
  return EXIT.done;
}

function unitNode(id: string, file: JsonObject, io: CliIo): TreeNode {
  const block = objectAt(file, 'sluice');
  const plain = { green: String, yellow: String, dim: String };
  const { green, yellow, dim } = io.live ? io.outStyle : plain;
  const ready = stringAt(block, 'ready') === 'True';
  const state = `${ready ? green('ready') : yellow('not ready')}${ready ? '' : ` ${dim(showControls(stringAt(block, 'message') ?? ''))}`}`;
  const phases = listAt(block, 'phases')
    .filter(isObject)
    .map((phase): TreeNode => {
      const gate = stringAt(phase, 'gate') ?? '';
      const objects = listAt(phase, 'objects')
        .filter(isObject)
        .map((object): TreeNode => {
          const messages = listAt(object, 'messages').map(String).join('; ');
          const mark =
            stringAt(object, 'ready') === 'True'
              ? green('ready')
              : yellow(stringAt(object, 'action') ?? '');
          const name = showControls(stringAt(object, 'object') ?? '');
          return {
            label: `${name}  ${mark}${messages === '' ? '' : ` ${dim(showControls(messages))}`}`,
            children: [],
          };
        });
      return {
        label: `Phase ${showControls(stringAt(phase, 'name') ?? '')}  ${gate}`,
        children: objects,
      };
    });
  const current = newestRevision(file);
  const revisions = listAt(block, 'revisions')
    .filter(isObject)
    .toReversed()
    .map((revision): TreeNode => {
      const number = String(revision['number']);
      const commit = (stringAt(revision, 'commit') ?? '').slice(0, 12);
      return {
        label: `Revision ${number}  ${stringAt(revision, 'state') ?? ''}  ${dim(commit)}`,
        children: number === current ? phases : [],
      };
    });
  return { label: `${showControls(id)}  ${state}`, children: revisions };
}
