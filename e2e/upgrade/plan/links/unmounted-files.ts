import { listAt, mapsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { textAt, withoutSlash } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import {
	filesOfAlertmanager,
	filesOfPrometheus,
	type NamedFiles,
} from "./named-files.ts";

/** What reads files that it is told of, and where the operator mounts Secrets and ConfigMaps for it. */
const programs: readonly {
	readonly kinds: readonly string[];
	readonly container: string;
	readonly filesOf: (side: Side) => NamedFiles[];
}[] = [
	{
		kinds: ["Prometheus", "PrometheusAgent"],
		container: "prometheus",
		filesOf: filesOfPrometheus,
	},
	{
		kinds: ["Alertmanager"],
		container: "alertmanager",
		filesOf: filesOfAlertmanager,
	},
];

/** Files that Prometheus and Alertmanager are told to read, such as credentials, and that nothing mounts any more. */
export function compareUnmountedFiles(a: Side, b: Side): Reason[] {
	return programs.flatMap(({ kinds, container, filesOf }) => {
		const had = mountsOf(a, kinds, container);
		const has = mountsOf(b, kinds, container);
		const readBefore = new Set(
			filesOf(a).flatMap(({ reader, paths }) =>
				paths.map((path) => `${reader} ${path}`),
			),
		);
		return filesOf(b).flatMap(({ reader, paths, effect }) => {
			const missing = paths.filter((path) => !isBelow(path, has));
			const lost = missing.filter((path) => isBelow(path, had));
			// Elsewhere, a container may write it.
			const never = missing.filter(
				(path) =>
					!lost.includes(path) &&
					!readBefore.has(`${reader} ${path}`) &&
					isBelow(path, foldersOf(container)),
			);
			const reasonOf = (found: readonly string[], how: string) =>
				found.map((path) =>
					makeReason(
						"reference-gone",
						`${reader} ${path}`,
						`${reader} reads ${path}, which ${how}: ${effect}.`,
						{
							wayOut: `Mount it by secrets, configMaps or volumeMounts of ${kinds[0]}, or name a file that is mounted.`,
						},
					),
				);
			return [
				...reasonOf(lost, "is no longer mounted"),
				...reasonOf(never, "nothing mounts"),
			];
		});
	});
}

/** Where the operator mounts what `secrets` and `configMaps` name. */
function foldersOf(container: string): [secrets: string, configMaps: string] {
	return [`/etc/${container}/secrets`, `/etc/${container}/configmaps`];
}

/** Where the pods of some kinds have files that a person asks for. */
function mountsOf(
	side: Side,
	kinds: readonly string[],
	container: string,
): string[] {
	const [secrets, configMaps] = foldersOf(container);
	return objectsOf(side, ...kinds).flatMap(({ spec }) => [
		...listAt(spec, "secrets").map((name) => `${secrets}/${String(name)}`),
		...listAt(spec, "configMaps").map(
			(name) => `${configMaps}/${String(name)}`,
		),
		...[
			...mapsAt(spec, "volumeMounts"),
			...mapsAt(spec, "containers")
				.filter(({ name }) => name === container)
				.flatMap((each) => mapsAt(each, "volumeMounts")),
		].map((each) => withoutSlash(textAt(each, "mountPath"))),
	]);
}

function isBelow(path: string, folders: readonly string[]): boolean {
	return folders.some((each) => path === each || path.startsWith(`${each}/`));
}
