import { z } from "zod";
import { KubeError } from "../../clients/api-server/kube-error.ts";
import { grafanaLabel } from "../../clients/grafana/service.ts";
import { type Datasource, GrafanaClient } from "../../clients/grafana.ts";
import { kubeObject } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { readSecretKey } from "../../clients/secret.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, NeverSeenError, notYet } from "../../common/eventually.ts";

/** What Grafana shows after a login. */
export interface GrafanaState {
	/** By title. */
	readonly dashboards: ReadonlySet<string>;
	/** By name. */
	readonly datasources: ReadonlyMap<
		string,
		Pick<Datasource, "isDefault"> & { readonly answers: boolean }
	>;
}

/** Why nobody can log in. */
export interface LockedGrafana {
	readonly refused: string;
}

/** What Grafana shows, if somebody can log in. */
export function whatIsSeen(
	grafana: GrafanaState | LockedGrafana | undefined,
): GrafanaState | undefined {
	return grafana && "dashboards" in grafana ? grafana : undefined;
}

const secretKeyRef = z.looseObject({ name: z.string(), key: z.string() });
const deployment = kubeObject.extend({
	spec: z.looseObject({
		template: z.looseObject({
			spec: z.looseObject({
				containers: z.array(
					z.looseObject({
						env: z
							.array(
								z.looseObject({
									name: z.string(),
									valueFrom: z
										.looseObject({ secretKeyRef: secretKeyRef.optional() })
										.optional(),
								}),
							)
							.default([]),
					}),
				),
			}),
		}),
	}),
});

/** Logs in with the admin credentials in the cluster and reads what Grafana shows. @returns undefined if there is no Grafana */
export async function readGrafana(
	kube: KubeClient,
	namespace: string,
): Promise<GrafanaState | LockedGrafana | undefined> {
	try {
		const grafana = await logIn(kube, namespace);
		if (!grafana) return undefined;
		const [dashboards, datasources] = await Promise.all([
			grafana.dashboards(),
			grafana.datasources(),
		]);
		const answers = await Promise.all(
			datasources.map((each) => doesAnswer(grafana, each)),
		);
		return {
			dashboards: new Set(dashboards.map(({ title }) => title)),
			datasources: new Map(
				datasources.map(({ name, isDefault }, i) => [
					name,
					{ isDefault, answers: answers[i] ?? false },
				]),
			),
		};
	} catch (error) {
		if (!(error instanceof KubeError) || error.noAnswer) throw error;
		return { refused: error.message };
	}
}

/** Waits until Grafana has loaded dashboards with these titles; claims report what is still missing then. */
export async function waitUntilLoaded(
	kube: KubeClient,
	namespace: string,
	titles: ReadonlySet<string>,
): Promise<void> {
	try {
		const grafana = await logIn(kube, namespace);
		await eventually(
			"Grafana has loaded its dashboards",
			budgets.dashboardReload,
			async () => {
				const found = (await grafana?.dashboards()) ?? [];
				const loaded = new Set(found.map(({ title }) => title));
				const missing = [...titles].filter((title) => !loaded.has(title));
				return missing.length === 0
					? found
					: notYet(`${missing.join(", ")} is missing`);
			},
		);
	} catch (error) {
		if (!(error instanceof NeverSeenError || error instanceof KubeError))
			throw error;
	}
}

/** Logs in with the credentials of the Secret that Grafana's Deployment refers to, whatever its name. */
async function logIn(
	kube: KubeClient,
	namespace: string,
): Promise<GrafanaClient | undefined> {
	const [found] = await kube.list(
		{
			apiVersion: "apps/v1",
			kind: "Deployment",
			namespace,
			labelSelector: grafanaLabel,
		},
		deployment,
	);
	if (!found) return undefined;
	const env = found.spec.template.spec.containers.flatMap((each) => each.env);
	const read = async (variable: string) => {
		const ref = env.find(({ name }) => name === variable)?.valueFrom
			?.secretKeyRef;
		return ref
			? (await readSecretKey(kube, namespace, ref)).toString()
			: "admin";
	};
	const [user, password] = await Promise.all([
		read("GF_SECURITY_ADMIN_USER"),
		read("GF_SECURITY_ADMIN_PASSWORD"),
	]);
	const grafana = await GrafanaClient.inNamespace(kube, namespace);
	return grafana.logIn({ user, password });
}

/** A request that each type of datasource answers, even without data. */
const requests: Readonly<Record<string, string>> = {
	prometheus: "/api/v1/query?query=1",
	loki: "/loki/api/v1/labels",
	alertmanager: "/api/v2/status",
};

async function doesAnswer(
	grafana: GrafanaClient,
	datasource: Datasource,
): Promise<boolean> {
	const request = requests[datasource.type];
	if (!request) return false;
	try {
		await grafana.through(datasource).get(request);
		return true;
	} catch (error) {
		if (error instanceof KubeError) return false;
		throw error;
	}
}
