/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** What the channels of standard input and output have in common on every system. Internal. */
package io.nettyipc.process.stdio;
