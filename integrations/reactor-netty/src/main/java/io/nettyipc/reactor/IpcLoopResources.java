/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.ServerDomainSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.ObjectUtil;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmSpinStrategy;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.resources.LoopResources;

/**
 * reactor-netty's event loops for named pipes or for shared memory. Servers and clients that run on them are ordinary
 * ones of {@code HttpServer}, {@code HttpClient}, {@code TcpServer} and {@code TcpClient}; their address says where.
 *
 * <pre>{@code
 * LoopResources loops = IpcLoopResources.pipes("orders");          // or sharedMemory("orders"), with a ShmAddress
 * HttpServer.create().runOn(loops).bindAddress(() -> NamedPipeAddress.of("orders")).route(routes).bindNow();
 * HttpClient.create().runOn(loops).remoteAddress(() -> NamedPipeAddress.of("orders")).get().uri("/orders/1");
 * }</pre>
 *
 * <p>The client's {@code uri} has to begin with a slash, else it names a host. An address is a
 * {@code NamedPipeAddress}, a {@code ShmAddress}, or a plain {@link io.netty.channel.unix.DomainSocketAddress} of a
 * path or a name; which transport it is for is decided by the loops. Both ends have to have the same kind.
 *
 * <p>A server or client whose address is a host and a port runs on these loops as well, over TCP.
 *
 * <p>{@code useNative} is ignored: the loops are made once, when the object is. They are
 * {@linkplain #disposeLater disposed of} by who has made it. All methods may be called from any thread.
 */
public final class IpcLoopResources implements LoopResources {

    private final EventLoopGroup group;
    private final EventLoopGroup clients;
    private final ChannelFactory<? extends ServerChannel> servers;
    private final ChannelFactory<? extends Channel> channels;
    private final Class<? extends Channel> channelType;
    private final boolean daemon;

    private IpcLoopResources(
            String prefix,
            int workerCount,
            boolean daemon,
            IoHandlerFactory handlers,
            Class<? extends ServerChannel> serverChannelType,
            Class<? extends Channel> channelType) {
        this.servers = new ReflectiveChannelFactory<>(serverChannelType);
        this.channels = new ReflectiveChannelFactory<>(channelType);
        this.channelType = channelType;
        this.daemon = daemon;
        this.group = new MultiThreadIoEventLoopGroup(workerCount, new LoopThreadFactory(prefix, daemon), handlers);
        this.clients = LoopResources.colocate(group);
    }

    /**
     * Returns event loops for named pipes, which on Unix are Unix domain sockets: as many as reactor-netty has by
     * default, on daemon threads.
     *
     * @param prefix what the threads' names begin with
     * @throws IllegalStateException if {@code nettyipc-transport-pipe} is missing
     * @throws UnsatisfiedLinkError if the transport is not available on this system
     */
    public static IpcLoopResources pipes(String prefix) {
        return of(
                "nettyipc-transport-pipe",
                () -> create(
                        prefix,
                        DEFAULT_IO_WORKER_COUNT,
                        true,
                        PlatformDependent.isWindows()
                                ? NamedPipe.newIoHandlerFactory(NioIoHandler.newFactory())
                                : NamedPipe.newIoHandlerFactory(),
                        NamedPipe.serverChannelType(),
                        NamedPipe.channelType()));
    }

    /**
     * Returns event loops for shared memory: as many as reactor-netty has by default, on daemon threads.
     *
     * @param prefix what the threads' names begin with
     * @throws IllegalStateException if {@code nettyipc-transport-shm} is missing
     * @throws UnsatisfiedLinkError if the transport is not available on this system
     */
    public static IpcLoopResources sharedMemory(String prefix) {
        return of(
                "nettyipc-transport-shm",
                () -> create(
                        prefix,
                        DEFAULT_IO_WORKER_COUNT,
                        true,
                        PlatformDependent.isWindows()
                                ? Shm.newIoHandlerFactory(NioIoHandler.newFactory(), ShmSpinStrategy.ADAPTIVE)
                                : Shm.newIoHandlerFactory(),
                        Shm.serverChannelType(),
                        Shm.channelType()));
    }

