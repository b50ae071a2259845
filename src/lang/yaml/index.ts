// YAML: read as Kubernetes reads it, read as Go's template functions read it, written byte for byte as Go writes it.
export { readManifests } from './read-manifests.ts';
export type { ManifestFile, ReadManifestsOptions, YamlDocument } from './read-manifests.ts';
export type { FoundPosition, ValuePath } from './location-index.ts';
export { positionAt } from './position.ts';
export type { Position } from './position.ts';
export { DEFAULT_YAML_LIMITS } from './limits.ts';
export type { YamlLimits } from './limits.ts';
export type { YamlDiagnostic, YamlDiagnosticCode } from './diagnostic.ts';
export type { YamlValue } from './value.ts';
export { writeGoYaml, writeGoYamlPretty, writeManifest } from './write-go-yaml.ts';
export type { WritableYaml, WriteManifestOptions, WrittenYaml } from './write-go-yaml.ts';
export { formatGoFloat } from './go-float.ts';
export { readGoYaml } from './read-go-yaml.ts';
export type { ReadGoYaml, ReadGoYamlOptions } from './read-go-yaml.ts';
