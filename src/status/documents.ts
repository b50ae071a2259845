// Documents for people, made with handlebars. Overrides come from the daemon's own directory only:
// a template compiles to code, so none is ever taken from the watched repository.
import Handlebars from 'handlebars';

export interface ReadmeData {
  readonly instance: string;
  readonly source: string;
  readonly branch: string;
  readonly total: number;
  readonly ready: number;
  readonly notReadyCount: number;
  /** Units that are not ready and not listed. */
  readonly omitted: number;
  readonly notReady: readonly {
    readonly id: string;
    readonly reason: string;
    readonly message: string;
    readonly revision: number;
    readonly path: string;
  }[];
  readonly targets: readonly {
    readonly name: string;
    readonly total: number;
    readonly ready: number;
  }[];
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly code: string;
    readonly place: string;
    readonly message: string;
  }[];
}

export interface CommitData {
  readonly units: readonly string[];
  readonly count: number;
  /** First unit, for the subject. */
  readonly first: string;
}

export interface Documents {
  readme(data: ReadmeData): string;
  commitMessage(data: CommitData): string;
}

/** Template texts by document name. */
export type DocumentTemplates = Readonly<Record<'readme' | 'commitMessage', string>>;

export const DEFAULT_TEMPLATES: DocumentTemplates = {
  readme: `# Status of {{instance}}

Source: {{source}}, branch {{branch}}

**{{ready}} of {{total}} units are ready.**

| target | units | ready |
| --- | --- | --- |
{{#each targets}}
| {{name}} | {{total}} | {{ready}} |
{{/each}}
{{#if notReady}}

## Not ready

| unit | revision | reason | message |
| --- | --- | --- | --- |
{{#each notReady}}
| [{{id}}]({{path}}) | {{revision}} | {{reason}} | {{message}} |
{{/each}}
{{#if omitted}}

… and {{omitted}} more.
{{/if}}
{{/if}}
{{#if diagnostics}}

## Findings

| severity | code | place | message |
| --- | --- | --- | --- |
{{#each diagnostics}}
| {{severity}} | {{code}} | {{place}} | {{message}} |
{{/each}}
{{/if}}

Each unit has a folder below [units](units): \`unit.yaml\` with its status, \`inventory.yaml\` with what it owns, and its revisions.
`,
  commitMessage: `{{#if (many count)}}Status of {{count}} units{{else}}Status of {{first}}{{/if}}
{{#if (many count)}}

{{#each units}}
- {{this}}
{{/each}}
{{/if}}
`,
};

/** Compiles the templates once. */
export function createDocuments(overrides: Partial<DocumentTemplates> = {}): Documents {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('many', (count: unknown) => typeof count === 'number' && count > 1);
  const templates = { ...DEFAULT_TEMPLATES, ...overrides };
  // Text for Git and Markdown, not HTML: nothing is escaped here, cells are made safe where they are filled.
  const options = { noEscape: true, strict: false } as const;
  const readme = handlebars.compile<ReadmeData>(templates.readme, options);
  const commitMessage = handlebars.compile<CommitData>(templates.commitMessage, options);
  return {
    readme: (data) => readme(data),
    commitMessage: (data) => `${commitMessage(data).trim()}\n`,
  };
}
