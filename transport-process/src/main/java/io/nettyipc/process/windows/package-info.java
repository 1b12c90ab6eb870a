/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Children and standard streams on Windows. Internal. */
package io.nettyipc.process.windows;
