// The objects of a package as its files have them, before anything is added: what schemas are held against.
import type { SchemaKind } from './schema-location.ts';
import { readManifests } from '../../../lang/yaml/index.ts';
import { isObject, stringAt } from '../../../model/json.ts';
import type { Json, JsonObject } from '../../../model/json.ts';
import type { SchemaValidator } from '../../../schema/index.ts';
import { renderCase } from '../fixtures.ts';
import type { LoadedPackage } from '../load-package.ts';
import type { RenderedFile } from '../parse-objects.ts';
import { staticObjects } from '../render-package.ts';
import type { RenderedObject } from '../rendered-object.ts';
import { splitDocuments } from '../split-documents.ts';

/** One object, or one item of a List. */
export interface WrittenObject {
  /** Path after rendering, inside the package or component. */
  readonly path: string;
  /** The file that people wrote. */
  readonly sourcePath: string;
  /** Number of the document in the file, from 0. */
  readonly index: number;
  /** Where a field stands in the file; nowhere for output of templates. */
  readonly locate: RenderedObject['locate'];
  /** Where it lies in the document: empty, or `items[0]`. */
  readonly field: string;
  readonly value: JsonObject;
  /** Why the document is not read strictly: a key that stands twice. */
  readonly fault: string | undefined;
}

/** What a schema is looked for by; empty where the object does not say it. */
export function kindOf({ value }: WrittenObject): SchemaKind {
  return {
    apiVersion: stringAt(value, 'apiVersion') ?? '',
    kind: stringAt(value, 'kind') ?? '',
  };
}

export interface ObjectGroup {
  /** The test case; empty for the static files of a package without cases. */
  readonly testCase: string;
  readonly objects: readonly WrittenObject[];
}

/** The objects of every test case that can be rendered; without cases, those of files that are no templates. */
export function writtenObjects(
  member: LoadedPackage,
  validator: SchemaValidator,
): readonly ObjectGroup[] {
  const cases = member.manifest.test.template;
  if (cases.length === 0) {
    const { objects, files } = staticObjects(member);
    return [{ testCase: '', objects: asWritten(objects, files) }];
  }
  return cases.flatMap((testCase) => {
    const result = renderCase(member, testCase, validator);
    if (result.kind === 'invalid') return [];
    const { objects, files } = result.rendered;
    return [{ testCase: testCase.name, objects: asWritten(objects, files) }];
  });
}

/** Labels of the package are not what its author wrote: the text is read once more. */
function asWritten(
  objects: readonly RenderedObject[],
  files: ReadonlyMap<string, RenderedFile>,
): readonly WrittenObject[] {
  const texts = new Map(
    [...files].map(([path, { content }]) => [path, splitDocuments(content)] as const),
  );
  return objects.flatMap(({ path, sourcePath, index, locate }) => {
    const text = texts.get(path)?.[index]?.text ?? '';
    const strict = readManifests(text);
    const fault = strict.diagnostics.find(({ severity }) => severity === 'error')?.message;
    const read = fault === undefined ? strict : readManifests(text, { duplicateKeys: 'last' });
    const value = read.documents[0]?.value as Json | undefined;
    if (!isObject(value)) return [];
    const place = { path, sourcePath, index, locate };
    return itemsOf(value, '').map((item) => ({ ...place, ...item, fault }));
  });
}

/** kubeconform looks at the items of a List one by one. */
function itemsOf(
  value: JsonObject,
  field: string,
): readonly Pick<WrittenObject, 'field' | 'value'>[] {
  const items = value['items'];
  if (String(value['kind']).toLowerCase() !== 'list' || !Array.isArray(items)) {
    return [{ field, value }];
  }
  return (items as readonly Json[]).flatMap((item, index) =>
    isObject(item) ? [{ field: `items[${index}]`, value: item }] : [],
  );
}
