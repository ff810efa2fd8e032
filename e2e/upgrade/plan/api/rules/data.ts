import type { Manifest } from "../../../../clients/kube-objects.ts";
import { asObject, at } from "../../charts/fields.ts";
import { isSet } from "./names.ts";

/** etcd's limit for one object. */
const mostBytes = 1024 * 1024;

/** What the API server says against the entries of a ConfigMap or a Secret. */
export function dataProblems(object: Manifest): string[] {
	if (!["ConfigMap", "Secret"].includes(object.kind)) return [];
	const data = Object.entries(asObject(object.data));
	const others = {
		...asObject(object.binaryData),
		...asObject(object.stringData),
	};
	const all = [...data, ...Object.entries(others)];
	const bytes = all.reduce(
		(sum, [, each]) => sum + Buffer.byteLength(String(each)),
		0,
	);
	return [
		...(bytes > mostBytes
			? [`its data has ${bytes} bytes, and may have ${mostBytes}`]
			: []),
		...data
			.filter(
				([, each]) =>
					object.kind === "Secret" &&
					typeof each === "string" &&
					!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(each),
			)
			.map(([key]) => `data.${key} is not base64`),
		...all
			.filter(([key]) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))
			.map(([key]) => `${key} is no key for data`),
		...neededKeys(object)
			.filter((key) => !all.some(([own]) => own === key))
			.map(
				(key) =>
					`a Secret of the type ${String(at(object, "type"))} needs the key ${key}`,
			),
		...Object.keys(asObject(object.binaryData))
			.filter((key) => isSet(asObject(object.data)[key]))
			.map((key) => `${key} is in data and in binaryData`),
	];
}

/** The keys that the type of a Secret demands. */
function neededKeys(object: Manifest): readonly string[] {
	const needed: Readonly<Record<string, readonly string[]>> = {
		"kubernetes.io/tls": ["tls.crt", "tls.key"],
		"kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
	};
	return object.kind === "Secret"
		? (needed[String(at(object, "type"))] ?? [])
		: [];
}
