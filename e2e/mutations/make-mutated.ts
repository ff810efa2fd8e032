import type { Manifest } from "../clients/kubernetes.ts";
import type { DerivedSecret, Mutation } from "./catalogue.ts";

/** What a mutation is put to work on. */
export interface MutationGround {
	/** Where the stack lives. */
	readonly namespace: string;
	readonly slackWebhookUrl: string;
	/** The text of a Secret's key in the stack's namespace. */
	readonly readSecret: (name: string, key: string) => Promise<string>;
}

/** A mutation ready for Helm and the API server. Some of it is secret. */
export interface MutatedStack {
	readonly values: Mutation["values"];
	readonly objects: readonly Manifest[];
}

/** Fills in what only a running environment knows: namespaces, `$(slackWebhookUrl)`, and Secrets made from others. */
export async function makeMutated(
	mutation: Pick<Mutation, "values" | "objects" | "secrets">,
	ground: MutationGround,
): Promise<MutatedStack> {
	const { namespace, slackWebhookUrl } = ground;
	const secrets = mutation.secrets.map(
		async (secret): Promise<Manifest> => ({
			apiVersion: "v1",
			kind: "Secret",
			metadata: { name: secret.name, namespace },
			stringData: {
				[secret.key]: deriveText(
					await ground.readSecret(secret.from, secret.key),
					secret,
				),
			},
		}),
	);
	const objects = mutation.objects.map((each) => ({
		...fillIn(each, slackWebhookUrl),
		metadata: { namespace, ...each.metadata },
	}));
	return {
		values: mutation.values,
		objects: [...objects, ...(await Promise.all(secrets))],
	};
}

/** @throws Error when there is nothing to replace: the mutation would change nothing */
export function deriveText(original: string, secret: DerivedSecret): string {
	const pattern = new RegExp(secret.replace, "m");
	if (!pattern.test(original))
		// The text itself is secret.
		throw new Error(
			`Secret ${secret.from} holds no ${pattern} in ${secret.key}`,
		);
	return original.replace(pattern, secret.with);
}

function fillIn<T extends object>(object: T, slackWebhookUrl: string): T {
	const filled: T = JSON.parse(
		JSON.stringify(object, (_, value: unknown) =>
			typeof value === "string"
				? value.replaceAll("$(slackWebhookUrl)", slackWebhookUrl.trim())
				: value,
		),
	);
	return filled;
}
