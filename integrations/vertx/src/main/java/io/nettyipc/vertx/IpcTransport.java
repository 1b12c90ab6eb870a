/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmSpinStrategy;
import io.vertx.core.transport.Transport;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Vert.x's event loops and channels for named pipes or for shared memory. What has a domain socket's address then goes
 * over them: HTTP servers and clients, net sockets, and the clients that others have built on these.
 *
 * <pre>{@code
 * Vertx vertx = Vertx.builder().withTransport(IpcTransport.pipes()).build();      // or sharedMemory()
 * SocketAddress orders = SocketAddress.domainSocketAddress("orders");
 * vertx.createHttpServer().requestHandler(handler).listen(orders);
 * vertx.createHttpClient().request(
 *         new RequestOptions().setServer(orders).setHost("localhost").setURI("/orders/1"));
 * }</pre>
 *
 * <p>The path of such an address is what {@link NamedPipeAddress#of} and {@link ShmAddress#of} take: a name, or on Unix
 * also a socket's path. Anything else fails the {@code listen} or the {@code connect}.
 *
 * <p>The same event loops serve TCP, UDP and Vert.x's DNS client, by Vert.x's own epoll, kqueue or NIO transport, the
 * first of these that is available.
 *
 * <p>A {@code Vertx} has one transport, so it speaks over pipes or over shared memory, not over both. All methods may
 * be called from any thread.
 */
public final class IpcTransport {

    private IpcTransport() {}

    /**
     * Returns the transport for named pipes, which on Unix are Unix domain sockets.
     *
     * @throws IllegalStateException if {@code nettyipc-transport-pipe} is missing, or Vert.x is older than 5
     * @throws UnsatisfiedLinkError if named pipes are not available on this system
     */
    public static Transport pipes() {
        return of("nettyipc-transport-pipe", () -> {
            io.vertx.core.spi.transport.Transport others = others();
            return new DomainSocketTransport(
                    "named-pipe",
                    NamedPipe.newIoHandlerFactory(others.ioHandlerFactory()),
                    NamedPipe.serverChannelType(),
                    NamedPipe.channelType(),
                    NamedPipeAddress::of,
                    others);
        });
    }

    /**
     * Returns the transport for shared memory, with {@link ShmSpinStrategy#ADAPTIVE}.
     *
     * @throws IllegalStateException if {@code nettyipc-transport-shm} is missing, or Vert.x is older than 5
     * @throws UnsatisfiedLinkError if shared memory is not available on this system
     */
    public static Transport sharedMemory() {
        return of("nettyipc-transport-shm", () -> sharedMemoryOf(ShmSpinStrategy.ADAPTIVE));
    }

    /**
     * Returns the transport for shared memory, with another strategy.
     *
     * @throws UnsatisfiedLinkError if shared memory is not available on this system
     */
    public static Transport sharedMemory(ShmSpinStrategy strategy) {
        return of("nettyipc-transport-shm", () -> sharedMemoryOf(strategy));
    }

    private static Transport sharedMemoryOf(ShmSpinStrategy strategy) {
        io.vertx.core.spi.transport.Transport others = others();
        return new DomainSocketTransport(
                "shared-memory",
                Shm.newIoHandlerFactory(others.ioHandlerFactory(), strategy),
                Shm.serverChannelType(),
                Shm.channelType(),
                ShmAddress::of,
                others);
    }

    /** Vert.x's own transport for what isn't local, of those that these event loops can wrap: io_uring is none. */
    private static io.vertx.core.spi.transport.Transport others() {
        for (Transport own : new Transport[] {Transport.EPOLL, Transport.KQUEUE}) {
            if (own != null && own.available()) {
                return own.implementation();
            }
        }
        return Transport.NIO.implementation();
    }

    private static Transport of(String artifact, Supplier<Transport> transport) {
        try {
            requireHook(io.vertx.core.spi.transport.Transport.class);
            return transport.get();
        } catch (NoClassDefFoundError e) {
            String missing = String.valueOf(e.getMessage()).replace('/', '.');
            throw new IllegalStateException(
                    missing.startsWith("io.netty.")
                            ? "the class " + missing + " is missing: Netty 4.2.7 or later is needed; import its"
                                    + " netty-bom, or set the framework's property for Netty's version"
                            : "the class " + missing + " is missing: add io.nettyipc:" + artifact
                                    + " to the application",
                    e);
        }
    }

    static void requireHook(Class<?> transport) {
        if (Arrays.stream(transport.getMethods())
                .noneMatch(method -> method.getName().equals("ioHandlerFactory"))) {
            throw new IllegalStateException(transport.getName()
                    + " has no method ioHandlerFactory(), so this Vert.x takes no event loops of others: use Vert.x 5");
        }
    }
}
