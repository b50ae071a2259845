// Values as YAML, byte for byte as Go writes it: the heart of Helm's toYaml and Package Operator's
// toYAML (go-templates §7).
import { writeGoYaml, writeGoYamlPretty } from '../../yaml/index.ts';
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
