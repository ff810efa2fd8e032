import { isEqual } from "es-toolkit";
import { parseQuantity } from "../../../../common/sizes.ts";
import { asObject, at, isNothing, withoutSlash } from "../../charts/fields.ts";
import { losesTolerations } from "../../objects/worse-pods.ts";

/** Settings that only protect the pods, or name and describe them. */
const harmless =
	/^(securityContext|podMetadata|portName|minReadySeconds|automountServiceAccountToken|terminationGracePeriodSeconds|hostNetwork|hostAliases|enableServiceLinks|(thanos\.)?logLevel)\b/;

/**
 * Whether a setting of a workload of the operator's takes nothing away: it protects or describes the pods, or gives
 * them more room than they had.
 *
 * @param field e.g. `resources.limits`, of both specs
 */
export function isHarmless(field: string, old: unknown, now: unknown): boolean {
	const [from, to] = [at(old, field), at(now, field)];
	// What is only preferred never keeps a pod from starting.
	if (/^affinity\b/.test(field))
		return !/requiredDuring/.test(JSON.stringify([from, to]));
	if (field === "topologySpreadConstraints")
		return !/DoNotSchedule/.test(JSON.stringify([from, to]));
	// Another user may not read what is on the volume.
	if (/^securityContext\.(runAs|fsGroup)/.test(field)) return isEmpty(from);
	if (field === "tolerations") return !losesTolerations(old, now);
	if (field === "imagePullSecrets") return listed(from).every(isIn(listed(to)));
	// Prometheus and Alertmanager cut it off.
	if (field === "externalUrl" || field === "routePrefix")
		return addressOf(from) === addressOf(to);
	const [, place, part] =
		/^((?:thanos\.)?resources)(?:\.(limits|requests))?$/.exec(field) ?? [];
	if (place)
		return [part ?? ["limits", "requests"]].flat().every((each) => {
			const [before, after] = [at(old, place), at(now, place)];
			return each === "limits"
				? raisesLimits(before, after)
				: lowersRequests(before, after);
		});
	return harmless.test(field);
}

/** Also for what is off, or 0. */
export function isEmpty(value: unknown): boolean {
	return !value || isNothing(value);
}

function addressOf(value: unknown): string {
	return withoutSlash(String(value ?? ""));
}

function listed(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

function isIn(list: readonly unknown[]): (item: unknown) => boolean {
	return (item) => list.some((each) => isEqual(each, item));
}

/** What is asked for is the limit where nothing else is said, so that a higher limit may need a larger node. */
function raisesLimits(before: unknown, after: unknown): boolean {
	return namesIn(before, after, "limits").every((name) => {
		const asksItself = amountOf(after, "requests", name) !== undefined;
		const [old = Infinity, now = Infinity] = [before, after].map((each) =>
			amountOf(each, "limits", name),
		);
		return now >= old && (asksItself || asksForLess(before, after, name));
	});
}

function lowersRequests(before: unknown, after: unknown): boolean {
	return namesIn(before, after, "requests").every((name) =>
		asksForLess(before, after, name),
	);
}

/** Not if it no longer asks at all: then its pod is the first that a full node ends. */
function asksForLess(before: unknown, after: unknown, name: string): boolean {
	const [old = 0, now = 0] = [before, after].map(
		(each) =>
			amountOf(each, "requests", name) ?? amountOf(each, "limits", name),
	);
	return now <= old && (now > 0 || old === 0);
}

function namesIn(before: unknown, after: unknown, part: string): string[] {
	return [before, after].flatMap((each) =>
		Object.keys(asObject(at(each, part))),
	);
}

/** What cannot be read is no number, and neither more nor less than another. */
function amountOf(
	resources: unknown,
	part: string,
	name: string,
): number | undefined {
	const written = asObject(at(resources, part))[name];
	if (written === undefined || written === null) return undefined;
	try {
		return parseQuantity(String(written));
	} catch {
		return Number.NaN;
	}
}
