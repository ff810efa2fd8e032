import { expect, onTestFinished, test } from "vitest";
import { KubeClient } from "../kubernetes.ts";
import { PrometheusClient } from "../prometheus.ts";
import { isNotFound } from "./kube-error.ts";
import { playApiServer } from "./played-api-server.ts";
import { routePrefixIn } from "./route-prefix.ts";

const root = "/api/v1/namespaces/m/services/prometheus-operated:9090/proxy";

/** An API server with a Prometheus, which answers below its path alone. */
async function startApiServer(state: { routePrefix?: string }) {
	const asked: string[] = [];
	const kubeconfig = await playApiServer(({ url = "" }, answer) => {
		asked.push(url);
		const write = (status: number, json: unknown) =>
			answer.writeHead(status).end(JSON.stringify(json));
		const prefix = state.routePrefix === "/" ? "" : (state.routePrefix ?? "");
		if (url.startsWith(root))
			return url === `${root}${prefix}/api/v1/status/flags`
				? write(200, { status: "success", data: { some: "flag" } })
				: write(404, { message: "page not found" });
		if (url.includes("/prometheuses"))
			return write(200, {
				metadata: {},
				items: [{ metadata: { name: "p", namespace: "m" }, spec: state }],
			});
		if (url.startsWith("/apis/monitoring.coreos.com/v1"))
			return write(200, {
				resources: [
					{
						name: "prometheuses",
						kind: "Prometheus",
						namespaced: true,
						verbs: ["list"],
					},
				],
			});
		write(404, {});
	});
	const kube = KubeClient.fromKubeconfig(kubeconfig);
	onTestFinished(() => kube.close());
	return { asked, prometheus: PrometheusClient.inNamespace(kube, "m") };
}

test.each([undefined, "/", "/prometheus"])(
	"Prometheus is asked below its routePrefix: %s",
	async (routePrefix) => {
		const state = routePrefix ? { routePrefix } : {};
		const { prometheus, asked } = await startApiServer(state);
		expect(await prometheus.flags()).toEqual({ some: "flag" });
		await prometheus.flags();
		expect(
			asked.filter((each) => each.includes("/prometheuses")),
			"how often the path was read",
		).toHaveLength(1);
	},
);

test("a path that an upgrade has changed is read again after an answer of 404", async () => {
	const state = { routePrefix: "/old" };
	const { prometheus } = await startApiServer(state);
	await prometheus.flags();
	state.routePrefix = "/new";
	const refused = await prometheus.flags().catch((error: unknown) => error);
	expect(isNotFound(refused)).toBe(true);
	expect(await prometheus.flags()).toEqual({ some: "flag" });
});

test("a chart's path is read from what it renders", () => {
	const make = (kind: string, routePrefix: string) => ({
		apiVersion: "v1",
		kind,
		metadata: { name: "x" },
		spec: { routePrefix },
	});
	const rendered = [make("Alertmanager", "/am/"), make("Prometheus", "/")];
	expect(routePrefixIn(rendered, "Alertmanager")).toBe("/am");
	expect(routePrefixIn(rendered, "Prometheus")).toBe("");
	expect(routePrefixIn([], "Prometheus")).toBe("");
});
