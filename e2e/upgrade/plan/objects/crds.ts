import { isEqual, memoize, omit } from "es-toolkit";
import { nameOf } from "../../../clients/kube-objects.ts";
import { parseImageReference } from "../../../harness/images/reference.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import {
	type Crd,
	fieldsOf,
	schemaFor,
	undeclaredFields,
	usedFields,
} from "../charts/crd-schema.ts";
import { pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { isKept } from "./volume-claims.ts";

/** The operator's CRDs name its version in this annotation. */
const versionAnnotation = "operator.prometheus.io/version";

/** CRDs that are added, removed or changed, and fields that objects use and no CRD declares. */
export function compareCrds(a: Side, b: Side): Reason[] {
	const { changed, gone, added } = changedPairs(a.crds)(b.crds);
	const consequences = [
		...neededFirst(a, b),
		...changed.flatMap(([old, now]) => lostVersions(old, now)),
		...lostFields(a, b, changed),
	];
	const reasons: Reason[] = [];
	if (changed.length + added.length > 0)
		reasons.push(
			makeReason(
				"crds-changed",
				"CRDs",
				`${changed.length} CRDs change and ${added.length} are new${versions(a, b)}.`,
				{
					evidence: [
						...changed.map(([old, now]) => describeChange(old, now)),
						...added.map(({ metadata }) => `${metadata.name}: new`),
					],
					consequences,
				},
			),
		);
	const deleted = templatedNoMore(a, b);
	for (const { metadata } of gone)
		if (!deleted.includes(metadata.name))
			reasons.push(
				makeReason(
					"crd-gone",
					metadata.name,
					`${metadata.name} stays in the cluster, because Helm leaves CRDs alone, but the new chart no longer has it.`,
				),
			);
	return [
		...reasons,
		...deleted.map((name) =>
			makeReason(
				"crd-gone",
				name,
				`${name} was in the old chart's templates, and is not in those of the new one: Helm deletes it, and every object of its kind with it.`,
				{
					danger: "unsafe",
					wayOut:
						"Annotate it with helm.sh/resource-policy: keep before the upgrade.",
				},
			),
		),
		...undeclared(a, b),
		...operatorMismatch(a, b),
	];
}

/** CRDs that were part of the release and no longer are; one that only moves to a `crds/` folder is deleted, too. */
function templatedNoMore(a: Side, b: Side): string[] {
	return a.crds
		.filter(
			({ metadata }) =>
				a.templatedCrds?.includes(metadata.name) &&
				!b.templatedCrds?.includes(metadata.name) &&
				!isKept({ metadata }),
		)
		.map(({ metadata }) => metadata.name);
}

function versions(a: Side, b: Side): string {
	const from = crdVersion(a.crds);
	const to = crdVersion(b.crds);
	return from && to ? `: from operator ${from} to ${to}` : "";
}

/** The operator that CRDs are of, e.g. 0.85.0; undefined if they do not say. */
export function crdVersion(crds: readonly Crd[]): string | undefined {
	return crds.find(({ metadata }) => metadata.annotations[versionAnnotation])
		?.metadata.annotations[versionAnnotation];
}

function describeChange(old: Crd, now: Crd): string {
	const before = new Set(allFields(old));
	const after = new Set(allFields(now));
	const more = [...after].filter((field) => !before.has(field));
	const less = [...before].filter((field) => !after.has(field));
	return `${now.metadata.name}: ${more.length} new fields, ${less.length} removed`;
}

/** The operator's CRDs have tens of thousands of fields, and are compared in every experiment. */
const allFields = memoize(({ spec }: Crd): string[] =>
	spec.versions.flatMap(({ name, schema }) =>
		fieldsOf(schema.openAPIV3Schema ?? {}).map((field) => `${name} ${field}`),
	),
);

const changedPairs = memoize((before: readonly Crd[]) =>
	memoize((after: readonly Crd[]) => {
		const { both, gone, added } = pairByKey(
			before,
			after,
			({ metadata }) => metadata.name,
		);
		return { changed: both.filter(([a, b]) => !isEqual(a, b)), gone, added };
	}),
);

function lostVersions(old: Crd, now: Crd): Reason[] {
	const served = new Set(
		now.spec.versions.flatMap((each) => (each.served ? [each.name] : [])),
	);
	return old.spec.versions
		.filter(({ name, served: was }) => was && !served.has(name))
		.map(({ name }) =>
			makeReason(
				"crd-version-gone",
				`${now.metadata.name} ${name}`,
				`Objects written as ${now.spec.group}/${name} can no longer be read or written.`,
			),
		);
}

/** Fields that are removed and that an object uses: of the others nobody notices anything. */
function lostFields(
	a: Side,
	b: Side,
	changed: readonly (readonly [Crd, Crd])[],
): Reason[] {
	const used = changed.flatMap(([old, now]) => {
		const lost = new Set(fieldsLost(old, now));
		if (lost.size === 0) return [];
		return [...a.objects, ...b.objects]
			.filter(({ kind }) => kind === now.spec.names.kind)
			.flatMap((object) => {
				const version = object.apiVersion.split("/")[1];
				return usedFields(omit(object, ["apiVersion", "kind", "metadata"]))
					.filter((field) => lost.has(`${version} ${field}`))
					.map((field) => `${nameOf(object)}: ${field}`);
			});
	});
	return used.length === 0
		? []
		: [
				makeReason(
					"crd-field-gone",
					"CRDs",
					"The new CRDs no longer have fields that these objects use.",
					{ evidence: [...new Set(used)] },
				),
			];
}

function fieldsLost(old: Crd, now: Crd): string[] {
	const after = new Set(allFields(now));
	const kept = new Set(now.spec.versions.map(({ name }) => name));
	return allFields(old).filter(
		(field) => !after.has(field) && kept.has(field.split(" ")[0] ?? ""),
	);
}

/** Fields of the new objects that only the new CRDs declare. */
function neededFirst(a: Side, b: Side): Reason[] {
	if (a.crds.length === 0) return [];
	const used = undeclaredBy(b, a.crds);
	const unknown = undeclaredBy(b, b.crds);
	const needed = used.filter((field) => !unknown.includes(field));
	return needed.length === 0
		? []
		: [
				makeReason(
					"crds-needed-first",
					"CRDs",
					"With the old CRDs the API server drops these fields from the new chart's objects.",
					{ evidence: needed },
				),
			];
}

/** Fields of the new objects that not even the new CRDs declare. */
function undeclared(a: Side, b: Side): Reason[] {
	const before = undeclaredBy(a, a.crds);
	return undeclaredBy(b, b.crds)
		.filter((field) => !before.includes(field))
		.map((field) =>
			makeReason(
				"field-undeclared",
				field,
				`${field} is rendered, but its CRD does not declare it: the API server drops it.`,
			),
		);
}

/** e.g. `Prometheus/monitoring/homelab: spec.thanos.blockSize`; kinds without a CRD are skipped. */
export function undeclaredBy(
	{ objects }: Pick<Side, "objects">,
	crds: readonly Crd[],
): string[] {
	return objects.flatMap((object) => {
		const schema = schemaFor(crds, object.apiVersion, object.kind);
		if (!schema) {
			const group = object.apiVersion.split("/")[0];
			const known = crds.some(({ spec }) => spec.group === group);
			return known ? [`${nameOf(object)}: the kind ${object.kind}`] : [];
		}
		// Every object has these, even if its CRD does not declare them.
		const { apiVersion: _, kind: __, metadata: ___, ...rest } = object;
		return undeclaredFields(rest, schema).map(
			(field) => `${nameOf(object)}: ${field}`,
		);
	});
}

function operatorMismatch(a: Side, b: Side): Reason[] {
	const mismatch = ({ images, crds }: Side) => {
		const operator = images
			.map(parseImageReference)
			.find(({ path }) => path.endsWith("/prometheus-operator"));
		const version = operator && /\d+\.\d+\.\d+/.exec(operator.tag)?.[0];
		const found = crdVersion(crds);
		return version && found && version !== found
			? `The CRDs are of operator ${found}, the operator is ${version}.`
			: undefined;
	};
	const found = mismatch(b);
	return found && found !== mismatch(a)
		? [makeReason("crd-operator-mismatch", "CRDs", found)]
		: [];
}
