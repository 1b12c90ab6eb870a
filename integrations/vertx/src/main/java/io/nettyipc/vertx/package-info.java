/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/** Vert.x servers and clients over named pipes and shared memory. */
package io.nettyipc.vertx;
