import { isEqual, omit } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import {
	type Difference,
	describeDifference,
	describeHidden,
	differencesOf,
} from "../charts/differences.ts";
import { asObject, at } from "../charts/fields.ts";
import {
	monitorKinds,
	operatorWorkloads,
	podWorkloads,
} from "../charts/operator-kinds.ts";
import { pairByKey } from "../charts/pairs.ts";
import { readIni } from "../charts/read-ini.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { reportDifferences } from "../charts/report-differences.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { isDashboard } from "../grafana/dashboard-content.ts";
import { withComparableBackends } from "../links/ingress-backends.ts";
import { podsOf } from "../targets/discovered.ts";
import { isRefusedChange } from "./immutable.ts";
import { withComparablePorts } from "./service-ports.ts";

/** What others reach the stack by, and what protects it: the changes that a person has to look at. */
const reliedOn: Readonly<Record<string, RegExp>> = {
	Service:
		/^spec\.(type|clusterIP|externalIPs|externalName|loadBalancer\w*|externalTrafficPolicy|sessionAffinity|ports\[[^\]]*\](\.(port|targetPort|protocol|nodePort))?)$/,
	Ingress: /^spec\.(rules|tls|ingressClassName|defaultBackend)/,
	HTTPRoute: /^spec\.(hostnames|rules|parentRefs)/,
	NetworkPolicy: /^spec/,
	PodDisruptionBudget: /^spec/,
	PersistentVolumeClaim: /^spec/,
	// Where they are written by hand, nothing else finds what they lead to.
	Endpoints: /^subsets/,
	EndpointSlice: /^(endpoints|ports|addressType)/,
	MutatingWebhookConfiguration: /\.(failurePolicy|clientConfig\.(service|url))/,
	ValidatingWebhookConfiguration:
		/\.(failurePolicy|clientConfig\.(service|url))/,
	AlertmanagerConfig: /^spec/,
	// Not of Kubernetes, and common beside the chart's objects.
	...Object.fromEntries(
		[
			"AuthorizationPolicy",
			"CiliumNetworkPolicy",
			"ExternalSecret",
			"GRPCRoute",
			"IngressRoute",
			"Middleware",
			"PeerAuthentication",
			"RequestAuthentication",
			"SecurityPolicy",
		].map((kind) => [kind, /^spec/]),
	),
};
const configurations = new Set(["ConfigMap", "Secret"]);
const replaced = new Set(podWorkloads);
/** Other comparisons look at these whole. */
const elsewhere = new Set([
	...monitorKinds,
	...operatorWorkloads,
	"PrometheusRule",
]);

/** Changes of objects that no other comparison looks at. Every change is reported, at least as a note. */
export function compareContents(a: Side, b: Side): Reason[] {
	const hooks = pairByKey(a.hooks, b.hooks, objectKey).both.flatMap(
		([old, now]) =>
			reportDifferences(
				now,
				differencesIn(old, now).filter(({ path }) => !/\.image$/.test(path)),
				"object-changed",
				() => false,
			),
	);
	const before = podsOf(a);
	const after = podsOf(b);
	return pairByKey(a.objects, b.objects, objectKey)
		.both.flatMap(([old, now]) => {
			if (configurations.has(now.kind))
				return isDashboard(now) ? [] : compareData(old, now, b);
			if (elsewhere.has(now.kind)) return [];
			if (replaced.has(now.kind))
				return compareRollout(withoutPods(old), withoutPods(now));
			if (now.kind === "Service")
				return compareObject(
					...withComparablePorts(
						{ service: old, pods: before },
						{ service: now, pods: after },
					),
				);
			return now.kind === "Ingress"
				? compareObject(
						...withComparableBackends(
							{ ingress: old, side: a },
							{ ingress: now, side: b },
						),
					)
				: compareObject(old, now);
		})
		.concat(hooks);
}

