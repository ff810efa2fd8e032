export function privateNodePackage(platform?: string, arch?: string): string;
export function findPrivateNode(root: string): string;
