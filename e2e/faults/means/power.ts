import { budgets } from "../../common/budgets.ts";
import { EnvironmentError } from "../../common/errors.ts";
import {
	type Fault,
	makeOngoing,
	type OngoingFault,
} from "../../common/fault.ts";
import type { Nodes } from "../../harness/cluster/nodes.ts";
import type { NodeFolder } from "../../harness/cluster/prometheus-pod.ts";
import { ToolError } from "../../harness/docker/one-shot.ts";
import { volumeRoot } from "./grown-volume.ts";
import { makeNodeOutage } from "./node.ts";
import {
	nodeNamed,
	nodeRoot,
	runOnNode,
	type VolumeEnvironment,
	waitForUnmount,
} from "./volume-tools.ts";

/** A file that is written right before the power goes, and not synced: afterwards it must be empty or gone. */
const unsynced = "o11y-e2e-unsynced";

/** The exit code if Prometheus has begun no block. */
const noBlock = 99;

/**
 * EXT4_IOC_SHUTDOWN with flag 2 (EXT4_GOING_FLAGS_NOLOGFLUSH) flushes neither data nor journal, and what is written later
 * fails. It takes a descriptor in the mount, and a language with ioctl: shells and Node have none, and a program that
 * is compiled here would be missing where images are pulled. Perl is a part of every Debian.
 */
const script = `use strict;
my ($volume, $data, $seconds) = @ARGV;
open(my $root, "<", $volume) or die "$volume: $!\\n";
my $until = time + $seconds;
while ($seconds > 0) {
	opendir(my $folder, $data) or die "$data: $!\\n";
	last if grep { /\\.tmp-for-creation$/ } readdir $folder;
	if (time > $until) {
		print STDERR "Prometheus has begun no block for $seconds s\\n";
		exit ${noBlock};
	}
	select undef, undef, undef, 0.002;
}
my $name = "$volume/${unsynced}";
open(my $file, ">", $name) or die "$name: $!\\n";
print $file "not synced" or die "$name: $!\\n";
close $file or die "$name: $!\\n";
my $flag = pack "L", 2;
ioctl($root, 0x8004587d, $flag) or die "$volume cannot be shut down: $!\\n";
`;

/** When the power goes. */
export type Moment = "at once" | "while a block is cut";

/**
 * Prometheus' node loses its power, and has it again when this ends. The file system is shut down before the node is
 * killed: to kill a container leaves the machine's memory as it is, from where the kernel would write everything to the
 * volume.
 *
 * @param data Prometheus' data, on an ext4 volume with a journal
 */
export function makePowerLoss(
	nodes: Nodes,
	environment: VolumeEnvironment,
	data: NodeFolder,
	moment: Moment,
): Fault {
	const name = `node ${data.node} loses its power`;
	const root = volumeRoot(data.folder);
	const seconds =
		moment === "at once" ? 0 : Math.ceil(budgets.blockUpload / 1000);
	const shutDown = async (node: ReturnType<typeof nodeNamed>) => {
		try {
			await runOnNode(environment, node, "perl", [
				...["-e", script],
				`${nodeRoot}${root}/mounted`,
				`${nodeRoot}${data.folder}`,
				String(seconds),
			]);
		} catch (error) {
			if (error instanceof ToolError && error.exitCode !== noBlock)
				throw new EnvironmentError(
					`the file system of Prometheus' volume could not be shut down: ${error.stderr.trim()}`,
					{ cause: error },
				);
			throw error;
		}
	};
	return {
		name,
		begin: async (): Promise<OngoingFault> => {
			const node = nodeNamed(environment, data.node);
			await shutDown(node);
			const outage = await makeNodeOutage(
				nodes,
				environment.nodes,
				node,
				"killed",
			).begin();
			return makeOngoing(name, async () => {
				await waitForUnmount(nodes, node, `${root}/volume.img`);
				await outage.end();
				await checkLoss(nodes, node, `${root}/mounted/${unsynced}`);
			});
		},
	};
}

/** @throws EnvironmentError if what was not synced is still there: then this was no more than a crash */
async function checkLoss(
	nodes: Nodes,
	node: string,
	file: string,
): Promise<void> {
	const content = await nodes.script(
		node,
		`cat "$1" 2>/dev/null; rm -f "$1"`,
		file,
	);
	if (content.includes("not synced"))
		throw new EnvironmentError(
			"the volume still has what was not synced, so it has lost no power",
		);
}
