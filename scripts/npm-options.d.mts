export const npmOptions: readonly string[];
export function findTaken(
	env: Readonly<Record<string, string | undefined>>,
): string | undefined;
