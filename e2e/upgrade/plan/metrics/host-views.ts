import { listAt } from "../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../charts/fields.ts";
import type { ScrapedTarget } from "../targets/target.ts";
import { startedWith } from "./exporter-pods.ts";

/** What node-exporter sees of its node only if its pods let it, with the collectors that read it. */
const views: readonly {
	readonly what: string;
	readonly collectors: readonly string[];
	readonly sees: (target: ScrapedTarget) => boolean;
}[] = [
	{
		what: "file systems",
		collectors: ["filesystem"],
		sees: seesFiles,
	},
	{
		// What it reads from /sys, such as netclass, is that of the node all the same.
		what: "network",
		collectors: [
			...["arp", "conntrack", "netdev", "netstat", "sockstat"],
			...["tcpstat", "udp_queues"],
		],
		sees: (target) => at(podsIn(target), "hostNetwork") === true,
	},
];

/** Targets with what they saw of their node before, and see of their container now: those series are of something else. */
export function withLostViews(
	before: readonly ScrapedTarget[],
	after: readonly ScrapedTarget[],
): ScrapedTarget[] {
	const old = new Map(before.map((each) => [each.key, each]));
	return after.map((each) => {
		const from = old.get(each.key);
		if (!from?.pods || !each.pods) return each;
		const lost = views.filter(({ sees }) => sees(from) && !sees(each));
		return lost.length === 0
			? each
			: { ...each, blindTo: lost.flatMap(({ collectors }) => collectors) };
	});
}

/** What a collector would see of the node, for messages. */
export function viewOf(collector: string): string | undefined {
	return views.find(({ collectors }) => collectors.includes(collector))?.what;
}

function podsIn({ pods }: ScrapedTarget): unknown {
	return at(pods?.workload, "spec.template.spec");
}

/** Folders of a node that are no file systems of which anybody wants to know how full they are. */
const ofKernel = /^\/(proc|sys|dev|run|var\/run|etc)(\/|$)/;

/**
 * Whether it is told where the node's root is, and has it there. With some other folders of the node, it sees the file
 * systems that those are on.
 */
function seesFiles(target: ScrapedTarget): boolean {
	const flag = "--path.rootfs=";
	const root = startedWith(target)
		.find((each) => each.startsWith(flag))
		?.slice(flag.length);
	const folders = new Map(
		listAt(podsIn(target), "volumes").map((each) => [
			textAt(each, "name"),
			textAt(each, "hostPath.path"),
		]),
	);
	return (target.pods?.containers ?? [])
		.flatMap((each) => listAt(each, "volumeMounts"))
		.some((mount) => {
			const folder = folders.get(textAt(mount, "name")) ?? "";
			return folder === "/"
				? textAt(mount, "mountPath") === root
				: folder !== "" && !ofKernel.test(folder);
		});
}
