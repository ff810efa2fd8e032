export function findUnsupportedSystem(
	platform?: string,
	readReport?: () => { header: { glibcVersionRuntime?: string } },
): string | undefined;
