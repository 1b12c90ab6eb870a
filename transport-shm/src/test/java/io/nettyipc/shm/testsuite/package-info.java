/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/**
 * Netty's own transport test suite ({@code io.netty:netty-testsuite}) over {@link io.nettyipc.shm.ShmChannel}, on each
 * kind of loop and memory that {@link io.nettyipc.shm.testsuite.ShmTestPermutation} names.
 *
 * <p>A class that only extends one of Netty's runs that class's tests unchanged. Where Netty's test casts to a TCP
 * channel or address, or has no timeout, a class here checks the same behaviour in its own words; these are the same as
 * in {@code transport-pipe}.
 *
 * <h2>Left out, and why</h2>
 * <ul>
 * <li>{@code SocketDataReadInitialStateTest}: connects while the server does not accept. The system's backlog would
 * connect a socket; the handshake of shared memory waits for the server.</li>
 * <li>{@code SocketRstTest}: there is neither a reset nor {@code SO_LINGER}.</li>
 * <li>{@code SocketConnectionAttemptTest}: unreachable hosts and refused ports.</li>
 * <li>{@code SocketMultipleConnectTest}: expects the JDK's {@code AlreadyConnectedException} from NIO TCP channels
 * only.</li>
 * <li>{@code ServerSocketSuspendTest}: counts on TCP's backlog accepting connections for a server that does not.</li>
 * <li>{@code SocketShutdownOutputByPeerTest}: needs {@code java.net.Socket}; its abstract parent runs here.</li>
 * <li>{@code SocketSslLargeCertificateTest}: opens TCP channels itself.</li>
 * <li>{@code Datagram*}, {@code sctp} and {@code udt}: shared memory is a connected byte stream.</li>
 * </ul>
 */
package io.nettyipc.shm.testsuite;
