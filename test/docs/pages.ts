// The documentation pages and their parts, for the tests that hold them to the code.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Every Markdown page that users and contributors read, relative to the root. */
export const PAGES: readonly string[] = [
  ...markdownIn('.', false),
  ...markdownIn('docs', true),
  ...markdownIn('examples', true).filter((page) => page.endsWith('/README.md')),
].toSorted();

function markdownIn(folder: string, deep: boolean): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: deep, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
}

/** Text of a file, by its path from the root. */
export function readText(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** The text without fenced code. */
export function prose(text: string): string {
  return text.replaceAll(/^(`{3,})[^\n]*\n[\s\S]*?^\1[ \t]*$/gmu, '');
}

/** Contents of the fenced blocks of one language, in order. */
export function fences(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gmu)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] ?? '');
}

/** Text between a heading and the next one of the same or a higher level; empty when there is none. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) return '';
  const level = /^#+/u.exec(heading)?.[0].length ?? 1;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => (/^#+(?= )/u.exec(line)?.[0].length ?? 99) <= level);
  return rest.slice(0, end < 0 ? undefined : end).join('\n');
}

/** Rows of all tables in a text, as trimmed cells; heads and rulers are left out. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const isRow = line.startsWith('|') && !/^\|[\s|:-]+$/u.test(line);
    const isHead = /^\|[\s|:-]+$/u.test(lines[index + 1] ?? '');
    return isRow && !isHead ? [cellsOf(line)] : [];
  });
}

function cellsOf(line: string): readonly string[] {
  return line
    .replace(/^\||\|$/gu, '')
    .split(/(?<!\\)\|/u)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** What stands in backquotes, in order. */
export function codeSpans(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/gu)].map((match) => match[1] ?? '');
}

/** The anchor that Git hosts give to a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/gu, '-');
}
