import { messageOf, SetUpError } from "../../common/errors.ts";
import { registryOf } from "./reference.ts";

/** Why an engine did not get an image from a registry. */
type RefusalKind =
	| "rate limit"
	| "login"
	| "proxy"
	| "certificate"
	| "plain HTTP"
	/** Neither there, nor visible to this person. */
	| "absent"
	/** It is there, and does not work at the moment. */
	| "trouble"
	/** There is something, but a connection to it does not last. */
	| "cut off"
	| "reference"
	/** There is no registry, or no network. */
	| "no answer"
	/** Something else, such as an engine whose disk is full. */
	| "unknown";

/** How Go words the answer of a proxy that does not connect: by the status alone. */
const proxyRefuses =
	/": (Forbidden|Bad Gateway|Service Unavailable|Gateway Time-?out|Internal Server Error|Bad Request|Method Not Allowed|Not Found)$/i;

/** The first that fits. What fits none is unknown, and not silence: whatever it says, something has answered. */
const signs: readonly (readonly [RefusalKind, RegExp])[] = [
	[
		"rate limit",
		/toomanyrequests|too many requests|rate limit|(?<!disk )quota exceeded|bandwidth quota|\bQPS\b|(download|pull) limit|\b429\b/i,
	],
	["proxy", /proxyconnect|proxy auth|\b407\b|CONNECT tunnel/i],
	["proxy", proxyRefuses],
	["reference", /invalid reference format|invalid repository name/i],
	["certificate", /x509|certificate|tls: failed to verify/i],
	["plain HTTP", /HTTP response to HTTPS client/i],
	[
		"login",
		/unauthorized|authentication required|no basic auth|denied|\b40[13]\b|forbidden/i,
	],
	[
		"trouble",
		/unexpected (HTTP )?status.*: 5\d\d|error parsing HTTP|service unavailable|bad gateway|gateway time-?out|internal server error/i,
	],
	["absent", /not found|manifest unknown|name unknown|\b404\b/i],
	["cut off", /\bEOF\b|connection reset|broken pipe|tls: |TLS handshake/i],
	[
		"no answer",
		/no answer within|aborted|deadline exceeded|Client\.Timeout|request canceled|timed? ?out|unreachable|no route to host|connection refused|name resolution/i,
	],
];

/** What the engine said of a registry, and the way out. */
export class RegistryRefusal extends SetUpError {
	readonly kind: RefusalKind;
	/** What was asked for and said, without the way out. */
	readonly found: string;
	/** The way out; empty without an answer. */
	readonly advice: string;

	/** @param proxy of the engine or of this process, if there is one: without an answer, it may be to blame */
	constructor(reference: string, cause: unknown, proxy: string | undefined) {
		const said = messageOf(cause)
			.replace(/^\(HTTP code \d+\) [^-]*- /, "")
			.trim();
		const found = kindOf(said, cause);
		const isSilent = found === "no answer" || found === "cut off";
		const kind = isSilent && proxy ? "proxy" : found;
		const host = registryOf(reference);
		const advice = proxyRefuses.test(said)
			? adviseOnRefusal(host, proxy)
			: advise(kind, host, proxy);
		const what = `${reference} cannot be pulled: ${said}`;
		super(advice ? `${what}. ${advice}` : what, { cause });
		this.kind = kind;
		this.found = what;
		this.advice = advice;
	}
}

function kindOf(said: string, cause: unknown): RefusalKind {
	// The name of a host that does not exist is "not found" for some resolvers.
	if (/no such host|lookup .*(not found|misbehaving)|dial tcp/i.test(said))
		return /proxyconnect/i.test(said) ? "proxy" : "no answer";
	const status =
		cause instanceof Error && "statusCode" in cause ? cause.statusCode : "";
	return (
		signs.find(([, sign]) => sign.test(said))?.[0] ??
		signs.find(([, sign]) => sign.test(`${status}`))?.[0] ??
		"unknown"
	);
}

const others =
	"or take images from a mirror (--images pull:<mirror>), a file (--images archive:<file>), or build them here (--images build)";

function adviseOnRefusal(host: string, proxy: string | undefined): string {
	return `The proxy of the Docker engine${proxy ? ` (${proxy})` : ""} does not let it through to ${host}: allow that there, or set another one (docs.docker.com/engine/daemon/proxy), ${others}`;
}

function advise(
	kind: RefusalKind,
	host: string,
	proxy: string | undefined,
): string {
	switch (kind) {
		case "rate limit":
			return `${host} limits pulls: docker login ${host} raises the limit, ${others}`;
		case "login":
			return `${host} wants a login: docker login ${host}, ${others}`;
		case "proxy":
			return `The Docker engine must reach ${host} through a proxy${proxy ? ` (${proxy})` : ""}: set it in the engine's own configuration (docs.docker.com/engine/daemon/proxy; in Docker Desktop: Settings, Resources, Proxies), ${others}`;
		case "certificate":
			return `The Docker engine does not trust the certificate of ${host}: put its certificate authority into /etc/docker/certs.d/${host}/ca.crt where the engine runs, ${others}`;
		case "plain HTTP":
			return `${host} has no TLS: add it to insecure-registries of the engine's daemon.json, ${others}`;
		case "trouble":
			return `${host}, or what answers in its place, such as a portal or a filter, does not work at the moment: try again later, ${others}`;
		case "cut off":
			return `The connection to ${host} is cut off, as firewalls and filters do: try again later, set a proxy in the engine's own configuration (docs.docker.com/engine/daemon/proxy), ${others}`;
		case "reference":
			return "That is no name of an image: correct it in the values or stack/images.yaml, or the mirror in --images pull:<mirror>";
		case "absent":
			return `${host} does not have it, or shows it only to those who are logged in: check the name and the version in the values, stack/images.yaml or --k3s-version, docker login ${host}, ${others}`;
		case "unknown":
			return `Try again, ${others}`;
		case "no answer":
			return "";
	}
}
