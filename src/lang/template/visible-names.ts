// The variable names that are in scope while a template is parsed.

/** A stack of names that answers at once whether one is in it. */
export class VisibleNames {
  private readonly names: string[] = [];
  private readonly counts = new Map<string, number>();

  get length(): number {
    return this.names.length;
  }

  has(name: string): boolean {
    return (this.counts.get(name) ?? 0) > 0;
  }

  push(name: string): void {
    this.names.push(name);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** Forgets what was pushed since there were `length` names. */
  truncate(length: number): void {
    for (const name of this.names.splice(length)) {
      this.counts.set(name, (this.counts.get(name) ?? 1) - 1);
    }
  }
}
