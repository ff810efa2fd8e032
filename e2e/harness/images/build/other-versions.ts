/** A requirement or a replacement of a go.mod file. */
interface ModuleVersion {
	readonly Path: string;
	readonly Version?: string | undefined;
}

/** What a module says of its dependencies, as `go mod edit -json` prints it. */
export interface GoModFile {
	readonly Require?: readonly ModuleVersion[] | null | undefined;
	readonly Replace?:
		| readonly { readonly Old: ModuleVersion; readonly New: ModuleVersion }[]
		| null
		| undefined;
}

/**
 * Which of the modules in a program have other versions than its own go.mod names.
 *
 * @param buildInfo what `go version -m` prints of the program
 * @returns a sentence's end for each, e.g. "k8s.io/api v0.33.3 instead of v0.33.1"
 */
export function findOtherVersions(
	buildInfo: string,
	{ Require, Replace }: GoModFile,
): string[] {
	const named = new Map(
		(Require ?? []).map(({ Path, Version = "" }) => [
			Path,
			`${Path} ${Version}`,
		]),
	);
	for (const { Old, New } of Replace ?? [])
		if (New.Version && named.has(Old.Path))
			named.set(Old.Path, `${New.Path} ${New.Version}`);
	return readModules(buildInfo).flatMap(({ path, linked }) => {
		const own = named.get(path);
		if (own === undefined || own === linked) return [];
		const [ownPath, ownVersion] = own.split(" ");
		const instead = linked.startsWith(`${ownPath} `) ? ownVersion : own;
		return [`${linked} instead of ${instead}`];
	});
}

/** @returns each module by the path that it is imported by, with the path and version that it was linked as */
function readModules(buildInfo: string) {
	const modules: { path: string; linked: string }[] = [];
	for (const line of buildInfo.split("\n")) {
		const [, kind, path = "", version = ""] = line.split("\t");
		const linked = `${path} ${version}`;
		if (kind === "dep") modules.push({ path, linked });
		const last = modules.at(-1);
		if (kind === "=>" && last) last.linked = linked;
	}
	return modules;
}
