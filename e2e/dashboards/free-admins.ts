import { z } from "zod";
import { KubeError } from "../clients/api-server/kube-error.ts";
import {
	type GrafanaSettings,
	isSettingOn,
} from "../clients/grafana/settings.ts";
import type { GrafanaClient } from "../clients/grafana.ts";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { labelSelector, selects } from "../clients/label-selector.ts";
import { listGrafanaPods } from "./grafana-pods.ts";

/** Who may reach pods, as far as it is read here. */
export const networkPolicy = kubeObject.extend({
	spec: z
		.looseObject({
			podSelector: labelSelector,
			policyTypes: z.array(z.string()).default(["Ingress"]),
			ingress: z
				.array(z.looseObject({ from: z.array(z.unknown()).default([]) }))
				.default([]),
		})
		.prefault({}),
});
type NetworkPolicy = z.infer<typeof networkPolicy>;

interface Doors {
	readonly kube: KubeClient;
	readonly namespace: string;
	/** Those of Grafana; undefined if they cannot be read. */
	readonly settings: GrafanaSettings | undefined;
	readonly anonymous: GrafanaClient;
	/** A user of the test's own: whoever can be this one can be the admin. */
	readonly user: string;
}

/** A sentence for each way in which somebody is Grafana's admin, or an editor, without the credentials, by its settings. */
export async function findFreeAdmins({
	kube,
	namespace,
	settings,
	anonymous,
	user,
}: Doors): Promise<string[]> {
	if (!settings) return [];
	const header = proxyHeaderOf(settings);
	// Where not everybody reaches Grafana, the proxy in front of it may be the only one that does.
	if (!header || (await isShielded(kube, namespace)))
		return findFreeSignUps(settings);
	return [
		...findFreeSignUps(settings),
		...judgeProxyLogin(
			settings,
			(await whoIs(anonymous, { [header]: user })) === user,
		),
	];
}

/** Who signs up becomes an admin, or an editor, of the organisation that everybody shares. */
export function findFreeSignUps({ users = {} }: GrafanaSettings): string[] {
	const { allow_sign_up, auto_assign_org, auto_assign_org_role = "" } = users;
	const [role] = /^(admin|editor)$/i.exec(auto_assign_org_role) ?? [];
	return role && isSettingOn(allow_sign_up) && isSettingOn(auto_assign_org)
		? [
				`whoever signs up is an ${role.toLowerCase()}: users.allow_sign_up is true, and users.auto_assign_org_role is ${role}`,
			]
		: [];
}

/** The header in which a proxy says who a person is; undefined if Grafana heeds none. */
export function proxyHeaderOf({
	"auth.proxy": proxy = {},
}: GrafanaSettings): string | undefined {
	return isSettingOn(proxy.enabled)
		? proxy.header_name || "X-WEBAUTH-USER"
		: undefined;
}

/** @param isLetIn whether a request of the test's with the header alone is answered as the user that it names */
export function judgeProxyLogin(
	settings: GrafanaSettings,
	isLetIn: boolean,
): string[] {
	const header = proxyHeaderOf(settings);
	if (!header) return [];
	const whitelist = settings["auth.proxy"]?.whitelist?.trim() ?? "";
	if (!isLetIn && whitelist) return [];
	return [
		`whoever sends the header ${header} with the admin's name is the admin: auth.proxy is enabled, and ${whitelist ? `its whitelist ${whitelist} lets in more than the proxy` : "its whitelist is empty"}${isLetIn ? "; a request with this header and no credentials was answered as the user that it named" : ""}`,
	];
}

/** Whether policies select pods, and none of them lets in everybody. */
export function areShielded(
	policies: readonly NetworkPolicy[],
	pods: readonly Readonly<Record<string, string>>[],
): boolean {
	return pods.every((labels) => {
		const own = policies.filter(
			({ spec }) =>
				spec.policyTypes.includes("Ingress") &&
				selects(spec.podSelector, labels),
		);
		return (
			own.length > 0 &&
			own.every(({ spec }) => spec.ingress.every(({ from }) => from.length > 0))
		);
	});
}

async function isShielded(
	kube: KubeClient,
	namespace: string,
): Promise<boolean> {
	const [pods, policies] = await Promise.all([
		listGrafanaPods(kube, namespace),
		kube.list(
			{
				apiVersion: "networking.k8s.io/v1",
				kind: "NetworkPolicy",
				namespace,
			},
			networkPolicy,
		),
	]);
	return areShielded(
		policies,
		pods.map(({ metadata }) => metadata.labels ?? {}),
	);
}

async function whoIs(
	anonymous: GrafanaClient,
	headers: Readonly<Record<string, string>>,
): Promise<string | undefined> {
	try {
		return await anonymous.user(headers);
	} catch (error) {
		if (error instanceof KubeError && !error.noAnswer) return undefined;
		throw error;
	}
}
