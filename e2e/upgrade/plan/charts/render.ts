import { stringify } from "yaml";
import {
	type Manifest,
	parseManifests,
} from "../../../clients/kube-objects.ts";
import { imagesOf } from "../../../harness/images/rendered-references.ts";
import { servedKinds } from "../api/removed-versions.ts";
import type { ChartValues } from "../values/values.ts";
import type { PlannedChart } from "./chart.ts";
import { findRandomChecksums, withoutChecksums } from "./checksums.ts";
import { type Crd, crd } from "./crd-schema.ts";
import { dataOf } from "./data.ts";
import { documentsOf, writtenDocumentsOf } from "./documents.ts";
import { objectKey, type Side, type UnstableObjects } from "./side.ts";
import { stackOfSide } from "./stack-in-chart.ts";

interface Document {
	readonly objects: readonly Manifest[];
	readonly images: readonly string[];
}

/** Renders charts for one version of Kubernetes. A document that recurs is parsed once. */
export class Renderer {
	readonly #kubeVersion: string;
	readonly #documents = new Map<string, Document>();
	readonly #isUpgrade: boolean;

	/**
	 * @param isUpgrade false for tools that run `helm template` as it is: their templates see `.Release.IsInstall` on each
	 *   upgrade, too (https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks)
	 */
	constructor(kubeVersion: string, isUpgrade = true) {
		this.#kubeVersion = kubeVersion;
		this.#isUpgrade = isUpgrade;
	}

	/** Renders a chart with values. @throws with Helm's message */
	async render(chart: PlannedChart, values: ChartValues): Promise<string> {
		return chart.loaded.render({
			kubeVersion: this.#kubeVersion,
			furtherValues: stringify(values),
			flags: [
				...(this.#isUpgrade ? ["--is-upgrade"] : []),
				...apiVersions(chart.crds),
				// `helm template` knows versions without their kinds, unlike an upgrade.
				`--api-versions=${servedKinds(this.#kubeVersion).join(",")}`,
			],
		});
	}

	/** Renders twice, to find what is random. @throws with Helm's message */
	async side(chart: PlannedChart, values = chart.values): Promise<Side> {
		const [text, again] = await Promise.all([
			this.render(chart, values),
			this.render(chart, values),
		]);
		const objectsOf = (each: string) =>
			writtenDocumentsOf(each).flatMap(
				(document) => this.document(document).objects,
			);
		return this.read(chart, text, {
			unstable: unstable(this, text, again),
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
			this.document(this.#withoutRandom(each, randomChecksums)),
		);
		const objects = documents.flatMap((each) => each.objects);
		const templated = objects.flatMap((each): Crd[] => {
			const found = crd.safeParse(each);
			return found.success ? [found.data] : [];
		});
		const own = objects.filter(
			({ kind }) => kind !== "CustomResourceDefinition",
		);
		const { version, kubeVersion } = chart.metadata;
		return {
			version,
			kubeVersion,
			crds: templated.length > 0 ? [...chart.crds, ...templated] : chart.crds,
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
			: withoutChecksums(document, this.document(plain).objects, random);
	}

	document(text: string): Document {
		const known = this.#documents.get(text);
		if (known) return known;
		const document = { objects: parseManifests(text), images: imagesOf(text) };
		this.#documents.set(text, document);
		return document;
	}

	/** A rendering with the decoded contents of its Secrets. */
	decode(text: string): string {
		const secrets = documentsOf(text)
			.flatMap((each) => this.document(each).objects)
			.filter(({ kind }) => kind === "Secret")
			.flatMap((secret) => [...dataOf(secret).values()]);
		return [text, ...secrets].join("\n");
	}

	/** Equal for renderings that differ only in what is random. */
	fingerprint(text: string, random: UnstableObjects): string {
		return documentsOf(text)
			.filter((each) =>
				this.document(each).objects.every(
					(object) => !random.has(objectKey(object)),
				),
			)
			.sort()
			.join("\n---\n");
	}
}

function isHook({ metadata }: Manifest): boolean {
	return metadata.annotations?.["helm.sh/hook"] !== undefined;
}

function unstable(
	renderer: Renderer,
	text: string,
	again: string,
): UnstableObjects {
	const documents = documentsOf(again);
	const second = new Set(documents);
	const objectsIn = (all: readonly string[]) =>
		all.flatMap((each) => renderer.document(each).objects);
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
