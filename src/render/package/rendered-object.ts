// One object of a package between rendering and phases: what it is and where it comes from.
import type { Position } from '../../lang/yaml/index.ts';
import type { Manifest } from '../../model/manifest.ts';

export interface RenderedObject {
  /** Path after rendering, inside the package: `deployment.yaml`. */
  readonly path: string;
  /** The file that was written by people: `deployment.yaml.gotmpl`. */
  readonly sourcePath: string;
  /** Number of the document in the file, from 0; empty documents count. */
  readonly index: number;
  /** Line in the written file; undefined for output of templates, whose lines are nobody's. */
  readonly line: number | undefined;
  /** With the labels of the package on it; labels and annotations are as written, not yet checked. */
  readonly manifest: Manifest;
  /** Line and column of a value in the written file; with `at`, of a character of its text. */
  readonly locate: (
    path: readonly (string | number)[],
    at?: Position,
  ) => { readonly line?: number; readonly column?: number };
}
