/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Mailslots: datagrams to a reader by name, Windows' own on Windows, datagram sockets on Linux. */
package io.nettyipc.mailslot;