    private static IpcLoopResources of(String artifact, Supplier<IpcLoopResources> transport) {
        try {
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

    /**
     * Returns event loops with settings of the caller's: how many, on which threads, and for example another
     * {@code ShmSpinStrategy}.
     *
     * @param prefix what the threads' names begin with
     * @param workerCount how many event loops, each with a thread
     * @param daemon whether the threads keep the JVM from ending
     * @param handlers what the loops serve, such as {@code Shm.newIoHandlerFactory(ShmSpinStrategy.NONE)}
     * @param serverChannelType what accepts connections, such as {@code Shm.serverChannelType()}
     * @param channelType what connects, such as {@code Shm.channelType()}
     */
    public static IpcLoopResources create(
            String prefix,
            int workerCount,
            boolean daemon,
            IoHandlerFactory handlers,
            Class<? extends ServerChannel> serverChannelType,
            Class<? extends Channel> channelType) {
        return new IpcLoopResources(
                ObjectUtil.checkNonEmpty(prefix, "prefix"),
                ObjectUtil.checkPositive(workerCount, "workerCount"),
                daemon,
                ObjectUtil.checkNotNull(handlers, "handlers"),
                ObjectUtil.checkNotNull(serverChannelType, "serverChannelType"),
                ObjectUtil.checkNotNull(channelType, "channelType"));
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return group;
    }

    /** A client that connects from within one of these loops stays on it. */
    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return clients;
    }

    /**
     * reactor-netty asks for domain sockets when the address is one, and that gives this transport's channels.
     *
     * @throws IllegalArgumentException if the loops don't serve {@code channelType}, as on Windows those that are
     *     {@linkplain #create created} over {@code NamedPipe.newIoHandlerFactory()} serve no TCP
     */
    @Override
    @SuppressWarnings("unchecked") // reactor-netty takes any channel: NIO's domain sockets are none by type either
    public <C extends Channel> C onChannel(Class<C> channelType, EventLoopGroup loops) {
        if (channelType.equals(DomainSocketChannel.class)) {
            Channel channel = channels.newChannel();
            if (!(channel instanceof DomainSocketChannel)) {
                channel.pipeline().addLast(new HttpVersionCorrection());
            }
            return (C) channel;
        }
        if (channelType.equals(ServerDomainSocketChannel.class)) {
            return (C) servers.newChannel();
        }
        try {
            return LoopResources.super.onChannel(channelType, loops);
        } catch (IllegalArgumentException e) {
            throw notServed(channelType, e);
        }
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> channelType, EventLoopGroup loops) {
        try {
            return LoopResources.super.onChannelClass(channelType, loops);
        } catch (IllegalArgumentException e) {
            throw notServed(channelType, e);
        }
    }

    private IllegalArgumentException notServed(Class<?> askedFor, IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "these event loops serve " + channelType.getSimpleName() + ", and no " + askedFor.getSimpleName()
                        + ": give an address of a pipe or of shared memory, or run on LoopResources.create(\"tcp\")",
                cause);
    }

    @Override
    public boolean daemon() {
        return daemon;
    }

    @Override
    public boolean isDisposed() {
        return group.isShuttingDown();
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return Mono.create(sink -> clients.shutdownGracefully(
                        quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                .addListener(end -> {
                    if (end.isSuccess()) {
                        sink.success();
                    } else {
                        sink.error(end.cause());
                    }
                }));
    }

    @Override
    public String toString() {
        return "IpcLoopResources(" + channelType.getSimpleName() + ", " + group + ")";
    }

    /** Reactor refuses to block on a thread that is marked so. */
    private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {
        LoopThread(Runnable target, String name) {
            super(target, name);
        }
    }

    private static final class LoopThreadFactory implements ThreadFactory {
        private final AtomicInteger count = new AtomicInteger();
        private final String prefix;
        private final boolean daemon;

        LoopThreadFactory(String prefix, boolean daemon) {
            this.prefix = prefix;
            this.daemon = daemon;
        }

        @Override
        public Thread newThread(Runnable target) {
            Thread thread = new LoopThread(target, prefix + "-ipc-" + count.incrementAndGet());
            thread.setDaemon(daemon);
            return thread;
        }
    }
}
