import { expect, test } from "vitest";
import { kubeObject } from "../clients/kube-objects.ts";
import {
	findChangedLabels,
	findDroppedLabels,
	findHidingLabels,
	listFurtherLabels,
	selectOwnValues,
	whyOtherSeries,
} from "./external-labels.ts";

const first = { cluster: "homelab", prometheus: "monitoring/stack" };

test("another or a missing external label is found", () => {
	expect(findChangedLabels(first, { ...first, cluster: "lab" })).toEqual([
		expect.stringContaining(
			'the external label cluster was "homelab" and is "lab" now',
		),
	]);
	expect(findChangedLabels(first, { cluster: "homelab" })).toHaveLength(1);
});

test("nothing is said of labels that set-up could not read", () => {
	expect(() => findChangedLabels({}, first)).toThrow("set-up could not read");
});

test("the same labels, and a further one, are fine", () => {
	expect(findChangedLabels(first, first)).toEqual([]);
	expect(findChangedLabels(first, { ...first, site: "attic" })).toEqual([]);
});

const external = {
	cluster: "homelab",
	prometheus_replica: "prometheus-stack-0",
};
const written = { __name__: "ledger", run: "1" };
const pod = kubeObject.parse({
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "prometheus-stack-0" },
});
const whyOther = (...found: readonly Record<string, string>[]) =>
	whyOtherSeries(
		found.map((metric) => ({ metric })),
		{ name: "ledger", labels: { run: "1" } },
		external,
		pod,
	);

test("Thanos answers a series with all external labels, or shows its replicas as one", () => {
	expect(whyOther({ ...external, ...written })).toBeUndefined();
	expect(whyOther({ ...written, cluster: "homelab" })).toBeUndefined();
});

test("no other label may be missing or be added, and there is one series", () => {
	const replica = { prometheus_replica: "prometheus-stack-0" };
	expect(whyOther({ ...written, ...replica })).toMatch(
		/"cluster":"homelab".*, but Thanos answers/,
	);
	expect(whyOther({ ...external, ...written, site: "attic" })).toBeDefined();
	expect(whyOther(written)).toBeDefined();
	expect(whyOther()).toBeDefined();
	const whole = { ...external, ...written };
	expect(whyOther(whole, { ...whole, cluster: "lab" })).toBeDefined();
});

test("an external label by which targets are told apart hides theirs", () => {
	expect(findHidingLabels({ ...external, site: "attic" })).toEqual([]);
	expect(findHidingLabels({ ...external, node: "nas" })).toEqual([
		expect.stringContaining('the external label node="nas" takes the place of'),
	]);
});

test("so does one that stored series have with several values", () => {
	const named = { ...external, service: "home", name: "nas", site: "attic" };
	expect(listFurtherLabels(named)).toEqual(["name", "site"]);
	expect(selectOwnValues("name")).toMatch(/^count by \(name\) \({name!="",/);
	expect(
		findHidingLabels(named, { name: ["a", "b", "c", "d"], site: ["attic"] }),
	).toEqual([
		expect.stringContaining('the external label service="home" takes'),
		expect.stringMatching(/name="nas" .* own label name \(a, b, c\) in what/),
	]);
});

test("a compactor may only take a replica's name off blocks", () => {
	const find = (...labels: readonly string[]) =>
		findDroppedLabels(
			labels.map((label) => `--deduplication.replica-label=${label}`),
			external,
			pod,
		);
	expect(find("cluster")).toEqual([
		expect.stringMatching(/it takes the external label cluster="homelab" off/),
	]);
	// No block has the last one as an external label.
	expect(find("prometheus_replica", "replica")).toEqual([]);
	expect(find()).toEqual([]);
});
