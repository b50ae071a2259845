// Where the files of a package lie in the repository, and what its check needs beside it.
import { pathInPackage } from '../repository-path.ts';
import type { Diagnostic, Location } from '../../model/diagnostic.ts';
import type { SchemaLookup } from '../../probes/index.ts';
import type { SchemaValidator } from '../../schema/index.ts';
import { violationDiagnostic } from '../package/violation.ts';
import type { Violation } from '../package/violation.ts';

export interface CheckOptions {
  readonly validator: SchemaValidator;
  /** Fields of the kinds that selectors name. */
  readonly schemaOf: SchemaLookup;
}

/** One package of a folder, or one component of it. */
export interface PackagePlace {
  /** A violation of it as a diagnostic. */
  readonly report: (violation: Violation) => Diagnostic;
  /** A place in one of its files. */
  readonly locate: (
    path: string,
    at: { readonly line?: number; readonly column?: number },
  ) => Location;
}

export function packagePlace(folder: string, component: string): PackagePlace {
  return {
    report: (violation) => violationDiagnostic(violation, folder, component),
    locate: (path, at) => ({ file: pathInPackage({ folder, component }, path), ...at }),
  };
}
