import { memoize } from "es-toolkit";
import { minor } from "semver";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import {
	type Crd,
	type Schema,
	schemaFor,
	undeclaredFields,
} from "../charts/crd-schema.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { builtInSchema } from "./built-in-schemas.ts";
import { ruleErrors } from "./cel-rules.ts";
import { fieldsUnknownTo, newestRelease } from "./newer-fields.ts";
import { brokenRules } from "./object-rules.ts";
import { operatedPodProblems } from "./operated-pods.ts";
import { notServed } from "./removed-versions.ts";
import { schemaErrors } from "./schema-errors.ts";
import { compareWritten } from "./written-documents.ts";

/** Objects that the API server refuses, and did not refuse before: the upgrade fails halfway. */
export function compareRefused(a: Side, b: Side): Reason[] {
	return [
		...refusedTogether(newProblems(a, b, problemsOf)),
		...newProblems(a, b, operatedPodProblems).map(({ name, problems }) =>
			makeReason(
				"object-refused",
				`${name} (pods)`,
				`The API server refuses the pods that the operator makes of ${name}: ${problems[0]}.`,
				{
					evidence: problems.slice(1),
					wayOut:
						"Change the values that it comes from: the operator leaves the old pods as they are, and only its log says why.",
				},
			),
		),
		...all(b).flatMap((object) => {
			const problem = notServed(object, b.cluster);
			const isOld = () =>
				all(a).some(
					(each) =>
						objectKey(each) === objectKey(object) &&
						notServed(each, a.cluster) === problem,
				);
			return problem && !isOld()
				? [makeReason("api-version-gone", nameOf(object), problem)]
				: [];
		}),
		...compareWritten(a, b),
	];
}

interface RefusedObject {
	readonly name: string;
	readonly problems: readonly string[];
}

/** One label that the person sets may be wrong in all objects: those are one reason. */
function refusedTogether(refused: readonly RefusedObject[]): Reason[] {
	return [...Map.groupBy(refused, ({ problems: [first] }) => first)].flatMap(
		([problem, objects]) => {
			const [first, ...others] = objects;
			if (!first) return [];
			return others.length === 0
				? makeReason(
						"object-refused",
						first.name,
						`The API server refuses ${first.name}: ${problem}.`,
						{ evidence: first.problems.slice(1) },
					)
				: makeReason(
						"object-refused",
						`${first.name} and ${others.length} more`,
						`The API server refuses ${objects.length} objects: ${problem}.`,
						{
							evidence: objects.map((each) =>
								[each.name, each.problems.slice(1).join("; ")]
									.filter(Boolean)
									.join(": "),
							),
						},
					);
		},
	);
}

/** The objects with problems that they did not have before. */
function newProblems(
	a: Side,
	b: Side,
	find: (object: Manifest, side: Side) => string[],
): RefusedObject[] {
	const known = new Map(
		all(a).map((each) => [objectKey(each), new Set(find(each, a))]),
	);
	return all(b).flatMap((object) => {
		const before = known.get(objectKey(object));
		const problems = find(object, b).filter((each) => !before?.has(each));
		return problems.length === 0 ? [] : [{ name: nameOf(object), problems }];
	});
}

function all({ objects, hooks }: Side): Manifest[] {
	return [...objects, ...hooks];
}

function problemsOf(object: Manifest, { crds, cluster }: Side): string[] {
	if (notServed(object, cluster)) return [];
	return problemsBy(crds)(cluster)(object);
}

/** A chart is compared many times in experiments, mostly with the same objects. */
const problemsBy = memoize((crds: readonly Crd[]) =>
	memoize((cluster: string) =>
		memoize((object: Manifest): string[] => {
			const { apiVersion, kind, metadata, ...content } = object;
			const custom = schemaFor(crds, apiVersion, kind);
			const builtIn = custom ? undefined : builtInSchema(apiVersion, kind);
			const schema = custom ?? builtIn;
			return [
				...metadataErrors(metadata),
				...(schema ? schemaErrors(content, withoutIdentity(schema)) : []),
				...(custom ? ruleErrors(content, custom) : []),
				// Of custom kinds another comparison tells.
				...(builtIn ? fieldErrors(object, cluster) : []),
				...brokenRules(object, cluster),
			];
		}),
	),
);

/** Fields that a built-in kind does not have, or not yet in this version of Kubernetes. */
function fieldErrors(object: Manifest, cluster: string): string[] {
	const { apiVersion, kind, metadata: _, ...content } = object;
	if (minor(cluster) > newestRelease) return [];
	const undeclaredBy = (lacking?: ReadonlySet<string>) => {
		const schema = builtInSchema(apiVersion, kind, lacking);
		return schema ? undeclaredFields(content, schema) : [];
	};
	const never = undeclaredBy();
	return undeclaredBy(fieldsUnknownTo(cluster)).map((field) =>
		never.includes(field)
			? `${field} is not a field of ${apiVersion} ${kind}`
			: `${field} is a field of ${apiVersion} ${kind} only in later versions than Kubernetes ${cluster}`,
	);
}

/** These are checked for every kind. */
function withoutIdentity(schema: Schema): Schema {
	const required = schema.required?.filter(
		(name) => !["apiVersion", "kind", "metadata"].includes(name),
	);
	return { ...schema, required: required ?? [] };
}

/** Metadata is the same for all kinds, and no CRD describes it. */
function metadataErrors(metadata: Manifest["metadata"]): string[] {
	const schema = builtInSchema("v1", "ObjectMeta");
	return schema
		? schemaErrors({ metadata }, { properties: { metadata: schema } })
		: [];
}
