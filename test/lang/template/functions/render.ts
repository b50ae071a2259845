// Renders one template for the tables of this folder: its output, or `error: ` and the reason.
import {
  createTemplateSet,
  DIALECTS,
  execute,
  fromPlain,
  hasInvalidBytes,
} from '../../../../src/lang/template/index.ts';
import type {
  DialectName,
  Limits,
  TemplateHooks,
  Value,
} from '../../../../src/lang/template/index.ts';

export interface RenderOptions {
  /** Default `sprig`. */
  readonly dialect?: DialectName;
  /** Plain data, or with `value` a template value as it is. */
  readonly data?: unknown;
  readonly value?: Value;
  readonly hooks?: TemplateHooks;
  readonly limits?: Partial<Limits>;
  /** Default `allow`. */
  readonly varying?: 'refuse' | 'allow';
  readonly numbers?: 'float64' | 'int64';
}

/** Bytes that repeat from run to run, for functions that draw some. */
export function steadyBytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, at) => (at * 73 + 41) % 251);
}

export function render(template: string, options: RenderOptions = {}): string {
  const { dialect = 'sprig', varying = 'allow', numbers = 'float64' } = options;
  const set = createTemplateSet(DIALECTS[dialect], { varying });
  const added = set.parse('t', template);
  if (!added.ok) return `error: ${added.error.message}`;
  const data = options.value ?? fromPlain(options.data ?? {}, numbers);
  const result = execute(set, 't', data, {
    ...(options.hooks ? { hooks: options.hooks } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
  });
  if (!result.ok) return `error: ${result.error.reason}`;
  return hasInvalidBytes(result.output) ? `bytes: ${JSON.stringify(result.output)}` : result.output;
}
