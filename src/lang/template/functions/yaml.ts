// Values as YAML, byte for byte as Go writes and reads it: the heart of Helm's and Package Operator's
// functions (go-templates §7).
import { readGoYaml, writeGoYaml, writeGoYamlPretty } from '../../yaml/index.ts';
import { fromPlain } from '../data.ts';
import { TemplateFunctionError } from '../function.ts';
import type { CallContext } from '../function.ts';
import type { Value } from '../value.ts';
import { chargeText } from './elements.ts';
import { writableYaml } from './library/yaml-value.ts';

export interface YamlForm {
  /** yaml/v3's layout (toYamlPretty) in place of sigs.k8s.io/yaml's. */
  readonly pretty: boolean;
}

/**
 * Without the line break at the end.
 * @throws TemplateFunctionError with Go's text where Go fails
 */
export function yamlText(
  context: CallContext,
  value: Value,
  { pretty }: YamlForm = { pretty: false },
): string {
  const writable = writableYaml(context, value);
  const written = pretty ? writeGoYamlPretty(writable) : writeGoYaml(writable);
  if (written.kind === 'failed') throw new TemplateFunctionError(written.message);
  context.checkLength(written.text.length);
  chargeText(context, written.text.length);
  return written.text.endsWith('\n') ? written.text.slice(0, -1) : written.text;
}

/** What `yamlValue` must find; nil passes as anything. */
export type YamlKind = 'map' | 'array' | undefined;

/**
 * The first document of a text; every number is a float64.
 * @returns null for nothing and for an explicit null, which Go leaves its target alone for
 * @throws TemplateFunctionError with the text of sigs.k8s.io/yaml
 */
export function yamlValue(context: CallContext, text: string, into?: YamlKind): Value {
  chargeText(context, 64 * text.length);
  const read = readGoYaml(text, into === undefined ? {} : { into });
  if (read.kind === 'failed') throw new TemplateFunctionError(read.message);
  return fromPlain(read.value, 'float64');
}
