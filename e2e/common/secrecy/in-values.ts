import { isPlainObject, memoize } from "es-toolkit";
import { parseAllDocuments, parseDocument } from "yaml";
import { gunzip } from "./gzipped.ts";
import { secretsInUrls } from "./in-urls.ts";
import { rememberSecret } from "./redact.ts";

/** Keys whose values are secret. */
const secretKey =
	/(passw|passphrase|token|secret|api_?key|private_?key|client-key|credential|authorization|webhook|routing_?key|service_?key|api_?url|access_?key|license)/i;
/** Keys that look like it, and whose values are names, numbers or selectors. */
const nameKey =
	/(existing|secretName|secretRef|SecretRef|(password|Password|user|User|token|Token|secret|Secret)Key$|(_file|_FILE|[a-z]File)$|(From|[cC]onfigs?|[tT]ls)Secrets?$|^tlsSecret|admission|webhooks$|^secrets$|PullSecrets?$|SecretMounts$|automount|Selector$|Reloader|[cC]onfig-?[mM]aps?|Namespaces?$|MatcherStrategy$)/;
/** Keys below which everything is secret by default: configurations of programs, environments, headers. */
const secretParent =
	/config|^(env|envs|environment|extraEnvs?|envVars|data|stringData|headers|http_headers|basic_?auth|params)$/i;
/** Keys of such configurations whose values are words of the configuration's language, or names that reports need. */
const plainKey =
	/^(name|names|namespaces?|key|keys|kind|apiVersion|type|role|scheme|job|job_name|targets|metrics_path|scrape_protocols|fallback_scrape_protocol|receivers?|group_by|group_wait|group_interval|repeat_interval|matchers|(source|target)_matchers|equal|source_labels|target_label|action|regex|modulus|replacement|separator|severity|channel|username|icon_(emoji|url)|color|title|title_link|text|summary|description|fallback|templates|path|paths|files|file_sd_configs|image|registry|repository|tag|digest|mountPath|subPath|url_file|bucket|region|endpoint|datasource|uid|access|orgName|org_role|time_intervals|mute_time_intervals|active_time_intervals|weekdays|times|location|module|fieldPath|resource|optional)$/;
/** Keys of maps whose keys are a person's own words, and whose values reports name. */
const labelsKey =
	/^(labels|annotations|external_?labels|match|match_re|(source|target)_match(_re)?)$/i;
const shortest = { bySecretKey: 6, byDefault: 8 } as const;

/** How the texts below a key are taken. */
type Taken = "secret" | "secret by default" | "open";

/**
 * Remembers the secrets in values or objects, so that reports blank them: those of a person, of a release, of rendered
 * Secrets. A word too many that is blanked does no harm; a secret in a report does.
 */
export function rememberSecretsIn(value: unknown): void {
	walk(value, "open");
}

