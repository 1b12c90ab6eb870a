/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Internal: Windows named pipes over an I/O completion port. Nothing here is meant for use from outside. */
package io.nettyipc.pipe.windows;
