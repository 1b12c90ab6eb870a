// A peer for NodeInteropTest: node node-peer.js <server|client-echo|client-bulk|client-quit> <pipe> <log>
// It reports to a log file, because under Wine Node's standard output cannot be a pipe.
//
// The protocol: the first byte of a connection is E (everything after it is echoed) or Q (the server says "bye" and
// closes). Bulk data is checked by SHA-256.
'use strict';
const net = require('net');
const fs = require('fs');
const crypto = require('crypto');

const [, , mode, path, logFile] = process.argv;
const log = line => fs.appendFileSync(logFile, line + '\n');
const BULK = 10 * 1024 * 1024;

function serve() {
  const server = net.createServer(socket => {
    const hash = crypto.createHash('sha256');
    let first = true, bytes = 0;
    socket.on('data', data => {
      if (first) {
        first = false;
        if (data[0] === 0x51) {
          socket.end('bye');
          return;
        }
        data = data.subarray(1);
      }
      hash.update(data);
      bytes += data.length;
      if (data.length > 0 && !socket.write(data)) {
        socket.pause();
        socket.once('drain', () => socket.resume());
      }
    });
    socket.on('error', error => log('error ' + error.message));
    socket.on('close', () => log('closed after ' + bytes + ' ' + hash.digest('hex')));
  });
  server.on('error', error => log('error ' + error.message));
  server.listen(path, () => log('listening'));
}

function connect(sent, received) {
  const socket = net.connect(path, () => sent(socket));
  socket.on('error', error => log('error ' + error.message));
  socket.on('data', data => received(socket, data));
  socket.on('close', () => log('closed'));
}

function echo() {
  let text = '';
  connect(socket => socket.write('Ehello from node\n'), (socket, data) => {
    text += data;
    if (text.endsWith('\n')) {
      log('echoed ' + text.trim());
      socket.destroy();
    }
  });
}

function bulk() {
  const sentHash = crypto.createHash('sha256');
  const receivedHash = crypto.createHash('sha256');
  let sentBytes = 0, receivedBytes = 0;
  connect(socket => {
    const more = () => {
      while (sentBytes < BULK) {
        const chunk = crypto.randomBytes(Math.min(65536, BULK - sentBytes));
        sentHash.update(chunk);
        sentBytes += chunk.length;
        if (!socket.write(chunk)) {
          socket.once('drain', more);
          return;
        }
      }
    };
    socket.write('E');
    more();
  }, (socket, data) => {
    receivedHash.update(data);
    receivedBytes += data.length;
    if (receivedBytes === BULK) {
      const digest = receivedHash.digest('hex');
      log((digest === sentHash.digest('hex') ? 'same ' : 'different ') + receivedBytes + ' ' + digest);
      socket.destroy();
    }
  });
}

function quit() {
  let text = '';
  connect(socket => {
    socket.on('end', () => log('end after ' + text));
    socket.write('Q');
  }, (socket, data) => text += data);
}

({server: serve, 'client-echo': echo, 'client-bulk': bulk, 'client-quit': quit})[mode]();
