// YAML: reading ten thousand files, finding positions, and writing, beside js-yaml in the same run.
//
//   npx tsc -p bench/tsconfig.json && node dist/measured/bench/yaml.js
import { loadAll, parseEvents } from 'js-yaml';
import { readGoYaml, readManifests, writeGoYaml, writeManifest } from '../src/lang/yaml/index.ts';
import type { YamlDocument } from '../src/lang/yaml/index.ts';
import { canonicalJson } from '../src/lib/canonical-json.ts';
import { generateRepository } from './support/generate-repository.ts';

const ROUNDS = 5;

const texts: string[] = [];
for (const { text } of generateRepository()) {
  // One file in five holds two documents: 10,000 files, 12,000 documents.
  const second = texts.length % 5 === 0 ? `---\n${text.replace('name: team', 'name: second')}` : '';
  texts.push(text + second);
}
const files = texts.map((text) => new TextEncoder().encode(text));
const megabytes = files.reduce((sum, file) => sum + file.length, 0) / 1e6;
const documents: YamlDocument[] = files.flatMap((file) => [...readManifests(file).documents]);

console.log(
  `${files.length} files, ${documents.length} documents, ${megabytes.toFixed(1)} MB; median of ${ROUNDS} rounds\n`,
);

const read = measure('readManifests (bytes → values)', () => {
  for (const file of files) readManifests(file);
});
const decoder = new TextDecoder();
const events = measure('js-yaml parseEvents, no values', () => {
  for (const file of files) parseEvents(decoder.decode(file), {});
});
const loaded = measure('js-yaml loadAll, its own schema', () => {
  for (const file of files) loadAll(decoder.decode(file));
});
measure('JSON.parse of the same values', jsonParse());
measure('readGoYaml (fromYaml, first document)', () => {
  for (const text of texts) readGoYaml(text);
});
measure('one position in each document', () => {
  for (const file of files) {
    for (const document of readManifests(file).documents) document.positionOf(['metadata', 'name']);
  }
});
measure('writeManifest', () => {
  for (const { value } of documents) writeManifest(value);
});
measure('writeGoYaml (toYaml)', () => {
  for (const { value } of documents) writeGoYaml(value);
});
measure('canonicalJson', () => {
  for (const { value } of documents) canonicalJson(value);
});

console.log(`\nreadManifests : js-yaml loadAll     ${(read / loaded).toFixed(2)}`);
console.log(`readManifests : js-yaml parseEvents ${(read / events).toFixed(2)}`);
console.log(`target: under 500 ms                ${read < 500 ? 'met' : 'MISSED'}`);

function jsonParse(): () => void {
  const json = documents.map(({ value }) => canonicalJson(value));
  return () => {
    for (const text of json) JSON.parse(text);
  };
}

/** Milliseconds, median of the rounds; prints its row. */
function measure(name: string, work: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  const median = times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  const rate = (megabytes / median) * 1000;
  console.log(
    `${name.padEnd(40)} ${median.toFixed(0).padStart(6)} ms ${rate.toFixed(1).padStart(7)} MB/s`,
  );
  return median;
}
