import { isUtf8 } from "node:buffer";
import { isPlainObject, memoize } from "es-toolkit";
import { gunzip } from "./gzipped.ts";
import {
	drawnIn,
	looksDrawn,
	secretsInCommand,
	shellWords,
} from "./in-commands.ts";
import { loginIn, secretsInText } from "./in-texts.ts";
import { isOrdinary, isTrivial, ofTemplate } from "./ordinary.ts";
import { rememberSecret } from "./redact.ts";
import { readStructures } from "./structures.ts";
import { readTemplate } from "./templates.ts";
import {
	isPlainName,
	saysSecret,
	type Taken,
	takenBelow,
} from "./value-keys.ts";

type Values = Readonly<Record<PropertyKey, unknown>>;

/**
 * Remembers the secrets in values or objects, so that reports blank them: those of a person, of a release, of rendered
 * Secrets. A word too many that is blanked does no harm; a secret in a report does.
 */
export function rememberSecretsIn(value: unknown): void {
	waiting = [];
	takenWays = new Map();
	walk(value, "open");
	for (let next = waiting.pop(); next; next = waiting.pop()) next();
}

/** Objects that are still to be taken: one in the other, they may be deeper than calls can be. */
let waiting: (() => void)[] = [];
/** How each object has been taken already: through YAML's aliases, many ways lead to one, or a circle. */
let takenWays = new Map<object, Set<Taken>>();

