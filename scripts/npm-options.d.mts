export const npmOptions: readonly string[];
export function findConsumed(
	env: Readonly<Record<string, string | undefined>>,
): string | undefined;
