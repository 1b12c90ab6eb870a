/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** grpc-java over the transports for local connections; see {@link io.nettyipc.grpc.LocalGrpc}. */
package io.nettyipc.grpc;
