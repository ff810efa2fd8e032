import { layerFiles } from "../plan/values/values.ts";
import { findReleases } from "./find-releases.ts";
import { makeTree } from "./git/make-tree.ts";

/** For tests: the only release of some files, with its values put together. @throws Error if there is another number */
export function findOneRelease(files: Parameters<typeof makeTree>[0]) {
	const [found, ...others] = findReleases(makeTree(files));
	if (!found || others.length > 0)
		throw new Error(`${found ? others.length + 1 : 0} releases were found`);
	return { ...found, all: layerFiles(found.values) };
}
