// ObjectTemplate: values of other objects, a Go template, one object (package-operator §10).
import { admit } from '../api/admission.ts';
import type { ApiKind } from '../api/api-kind.ts';
import type {
  ObjectTemplateItem,
  ObjectTemplateSource,
  ObjectTemplateSpec,
} from '../api/object-template.ts';
import { createTemplateSet, DIALECTS, execute, fromPlain } from '../lang/template/index.ts';
import type { TemplateError } from '../lang/template/index.ts';
import { readManifests } from '../lang/yaml/index.ts';
import { diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { groupOf } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import { evaluateJsonPath } from './json-path.ts';
import { environmentContext } from './package/context.ts';
import { documentProblems, failed, missingAnswers, timeoutOf } from './render-context.ts';
import type { RenderJob } from './render-context.ts';
import { changeCause } from './render-object-set.ts';
import { knownScope } from './scope.ts';
import { settlePhases } from './settle.ts';
import { templateHash } from './template-hash.ts';
import { askKey } from './unit.ts';
import type { Ask, RenderResult, UnitDocument } from './unit.ts';

/** An object is made anew whenever a source changes: one earlier state is history enough. */
const HISTORY_LIMIT = 1;
/** The one phase. */
export const TEMPLATE_PHASE = 'object';

/** Renders an ObjectTemplate to its one object. */
export function renderObjectTemplate(job: RenderJob, apiKind: ApiKind): RenderResult {
  const { unit, context, answers } = job;
  const [document] = unit.documents;
  if (document === undefined) return failed([]);
  const { object, problems } = admit(apiKind, document.manifest, context.validator);
  const found: Diagnostic[] = [...documentProblems(document, problems)];
  if (hasErrors(found)) return failed(found);
  const spec = (object as JsonObject)['spec'] as unknown as ObjectTemplateSpec;
  const asks = sourceAsks(spec.sources, { job, apiKind, document });
  found.push(...asks.problems);
  if (hasErrors(found)) return failed(found);
  const configured = context.config.targets.find(({ name }) => name === unit.target)?.environment;
  const environmentAsk: Ask = { kind: 'environment' };
  const wanted = configured === undefined ? [...asks.asks, environmentAsk] : asks.asks;
  const missing = missingAnswers(wanted, answers);
  if (missing) return missing;
  const config: Record<string, Json> = {};
  for (const [index, source] of spec.sources.entries()) {
    const ask = asks.asks[index];
    const answer = ask && answers.get(askKey(ask));
    const value = answer?.kind === 'object' ? answer.object : undefined;
    const namespace = ask?.kind === 'object' ? ask.ref.namespace : '';
    found.push(...copyItems(source, value, { document, namespace, index, config }));
  }
  if (hasErrors(found)) return failed(found);
  const environment = answers.get(askKey(environmentAsk));
  const given =
    configured ?? (environment?.kind === 'environment' ? environment.environment : undefined);
  const data = { config, environment: environmentContext(given) };
  const made = renderTemplate(spec.template, data, document);
  if (made.kind === 'invalid') return failed([...found, made.diagnostic]);
  return settleTemplate({ job, apiKind, document }, { object, made: made.manifest }, found);
}

interface Origin {
  readonly job: RenderJob;
  readonly apiKind: ApiKind;
  readonly document: UnitDocument;
}

interface SourceAsks {
  readonly asks: readonly Ask[];
  readonly problems: readonly Diagnostic[];
}

/** A namespaced template reads its own namespace only; a cluster-scoped one must say which. */
function sourceAsks(sources: readonly ObjectTemplateSource[], origin: Origin): SourceAsks {
  const { job, apiKind, document } = origin;
  const problems: Diagnostic[] = [];
  const asks = sources.map((source, index): Ask => {
    const own = source.namespace ?? '';
    const scope = knownScope(source.apiVersion, source.kind, [job.context.crdScopes]);
    const at = ['spec', 'sources', index];
    const report = (text: string): void => {
      const where = own === '' ? job.unit.namespace : own;
      const message = `for source ${source.kind} ${where}/${source.name}: ${text}`;
      problems.push(diagnostic('PreflightFailed', message, document.locate(at)));
    };
    if (apiKind.scope === 'Namespaced') {
      if (scope === 'Cluster') {
        report('Must be namespaced scoped when part of an non-cluster-scoped API.');
      } else if (own !== '' && own !== job.unit.namespace) {
        report('Must stay within the same namespace.');
      }
    } else if (scope === 'Namespaced' && own === '') {
      report("Object doesn't have a namespace and no default is provided.");
    }
    const namespace = scope === 'Cluster' ? '' : own === '' ? job.unit.namespace : own;
    const { apiVersion, kind, name } = source;
    return {
      kind: 'object',
      ref: { apiVersion, group: groupOf(apiVersion), kind, namespace, name },
    };
  });
  return { asks, problems };
}

interface CopyTarget {
  readonly document: UnitDocument;
  /** Where the source was looked for. */
  readonly namespace: string;
  readonly index: number;
  readonly config: Record<string, Json>;
}

function copyItems(
  source: ObjectTemplateSource,
  object: Manifest | undefined,
  target: CopyTarget,
): readonly Diagnostic[] {
  const label = `for source ${source.kind} ${target.namespace}/${source.name}`;
  const at = ['spec', 'sources', target.index];
  if (object === undefined) {
    if (source.optional === true) return [];
    const where = target.document.locate(at);
    const hint =
      'The unit is rendered when the object appears; mark the source optional to go on without.';
    return [diagnostic('AskUnanswered', `${label}: not found`, { ...where, hint })];
  }
  return source.items.flatMap((item, index) => {
    const problem = copySourceItem(item, object, target.config);
    if (problem === undefined) return [];
    const where = target.document.locate([...at, 'items', index]);
    return [diagnostic('AskUnanswered', `${label}: ${problem}`, where)];
  });
}

/**
 * Copies one value of a source object to its place in the data of the template.
 * @returns what is wrong, in upstream's words
 */
export function copySourceItem(
  item: ObjectTemplateItem,
  source: Json,
  config: Record<string, Json>,
): string | undefined {
  const result = evaluateJsonPath(item.key, source);
  if (result.kind === 'invalid') {
    return `path ${item.key}, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`;
  }
  if (result.kind === 'missing') return `${result.key} is not found`;
  if (result.kind === 'failed') return `path ${item.key}: ${result.reason}`;
  const [only] = result.values;
  const value: Json = result.values.length === 1 && only !== undefined ? only : [...result.values];
  if (!item.destination.startsWith('.')) {
    return `path ${item.destination} must be a JSONPath with a leading dot`;
  }
  const keys = item.destination.slice(1).split('.');
  const last = keys.pop() ?? '';
  let at = config;
  for (const key of keys) {
    const next = at[key] ?? {};
    if (!isObject(next)) return `${item.destination}: ${key} is no map`;
    const copy: Record<string, Json> = { ...(next as Record<string, Json>) };
    at[key] = copy;
    at = copy;
  }
  at[last] = value;
  return undefined;
}

type Made =
  | { readonly kind: 'ok'; readonly manifest: Manifest }
  | { readonly kind: 'invalid'; readonly diagnostic: Diagnostic };

function renderTemplate(template: string, data: JsonObject, document: UnitDocument): Made {
  const invalid = (
    code: 'TemplateInvalid' | 'TemplateFailed',
    message: string,
    at?: TemplateError,
  ): Made => ({
    kind: 'invalid',
    diagnostic: diagnostic(code, message, placeOf(at, document)),
  });
  // Without hooks the file functions and `cel` of package templates say that there is nothing to ask.
  const set = createTemplateSet(DIALECTS.package);
  const added = set.parse('', template);
  if (!added.ok) return invalid('TemplateInvalid', added.error.message, added.error);
  const result = execute(set, '', fromPlain(data, 'float64'));
  if (!result.ok) return invalid('TemplateFailed', result.error.message, result.error);
  const { documents, diagnostics } = readManifests(result.output, { duplicateKeys: 'last' });
  const trouble = diagnostics.find((item) => item.severity === 'error');
  if (trouble) {
    return invalid('TemplateFailed', `the template renders to faulty YAML: ${trouble.message}`);
  }
  const value = documents[0]?.value as Json | undefined;
  if (documents.length !== 1 || !isObject(value)) {
    const found = documents.length === 1 ? typeName(value) : documents.length;
    return invalid(
      'TemplateFailed',
      `the template must render to exactly one object, not ${found}`,
    );
  }
  if (typeof value['apiVersion'] !== 'string' || typeof value['kind'] !== 'string') {
    return invalid('TemplateFailed', 'the rendered object has no apiVersion or no kind');
  }
  const metadata = isObject(value['metadata']) ? value['metadata'] : {};
  return { kind: 'ok', manifest: { ...value, metadata } as unknown as Manifest };
}

/** Where the template went wrong, as far as its error knows. */
function placeOf(error: TemplateError | undefined, { locate }: UnitDocument): Location {
  const path = ['spec', 'template'];
  if (error?.line === undefined) return locate(path);
  // Go counts columns from 0, and has none for what it cannot parse.
  return locate(path, { line: error.line, column: (error.column ?? 0) + 1 });
}

function typeName(value: Json | undefined): string {
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function settleTemplate(
  { job, apiKind, document }: Origin,
  { object, made }: { readonly object: Manifest; readonly made: Manifest },
  found: readonly Diagnostic[],
): RenderResult {
  const { unit, context, answers } = job;
  const draft = {
    manifest: made,
    // Upstream takes over anything of that name; somebody else's object is left alone here.
    collisionProtection: 'IfNoController' as const,
    conditionMappings: [],
    copyConditions: true as const,
    external: false,
    source: document.locate(['spec', 'template']),
    locate: () => document.locate(['spec', 'template']),
  };
  const settled = settlePhases([{ name: TEMPLATE_PHASE, class: undefined, objects: [draft] }], {
    namespaces: apiKind.scope === 'Cluster' ? 'explicit' : 'inside',
    namespace: unit.namespace,
    crdScopes: context.crdScopes,
    answers,
  });
  if (settled.kind === 'asks') return settled;
  if (settled.kind === 'failed') return failed([...found, ...settled.diagnostics]);
  const content = {
    phases: settled.phases,
    availabilityProbes: [],
    builtinProbes: false,
    successDelaySeconds: 0,
  };
  return {
    kind: 'rendered',
    desired: {
      ...content,
      revisionHistoryLimit: HISTORY_LIMIT,
      timeoutMs: timeoutOf(unit, context.config),
      annotations: changeCause(object),
      templateHash: templateHash({ ...content, metadata: null }),
    },
    diagnostics: [...found, ...settled.warnings],
  };
}
