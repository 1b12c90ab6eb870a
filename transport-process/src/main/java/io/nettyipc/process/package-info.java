/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Child processes, this process's standard streams, and FIFOs, as channels. */
package io.nettyipc.process;
