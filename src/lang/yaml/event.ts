// The parser's events, read with the questions that both readers ask: where is a node, which tag, is it `<<`.
import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import type {
  AliasEvent,
  DocumentEvent,
  Event,
  MappingEvent,
  ScalarEvent,
  SequenceEvent,
} from 'js-yaml';

export type NodeEvent = ScalarEvent | AliasEvent | SequenceEvent | MappingEvent;

const YAML_TAG_PREFIX = 'tag:yaml.org,2002:';

/** Where a node starts in the text, its anchor and tag included; -1 for a value that was left out. */
export function nodeOffset(text: string, event: NodeEvent): number {
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  const own = event.type === EVENT_ID.SCALAR ? scalarOffset(text, event) : event.start;
  if (event.tagStart < 0 && event.anchorStart < 0) return own;
  const starts = [own, event.tagStart, event.anchorStart < 0 ? -1 : event.anchorStart - 1];
  return Math.min(...starts.filter((offset) => offset >= 0));
}

function scalarOffset(text: string, event: ScalarEvent): number {
  if (event.valueStart < 0) return -1;
  switch (event.style) {
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return event.valueStart - 1;
    case SCALAR_STYLE.LITERAL_BLOCK:
    case SCALAR_STYLE.FOLDED_BLOCK:
      return blockHeaderOffset(text, event.valueStart);
    default:
      return event.valueStart;
  }
}

/** The event of a block scalar starts at its first line of text; people look for the `|` above it. */
function blockHeaderOffset(text: string, valueStart: number): number {
  const lineStart = text.lastIndexOf('\n', valueStart - 2) + 1;
  const header = /[|>][-+0-9]*[ \t]*(?:#.*)?\r?\n?$/u.exec(text.slice(lineStart, valueStart));
  return header === null ? valueStart : lineStart + header.index;
}

/** True for a plain scalar without a tag: the only kind whose text is resolved. */
export function isUntaggedPlain(event: ScalarEvent): boolean {
  return event.tagStart < 0 && event.style === SCALAR_STYLE.PLAIN;
}

/**
 * A node's tag in Go's short form (`!!str`, `!custom`), or '' for none. `!` alone counts as `!!str` on a
 * scalar, because it switches resolution off.
 */
export function shortTag(text: string, event: ScalarEvent, document: DocumentEvent): string {
  if (event.tagStart < 0) return '';
  const raw = text.slice(event.tagStart, event.tagEnd);
  if (raw === '!') return '!!str';
  if (raw.startsWith('!<')) return shorten(raw.slice(2, -1));
  if (raw.startsWith('!!')) return decode(raw);
  const handleEnd = raw.indexOf('!', 1);
  const handle = handleEnd < 0 ? '!' : raw.slice(0, handleEnd + 1);
  for (const directive of document.directives) {
    if (directive.kind !== 'tag' || directive.handle !== handle) continue;
    return shorten(directive.prefix + raw.slice(handle.length));
  }
  return decode(raw);
}

function shorten(tag: string): string {
  const full = decode(tag);
  return full.startsWith(YAML_TAG_PREFIX) ? `!!${full.slice(YAML_TAG_PREFIX.length)}` : full;
}

function decode(tag: string): string {
  if (!tag.includes('%')) return tag;
  try {
    return decodeURIComponent(tag);
  } catch {
    return tag;
  }
}

export function isNode(event: Event | undefined): event is NodeEvent {
  return event !== undefined && event.type !== EVENT_ID.POP && event.type !== EVENT_ID.DOCUMENT;
}
