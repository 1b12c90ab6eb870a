/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import com.github.dockerjava.transport.DockerHttpClient;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeChannel;
import io.nettyipc.pipe.NamedPipeChannelOption;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * docker-java's way to a daemon on this machine: {@code npipe:} on Windows, {@code unix:} elsewhere.
 *
 * <pre>{@code
 * DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
 *     .withDockerHost("npipe:////./pipe/docker_engine").build();
 * DockerHttpClient http = LocalDockerHttpClient.connectingTo(config.getDockerHost()).build();
 * DockerClient docker = DockerClientImpl.getInstance(config, http);
 * }</pre>
 *
 * <p>Each request has a connection of its own; a daemon's pipe that is busy is tried again until the connection
 * timeout. The input of {@code exec} and {@code attach} ends for the container when its stream ends, while the output
 * goes on: on Unix by half-closing the socket, on Windows by an empty message, as Docker's own client does.
 *
 * <p>Any number of threads may use it. Requests fail with an {@link UncheckedIOException}.
 */
public final class LocalDockerHttpClient implements DockerHttpClient {

    private final NamedPipeAddress address;
    private final Duration responseTimeout;
    private final EventLoopGroup loops;
    private final Bootstrap bootstrap;

    private LocalDockerHttpClient(Builder builder) {
        address = builder.address;
        responseTimeout = builder.responseTimeout;
        loops = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("docker-java-ipc", true), NamedPipe.newIoHandlerFactory());
        bootstrap = new Bootstrap()
                .group(loops)
                .channel(NamedPipe.channelType())
                // Whoever reads a response asks for more of it.
                .option(ChannelOption.AUTO_READ, false)
                // A daemon that refuses a long request closes before it has read all of it. Its answer is to be read
                // all the same.
                .option(ChannelOption.AUTO_CLOSE, false);
        if (builder.connectionTimeout != null) {
            bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                    Math.min(Integer.MAX_VALUE, builder.connectionTimeout.toMillis()));
        }
    }

    /**
     * Begins the making of a client.
     *
     * @param dockerHost {@code npipe:////./pipe/docker_engine} or {@code unix:///var/run/docker.sock}
     * @throws IllegalArgumentException if it is no address of a pipe or socket on this platform; the message says why
     */
    public static Builder connectingTo(URI dockerHost) {
        return new Builder(NamedPipeAddress.of(dockerHost.toString()));
    }

    @Override
    public Response execute(Request request) {
        Exchange exchange = new Exchange(request.hijackedInput() != null);
        try {
            Channel channel = connect(exchange);
            RequestWriter.write(channel, request);
            Response response = exchange.awaitResponse(responseTimeout);
            if (exchange.isHijacked()) {
                HijackedInput.start(request.hijackedInput(), channel);
            }
            return response;
        } catch (IOException e) {
            exchange.close();
            throw new UncheckedIOException(request.method() + " " + request.path() + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            exchange.close();
            throw e;
        }
    }

    private Channel connect(Exchange exchange) throws IOException {
        ChannelFuture connected = bootstrap
                .clone()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (channel instanceof NamedPipeChannel) {
                            channel.config().setOption(NamedPipeChannelOption.PIPE_HALF_CLOSE, true);
                        }
                        exchange.begin(channel);
                    }
                })
                .connect(address);
        try {
            connected.await();
        } catch (InterruptedException e) {
            connected.cancel(true);
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while connecting to " + address).initCause(e);
        }
        if (!connected.isSuccess()) {
            throw new IOException(
                    "can't connect to Docker at " + address + ": "
                            + connected.cause().getMessage(),
                    connected.cause());
        }
        return connected.channel();
    }

    /** Closes all connections, those of running requests too. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }

    /** What a client is made of. */
    public static final class Builder {

        private final NamedPipeAddress address;
        private Duration connectionTimeout;
        private Duration responseTimeout;

        private Builder(NamedPipeAddress address) {
            this.address = address;
        }

        /** How long a connect may take; 30 seconds unless told otherwise. */
        public Builder connectionTimeout(Duration timeout) {
            connectionTimeout = timeout;
            return this;
        }

        /** How long the first line of a response may take; for ever unless told otherwise. */
        public Builder responseTimeout(Duration timeout) {
            responseTimeout = timeout;
            return this;
        }

        /**
         * Returns the client; it is to be closed.
         *
         * @throws UnsatisfiedLinkError if pipes are not available in this JVM
         */
        public LocalDockerHttpClient build() {
            return new LocalDockerHttpClient(this);
        }
    }
}
