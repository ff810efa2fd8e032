// Starts a command with the private Node: node scripts/start.mjs <command> [arguments]. What fails while its modules are
// loaded must not end with 1, which says that a claim was refuted.
const [, , name, ...rest] = process.argv;
let command;
try {
	[command] = Object.values(await import(`./${name}.ts`));
} catch (error) {
	console.error(`set-up failed: ${name} cannot be loaded: ${error.message}`);
	process.exit(2);
}
process.argv.splice(1, process.argv.length, `${name}.ts`, ...rest);
await command.main();
