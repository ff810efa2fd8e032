import { expect, test } from "vitest";
import { whyCut } from "./cut-buckets.ts";
import { explainIdle } from "./idle-rules.ts";

const pool = "serviceMonitor/monitoring/apiserver/0";
const ofRequests =
	"(apiserver|etcd|rest_client)_request(|_sli|_slo)_duration_seconds_bucket";
const metric = "apiserver_request_duration_seconds_bucket";
const kubernetes = {
	__meta_kubernetes_namespace: "default",
	__meta_kubernetes_service_name: "kubernetes",
};

/** @param step of the API server's pool, which the kubelets' has, too */
function makeSources(
	step: object = { regex: ofRequests, action: "drop" },
	discoveredLabels: Readonly<Record<string, string>> = kubernetes,
) {
	const kubelet = "serviceMonitor/monitoring/kubelet/0";
	return {
		targets: [
			{ scrapePool: pool, labels: { job: "apiserver" }, discoveredLabels },
			{
				scrapePool: kubelet,
				labels: { job: "kubelet" },
				discoveredLabels: {},
			},
		],
		configs: [pool, kubelet].map((job_name) => ({
			job_name,
			scrape_interval: "1m",
			metric_relabel_configs: [{ source_labels: ["__name__"], ...step }],
		})),
	};
}

const of = (name: string, matchers = "") => ({
	metric: name,
	text: `${name}{${matchers}}`,
});

test.each([
	[metric, ""],
	[metric, 'job="apiserver",verb="GET"'],
	["apiserver_request_sli_duration_seconds_bucket", ""],
	["apiserver_request_slo_duration_seconds_bucket", 'job=~"api.+"'],
	["etcd_request_duration_seconds_bucket", ""],
	["rest_client_request_duration_seconds_bucket", 'namespace="default"'],
])("the API server's pool may drop %s of {%s}", (name, matchers) => {
	expect(whyCut(of(name, matchers), makeSources())).toMatch(
		`metric relabelling of ${pool} drops or changes them (drop of __name__ matching ${ofRequests}), as is usual`,
	);
});

test("a step about other labels does not leave them out by their name", () => {
	const kept = { source_labels: ["verb"], regex: "GET|LIST", action: "keep" };
	expect(whyCut(of(metric), makeSources(kept))).toBeUndefined();
});

test("a list of what is kept may leave them out", () => {
	const kept = { regex: "apiserver_request_total", action: "keep" };
	expect(whyCut(of(metric), makeSources(kept))).toMatch("as is usual");
});

test.each([
	["what counts requests", of("apiserver_request_total")],
	["other parts", of("apiserver_request_duration_seconds_count")],
	["another job", of(metric, 'job="kubelet"')],
])("it may not drop %s", (_, selector) => {
	const all = makeSources({ regex: ".+", action: "drop" });
	expect(whyCut(selector, all)).toBeUndefined();
});

test("another pool, and one bucket, are no cut", () => {
	const elsewhere = makeSources(undefined, {});
	expect(whyCut(of(metric), elsewhere)).toBeUndefined();
	const some = makeSources({
		source_labels: ["__name__", "le"],
		regex: `${metric};0.5`,
		action: "drop",
	});
	expect(whyCut(of(metric), some)).toBeUndefined();
});

const selector = `${metric}{job="apiserver"}`;

test.each([
	["nothing has them", []],
	["the kubelets have them", [metric]],
])(
	"what is recorded from them is excused where %s",
	async (_, stored: readonly string[]) => {
		const judge = (expression: string) =>
			explainIdle(expression, {
				...makeSources(),
				find: async (asked) =>
					stored.some((each) => asked === `count(${each})`) ? [{}] : [],
				interval: 60_000,
				retention: async () => undefined,
				externalLabels: [],
			});
		expect(
			await judge(`histogram_quantile(0.99, rate(${selector}[5m]))`),
		).toMatchObject({
			excused: true,
			why: expect.stringContaining("as is usual"),
		});
		// Asked for on the kubelets, they are dropped by mistake.
		expect(await judge(`rate(${metric}{job="kubelet"}[5m])`)).toMatchObject({
			excused: false,
			why: expect.stringContaining("drops or changes them"),
		});
	},
);
