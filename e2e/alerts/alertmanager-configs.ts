import { z } from "zod";
import { isNotFound } from "../clients/api-server/kube-error.ts";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { readSecretKey, type SecretKey } from "../clients/secret.ts";
import type { BroughtRule } from "./inhibition/brought.ts";
import type { AlertmanagerConfig } from "./loaded-config.ts";
import type { Matcher } from "./matchers.ts";

const matcher = z.looseObject({
	name: z.string(),
	value: z.string().default(""),
	matchType: z.enum(["", "=", "!=", "=~", "!~"]).default(""),
	/** Its older form. */
	regex: z.boolean().default(false),
});
const matchers = z.array(matcher).default([]);
const alertmanagerConfig = kubeObject.extend({
	spec: z
		.looseObject({
			receivers: z
				.array(
					z.looseObject({
						name: z.string(),
						slackConfigs: z
							.array(
								z.looseObject({
									apiURL: z
										.looseObject({ name: z.string(), key: z.string() })
										.optional(),
								}),
							)
							.default([]),
					}),
				)
				.default([]),
			inhibitRules: z
				.array(
					z.looseObject({
						sourceMatch: matchers,
						targetMatch: matchers,
						equal: z.array(z.string()).default([]),
					}),
				)
				.default([]),
		})
		.prefault({}),
});
export type AlertmanagerConfigObject = z.infer<typeof alertmanagerConfig>;

/** What teams configure for their namespaces. The operator merges it into Alertmanager's configuration. */
export function listAlertmanagerConfigs(
	kube: KubeClient,
): Promise<AlertmanagerConfigObject[]> {
	return kube.list(
		{
			apiVersion: "monitoring.coreos.com/v1alpha1",
			kind: "AlertmanagerConfig",
		},
		alertmanagerConfig,
	);
}

/** The inhibition rules of AlertmanagerConfigs. */
export function listBroughtRules(
	objects: readonly AlertmanagerConfigObject[],
): BroughtRule[] {
	return objects.flatMap(({ metadata, spec }) => {
		const { namespace = "", name } = metadata;
		return spec.inhibitRules.map(
			({ sourceMatch, targetMatch, equal }): BroughtRule => ({
				namespace,
				by: `AlertmanagerConfig ${namespace}/${name}`,
				source: sourceMatch.map(asMatcher),
				target: targetMatch.map(asMatcher),
				equal,
			}),
		);
	});
}

/**
 * The names in Alertmanager of those receivers of AlertmanagerConfigs that write to a Slack of their own, whose webhook is
 * not the homelab's.
 */
export async function listReceiversOfTeams(
	kube: KubeClient,
	objects: readonly AlertmanagerConfigObject[],
	webhookUrl: string,
): Promise<Set<string>> {
	const found = objects.flatMap(({ metadata, spec }) =>
		spec.receivers.map(({ name, slackConfigs }) => ({
			...metadata,
			receiver: `${metadata.namespace}/${metadata.name}/${name}`,
			slackConfigs,
		})),
	);
	const own = await Promise.all(
		found.map(async ({ namespace = "", receiver, slackConfigs }) => {
			const webhooks = await Promise.all(
				slackConfigs.map(async ({ apiURL }) =>
					// Without one it is that of all receivers, which is the homelab's.
					apiURL
						? (await readWebhook(kube, namespace, apiURL)).trim()
						: webhookUrl.trim(),
				),
			);
			return webhooks.length > 0 && !webhooks.includes(webhookUrl.trim())
				? [receiver]
				: [];
		}),
	);
	return new Set(own.flat());
}

/** Empty if there is no such Secret: then the operator has refused the object, and Alertmanager has no such receiver. */
async function readWebhook(
	kube: KubeClient,
	namespace: string,
	key: SecretKey,
): Promise<string> {
	try {
		return (await readSecretKey(kube, namespace, key)).toString();
	} catch (error) {
		if (isNotFound(error)) return "";
		throw error;
	}
}

/** The configuration with some receivers' Slack as any other chat: what is promised of Slack is not promised of theirs. */
export function setApart(
	config: AlertmanagerConfig,
	receivers: ReadonlySet<string>,
): AlertmanagerConfig {
	return {
		...config,
		receivers: config.receivers.map((each) =>
			receivers.has(each.name)
				? { ...each, slack_configs: [], chat_configs: each.slack_configs }
				: each,
		),
	};
}

function asMatcher({
	name,
	value,
	matchType,
	regex,
}: z.infer<typeof matcher>): Matcher {
	return {
		label: name,
		operator: matchType || (regex ? "=~" : "="),
		value,
	};
}
