// A tree in box-drawing characters.

export interface TreeNode {
  readonly label: string;
  readonly children: readonly TreeNode[];
}

/** One line a node, without a newline at the end. */
export function formatTree(node: TreeNode): string {
  return [node.label, ...childLines(node.children, '')].join('\n');
}

function childLines(children: readonly TreeNode[], indent: string): readonly string[] {
  return children.flatMap((child, index) => {
    const last = index === children.length - 1;
    return [
      `${indent}${last ? '└── ' : '├── '}${child.label}`,
      ...childLines(child.children, `${indent}${last ? '    ' : '│   '}`),
    ];
  });
}
