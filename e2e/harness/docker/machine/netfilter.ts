import type { Engine } from "../engine.ts";
import { runOneShot } from "../one-shot.ts";
import type { MachineFinding } from "./examine-machine.ts";
import { findNodeImage } from "./tool-image.ts";

/** What kube-proxy, flannel and k3s' network policies ask of the kernel, each with the module that does it. */
const needs: Readonly<Record<string, string>> = {
	xt_comment: "iptables -w -A INPUT -m comment --comment services -j ACCEPT",
	xt_conntrack:
		"iptables -w -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT",
	ipt_REJECT: "iptables -w -A INPUT -p tcp -j REJECT",
	xt_mark: "iptables -w -t nat -A OUTPUT -j MARK --set-xmark 0x4000/0x4000",
	xt_MASQUERADE: "iptables -w -t nat -A POSTROUTING -j MASQUERADE",
	xt_nat:
		"iptables -w -t nat -A OUTPUT -p tcp -j DNAT --to-destination 127.0.0.1:1",
	xt_statistic:
		"iptables -w -t nat -A OUTPUT -m statistic --mode random --probability 0.5 -j RETURN",
	xt_addrtype:
		"iptables -w -t nat -A OUTPUT -m addrtype --dst-type LOCAL -j RETURN",
	vxlan: "ip link add o11y-e2e type vxlan id 1 dstport 8472",
};

/** Prints a line for each that the kernel refuses. Everything is in the container's own network namespace. */
const netfilterScript = [
	"command -v iptables >/dev/null || { echo unseen; exit; }",
	...Object.entries(needs).map(
		([name, command]) => `${command} >/dev/null 2>&1 || echo missing ${name}`,
	),
	"echo looked",
].join("\n");

/**
 * Tries whether the kernel does what Services need. It loads most modules on demand, so a list of the loaded ones proves
 * nothing. With a node's image, which has the same iptables as a node.
 */
export async function examineNetfilter(
	engine: Pick<Engine, "docker" | "info">,
	labels: Readonly<Record<string, string>>,
): Promise<MachineFinding> {
	const { image, why } = await findNodeImage(engine);
	if (image === undefined)
		return untried(why, "npm run images, then look again");
	const { stdout } = await runOneShot(engine.docker, {
		image,
		tool: "sh",
		args: ["-c", netfilterScript],
		labels,
		privileged: true,
		limit: 30_000,
		speaks: true,
	});
	return judgeNetfilter(stdout);
}

const subject = "netfilter";

function untried(why: string, remedy = "look again"): MachineFinding {
	return {
		subject,
		verdict: "doubtful",
		found: `cannot be tried: ${why}`,
		remedy,
	};
}

/** @param lines what the script printed */
export function judgeNetfilter(lines: string): MachineFinding {
	if (lines.startsWith("unseen"))
		return untried(
			"the image of k3s has no iptables",
			"npm run images, then look again",
		);
	const missing = [...lines.matchAll(/^missing (\S+)$/gm)].map(
		([, name = ""]) => name,
	);
	if (missing.length === 0 && !/^looked$/m.test(lines))
		return untried("the look did not come to its end");
	if (missing.length === 0)
		return {
			subject,
			verdict: "good",
			found: "the kernel does what Services need",
		};
	return {
		subject,
		verdict: "doubtful",
		found: `the kernel refuses what Services need: ${missing.join(", ")}`,
		remedy: `sudo modprobe --all ${missing.join(" ")} where the engine runs; a kernel without them (WSL's own builds, minimal clouds) needs its package of further modules`,
	};
}
