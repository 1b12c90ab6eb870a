/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import java.net.SocketAddress;

/**
 * Stands for the addresses of both schemes where gRPC finds the channel provider of a resolver by the types of
 * addresses. Not the types themselves: their modules may be missing, and the type that they extend is that of gRPC's
 * own {@code unix:}.
 */
@SuppressWarnings("serial") // Has no instances.
abstract class LocalAddressType extends SocketAddress {}
