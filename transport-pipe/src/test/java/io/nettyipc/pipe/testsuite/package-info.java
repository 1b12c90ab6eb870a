/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/**
 * Netty's own transport test suite ({@code io.netty:netty-testsuite}) over {@link io.nettyipc.pipe.NamedPipe}.
 *
 * <p>A class that only extends one of Netty's runs that class's tests unchanged. Where Netty's test casts to a TCP
 * channel or address, or has no timeout, a class here checks the same behaviour in its own words:
 * {@code CloseForcibly}, {@code NotYetConnected} (Netty's {@code SocketChannelNotYetConnectedTest}),
 * {@code ShutdownOutputBySelf}, {@code SpdyEcho}, {@code SslSessionReuse}, {@code TrafficShaping},
 * {@code WriteBeforeConnect} ({@code WriteBeforeRegisteredTest}), {@code DetectPeerCloseWithoutRead} (from Netty's Unix
 * tests), and single methods of {@code Connect}, {@code HalfClosed} and {@code EventLoop}.
 *
 * <h2>Left out, and why</h2>
 * <ul>
 * <li>{@code SocketRstTest}: a pipe has neither a reset nor {@code SO_LINGER}.</li>
 * <li>{@code SocketConnectionAttemptTest}: unreachable hosts and refused ports; a missing or busy pipe is tested in
 * {@code io.nettyipc.pipe}.</li>
 * <li>{@code SocketMultipleConnectTest}: expects the JDK's {@code AlreadyConnectedException} from NIO TCP channels
 * only.</li>
 * <li>{@code ServerSocketSuspendTest}: counts on TCP's backlog accepting connections for a server that does not.</li>
 * <li>{@code SocketShutdownOutputByPeerTest}: needs {@code java.net.Socket}; its abstract parent runs here with a Unix
 * socket.</li>
 * <li>{@code SocketSslLargeCertificateTest}: opens TCP channels itself; it tests the TLS handler's fragmentation, not a
 * transport.</li>
 * <li>{@code Datagram*}, {@code sctp} and {@code udt}: a pipe is a connected byte stream.</li>
 * </ul>
 *
 * <p>On Windows: everything that needs a half-close is disabled (a byte pipe has none), and
 * {@code ShutdownOutputBySelf} checks instead that the refused {@code shutdownOutput} leaves both directions working.
 * {@code testAutoCloseFalseDoesShutdownOutput} excludes Windows in Netty itself.
 *
 * <p>With NIO on Unix: {@code NioDomainSocketChannel} has no {@code ALLOW_HALF_CLOSURE}, so tests of it are skipped, as
 * is noticing an idle peer's close with auto-read off.
 *
 * <p>{@code SslClientRenegotiate} (Netty's needs an OpenSSL that renegotiates; this one has a server that does not) and
 * the OpenSSL half of {@code SslEcho}, {@code SslGreeting} and {@code StartTls} skip themselves where
 * {@code netty-tcnative} has no library for the platform.
 */
package io.nettyipc.pipe.testsuite;
