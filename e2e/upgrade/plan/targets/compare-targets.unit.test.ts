import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { compareTargets } from "./compare-targets.ts";

/** A job that discovers a pod. */
function makeDiscovery(path: string) {
	const labels = { app: "exporter" };
	const exporter = {
		selector: { matchLabels: labels },
		template: { metadata: { labels }, spec: { containers: [{ name: "a" }] } },
	};
	const jobs = [
		{
			...{ job_name: "pods", metrics_path: path },
			kubernetes_sd_configs: [{ role: "pod" }],
		},
	];
	return makeSide([], {
		objects: [
			{
				...{ kind: "Prometheus", name: "p" },
				spec: { additionalScrapeConfigs: { name: "jobs", key: "jobs.yaml" } },
			},
			{ kind: "DaemonSet", name: "exporter", spec: exporter },
			{
				...{ kind: "Secret", name: "jobs" },
				stringData: { "jobs.yaml": JSON.stringify(jobs) },
			},
		],
	});
}

test("another path of a whole job is not told of each of its targets", () => {
	const [before, after] = [makeDiscovery("/metrics"), makeDiscovery("/probe")];
	expect(compareTargets(before, after)).toEqual([]);
});
