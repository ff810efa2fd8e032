import { isPlainObject, snakeCase } from "es-toolkit";
import { isOrdinaryWord } from "./ordinary.ts";

/** How the texts below a key are taken. */
export type Taken = "secret" | "secret by default" | "open";

/** Keys whose values are secret. */
const secretKey =
	/(passw|passphrase|token|secret|api_?key|private_?key|client-key|credential|authorization|webhook|routing_?key|service_?key|api_?url|access_?key|license)/i;
/** The last words of such keys, as in DB_PASS, cookieSecret and integrationKey. */
const secretWords =
	/(^|_)(pass|pwd|pw|passwd|passcode|pin|psk|otp|jwt|cookies?|dsn|conn_?str|connection_string|salt|htpasswd|bearer|((integration|write|account|user|signing|sign|encryption|encrypt|auth|shared|app|application|master|client|ssh|deploy|storage|consumer|session|hmac|genie|pusher|project)_key))(_?\d+)?$/;
/** Keys that look like it, and whose values are names, files, numbers or selectors. */
const nameKey =
	/(existing|secretName|secretRef|SecretRef|(_file|_FILE|[a-z]File)$|(From|[cC]onfigs?|[tT]ls)Secrets?$|^tlsSecret|admission|webhooks$|PullSecrets?$|SecretMounts$|automount|Selector$|Reloader|[cC]onfig-?[mM]aps?|Namespaces?$|MatcherStrategy$|^proxy_pass$)/;
/** Snake case. What is said about a secret, and is none. */
const aboutSecrets =
	/(secret|token|password|credentials?|webhook|cookie|license)s?_(name|namespace|ref|type|ttl|path|paths|dir|mount|mounts|lifetime|header|field|endpoint|duration|length|policy|rotation|review|store|store_ref|class|selector|audience|samesite|secure|enabled|disabled|url_file|key_ref)$/;
/** Outside of programs' configurations, whose names of keys are their own, they name a key of a Secret, or Secrets. */
const kubernetesName =
	/^secrets$|(password|Password|user|User|token|Token|secret|Secret)Key$/;
/** Keys below which everything is secret by default: configurations of programs, environments, headers. */
const secretParent =
	/config|\.ini$|headers$|^(env|envs|environment|extraEnvs?|envVars|envRenderSecret|data|stringData|basic_?auth|params|settings|secureJsonData|secure_?settings|ini|auth)$/i;
/** Keys of such configurations whose values are words of the configuration's language, or names that reports need. */
const plainKey =
	/^(name|names|namespaces?|key|keys|kind|apiVersion|type|role|scheme|job|job_name|targets|metrics_path|scrape_protocols|fallback_scrape_protocol|receivers?|group_by|group_wait|group_interval|repeat_interval|matchers|(source|target)_matchers|equal|source_labels|target_label|action|regex|modulus|replacement|separator|severity|channel|username|icon_(emoji|url)|color|title|title_link|text|summary|description|fallback|templates|path|paths|files|file_sd_configs|image|registry|repository|tag|digest|mountPath|subPath|url_file|bucket|region|endpoint|datasource|uid|access|orgName|org_role|time_intervals|mute_time_intervals|active_time_intervals|weekdays|times|location|module|fieldPath|resource|optional|alert|record|expr|expression|query|legendFormat|metric|label|controller|storageClassName|X-Scope-OrgID|THANOS-TENANT|Content-Type|Accept|Host|User-Agent)$/i;
/** Snake case. The last words of keys whose values are amounts, names or choices: as far as those are words or numbers, they are open. */
const choiceKey =
	/(^|_)(ports?|timeout|seconds|minutes|hours|days|ms|ttl|interval|period|delay|age|size|bytes|limit|count|max|min|length|width|height|replicas|retries|weight|priority|order|version|uid|gid|level|format|mode|theme|lang|language|locale|tz|timezone|zone|region|site|cluster|environment|stage|team|tenant|org|domain|host|hostname|server|instance|node|user|username|login|name|names|title|role|group|type|kind|method|protocol|schema|provider|driver|backend|engine|class|style|color|unit|tags?|label|field|column|charset|encoding|compression|algorithm|scopes?|policy|strategy|interface|device|database|db|dbname|table|topic|queue|index|room|from|to|enabled|skin|home|dashboard)$/;
/** Keys of maps whose keys are a person's own words, and whose values reports name. */
const labelsKey =
	/^(labels|annotations|podAnnotations|podLabels|external_?labels|match|match_re|(source|target)_match(_re)?)$/i;

/** How the texts below a key are taken. @param taken how those beside it are */
export function takenBelow(key: string, taken: Taken, value: unknown): Taken {
	const snake = snakeCase(key);
	if (namesOnly(key, snake)) return "open";
	if (taken === "open" && kubernetesName.test(key)) return "open";
	if (choiceKey.test(snake) && isChoice(value)) return "open";
	if (secretKey.test(key) || secretWords.test(snake)) return "secret";
	if (labelsKey.test(key) || (plainKey.test(key) && isFlat(value)))
		return "open";
	// Of a Prometheus' HTTP headers, where others have `values` and `files`.
	if (key === "secrets") return "secret";
	// That of Secrets and ConfigMaps is a map; an ExternalSecret's is a list of names.
	const isParent =
		secretParent.test(key) && !(key === "data" && Array.isArray(value));
	return isParent && taken === "open" ? "secret by default" : taken;
}

/** Whether the value of a flag, a variable or a parameter is secret by its name. */
export function saysSecret(name: string): boolean {
	const snake = snakeCase(name);
	return (
		!namesOnly(name, snake) && (secretKey.test(name) || secretWords.test(snake))
	);
}

/** Whether the value of a key in a command line or in a URL's query is a name or a header that everybody has. */
export function isPlainName(name: string): boolean {
	return plainKey.test(name) || choiceKey.test(snakeCase(name));
}

function namesOnly(key: string, snake: string): boolean {
	return nameKey.test(key) || aboutSecrets.test(snake) || /_file$/.test(snake);
}

/** Whether a value has no keys of its own. */
function isFlat(value: unknown): boolean {
	return Array.isArray(value) ? value.every(isFlat) : !isPlainObject(value);
}

/** Whether a value is a number, perhaps with a unit, or a word, as in `mode: console`. */
function isChoice(value: unknown): boolean {
	return typeof value === "string"
		? /^([A-Za-z]+([-_/][A-Za-z]+)*|\d{1,12}(\.\d+)?[A-Za-z]{0,3})$/.test(
				value,
			) || isOrdinaryWord(value)
		: typeof value !== "object";
}
