import type { ChartReference } from "./release.ts";
import type { UnreadPart } from "./unread.ts";

/** A chart that is taken from a Git repository elsewhere, with what is not known of it. */
export interface ChartOfGit {
	readonly chart: ChartReference;
	readonly unknown: readonly string[];
	readonly unread: readonly UnreadPart[];
}

/**
 * The version of such a chart is known where its tag is called by the chart, as those of prometheus-community are:
 * kube-prometheus-stack-80.0.0.
 *
 * @param path of the chart's folder
 * @param from for messages
 */
export function readChartOfGit(
	path: string,
	revision: string | undefined,
	from: string,
): ChartOfGit {
	const name = path.split("/").filter(Boolean).at(-1) ?? path;
	const tag = revision?.replace(/^refs\/tags\//, "");
	const version =
		tag?.startsWith(`${name}-`) && /^v?\d/.test(tag.slice(name.length + 1))
			? tag.slice(name.length + 1)
			: undefined;
	return {
		chart: { name, version, source: undefined },
		unknown: version
			? []
			: [
					`the chart comes from ${from}, which is not this repository: its version is not known`,
				],
		unread: [
			{
				what: `the revision of ${from}, ${revision ?? "HEAD"}`,
				content: `${from} ${revision ?? "HEAD"}`,
				followsVersion: true,
			},
		],
	};
}