/** Remembers the data of the Secrets among rendered manifests (YAML). */
export function rememberRenderedSecrets(manifests: string): void {
	for (const text of manifests.split(/^---$/m))
		if (/^kind: ["']?Secret["']?\s*$/m.test(text)) rememberRenderedSecret(text);
}

/** A chart is rendered many times, mostly with the same Secrets. */
const rememberRenderedSecret = memoize((text: string): void => {
	// What cannot be read, such as too many aliases, is taken line by line.
	rememberSecretsIn(readStructures(text) ?? text);
});

function walk(value: unknown, taken: Taken): void {
	if (typeof value === "string") takeText(value, taken);
	else if (Array.isArray(value))
		takeOnce(value, taken, () => takeList(value, taken));
	else if (isPlainObject(value)) {
		const own = isDashboard(value) ? "open" : taken;
		takeOnce(value, own, () => takeObject(value, own));
	} else if (typeof value === "number" || typeof value === "bigint")
		takeWhole(String(value), taken);
}

function takeOnce(object: object, how: Taken, take: () => void): void {
	const ways = takenWays.get(object) ?? new Set();
	if (ways.has(how)) return;
	takenWays.set(object, ways.add(how));
	waiting.push(take);
}

/** Nothing but words that Grafana shows, in the data of a ConfigMap. */
function isDashboard(object: Values): boolean {
	return Array.isArray(object.panels) || Array.isArray(object.rows);
}

function takeList(list: readonly unknown[], taken: Taken): void {
	for (const each of list) walk(each, taken);
	const words = list.filter((each) => typeof each === "string");
	if (words.length > 1) secretsInCommand(words).forEach(rememberSecret);
}

function takeObject(object: Values, taken: Taken): void {
	const isSecret = object.kind === "Secret";
	for (const [key, each] of Object.entries(object)) {
		if (isSecret && key === "data") takeData(each, "base64");
		else if (isSecret && key === "stringData") takeData(each, "utf8");
		// Paths into other objects, by names of one's own such as `webhook_path`.
		else if (key === "labelsFromPath") continue;
		else if (isTenant(key, object)) continue;
		// As in a Pod's environment or in a list of headers: the name says what it is.
		else if (key === "value" && typeof object.name === "string")
			walk(each, takenBelow(object.name, taken, each));
		else if (commandKey.test(key))
			takeCommand(each, takenBelow(key, taken, each));
		else walk(each, takenBelow(key, taken, each));
	}
}

/** The tenants of datasources are in headers whose names are beside them: names that reports need. */
function isTenant(key: string, object: Values): boolean {
	const secure = object[key];
	if (key !== "secureJsonData" || !isPlainObject(secure)) return false;
	const open = isPlainObject(object.jsonData) ? object.jsonData : {};
	return Object.keys(secure).every((each) =>
		isPlainName(String(open[each.replace("Value", "Name")])),
	);
}

/** The command lines of containers, hooks and jobs. */
const commandKey = /^(command|args|cmd|script)$/i;

function takeCommand(value: unknown, taken: Taken): void {
	walk(value, taken);
	for (const each of [value].flat()) {
		if (typeof each !== "string") continue;
		const words = shellWords(each);
		for (const secret of [
			...secretsInCommand(words),
			...words.flatMap(drawnIn),
		])
			rememberSecret(secret);
	}
}

/** The data of a Secret: words or whole files, perhaps packed. All of it is secret, whatever its keys are. */
function takeData(data: unknown, encoding: "base64" | "utf8"): void {
	if (!isPlainObject(data)) return;
	for (const [key, each] of Object.entries(data)) {
		if (typeof each !== "string" || key === "namespace") continue;
		const bytes = Buffer.from(each, encoding);
		const unpacked = gunzip(bytes);
		// What is no text in base64 may be one that a template encodes.
		const text = isUtf8(bytes) ? bytes.toString() : each;
		// The operator packs whole configurations, with many words of Prometheus' own.
		if (unpacked) takeText(unpacked.toString(), "open");
		else if (!isPublic(text))
			takeText(text, saysSecret(key) ? "secret" : "secret by default");
	}
}

/** Certificates, and Helm's releases, which have thousands of words. */
function isPublic(text: string): boolean {
	return (
		/^H4sI/.test(text) ||
		(/-----BEGIN CERTIFICATE-----/.test(text) && !/PRIVATE KEY/.test(text))
	);
}

function takeText(text: string, taken: Taken): void {
	if (!text.includes("{{")) {
		takeRead(text, taken);
		return;
	}
	const { text: read, literals } = readTemplate(text);
	takeRead(read, taken);
	for (const each of literals) {
		secretsInText(each).forEach(rememberSecret);
		if (taken !== "open" && looksDrawn(each)) rememberSecret(each);
	}
}

function takeRead(text: string, taken: Taken): void {
	secretsInText(text).forEach(rememberSecret);
	if (text.length < longestCommand && commandLine.test(text))
		secretsInCommand(shellWords(text)).forEach(rememberSecret);
	const structures = readStructures(text);
	for (const each of structures ?? []) walk(each, taken);
	if (/\n/.test(text.trim())) {
		if (!structures) takeLines(text, taken);
		return;
	}
	// A key's file in base64, as in a kubeconfig: somebody may decode it.
	if (text.startsWith(pemInBase64))
		takeText(Buffer.from(text, "base64").toString(), taken);
	// Of JSON, its texts count.
	if (!structures || !/^\s*[[{]/.test(text)) takeWhole(text, taken);
}

/** How `-----BEGIN ` begins. */
const pemInBase64 = "LS0tLS1CRUdJTi";
/** Characters; longer ones are dashboards and other programs. */
const longestCommand = 20_000;
/** Somebody calls a program, and says who. */
const commandLine =
	/(^|[\s/"'])(curl|wget|mysql\w*|mariadb[\w-]*|mongo\w*|sshpass|psql|redis-cli|ldap\w+|openssl|smbclient|mc|aws|docker|helm|kubectl|http|https)\s+\S|\s--?[a-z-]*(pass|token|secret|key|user|header)\b/i;

/** A text of one line, as far as it does not come from a template. */
function takeWhole(text: string, taken: Taken): void {
	if (taken === "open") return;
	for (const part of text.split(ofTemplate)) {
		const isSecret = taken === "secret";
		if (isSecret ? isTrivial(part) : isOrdinary(part)) continue;
		// A URL's host is no secret.
		if (/^[a-z][a-z\d+.-]*:\/\//i.test(part) && !isSecret) continue;
		rememberSecret(part);
		loginIn(part).forEach(rememberSecret);
		// As in MySQL's `user:password@(host:3306)/database`.
		const [, password = ""] =
			/^[\w.-]+:(.+)@(?!sha\d+:)[^@\s]+$/.exec(part) ?? [];
		if (!isTrivial(password)) rememberSecret(password);
		// As in cookies and lists of parameters.
		if (/[;,]/.test(part) && !/[{}()[\]]/.test(part))
			for (const [, value = ""] of part.matchAll(/=([^;,\s]+)/g))
				if (!isOrdinary(value)) rememberSecret(value);
	}
}

/** A text of several lines that is neither YAML nor JSON, of which each line counts. */
function takeLines(text: string, taken: Taken): void {
	const ofSecret = /^\s*kind:\s*["']?Secret\b/m.test(text);
	for (const line of text.split("\n")) {
		if (/^\s*(- )?[\w.-]+:\s*$/.test(line)) continue;
		const [, key = "", value = line] =
			/^\s*(?:- )?["']?([\w.-]+)["']?\s*[=:]\s*(.*[^=].*)$/.exec(line) ?? [];
		const below = takenBelow(
			key,
			ofSecret && taken === "open" && !ofMetadata.test(key)
				? "secret by default"
				: taken,
			value.trim(),
		);
		for (const plain of textsOfLine(value)) {
			walk(plain, below);
			if (
				ofSecret &&
				below !== "open" &&
				/^[A-Za-z\d+/]{6,}={0,2}$/.test(plain)
			)
				takeWhole(Buffer.from(plain, "base64").toString(), below);
		}
	}
}

/** Of every object, and no word of a Secret's data. */
const ofMetadata =
	/^(apiVersion|kind|name|namespace|type|metadata|labels|annotations|helm\.sh|app)/;

/** The texts of a line: without quotes and brackets, and each of a list. */
function textsOfLine(line: string): string[] {
	const plain = line.trim().replace(/^(["'])(.*)\1,?$/, "$2");
	const [, list] = /^[[{](.*)[\]}],?$/.exec(plain) ?? [];
	return list === undefined
		? [plain]
		: list.split(",").map((each) =>
				each
					.trim()
					.replace(/^["']?[\w.-]+["']?:\s+/, "")
					.replace(/^(["'])(.*)\1$/, "$2"),
			);
}
