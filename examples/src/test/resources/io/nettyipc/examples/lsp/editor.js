// An editor as VS Code is one: node editor.js PATH-OF-VSCODE-JSONRPC COMMAND... listens at a pipe, starts the command
// with --pipe, opens a document with a mistake, prints the diagnostics, and has the server end.
const { spawn } = require('child_process');
const rpc = require(`${process.argv[2]}/node`);

async function main() {
  const pipe = rpc.generateRandomPipeName();
  const transport = await rpc.createClientPipeTransport(pipe);
  const [command, ...args] = process.argv.slice(3);
  const server = spawn(command, [...args, `--pipe=${pipe}`, `--clientProcessId=${process.pid}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = new Promise((resolve, reject) => server.on('exit', resolve).on('error', reject));
  const [reader, writer] = await transport.onConnected();
  const connection = rpc.createMessageConnection(reader, writer);
  const diagnosed = new Promise((resolve) =>
    connection.onNotification('textDocument/publishDiagnostics', ({ diagnostics }) => {
      for (const { message, range } of diagnostics) {
        console.log(`${message} at ${range.start.line + 1}:${range.start.character + 1}`);
      }
      resolve();
    })
  );
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  connection.sendNotification('initialized', {});
  connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri: 'file:///a.txt', languageId: 'plaintext', version: 1, text: '[1]\n[2 [3]\n' },
  });
  await diagnosed;
  await connection.sendRequest('shutdown');
  connection.sendNotification('exit');
  console.log(`the server has ended with ${await exited}`);
  connection.dispose();
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
