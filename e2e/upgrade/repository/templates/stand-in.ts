import type { FilePlace } from "../documents.ts";
import { makeResource, type Resource } from "../kustomize/resource.ts";

const stack = "kube-prometheus-stack";

/**
 * What stands for releases of the stack in a template that is more than can be read, so that they are not passed over: of
 * two revisions it is known whether it differs. None if nothing in it is called by the chart.
 *
 * @param what it is, for people
 * @param written everything that it is made of
 */
export function makeStandIns(
	kind: "Application" | "HelmRelease",
	name: string,
	place: FilePlace,
	what: string,
	written: string,
): Resource[] {
	if (!written.includes(stack)) return [];
	const spec =
		kind === "Application"
			? { source: { chart: stack } }
			: { chart: { spec: { chart: stack } } };
	return [
		{
			...makeResource({ kind, metadata: { name }, spec }, place),
			unknown: [`${what} is not read: what it installs is not known`],
			unread: [{ what, content: written }],
			problem: `${what} is more than can be read here: render it, and compare by --from, --to and --from-values`,
		},
	];
}
