import {
	mapAt,
	stringAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { isSopsDocument } from "../../../harness/chart/encryption.ts";
import { monitorKinds } from "../../plan/charts/operator-kinds.ts";
import { isDashboard } from "../../plan/grafana/dashboard-content.ts";
import type { YamlDocument } from "../documents.ts";
import type { RepositoryTree } from "../git/tree.ts";
import type { FoundRelease } from "../release.ts";
import type { UnreadPart } from "../unread.ts";
import type { NeededObject } from "./needed-object.ts";
import { findNeeds, type ReleaseSurroundings } from "./needs.ts";
import { readUmbrella, withoutLabels } from "./umbrella.ts";

/** A release with what it needs and is made beside it, and with what else its umbrella chart makes. */
export function withSurroundings(
	tree: RepositoryTree,
	release: FoundRelease,
	around: ReleaseSurroundings,
): FoundRelease {
	const needs = findNeeds(tree, release, around);
	const unread = [
		...needs.flatMap(unreadNeed),
		...readUmbrella(tree, release)
			.objects.filter((each) => !isRead(each.content, needs))
			.map(unreadObject),
	];
	return {
		...release,
		...(needs.length > 0 && { needs }),
		...(unread.length > 0 && {
			unread: [...(release.unread ?? []), ...unread],
		}),
	};
}

/** Of a password nobody needs to know that it is another one; a configuration that changes may matter. */
function unreadNeed({ object, ...need }: NeededObject): UnreadPart[] {
	if (need.isReadable || !need.isConfiguration) return [];
	// How often it is made anew does not change it.
	const { refreshInterval: _, ...spec } = mapAt(object, "spec");
	const content = [spec, object.data, object.stringData];
	const isMade = !["Secret", "ConfigMap"].includes(object.kind);
	const why = isMade
		? `made by ${object.kind} ${object.metadata.name}`
		: isSopsDocument(object)
			? "encrypted"
			: "not known as a whole";
	return [
		{
			what: `what is in ${isMade ? "Secret" : object.kind} ${need.name}, which is ${why}`,
			content: JSON.stringify(content),
		},
	];
}

const readKinds = [
	"PrometheusRule",
	"GrafanaDashboard",
	...monitorKinds,
	// Releases of their own.
	"Application",
	"ApplicationSet",
	"HelmRelease",
	"HelmChart",
];

function isRead(object: YamlMap, needs: readonly NeededObject[]): boolean {
	const kind = stringAt(object, "kind") ?? "";
	const name = stringAt(object, "metadata", "name") ?? "";
	return (
		readKinds.includes(kind) ||
		isDashboard({ ...object, apiVersion: "v1", kind, metadata: { name } }) ||
		needs.some((each) => each.object.kind === kind && each.name === name) ||
		// What others take from these is not the stack's.
		["Secret", "ConfigMap", "ExternalSecret", "SealedSecret"].includes(kind)
	);
}

function unreadObject({ content, place }: YamlDocument): UnreadPart {
	const kind = stringAt(content, "kind") ?? "";
	const name = stringAt(content, "metadata", "name") ?? "";
	return {
		what: `${kind} ${name} of ${place.file}`,
		content: JSON.stringify(withoutLabels(content)),
		isHarmlessIfNew: kind !== "NetworkPolicy",
	};
}