function compareObject(old: Manifest, now: Manifest): Reason[] {
	const matters = reliedOn[now.kind];
	// What is refused has a reason of its own.
	const isRefused = isRefusedChange(old, now);
	return reportDifferences(
		now,
		differencesIn(old, now).filter(({ path }) => !isRefused(path)),
		"object-changed",
		(each) => matters?.test(each.path) === true && !isAddition(each),
	);
}

/** A further port or host takes nothing away; a protection does. */
function isAddition({ path, from }: Difference): boolean {
	return from === undefined && /\]$/.test(path);
}

function compareRollout(old: Manifest, now: Manifest): Reason[] {
	return reportDifferences(
		now,
		differencesIn(old, now),
		"rollout-changed",
		({ path }) =>
			/^spec\.replicas/.test(path) ||
			(/^spec\.(strategy|updateStrategy)/.test(path) && mayNotEnd(now)),
	);
}

/** Whether pods may stay as they are: without volume claims of its own, a rolling update always ends. */
function mayNotEnd(now: Manifest): boolean {
	if (now.kind === "Deployment")
		return (
			hasSharedVolumeClaim(now) && at(now, "spec.strategy.type") !== "Recreate"
		);
	const strategy = at(now, "spec.updateStrategy");
	return (
		at(strategy, "type") === "OnDelete" ||
		Number(at(strategy, "rollingUpdate.partition") ?? 0) > 0
	);
}

function differencesIn(old: Manifest, now: Manifest): Difference[] {
	const content = (each: Manifest) =>
		omit(each, ["metadata", "status", "pods", "apiVersion"]);
	return differencesOf(content(old), content(now));
}

function hasSharedVolumeClaim(workload: Manifest): boolean {
	const volumes = at(workload, "pods.volumes");
	return (Array.isArray(volumes) ? volumes : []).some(
		(each) => at(each, "persistentVolumeClaim") !== undefined,
	);
}

/** A workload without immutable fields; its pod template is moved aside, because it has a comparison of its own. */
function withoutPods(object: Manifest): Manifest {
	const spec = asObject(object.spec);
	return {
		...object,
		pods: at(spec, "template.spec"),
		spec: omit(spec, [
			"template",
			"selector",
			"volumeClaimTemplates",
			"serviceName",
			"podManagementPolicy",
		]),
	};
}

/** What is compared as configuration of Alertmanager. */
const alertmanagerFile = "alertmanager.yaml";

/** Of a Secret no values are reported, and of a text that can be read only what it says is compared. */
function compareData(old: Manifest, now: Manifest, b: Side): Reason[] {
	const random = b.unstable.get(objectKey(now));
	const before = dataOf(old);
	const after = dataOf(now);
	const evidence = [...new Set([...before.keys(), ...after.keys()])].flatMap(
		(key) => {
			const from = readEntry(key, before.get(key));
			const to = readEntry(key, after.get(key));
			if (key === alertmanagerFile || random?.has(key) || isEqual(from, to))
				return [];
			if ([from, to].some(isText)) return [key];
			const mayBeSecret =
				now.kind === "Secret" || [from, to].some(holdsSecrets);
			return differencesOf(from, to, key).map(
				mayBeSecret ? describeHidden : describeDifference,
			);
		},
	);
	return evidence.length === 0
		? []
		: [
				makeReason(
					"configuration-changed",
					nameOf(now),
					`The content of ${nameOf(now)} changes.`,
					{ evidence },
				),
			];
}

function readEntry(key: string, text: string | undefined): unknown {
	if (text === undefined) return undefined;
	if (/\.ini$/.test(key)) return readIni(text);
	return /\.(ya?ml|json)$/.test(key) ? (readYaml(text) ?? text) : text;
}

/** The addresses of contact points are often secret, as those of webhooks, and datasources may have any secrets. */
function holdsSecrets(content: unknown): boolean {
	return (
		at(content, "contactPoints") !== undefined ||
		listAt(content, "datasources").some(
			(each) => at(each, "secureJsonData") !== undefined,
		)
	);
}

function isText(content: unknown): boolean {
	return typeof content === "string" || content === undefined;
}
