import { posix } from "node:path";
import { mapAt } from "../../../common/parsing/yaml-map.ts";
import { isSopsDocument } from "../../../harness/chart/encryption.ts";
import type { KustomizeBuilder } from "../kustomize/build.ts";
import { addGenerated } from "../kustomize/generators.ts";
import {
	isCalled,
	kindOf,
	namespaceOf,
	type Resource,
} from "../kustomize/resource.ts";

/** Every ConfigMap and Secret that is written or generated anywhere in the repository. */
export function collectData(builder: KustomizeBuilder): Resource[] {
	const { tree } = builder;
	return tree.paths
		.filter((path) => /\.ya?ml$|(^|\/)Kustomization$/.test(path))
		.flatMap((path) => {
			const own = builder.objectsOf(path);
			const file = builder.fileIn(posix.dirname(path));
			if (file !== path) return own;
			const document = tree.document(file);
			return document
				? addGenerated([], document.content, tree, document.place)
				: [];
		})
		.filter((each) => ["ConfigMap", "Secret"].includes(kindOf(each)));
}

/** The data of a ConfigMap or Secret. What is encrypted is a placeholder. */
export function readData(resource: Resource): {
	data: ReadonlyMap<string, string>;
	isEncrypted: boolean;
} {
	const { object } = resource;
	const isEncrypted = isSopsDocument(object);
	const data = new Map<string, string>();
	for (const [key, value] of Object.entries(mapAt(object, "data")))
		data.set(
			key,
			isEncrypted
				? String(value)
				: kindOf(resource) === "Secret"
					? Buffer.from(String(value), "base64").toString()
					: String(value),
		);
	for (const [key, value] of Object.entries(mapAt(object, "stringData")))
		data.set(key, String(value));
	return { data, isEncrypted };
}

/** Of several objects with one name, the one that is meant near a file: in the same namespace, or the nearest folder. */
export function nearest(
	candidates: readonly Resource[],
	kind: string,
	name: string,
	namespace: string | undefined,
	file: string,
): Resource | undefined {
	const near = (resource: Resource) =>
		(namespace && namespaceOf(resource) === namespace ? 1000 : 0) +
		commonFolders(resource.place.file, file);
	return candidates
		.filter((each) => kindOf(each) === kind && isCalled(each, name))
		.reduce<Resource | undefined>(
			(best, each) => (!best || near(each) > near(best) ? each : best),
			undefined,
		);
}

function commonFolders(a: string, b: string): number {
	const other = b.split("/");
	const own = a.split("/");
	const apart = own.findIndex((each, i) => each !== other[i]);
	return apart === -1 ? own.length : apart;
}
