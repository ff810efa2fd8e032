import type { Place } from "../alerts/exposure.ts";
import { type KubeObject, nameOf } from "../clients/kube-objects.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import { makeNeedles } from "../common/secrecy/search.ts";
import type { HomelabSecrets } from "../harness/set-up/homelab-secrets.ts";
import { listSecretReferences } from "../harness/set-up/secrets/references.ts";
import { findHidden, type NamedSecret, nameSecretsIn } from "./hidden-texts.ts";
import { nameWritten, writer } from "./written-from-doppler.ts";

/** A secret from Doppler, and the Secrets that are meant to have it. */
export interface KeptSecret extends NamedSecret {
	/** As `nameOf` names them, e.g. Secret/monitoring/grafana-admin. */
	readonly homes: ReadonlySet<string>;
}

/** What the mock of Doppler answers from. */
const doppler = "Secret/doppler-mock/doppler-mock";

/**
 * Every secret from Doppler with its homes: the Secrets that External Secrets writes, whatever a person calls them, and
 * those of the mocks.
 *
 * @param objects of the cluster, ExternalSecrets among them
 * @param namespace the stack's
 */
export function listKeptSecrets(
	{
		slackWebhookUrl,
		rotatedSlackWebhookUrl,
		slackBotToken,
		rotatedSlackBotToken,
		grafanaAdmin,
		canary,
		dopplerToken,
	}: HomelabSecrets,
	objects: readonly KubeObject[],
	namespace: string,
): KeptSecret[] {
	const written = objects
		.filter(({ kind }) => kind === "ExternalSecret")
		.map(
			(each) =>
				`Secret/${each.metadata.namespace}/${nameWritten(parseAs(writer, each, nameOf(each)))}`,
		);
	const keep = (
		what: string,
		needles: readonly string[],
		...homes: readonly string[]
	): KeptSecret => ({ what, needles, homes: new Set([doppler, ...homes]) });
	const slack = [
		...written,
		...mergedConfigurations(objects, written),
		"Secret/slack-mock/slack-mock",
	];
	return [
		// Nothing uses it, so it is nowhere else than in the Secret that was made for it.
		keep("the canary", [canary], `Secret/${namespace}/doppler-canary`),
		keep("the Slack webhook", makeNeedles(slackWebhookUrl), ...slack),
		keep(
			"the Slack webhook after a rotation",
			makeNeedles(rotatedSlackWebhookUrl),
			...slack,
		),
		keep("the token of Slack's bot", [slackBotToken], ...slack),
		keep(
			"the token of Slack's bot after a rotation",
			[rotatedSlackBotToken],
			...slack,
		),
		keep("Grafana's password", [grafanaAdmin.password], ...written),
		keep(
			"the token for Doppler",
			[dopplerToken],
			"Secret/external-secrets/doppler-token",
		),
	];
}

/**
 * The Secrets with Alertmanager's configuration, where an AlertmanagerConfig refers to one of some Secrets: it knows no
 * files, so the operator writes what that Secret has into the configuration.
 */
function mergedConfigurations(
	objects: readonly KubeObject[],
	secrets: readonly string[],
): string[] {
	const refers = objects
		.filter(({ kind }) => kind === "AlertmanagerConfig")
		.some((each) => {
			const { namespace = "" } = each.metadata;
			return listSecretReferences([each], namespace).some(({ secret }) =>
				secrets.includes(`Secret/${namespace}/${secret}`),
			);
		});
	return objects
		.filter(
			({ kind, metadata }) =>
				refers &&
				kind === "Secret" &&
				/^alertmanager-.+-generated$/.test(metadata.name),
		)
		.map(nameOf);
}

/** Where objects have secrets, and where in each. */
export function findInObjects(
	objects: readonly KubeObject[],
	secrets: readonly NamedSecret[],
): string[] {
	return objects.flatMap((each) =>
		findHidden(each, secrets).map((where) => `${nameOf(each)}: ${where}`),
	);
}

/** Where secrets are that are meant to be elsewhere: in objects that are no home of theirs, and in logs. */
export function findStrays(
	secrets: readonly KeptSecret[],
	objects: readonly KubeObject[],
	logs: readonly Place[],
): string[] {
	return [
		...objects.flatMap((each) => {
			const name = nameOf(each);
			return findInObjects(
				[each],
				secrets.filter(({ homes }) => !homes.has(name)),
			);
		}),
		...logs.flatMap(({ name, content }) =>
			nameSecretsIn(content, secrets).map((what) => `${name}: ${what}`),
		),
	];
}
