import type { Manifest } from "../clients/kube-objects.ts";
import type { DerivedSecret, Mutation } from "./catalogue.ts";

/** The environment that a mutation is made for. */
export interface MutationContext {
	/** Where the stack lives. */
	readonly namespace: string;
	readonly slackWebhookUrl: string;
	readonly canary: string;
	/** The text of a Secret's key in the stack's namespace. */
	readonly readSecret: (name: string, key: string) => Promise<string>;
}

/** A mutation ready for Helm and the API server; parts of it are secret. */
export interface MutatedStack {
	readonly values: Mutation["values"];
	readonly objects: readonly Manifest[];
}

/**
 * Fills in what only a running environment knows: namespaces, `$(slackWebhookUrl)`, `$(canary)`, `$(canaryBase64)`, and
 * Secrets made from others.
 */
export async function makeMutated(
	mutation: Pick<Mutation, "values" | "objects" | "secrets">,
	context: MutationContext,
): Promise<MutatedStack> {
	const { namespace } = context;
	const secrets = mutation.secrets.map(
		async (secret): Promise<Manifest> => ({
			apiVersion: "v1",
			kind: "Secret",
			metadata: { name: secret.name, namespace },
			stringData: {
				[secret.key]: replaceText(
					`Secret ${secret.from}, ${secret.key},`,
					await context.readSecret(secret.from, secret.key),
					secret,
				),
			},
		}),
	);
	const objects = mutation.objects.map((each) => ({
		...fillIn(each, context),
		metadata: { namespace, ...each.metadata },
	}));
	return {
		values: mutation.values,
		objects: [...objects, ...(await Promise.all(secrets))],
	};
}

/** An addon's manifests with a mutation's changes. @throws Error like `replaceText` */
export function changeManifests(
	{ name, changes }: Mutation["addons"][number],
	manifests: string,
): string {
	return changes.reduce(
		(text, change) => replaceText(`addon ${name}`, text, change),
		manifests,
	);
}

/** @throws Error if there is nothing to replace; it does not quote the text, which may be secret */
export function replaceText(
	where: string,
	original: string,
	change: Pick<DerivedSecret, "replace" | "with">,
): string {
	const pattern = new RegExp(change.replace, "m");
	if (!pattern.test(original)) throw new Error(`${where} holds no ${pattern}`);
	return original.replace(pattern, change.with);
}

function fillIn<T extends object>(
	object: T,
	{ slackWebhookUrl, canary }: MutationContext,
): T {
	const filled: T = JSON.parse(
		JSON.stringify(object, (_, value: unknown) =>
			typeof value === "string"
				? value
						.replaceAll("$(slackWebhookUrl)", slackWebhookUrl.trim())
						.replaceAll("$(canary)", canary)
						.replaceAll(
							"$(canaryBase64)",
							Buffer.from(canary).toString("base64"),
						)
				: value,
		),
	);
	return filled;
}
