// Documents that schemas are read from: files of the repository, and addresses of the web within limits.
import { createSlots } from '../lib/slots.ts';
import type { Json } from '../model/json.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { repositoryPathOf } from '../render/package/kubeconform/index.ts';
import type {
  DocumentAnswer,
  SchemaCheck,
  SchemaReport,
} from '../render/package/kubeconform/index.ts';
import { displayUrl } from './registry/http.ts';
import type { Http } from './registry/http.ts';
import type { SchemaFiles } from './schema-files.ts';

export interface SchemaDocuments {
  /** The same address is read once. */
  read(address: string, signal: AbortSignal): Promise<DocumentAnswer>;
}

export interface SchemaDocumentOptions {
  readonly files: SchemaFiles;
  /** The way to the web; without it, such addresses are told to be offline. */
  readonly http?: Http | undefined;
  /** Milliseconds for one document. Default 30,000. */
  readonly limitMs?: number;
}

const MAX_BYTES = 16 * 1024 * 1024;
/** Of one package; whoever refers to more goes round in circles. */
const MAX_DOCUMENTS = 2000;
const AT_ONCE = 8;

export function createSchemaDocuments(options: SchemaDocumentOptions): SchemaDocuments {
  const { files, http, limitMs = 30_000 } = options;
  const known = new Map<string, Promise<DocumentAnswer>>();
  /** Hosts that did not answer: asking again for every kind would take that long for every kind. */
  const silent = new Map<string, string>();
  const slots = createSlots(AT_ONCE);

  const readFile = async (path: string, signal: AbortSignal): Promise<DocumentAnswer> => {
    if (path.endsWith('/') || path === '') {
      return (await files.hasFolder(path.slice(0, -1)))
        ? { kind: 'found', document: null }
        : { kind: 'missing' };
    }
    const file = await files.read(path, MAX_BYTES, signal);
    if (file === undefined) return { kind: 'missing' };
    return file.kind === 'read' ? parsed(file.content, path) : tooLarge(path);
  };
  const readWeb = async (way: Http, url: URL, signal: AbortSignal): Promise<DocumentAnswer> => {
    const before = silent.get(url.origin);
    if (before !== undefined) return unavailable(before);
    const limit = AbortSignal.timeout(limitMs);
    try {
      const within = AbortSignal.any([signal, limit]);
      const headers = { accept: 'application/json, */*' };
      const answer = await way({ method: 'GET', url, headers, signal: within });
      if (answer.status !== 200) {
        await answer.discard();
        return answer.status === 404
          ? { kind: 'missing' }
          : unavailable(`${displayUrl(answer.url)} answered with status ${answer.status}`);
      }
      return parsed(await answer.bytes(MAX_BYTES), displayUrl(url));
    } catch (error) {
      if (signal.aborted || !(error instanceof SluiceError)) throw error;
      const reason = limit.aborted
        ? `${displayUrl(url)} took longer than ${limitMs / 1000} s`
        : error.message;
      silent.set(url.origin, reason);
      return unavailable(reason);
    }
  };
  const read = async (address: string, signal: AbortSignal): Promise<DocumentAnswer> => {
    const path = repositoryPathOf(address);
    if (path !== undefined) return readFile(path, signal);
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      return unavailable(`${address} is no address of the web`);
    }
    if (url.username !== '' || url.password !== '') {
      return unavailable('the address holds a login, which is sent nowhere');
    }
    if (http === undefined) return { kind: 'offline' };
    return slots.run('', () => readWeb(http, url, signal));
  };
  return {
    read: (address, signal) => {
      const before = known.get(address);
      if (before) return before;
      const answer = read(address, signal);
      known.set(address, answer);
      return answer;
    },
  };
}

/** Goes on with a check until it has all the documents that it asks for. */
export async function runSchemaCheck(
  check: SchemaCheck,
  documents: SchemaDocuments,
  signal: AbortSignal,
): Promise<SchemaReport> {
  let count = 0;
  for (;;) {
    const step = check.next();
    if (step.kind === 'done') return step.report;
    count += step.addresses.length;
    const isTooMuch = count > MAX_DOCUMENTS;
    const read = async (address: string): Promise<readonly [string, DocumentAnswer]> => [
      address,
      isTooMuch
        ? unavailable(`more than ${MAX_DOCUMENTS} documents are asked for`)
        : await documents.read(address, signal),
    ];
    for (const told of await Promise.all(step.addresses.map(read))) check.tell(...told);
  }
}

function parsed(content: Uint8Array, place: string): DocumentAnswer {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return { kind: 'found', document: JSON.parse(text) as Json };
  } catch {
    return unavailable(`${place} is no JSON document`);
  }
}

function tooLarge(place: string): DocumentAnswer {
  return unavailable(`${place} is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
}

function unavailable(reason: string): DocumentAnswer {
  return { kind: 'unavailable', reason };
}
