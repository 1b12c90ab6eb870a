/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** The start and the end of a child, on every system. Internal. */
package io.nettyipc.process.start;
