import { z } from "zod";
import { type Datasource, GrafanaClient } from "../../clients/grafana.ts";
import { kubeObject } from "../../clients/kube-objects.ts";
import { type KubeClient, KubeError } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, NeverSeenError } from "../../common/eventually.ts";

/** What somebody sees who has logged in to Grafana. */
export interface GrafanaState {
	/** Their titles. */
	readonly dashboards: ReadonlySet<string>;
	/** By their names. */
	readonly datasources: ReadonlyMap<
		string,
		Pick<Datasource, "isDefault"> & { readonly answers: boolean }
	>;
}

/** Why nobody could see anything. */
export interface LockedGrafana {
	readonly refused: string;
}

/** What can be seen, if anything. */
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
const secret = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});

/** Logs in with the credentials that the cluster has, and looks around. @returns undefined where there is no Grafana */
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

/** Waits until Grafana has loaded dashboards with these titles; what is missing then is told by the claims. */
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
			async () => (await grafana?.dashboards()) ?? [],
			(found) => {
				const loaded = new Set(found.map(({ title }) => title));
				const missing = [...titles].filter((title) => !loaded.has(title));
				return missing.length === 0 || missing.join(", ");
			},
		);
	} catch (error) {
		if (!(error instanceof NeverSeenError || error instanceof KubeError))
			throw error;
	}
}

/** As the admin whose credentials Grafana's own pod has: whatever the chart calls the Secret, a person looks there. */
async function logIn(
	kube: KubeClient,
	namespace: string,
): Promise<GrafanaClient | undefined> {
	const [found] = await kube.list(
		{
			apiVersion: "apps/v1",
			kind: "Deployment",
			namespace,
			labelSelector: "app.kubernetes.io/name=grafana",
		},
		deployment,
	);
	if (!found) return undefined;
	const env = found.spec.template.spec.containers.flatMap((each) => each.env);
	const read = async (variable: string) => {
		const ref = env.find(({ name }) => name === variable)?.valueFrom
			?.secretKeyRef;
		if (!ref) return "admin";
		const { data } = await kube.get(
			{ apiVersion: "v1", kind: "Secret", namespace, name: ref.name },
			secret,
		);
		return Buffer.from(data[ref.key] ?? "", "base64").toString();
	};
	const [user, password] = await Promise.all([
		read("GF_SECURITY_ADMIN_USER"),
		read("GF_SECURITY_ADMIN_PASSWORD"),
	]);
	const grafana = await GrafanaClient.inNamespace(kube, namespace);
	return grafana.logIn({ user, password });
}

/** A question that each kind of datasource answers, whatever it has. */
const questions: Readonly<Record<string, string>> = {
	prometheus: "/api/v1/query?query=1",
	loki: "/loki/api/v1/labels",
	alertmanager: "/api/v2/status",
};

async function doesAnswer(
	grafana: GrafanaClient,
	datasource: Datasource,
): Promise<boolean> {
	const question = questions[datasource.type];
	if (!question) return false;
	try {
		await grafana.through(datasource).get(question);
		return true;
	} catch (error) {
		if (error instanceof KubeError) return false;
		throw error;
	}
}
