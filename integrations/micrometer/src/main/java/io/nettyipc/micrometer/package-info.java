/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/** Micrometer's meters of shared memory. */
package io.nettyipc.micrometer;
