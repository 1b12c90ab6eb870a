/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.transport.Transport;
import java.util.function.Function;

/** One of this project's transports in the place of domain sockets, and one of Vert.x's own for everything else. */
@SuppressWarnings("deprecation") // InternetProtocolFamily is in the SPI
final class DomainSocketTransport implements io.vertx.core.transport.Transport, Transport {

    private final String name;
    private final IoHandlerFactory handlers;
    private final ChannelFactory<? extends ServerChannel> servers;
    private final ChannelFactory<? extends Channel> channels;
    private final Function<String, DomainSocketAddress> addresses;
    private final Transport others;

    DomainSocketTransport(
            String name,
            IoHandlerFactory handlers,
            Class<? extends ServerChannel> serverChannelType,
            Class<? extends Channel> channelType,
            Function<String, DomainSocketAddress> addresses,
            Transport others) {
        this.name = name;
        this.handlers = handlers;
        this.servers = new ReflectiveChannelFactory<>(serverChannelType);
        this.channels = new ReflectiveChannelFactory<>(channelType);
        this.addresses = addresses;
        this.others = others;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public Transport implementation() {
        return this;
    }

    @Override
    public boolean supportsDomainSockets() {
        return true;
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return handlers;
    }

    /**
     * What is no address of this transport stays a plain one, which the channel refuses: after an exception here a
     * client of Vert.x would never hear of its {@code connect}.
     */
    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        if (!address.isDomainSocket()) {
            return Transport.super.convert(address);
        }
        try {
            return addresses.apply(address.path());
        } catch (IllegalArgumentException e) {
            return new DomainSocketAddress(address.path());
        }
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        if (address instanceof DomainSocketAddress socket) {
            return SocketAddress.domainSocketAddress(socket.path());
        }
        // NIO's have a type of their own, which Vert.x's NIO transport knows.
        return others.convert(address);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return domainSocket ? channels : others.channelFactory(false);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return domainSocket ? servers : others.serverChannelFactory(false);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return others.datagramChannel();
    }

    @Override
    public DatagramChannel datagramChannel(io.netty.channel.socket.InternetProtocolFamily family) {
        return others.datagramChannel(family);
    }

    /** What Vert.x 5.1 calls in place of {@link #datagramChannel()}. */
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
        return () -> datagramChannel(io.netty.channel.socket.InternetProtocolFamily.IPv4);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        others.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        others.configure(options, connectTimeout, domainSocket, bootstrap);
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        others.configure(options, domainSocket, bootstrap);
    }
}
