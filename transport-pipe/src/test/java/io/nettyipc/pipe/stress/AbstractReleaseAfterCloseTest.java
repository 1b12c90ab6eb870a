/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.stress;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.nettyipc.base.testing.TestedTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A peer that does not read leaves writes in flight. However the connection then ends, each write is answered and each
 * buffer released once: one release too few leaves its count above zero, one too many is an exception in Netty's log,
 * and both fail the test.
 */
public abstract class AbstractReleaseAfterCloseTest extends AbstractStressTest {
    private final int times;

    /**
     * Runs over a transport.
     *
     * @param times how often each
     */
    protected AbstractReleaseAfterCloseTest(TestedTransport transport, int times) {
        super(transport);
        this.times = times;
    }

    private enum Ending {
        CLOSE,
        PEER_CLOSE,
        BOTH,
        DEREGISTER_AND_CLOSE,
        LOOP_SHUTDOWN
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void unsentBuffersAreReleasedOnce(Ending ending) throws Exception {
        EventLoopGroup boss = newGroup(1);
        EventLoopGroup worker = newGroup(1);
        EventLoopGroup clients = newGroup(1);
        for (int i = 0; i < times; i++) {
            BlockingQueue<Channel> children = new LinkedBlockingQueue<>();
            Channel server = server(boss, worker, children::add)
                    .childOption(ChannelOption.AUTO_READ, false)
                    .bind(newAddress())
                    .sync()
                    .channel();
            EventLoopGroup group = ending == Ending.LOOP_SHUTDOWN ? newGroup(1) : clients;
            Channel client = client(group, ch -> {})
                    .connect(server.localAddress())
                    .sync()
                    .channel();
            Channel child = children.poll(30, TimeUnit.SECONDS);
            assertNotNull(child, "not accepted");

            List<ByteBuf> buffers = new ArrayList<>();
            List<ChannelFuture> writes = new ArrayList<>();
            for (int n = 0; n < 40; n++) {
                ByteBuf buffer = buffer(n);
                buffers.add(buffer);
                writes.add(n % 3 == 0 ? client.writeAndFlush(buffer) : client.write(buffer));
            }
            if (i % 2 == 0) {
                randomPause();
            } else {
                // Long enough for the first writes to be with the operating system.
                Thread.sleep(2);
            }
            switch (ending) {
                case CLOSE -> client.close();
                case PEER_CLOSE -> {
                    child.close();
                    client.flush();
                }
                case BOTH -> {
                    child.close();
                    client.close();
                }
                case DEREGISTER_AND_CLOSE ->
                    client.eventLoop().execute(() -> {
                        client.deregister();
                        client.close();
                    });
                case LOOP_SHUTDOWN -> group.shutdownGracefully(20, 20_000, TimeUnit.MILLISECONDS);
                default -> throw new AssertionError(ending);
            }
            ends(client.closeFuture(), "client");
            for (ChannelFuture write : writes) {
                if (!ends(write, "write")) {
                    assertInstanceOf(IOException.class, write.cause());
                }
            }
            child.close().sync();
            server.close().sync();
            // A buffer the operating system still had is released by its own completion, a moment later.
            await(
                    () -> buffers.stream().allMatch(buffer -> buffer.refCnt() == 0),
                    () -> "reference counts "
                            + buffers.stream().map(ByteBuf::refCnt).toList());
        }
    }

    /** One of each kind that a transport treats in its own way. */
    private ByteBuf buffer(int n) {
        int length = 100 + 2_000 * (n % 8);
        return switch (n % 4) {
            case 0 -> allocator.directBuffer(length).writeZero(length);
            case 1 -> allocator.heapBuffer(length).writeZero(length);
            case 2 -> {
                CompositeByteBuf composite = allocator.compositeBuffer();
                composite.addComponent(true, allocator.directBuffer(length).writeZero(length));
                yield composite.addComponent(true, allocator.heapBuffer(length).writeZero(length));
            }
            default -> Unpooled.wrappedBuffer(new byte[length]).asReadOnly();
        };
    }
}
