import { readFile } from "node:fs/promises";
import { pickBy } from "es-toolkit";
import { BadInputError, reasonOf } from "../../common/errors.ts";
import { splitAddress } from "../../common/secrecy/without-login.ts";
import { localHosts } from "./this-machine.ts";

/** How this person's machine reaches other networks. */
export interface WayOut {
	/** The proxy's variables, in upper and lower case: each tool reads others. */
	readonly proxy: Readonly<Record<string, string>>;
	/** Certificate authorities that are trusted beside the system's, in PEM; undefined if there are none. */
	readonly authorities: string | undefined;
}

const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"];
/** What names files with certificate authorities; the first is what --ca-file sets. */
const authorityVariables = [
	"O11Y_E2E_CA_FILE",
	"NODE_EXTRA_CA_CERTS",
	"SSL_CERT_FILE",
];

/** The proxy that this process was given for what is on other machines. */
export interface NamedProxy {
	/** The variable that names it. */
	readonly name: string;
	readonly url: string;
}

/** @param env the variables of this process; an empty one names none, as for curl and Go */
export function findOwnProxy(
	env: Readonly<Record<string, string | undefined>>,
): NamedProxy | undefined {
	return ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"]
		.flatMap((name) => [name, name.toLowerCase()])
		.map((name) => ({ name, url: env[name] ?? "" }))
		.find(({ url }) => url);
}

/** Reads the proxy and the private certificate authorities that this process was given. @throws BadInputError */
export async function readWayOut(): Promise<WayOut> {
	const { env } = process;
	const files = Object.entries(
		pickBy(
			env,
			(value, name) => Boolean(value) && authorityVariables.includes(name),
		),
	);
	const texts = await Promise.all(
		files.map(([name, file = ""]) => readAuthorities(name, file)),
	);
	return {
		proxy: readProxy(),
		authorities: texts.length > 0 ? [...new Set(texts)].join("\n") : undefined,
	};
}

function readProxy(): Record<string, string> {
	const { env } = process;
	return Object.fromEntries(
		proxyVariables.flatMap((name) => {
			const value = env[name] || env[name.toLowerCase()];
			if (!value) return [];
			const usable = name === "NO_PROXY" ? value : makeProxyUrl(value);
			return [name, name.toLowerCase()].map((each) => [each, usable]);
		}),
	);
}

/**
 * A proxy's address as every tool takes it: curl and Go take one without a scheme, and a person may write a password with a
 * slash, an @ or a percent sign of its own, which some tools refuse.
 */
function makeProxyUrl(address: string): string {
	const { scheme, login, rest } = splitAddress(address, true);
	const url = (own: string) => `${scheme || "http://"}${own}${rest}`;
	if (login === undefined) return url("");
	const [user = "", password] = login.split(/:(.*)/s);
	const encoded = [user, ...(password === undefined ? [] : [password])].map(
		(each) =>
			each.replaceAll(/[/?#@[\]\\\s]|%(?![\da-f]{2})/gi, encodeURIComponent),
	);
	return url(`${encoded.join(":")}@`);
}

/** Reads a file of certificate authorities. @param source what names it @throws BadInputError */
export async function readAuthorities(
	source: string,
	file: string,
): Promise<string> {
	const text = await readFile(file, "utf8").catch((cause: unknown) => {
		throw new BadInputError(
			`${source} ${file} cannot be read (${reasonOf(cause)}): correct or unset it`,
			{ cause },
		);
	});
	if (!text.includes("-----BEGIN CERTIFICATE-----"))
		throw new BadInputError(
			`${source} ${file}: it has no certificate in PEM (-----BEGIN CERTIFICATE-----)`,
		);
	return text;
}

/**
 * Sets the proxy's variables in upper and lower case, for processes that this one starts: apt reads the lower ones, others
 * the upper ones. What is on the engine's machine is kept out of the proxy: all that this process itself talks to is there.
 */
export function spreadProxy(host: string): void {
	const { NO_PROXY = "", ...others } = readProxy();
	const hosts = [...localHosts, host];
	const all = new Set([...NO_PROXY.split(",").filter(Boolean), ...hosts]);
	const noProxy = [...all].join(",");
	Object.assign(process.env, others, { NO_PROXY: noProxy, no_proxy: noProxy });
}
