import { z } from "zod";

/** An object as it is sent to the API server. */
export interface Manifest {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: {
		readonly name: string;
		readonly namespace?: string | undefined;
		readonly labels?: Readonly<Record<string, string>> | undefined;
		readonly annotations?: Readonly<Record<string, string>> | undefined;
	};
	readonly [field: string]: unknown;
}

const metadata = z.looseObject({
	name: z.string(),
	namespace: z.string().optional(),
	uid: z.string().default(""),
	generation: z.number().optional(),
	creationTimestamp: z.string().nullish(),
	deletionTimestamp: z.string().optional(),
	labels: z.record(z.string(), z.string()).default({}),
	annotations: z.record(z.string(), z.string()).default({}),
	ownerReferences: z
		.array(
			z.looseObject({ kind: z.string(), name: z.string(), uid: z.string() }),
		)
		.default([]),
});

/** Any object as the API server returns it. Extend the schema with the fields that are read. */
export const kubeObject = z.looseObject({
	apiVersion: z.string(),
	kind: z.string(),
	metadata,
});
export type KubeObject = z.infer<typeof kubeObject>;

const condition = z.looseObject({
	type: z.string(),
	status: z.string(),
	reason: z.string().optional(),
	message: z.string().optional(),
	lastTransitionTime: z.string().nullish(),
	observedGeneration: z.number().optional(),
});

/** The status of an object of which only the conditions are read. */
export const withConditions = z
	.looseObject({ conditions: z.array(condition).default([]) })
	.prefault({});

const terminated = z.looseObject({
	exitCode: z.number(),
	reason: z.string().optional(),
	message: z.string().optional(),
});

const containerStatus = z.looseObject({
	name: z.string(),
	ready: z.boolean(),
	restartCount: z.number(),
	state: z
		.looseObject({
			waiting: z
				.looseObject({
					reason: z.string().optional(),
					message: z.string().optional(),
				})
				.optional(),
			terminated: terminated.optional(),
		})
		.default({}),
	lastState: z.looseObject({ terminated: terminated.optional() }).default({}),
});

const reference = z.looseObject({ name: z.string().default("") });
const environmentVariable = z.looseObject({
	name: z.string(),
	value: z.string().optional(),
	valueFrom: z
		.looseObject({
			secretKeyRef: reference.extend({ key: z.string() }).optional(),
		})
		.optional(),
});
const environmentSource = z.looseObject({
	prefix: z.string().default(""),
	secretRef: reference.optional(),
});

const container = z.looseObject({
	name: z.string(),
	env: z.array(environmentVariable).default([]),
	envFrom: z.array(environmentSource).default([]),
	args: z.array(z.string()).default([]),
	ports: z
		.array(
			z.looseObject({ name: z.string().optional(), containerPort: z.number() }),
		)
		.default([]),
	volumeMounts: z
		.array(
			z.looseObject({
				name: z.string(),
				mountPath: z.string(),
				subPath: z.string().optional(),
			}),
		)
		.default([]),
});

/** Without them, every key of a Secret becomes the file of its name. */
const keysAsFiles = z
	.array(z.looseObject({ key: z.string(), path: z.string() }))
	.optional();

const volume = z.looseObject({
	name: z.string(),
	persistentVolumeClaim: z.looseObject({ claimName: z.string() }).optional(),
	secret: z
		.looseObject({ secretName: z.string(), items: keysAsFiles })
		.optional(),
	projected: z
		.looseObject({
			sources: z.array(
				z.looseObject({
					secret: reference.extend({ items: keysAsFiles }).optional(),
				}),
			),
		})
		.optional(),
});

export const pod = kubeObject.extend({
	spec: z.looseObject({
		nodeName: z.string().optional(),
		nodeSelector: z.record(z.string(), z.string()).default({}),
		hostNetwork: z.boolean().optional(),
		containers: z.array(container).default([]),
		initContainers: z.array(container).default([]),
		volumes: z.array(volume).default([]),
	}),
	status: z
		.looseObject({
			phase: z.string().optional(),
			podIP: z.string().optional(),
			conditions: z.array(condition).default([]),
			initContainerStatuses: z.array(containerStatus).default([]),
			containerStatuses: z.array(containerStatus).default([]),
		})
		.prefault({}),
});
export type Pod = z.infer<typeof pod>;
export type Container = z.infer<typeof container>;

export const node = kubeObject.extend({ status: withConditions });
export type Node = z.infer<typeof node>;

export const event = kubeObject.extend({
	type: z.string().default("Normal"),
	reason: z.string().default(""),
	message: z.string().default(""),
	count: z.number().nullish(),
	lastTimestamp: z.string().nullish(),
	eventTime: z.string().nullish(),
	involvedObject: z.looseObject({
		kind: z.string().default(""),
		name: z.string().default(""),
	}),
});
export type Event = z.infer<typeof event>;

/** When an event was last seen, as RFC 3339; the field depends on the component that reported it. */
export function timeOfEvent({
	lastTimestamp,
	eventTime,
	metadata: { creationTimestamp },
}: Event): string {
	return lastTimestamp ?? eventTime ?? creationTimestamp ?? "";
}

/** The API version of the operator's objects: Prometheus, Alertmanager, monitors and rules. */
export const monitoringV1 = "monitoring.coreos.com/v1";

/** A Secret; its values are base64. */
export const secretObject = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});
export type SecretObject = z.infer<typeof secretObject>;

/** Whether a condition of this type is `True`. */
export function hasCondition(
	object: { status: { conditions: z.infer<typeof condition>[] } },
	type: string,
): boolean {
	return object.status.conditions.some(
		(each) => each.type === type && each.status === "True",
	);
}

/** The name of an object in messages: `kind/namespace/name`. */
export function nameOf(object: Manifest | KubeObject): string {
	const { name, namespace } = object.metadata;
	return [object.kind, namespace, name].filter(Boolean).join("/");
}
