import { posix } from "node:path";
import { satisfies, valid, validRange } from "semver";
import {
	mapsAt,
	stringAt,
	type YamlMap,
} from "../../common/parsing/yaml-map.ts";
import { pathFrom, type RepositoryTree } from "./git/tree.ts";
import type { ChartReference } from "./release.ts";

/**
 * The chart that a dependency of a chart in the repository is: the one that lies in `charts/`, else the version of the
 * lock. A lock that does not fit is a problem: `helm dependency build` refuses it.
 */
export function referenceDependency(
	tree: RepositoryTree,
	folder: string,
	dependency: YamlMap,
): ChartReference {
	const name = stringAt(dependency, "name") ?? "";
	const wanted = stringAt(dependency, "version");
	const repository = stringAt(dependency, "repository") ?? "";
	const isRemote = /^(https?|oci):/.test(repository);
	const path = vendoredPath(tree, folder, name, wanted, repository);
	const lock =
		tree.document(pathFrom(folder, "Chart.lock")) ??
		tree.document(pathFrom(folder, "requirements.lock"));
	const locked = lockedVersion(lock?.content, name, wanted);
	const isLocked = locked !== undefined && isInRange(locked, wanted);
	const isStale = lock !== undefined && isRemote && !isLocked;
	return {
		name,
		version: isLocked ? locked : wanted,
		source: isRemote ? sourceOf(repository, name) : undefined,
		...(path !== undefined && { path }),
		...(isStale &&
			path === undefined && {
				problem: `${folder}/Chart.yaml wants ${name} ${wanted ?? ""}, and its lock has ${locked ?? "none"}: run helm dependency update ${folder}`,
			}),
	};
}

function sourceOf(repository: string, name: string): string {
	return repository.startsWith("oci:")
		? posix
				.join(repository.replace("oci://", "oci:/"), name)
				.replace("oci:/", "oci://")
		: repository;
}

/** Where a dependency lies in the repository; undefined if it has to be fetched. */
function vendoredPath(
	tree: RepositoryTree,
	folder: string,
	name: string,
	wanted: string | undefined,
	repository: string,
): string | undefined {
	const local = /^file:\/\/(.+)$/.exec(repository)?.[1];
	const packed = [...tree.at(pathFrom(folder, "charts")).keys()].filter(
		(file) => {
			const version = packedVersion(file, name);
			return version !== undefined && isInRange(version, wanted);
		},
	);
	return [
		...(local === undefined ? [] : [pathFrom(folder, local)]),
		pathFrom(folder, `charts/${name}`),
		...packed.map((file) => pathFrom(folder, `charts/${file}`)),
	].find((path) => tree.isFolder(path) || tree.has(path));
}

function packedVersion(file: string, name: string): string | undefined {
	const version = file.startsWith(`${name}-`)
		? /^(.+)\.tgz$/.exec(file.slice(name.length + 1))?.[1]
		: undefined;
	return version !== undefined && valid(version) ? version : undefined;
}

/** What a lock says, that of a chart or of a helmfile. Of several entries with one name, the one that fits. */
export function lockedVersion(
	lock: YamlMap | undefined,
	name: string,
	wanted: string | undefined,
): string | undefined {
	const versions = mapsAt(lock, "dependencies")
		.filter((entry) => entry.name === name)
		.flatMap((entry) => stringAt(entry, "version") ?? []);
	return versions.find((each) => isInRange(each, wanted)) ?? versions[0];
}

/** Whether a version is one that is wanted, as far as the range can be understood. */
export function isInRange(
	version: string,
	wanted: string | undefined,
): boolean {
	const range = wanted?.replaceAll(/,\s*/g, " ");
	return (
		range === undefined ||
		validRange(range) === null ||
		!valid(version) ||
		satisfies(version, range, { includePrerelease: true })
	);
}
