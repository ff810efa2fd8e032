import { cloneDeepWith } from "es-toolkit";
import { isMap, type YamlMap } from "../../common/parsing/yaml-map.ts";

/**
 * What stands for a value that cannot be known, such as a password in a Secret. It is the same in both revisions, so it
 * makes no difference between them, and it may stand in a host name.
 */
export function makePlaceholder(name: string): string {
	const word = name
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, "-")
		.replaceAll(/^-+|-+$/g, "");
	return `placeholder-${word || "value"}`.slice(0, 60).replace(/-$/, "");
}

/** Whether a text is nothing but such a placeholder. */
export function isPlaceholder(text: string): boolean {
	return /^placeholder-[a-z0-9-]+$/.test(text.trim());
}

/** Values without what stands for others: it is no secret, and reports name it. */
export function withoutPlaceholders(values: unknown): unknown {
	return cloneDeepWith(values, (value: unknown) =>
		typeof value === "string" && value.startsWith("placeholder-")
			? ""
			: undefined,
	);
}

const encrypted = /^ENC\[AES256_GCM,.*type:(\w+)\]$/s;

/** Whether SOPS, or what else encrypts whole files, has encrypted a text. */
export function isEncryptedText(text: string): boolean {
	return (
		encrypted.test(text.trim()) ||
		/^(\$ANSIBLE_VAULT;|age-encryption\.org\/|-----BEGIN (AGE ENCRYPTED FILE|PGP MESSAGE)-----)|^\0GITCRYPT/.test(
			text,
		)
	);
}

/** Whether SOPS has encrypted values in a document. */
export function isSopsDocument(content: YamlMap): boolean {
	return isMap(content.sops) && "mac" in content.sops;
}

/** A document with a placeholder for each value that SOPS has encrypted. */
export function withoutEncryption(content: YamlMap): {
	content: YamlMap;
	/** Where they are, e.g. `grafana.adminPassword`. */
	paths: readonly string[];
	/** Whether no value can be read. */
	isWhole: boolean;
	/** What is encrypted, and where. Empty if nothing is. */
	ciphertext: string;
} {
	const { sops: _, ...rest } = content;
	const paths: string[] = [];
	const ciphertexts: string[] = [];
	let readable = 0;
	const walk = (value: unknown, path: readonly string[]): unknown => {
		if (Array.isArray(value))
			return value.map((each, i) => walk(each, [...path, String(i)]));
		if (isMap(value))
			return Object.fromEntries(
				Object.entries(value).map(([key, each]) => [
					key,
					walk(each, [...path, key]),
				]),
			);
		const type =
			typeof value === "string" ? encrypted.exec(value)?.[1] : undefined;
		if (!type) {
			readable++;
			return value;
		}
		paths.push(path.join("."));
		ciphertexts.push(`${path.join(".")}: ${value}`);
		if (type === "bool") return true;
		if (type === "int" || type === "float") return 1;
		return makePlaceholder(path.at(-1) ?? "");
	};
	const readableContent = mapOf(walk(rest, []));
	return {
		// Of an object that SOPS has encrypted, its mac is not in the part with the values.
		content:
			isSopsDocument(content) || paths.length > 0 ? readableContent : content,
		paths,
		isWhole: paths.length > 0 && readable === 0,
		ciphertext: ciphertexts.join("\n"),
	};
}

function mapOf(value: unknown): YamlMap {
	return isMap(value) ? value : {};
}
