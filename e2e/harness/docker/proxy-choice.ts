import { BlockList, isIP, isIPv6 } from "node:net";
import { withoutBrackets } from "../../common/parsing/brackets.ts";
import { localHosts } from "./this-machine.ts";

/**
 * The proxy for a URL, as Go chooses it (golang.org/x/net/http/httpproxy); undefined where there is none. Unlike Go, and
 * like undici, HTTP_PROXY is for TLS too where there is no HTTPS_PROXY.
 *
 * @param proxy the variables, in upper case
 */
export function chooseProxy(
	{ protocol, hostname, port }: URL,
	proxy: Readonly<Record<string, string>>,
): string | undefined {
	const { HTTP_PROXY = "", HTTPS_PROXY = "", NO_PROXY = "" } = proxy;
	const isTls = protocol === "https:";
	const named = isTls ? HTTPS_PROXY || HTTP_PROXY : HTTP_PROXY;
	if (!named) return undefined;
	const host = withoutBrackets(hostname).toLowerCase();
	if (localHosts.includes(host) || host.startsWith("127.")) return undefined;
	const entries = NO_PROXY.toLowerCase()
		.split(/[,\s]+/)
		.filter(Boolean);
	const address = { host, port: port || (isTls ? "443" : "80") };
	if (entries.some((entry) => covers(entry, address))) return undefined;
	return named.includes("://") ? named : `http://${named}`;
}

/** @param entry of NO_PROXY: a domain with all below it, an address, a subnet; with a port for that alone */
function covers(
	entry: string,
	{ host, port }: { readonly host: string; readonly port: string },
): boolean {
	if (entry.includes("/")) return isInSubnet(host, entry);
	const [, named = entry, wanted] = isIPv6(entry)
		? []
		: (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
	if (wanted && wanted !== port) return false;
	const name = withoutBrackets(named);
	if (isIP(name)) return name === host;
	// Go does not know 10.0.*, but Java and macOS do.
	if (name.endsWith("*")) return host.startsWith(name.slice(0, -1));
	const domain = name.replace(/^\*/, "");
	return domain.startsWith(".")
		? host.endsWith(domain)
		: host === domain || host.endsWith(`.${domain}`);
}

function isInSubnet(host: string, entry: string): boolean {
	const [, network = "", length] = /^(.*)\/(\d+)$/.exec(entry) ?? [];
	const family = isIPv6(network) ? "ipv6" : "ipv4";
	const subnet = new BlockList();
	try {
		subnet.addSubnet(network, Number(length), family);
	} catch {
		// It is none.
		return false;
	}
	return isIP(host) !== 0 && subnet.check(host, isIPv6(host) ? "ipv6" : "ipv4");
}
