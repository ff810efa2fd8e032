import { shortestSecret } from "./forms.ts";

/** Stands for what a template makes. */
export const ofTemplate = "\u{e000}";

/** What is no secret under any key. */
const trivial =
	/^(true|false|null|none|yes|no|on|off|enabled?|disabled?|default|basic|bearer|secret|token|password|always|never|auto|\[\]|\{\})$/i;
/** Where a value is instead, and what another program puts there. */
const reference =
	/^(\/(etc|var|run|tmp|usr|data|dev|proc|sys)\/\S*|\$\([\w.-]+\)|\$\{[^}]+\}|\$__\w+\{.*\})$/;

/**
 * Words that configurations and environments have, and reports too: choices, levels, methods, programs and their parts. A
 * word that is none of them may be somebody's password.
 */
const words = new Set(
	`info debug warn warning error fatal panic trace notice critical severity level
	console file syslog json text logfmt html plain yaml markdown
	http https grpc tcp udp unix smtp smtps imap ldap ldaps ssl tls starttls socks mtls plaintext login cram
	post head options patch delete get put
	admin administrator root user users guest viewer editor anonymous nobody owner member system
	prod production staging stage test testing development devel local remote internal external public private
	homelab home main master slave primary secondary replica leader
	prometheus alertmanager grafana loki thanos minio mimir tempo alloy promtail operator kubernetes kubelet node pod
	container cluster namespace service deployment monitoring metrics alerts logs traces rules queries dashboards
	datasource datasources exporter exporters gateway sidecar collector agent
	postgres postgresql mysql mariadb sqlite redis memcached database etcd kafka nginx traefik
	slack pagerduty opsgenie pushover telegram discord email mail webhook webhooks victorops msteams
	amazon azure google github gitlab docker linux windows
	utc europe berlin london paris america asia english german browser iso8601 en_us
	dark light modern simple standard advanced custom generic inherit
	read write readonly readwrite append create update replace keep drop labelmap hashmod lowercase uppercase
	first last left right center centre none some every any all each both other others
	open closed allow deny block pass reject ignore fail skip strict lax relaxed permissive
	gzip snappy zstd deflate brotli bzip2
	server client proxy direct cookie cookies header headers bucket endpoint endpoints region
	service_account oauth2 oidc saml openid profile groups offline_access
	daily weekly monthly hourly monday tuesday wednesday thursday friday saturday sunday
	high medium low normal urgent good danger
	localhost example value values name names title link label labels list table graph stats timeseries
	sha1 sha256 sha512 rs256 hs256 es256 bcrypt argon2
	us-east-1 eu-central-1`
		.split(/\s+/)
		.filter(Boolean),
);

/** Whether a word is one of those that configurations, and reports about them, are made of. */
export function isOrdinaryWord(text: string): boolean {
	return words.has(text.toLowerCase());
}

/** Whether a text is no secret whatever its key says: too short to be blanked, or a word for yes or no. */
export function isTrivial(text: string): boolean {
	return (
		text.replaceAll(ofTemplate, "").length < shortestSecret ||
		trivial.test(text) ||
		reference.test(text)
	);
}

const shapes = [
	// Amounts with a unit; addresses; decimals.
	/^[-+]?\d{1,5}(\.\d+)*[a-zA-Z%]{0,3}$/,
	/^[-+]?\d+(\.\d+)+[a-zA-Z%]{0,3}$/,
	/^(\d+(\.\d+)?(ms|[smhdwy]))+$/,
	/^(\d{1,3}\.){3}\d{1,3}(:\d+|\/\d+)?$/,
	/^v?\d+(\.\d+)+([-+][\w.]+)?$/,
	/^\d{4}-\d\d-\d\d(T[\d:.]+Z?)?$/,
	// Hosts, with a port and without.
	/^[a-z][a-z\d-]*(\.[a-z][a-z\d-]*)*\.[a-z]{2,}(:\d+)?$/,
	/^[a-z][a-z-]*:\d{2,5}$/,
	/^:\d{2,5}$/,
	// Disks, network devices, machines: eth0, nas1, web-2.
	/^[a-z]{1,5}-?\d{1,2}$/i,
	// Short names of several words.
	/^[a-z]+([-_.][a-z]+)+$/,
	// Shells.
	/^\$[A-Z][A-Z\d_]*$/,
	// Labels that Prometheus makes itself.
	/^__[a-z]+(_[a-z]+)*__$/,
];
/** Characters; a longer name of several words may be a passphrase. */
const longestName = 7;

/** Whether a text is a number, a duration, an amount, a host, or a word that a report may need. */
export function isOrdinary(text: string): boolean {
	if (isTrivial(text) || isOrdinaryWord(text)) return true;
	if (/^\d+$/.test(text)) return isRound(text);
	if (/^[a-z]+([-_][a-z]+)+$/.test(text)) return text.length <= longestName;
	if (text.split(/[\s,]+/).every(isOrdinaryWord)) return true;
	return shapes.some((shape) => shape.test(text));
}

/** Ports, user ids and years are short, sizes and moments are multiples of something. */
function isRound(digits: string): boolean {
	const number = Number(digits);
	return digits.length < 6 || number % 1000 === 0 || number % 1024 === 0;
}
