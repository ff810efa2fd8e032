import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { mustRefute, readMutations } from "./catalogue.ts";
import { claimsThatNotice, componentsOf, readers } from "./readers.ts";

const mutations = await readMutations();
const claims = (await readdir(new URL("..", import.meta.url))).flatMap(
	(file) => /^([a-z0-9-]+)\.test\.ts$/.exec(file)?.[1] ?? [],
);

function noticedBy(id: string): string[] {
	const mutation = mutations.find((each) => each.id === id);
	if (!mutation) throw new Error(`no mutation ${id}`);
	return claimsThatNotice(mutation, claims);
}

test("a mutation is tried with its claim and those that read the same component", () => {
	const noticed = noticedBy("anonymous-access");
	expect(noticed).toContain("grafana-datasources");
	expect(noticed).toContain("grafana-pages");
	expect(noticed).not.toContain("wal-replay");
});

test("what Prometheus does may be noticed by every claim", () => {
	expect(noticedBy("scraped-every-30s")).toEqual(claims);
});

test("what is below a key may have readers of its own", () => {
	const values = {
		prometheus: {
			additionalPodMonitors: [],
			prometheusSpec: { additionalAlertRelabelConfigs: [], retention: "1d" },
		},
	};
	expect(componentsOf({ values })).toEqual([
		"prometheus.additionalPodMonitors",
		"prometheus.prometheusSpec.additionalAlertRelabelConfigs",
		"prometheus.prometheusSpec.retention",
	]);
});

test("the claims that read a component exist", () => {
	const unknown = Object.values(readers)
		.flat()
		.filter((id) => !claims.includes(id));
	expect(unknown).toEqual([]);
});

test("a component's readers are all claims that its mutations refute", () => {
	const unlisted = mutations.flatMap((each) => {
		const components = componentsOf(each);
		if (components.length !== 1) return [];
		const known = components.flatMap((name) => readers[name] ?? claims);
		return mustRefute(each)
			.filter((id) => !known.includes(id))
			.map((id) => `${components[0]}: ${id}`);
	});
	expect(unlisted).toEqual([]);
});
