import type { HelmMajor } from "../tools/helm.ts";
import type { RepositoryTree } from "./git/tree.ts";

/** Files that say which tools a repository is used with, and how each names Helm: asdf, mise, aqua. */
const toolFiles: readonly (readonly [RegExp, RegExp])[] = [
	[/(^|\/)\.tool-versions$/, /^helm\s+(\S+)/m],
	[
		/(^|\/)(\.?mise(\.\w+)?\.toml|\.config\/mise\/.*\.toml|\.mise\/config\.toml)$/,
		/^\s*["']?(?:(?:aqua:|ubi:|github:)?(?:helm\/)?helm)["']?\s*=\s*(?:\{[^}]*version\s*=\s*)?["']([^"']+)["']/m,
	],
	[/(^|\/)\.?aqua\.ya?ml$/, /helm\/helm@(\S+)/],
];

/** The major version of Helm that a repository is used with; 3 if it does not say. */
export function helmMajorIn(tree: RepositoryTree): HelmMajor {
	for (const [name, pattern] of toolFiles)
		for (const path of tree.paths.filter((each) => name.test(each))) {
			const version = pattern.exec(tree.read(path) ?? "")?.[1];
			const major = helmMajorOf(version);
			if (major) return major;
		}
	return 3;
}

/** Of a version or the name of a program, e.g. 4, v4.0.1, helm4; undefined if it says neither 3 nor 4. */
export function helmMajorOf(text: string | undefined): HelmMajor | undefined {
	const major = /(?:^|[^\d.])v?([34])(?![\d])/.exec(text ?? "")?.[1];
	return major === "3" ? 3 : major === "4" ? 4 : undefined;
}
