import { memoize } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { writeGoYaml } from "../../../common/parsing/go-yaml.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { servedKinds } from "../api/removed-versions.ts";
import type { ChartValues } from "../values/values.ts";
import type { PlannedChart } from "./chart.ts";
import { findRandomChecksums, withoutChecksums } from "./checksums.ts";
import { type Crd, crd } from "./crd-schema.ts";
import { dataOf } from "./data.ts";
import { withNamespaces } from "./default-namespace.ts";
import {
	documentsOf,
	parseDocumentOnce,
	writtenDocumentsOf,
} from "./documents.ts";
import { isRepeatable } from "./repeatable.ts";
import { objectKey, type Side, type UnstableObjects } from "./side.ts";
import { stackOfSide } from "./stack-in-chart.ts";

/** Renders charts for one version of Kubernetes. */
export class Renderer {
	readonly #kubeVersion: string;
	readonly #isUpgrade: boolean;
	readonly #renderings = oncePerObject((chart: PlannedChart) =>
		memoize((furtherValues: string) => this.#renderAnew(chart, furtherValues)),
	);
	/** A chart with the person's values. @throws with Helm's message */
	readonly side = oncePerObject((chart: PlannedChart) =>
		this.#renderTwice(chart),
	);

	/**
	 * @param isUpgrade false for tools that run `helm template` as it is: their templates see `.Release.IsInstall` on each
	 *   upgrade, too (https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks)
	 */
	constructor(kubeVersion: string, isUpgrade = true) {
		this.#kubeVersion = kubeVersion;
		this.#isUpgrade = isUpgrade;
	}

	/** Renders a chart with values; with the same values it is rendered once. @throws with Helm's message */
	render(chart: PlannedChart, values: ChartValues): Promise<string> {
		return this.#renderings(chart)(writeGoYaml(values));
	}

	async #renderAnew(
		chart: PlannedChart,
		furtherValues: string,
	): Promise<string> {
		const text = await chart.loaded.render({
			kubeVersion: this.#kubeVersion,
			furtherValues,
			flags: [
				...(this.#isUpgrade ? ["--is-upgrade"] : []),
				...apiVersions(chart.crds),
				// `helm template` knows versions without their kinds, unlike an upgrade.
				`--api-versions=${servedKinds(this.#kubeVersion).join(",")}`,
			],
		});
		return withNamespaces(text, chart.loaded.release.namespace);
	}

	/** Finds what is random, if anything can be. */
	async #renderTwice(chart: PlannedChart): Promise<Side> {
		const values = writeGoYaml(chart.values);
		const isSame = chart.isRepeatable && isRepeatable([values]);
		const [text, again] = await Promise.all([
			this.render(chart, chart.values),
			isSame ? undefined : this.#renderAnew(chart, values),
		]);
		if (again === undefined) return this.read(chart, text, nothingRandom);
		const objectsOf = (each: string) =>
			writtenDocumentsOf(each).flatMap(
				(document) => parseDocumentOnce(document).objects,
			);
		return this.read(chart, text, {
			unstable: unstable(text, again),
			randomChecksums: findRandomChecksums(objectsOf(text), objectsOf(again)),
		});
	}

	/** @param random what differs each time */
	read(
		chart: PlannedChart,
		text: string,
		{ unstable, randomChecksums }: Pick<Side, "unstable" | "randomChecksums">,
	): Side {
		// Checksums count, too: a new one replaces the pods.
		const documents = writtenDocumentsOf(text).map((each) =>
			parseDocumentOnce(this.#withoutRandom(each, randomChecksums)),
		);
		const objects = documents.flatMap((each) => each.objects);
		const templated = objects.flatMap((each) => asCrd(each) ?? []);
		const templatedCrds = templated.map(({ metadata }) => metadata.name);
		const own = objects.filter(
			({ kind }) => kind !== "CustomResourceDefinition",
		);
		const { version, kubeVersion } = chart.metadata;
		return {
			version,
			kubeVersion,
			crds: sameList([
				...chart.crds.filter(
					({ metadata }) => !templatedCrds.includes(metadata.name),
				),
				...templated,
			]),
			templatedCrds,
			objects: own.filter((each) => !isHook(each)),
			hooks: own.filter(isHook),
			images: [...new Set(documents.flatMap(({ images }) => images))].sort(),
			unstable,
			randomChecksums,
			text,
			cluster: this.#kubeVersion,
			values: chart.values,
			companions: chart.companions,
			stack: chart.stack && stackOfSide(chart.stack, chart.values),
		};
	}

	/** Before it is parsed, so that it is the same document each time. */
	#withoutRandom(document: string, random: ReadonlySet<string>): string {
		if (random.size === 0) return document;
		const [plain = document] = documentsOf(document);
		return plain === document
			? document
			: withoutChecksums(document, parseDocumentOnce(plain).objects, random);
	}

	/** A rendering with the decoded contents of its Secrets. */
	decode(text: string): string {
		const secrets = documentsOf(text)
			.flatMap((each) => parseDocumentOnce(each).objects)
			.filter(({ kind }) => kind === "Secret")
			.flatMap((secret) => [...dataOf(secret).values()]);
		return [text, ...secrets].join("\n");
	}

	/** Equal for renderings that differ only in what is random. */
	fingerprint(text: string, random: UnstableObjects): string {
		return documentsOf(text)
			.filter(
				(each) =>
					random.size === 0 ||
					parseDocumentOnce(each).objects.every(
						(object) => !random.has(objectKey(object)),
					),
			)
			.sort()
			.join("\n---\n");
	}
}

const nothingRandom = {
	unstable: new Map(),
	randomChecksums: new Set<string>(),
};

const asCrd = oncePerObject((object: Manifest): Crd | undefined =>
	object.kind === "CustomResourceDefinition"
		? crd.safeParse(object).data
		: undefined,
);

const knownCrds: (readonly Crd[])[] = [];

/** The same list for the same CRDs: what is known of an object by its CRDs is kept by the list. */
function sameList(crds: readonly Crd[]): readonly Crd[] {
	const known = knownCrds.find(
		(each) =>
			each.length === crds.length && each.every((one, i) => one === crds[i]),
	);
	if (!known) knownCrds.push(crds);
	return known ?? crds;
}

function isHook({ metadata }: Manifest): boolean {
	return metadata.annotations?.["helm.sh/hook"] !== undefined;
}

function unstable(text: string, again: string): UnstableObjects {
	const documents = documentsOf(again);
	const second = new Set(documents);
	const objectsIn = (all: readonly string[]) =>
		all.flatMap((each) => parseDocumentOnce(each).objects);
	const differing = objectsIn(
		documentsOf(text).filter((each) => !second.has(each)),
	);
	if (differing.length === 0) return new Map();
	const others = new Map(
		objectsIn(documents).map((each) => [objectKey(each), dataOf(each)]),
	);
	return new Map(
		differing.map((object) => {
			const key = objectKey(object);
			const entries = [...dataOf(object)].filter(
				([name, value]) => others.get(key)?.get(name) !== value,
			);
			return [key, new Set(entries.map(([name]) => name))];
		}),
	);
}

/** The API versions of the chart's own CRDs: charts check for them before they render objects of those kinds. */
function apiVersions(crds: readonly Crd[]): string[] {
	return crds.flatMap(({ spec }) =>
		spec.versions.flatMap(({ name }) => [
			`--api-versions=${spec.group}/${name}`,
			`--api-versions=${spec.group}/${name}/${spec.names.kind}`,
		]),
	);
}