/** Remembers the data of the Secrets among rendered manifests (YAML). */
export function rememberRenderedSecrets(manifests: string): void {
	for (const text of manifests.split(/^---$/m))
		if (/^kind: ["']?Secret["']?\s*$/m.test(text)) rememberRenderedSecret(text);
}

/** A chart is rendered many times, mostly with the same Secrets. */
const rememberRenderedSecret = memoize((text: string): void => {
	const document = parseDocument(text, { logLevel: "silent" });
	if (document.errors.length === 0) rememberSecretsIn(document.toJS());
});

function walk(value: unknown, taken: Taken): void {
	if (typeof value === "string") takeText(value, taken);
	else if (Array.isArray(value)) for (const each of value) walk(each, taken);
	else if (isPlainObject(value)) takeObject(value, taken);
	else if (taken === "secret" && typeof value === "number")
		takeText(String(value), taken);
}

function takeObject(
	object: Readonly<Record<PropertyKey, unknown>>,
	taken: Taken,
): void {
	const isSecret = object.kind === "Secret";
	for (const [key, each] of Object.entries(object)) {
		if (isSecret && key === "data") takeData(each, "base64");
		else if (isSecret && key === "stringData") takeData(each, "utf8");
		// Paths into other objects, by names of one's own such as `webhook_path`.
		else if (key === "labelsFromPath") continue;
		// As in a Pod's environment or in a list of headers: the name may say it, too.
		else if (key === "value" && secretKey.test(String(object.name)))
			walk(each, "secret");
		else walk(each, takenBelow(key, taken, each));
	}
}

function takenBelow(key: string, taken: Taken, value: unknown): Taken {
	if (nameKey.test(key)) return "open";
	if (secretKey.test(key)) return "secret";
	const isPlain = labelsKey.test(key) || (plainKey.test(key) && isFlat(value));
	if (isPlain) return "open";
	return secretParent.test(key) && taken === "open"
		? "secret by default"
		: taken;
}

/** Whether a value has no keys of its own. */
function isFlat(value: unknown): boolean {
	return Array.isArray(value) ? value.every(isFlat) : !isPlainObject(value);
}

/** The data of a Secret: words or whole files, perhaps packed. All of it is secret, whatever its keys are. */
function takeData(data: unknown, encoding: "base64" | "utf8"): void {
	if (!isPlainObject(data)) return;
	for (const [key, each] of Object.entries(data)) {
		// The first two are public, and Helm's release has thousands of words.
		if (typeof each !== "string" || /^namespace$|\.crt$|^release$/.test(key))
			continue;
		const bytes = Buffer.from(each, encoding);
		const unpacked = gunzip(bytes);
		// The operator packs whole configurations, with many words of Prometheus' own.
		if (unpacked) takeText(unpacked.toString(), "open");
		else
			takeText(
				bytes.toString(),
				secretKey.test(key) ? "secret" : "secret by default",
			);
	}
}

function takeText(text: string, taken: Taken): void {
	secretsInUrls(text).forEach(rememberSecret);
	// As in a command line, a connection string, or a file that is no YAML.
	for (const [, key = "", value = ""] of text.matchAll(assignment))
		if (value.length >= shortest.bySecretKey && !namesFile.test(key))
			rememberSecret(value);
	if (/\n/.test(text.trim())) {
		takeLines(text, taken);
		return;
	}
	// A key's file in base64, as in a kubeconfig: somebody may decode it.
	if (text.startsWith(pemInBase64))
		takeText(Buffer.from(text, "base64").toString(), taken);
	if (taken === "open" || isOrdinary(text, taken)) return;
	// A URL's host is no secret.
	if (/^[a-z][a-z\d+.-]*:\/\//i.test(text) && taken !== "secret") return;
	rememberSecret(text);
	const [, scheme, credentials = ""] =
		/^(Bearer|Basic|Token)\s+(\S+)$/i.exec(text) ?? [];
	if (scheme) rememberSecret(credentials);
}

/** As in `credentials_file` and `--password-file`: a path is no secret, and reports name it. */
const namesFile = /file$/i;
/** How `-----BEGIN ` begins. */
const pemInBase64 = "LS0tLS1CRUdJTi";
const assignment =
	/((?:passw(?:or)?d|passphrase|token|secret|api_?key|access_?key|credentials)[\w-]*)["']?\s*[=:]\s*["']?([^\s"',;&]+)/gi;

/** A text of several lines: YAML as in `stringConfig`, or anything else, of which each line counts. */
function takeLines(text: string, taken: Taken): void {
	const documents = parseAllDocuments(text, { logLevel: "silent" });
	const parsed = documents.flatMap((document) => {
		if (document.errors.length > 0) return [];
		try {
			const value: unknown = document.toJS();
			return typeof value === "object" && value !== null ? [value] : [];
		} catch {
			// Too many aliases.
			return [];
		}
	});
	if (parsed.length > 0 && parsed.length === documents.length) {
		for (const each of parsed) walk(each, taken);
		return;
	}
	for (const line of text.split("\n")) {
		const [, key = "", value = line] =
			/^\s*([\w.-]+)\s*[=:]\s*(.*[^=].*)$/.exec(line) ?? [];
		const plain = value.trim().replace(/^(["'])(.*)\1,?$/, "$2");
		walk(plain, takenBelow(key, taken, plain));
	}
}

/** Numbers, durations, amounts, and words that a report may need. */
function isOrdinary(text: string, taken: Taken): boolean {
	const isSecret = taken === "secret";
	if (text.length < shortest[isSecret ? "bySecretKey" : "byDefault"])
		return true;
	return (
		/^(true|false|null)$/i.test(text) ||
		(!isSecret &&
			/^([\d.]+[a-z]*|[a-zA-Z][a-z]{0,11}|\{\{[^{}]*\}\}|\/(etc|var|run|tmp|usr|data|dev|proc|sys)\/.*)$/i.test(
				text,
			))
	);
}
