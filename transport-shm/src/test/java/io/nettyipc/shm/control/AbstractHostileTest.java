/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmServerChannel;
import io.nettyipc.shm.control.RawPeer.CLibrary;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.segment.SystemResources;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * An event loop that has to do with a hostile peer, and with an innocent one which must go on being answered. At the
 * end the process has what it had: descriptors, mappings, files, and bytes of the allocator.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
abstract class AbstractHostileTest {

    /** Of 100,000 in all over the tests that count so. */
    static final int CAPACITY = 4096;

    /** Where the words that both sides look at are in a side's memory. */
    static final int TAIL = 0;

    /** Of the tail, below the position. */
    static final int TAIL_BITS = 2;

    static final int HEAD = 128;

    static final int DATA_WANTED = 256;

    private static final int[] WORDS = {TAIL, HEAD, DATA_WANTED, 384};

    static final int SIZE = RingLayout.segmentSize(CAPACITY);

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();

    final SplittableRandom random = new SplittableRandom();
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final EventLoopGroup innocents = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final BlockingQueue<Long> answers = new LinkedBlockingQueue<>();
    private Channel innocentServer;
    private Channel innocent;
    private long question;
    private SystemResources resourcesBefore;
    private int handlesBefore;

    @BeforeEach
    void anInnocentPeer() throws Exception {
        innocentServer = new ServerBootstrap()
                .group(loop)
                .channel(ShmServerChannel.class)
                .childHandler(new PoliteEcho())
                .bind(newAddress())
                .sync()
                .channel();
        innocent = new Bootstrap()
                .group(innocents)
                .channel(ShmChannel.class)
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        answers.add(msg.readLong());
                    }
                })
                .connect(innocentServer.localAddress())
                .sync()
                .channel();
        assertInnocentIsAnswered();
        prepare();
        resourcesBefore = SystemResources.count();
        handlesBefore = OpenHandles.count();
    }

    /** Makes what is there before and after a test. */
    void prepare() throws Exception {}

    @AfterEach
    void theInnocentIsAnsweredAndNothingIsLeft() throws Exception {
        try {
            assertInnocentIsAnswered();
            turn();
            KeptMemory.closeAll();
            int handles = OpenHandles.count();
            assertTrue(handles <= handlesBefore, () -> handles + " handles are open, " + handlesBefore + " were");
            SystemResources.count().assertNotMoreThan(resourcesBefore);
        } finally {
            innocent.close().sync();
            innocentServer.close().sync();
            innocents.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
            loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
        assertEquals(0, allocator.metric().usedDirectMemory(), "direct memory in use");
        assertEquals(0, allocator.metric().usedHeapMemory(), "heap memory in use");
    }

    /** A hostile peer, and the channel that it is connected to. */
    record Attack(RawPeer peer, Victim victim) {}

    /**
     * Has hostile peers write random values into the words that both sides look at; each attacks until its victim has
     * closed. Returns how many victims closed because of such a value.
     */
    final int lieInTheRing(int mutations, Callable<Attack> connect) throws Exception {
        Attack attack = null;
        int refused = 0;
        for (int mutation = 0; mutation < mutations; mutation++) {
            if (attack == null) {
                attack = connect.call();
            }
            RawPeer peer = attack.peer();
            Victim victim = attack.victim();
            mutate(peer.own().buffer());
            try {
                peer.ringOrNot();
            } catch (IOException e) {
                victim.assertCloses();
            }
            turn();
            if (!victim.channel.isOpen()) {
                if (victim.failed(CorruptRingException.class)) {
                    refused++;
                    assertTrue(victim.reason().startsWith("the peer's "), victim.reason());
                }
                peer.close();
                attack = null;
            }
            if (mutation % 500 == 0) {
                assertInnocentIsAnswered();
            }
        }
        if (attack != null) {
            attack.peer().close();
            attack.victim().assertCloses();
        }
        System.out.println(mutations + " mutations, " + refused + " channels closed by them");
        return refused;
    }

    /** Changes one of the words that both sides look at, and a byte of the data. */
    private void mutate(ByteBuffer memory) {
        int word = WORDS[random.nextInt(WORDS.length)];
        long old = memory.getLong(word);
        long value = switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextLong() >>> random.nextInt(64);
            case 2 -> old ^ (1L << random.nextInt(64));
            case 3 -> old - random.nextInt(1, 10);
            case 4 -> old + 4L * CAPACITY + random.nextInt(-3, 4);
            case 5 -> old + CAPACITY + random.nextInt(-3, 4);
            default -> old + random.nextInt(0, CAPACITY);
        };
        memory.put(random.nextInt(512, memory.capacity()), (byte) value);
        VarHandle.releaseFence();
        memory.putLong(word, value);
        VarHandle.fullFence();
    }

    /** Returns a message that is almost right: cut off, with more behind it, of random bytes, or with another byte. */
    final ByteBuf mutated(HandshakeMessage message) {
        byte[] bytes = RawPeer.bytes(message);
        ByteBuf sent = Unpooled.directBuffer().writeBytes(bytes);
        switch (random.nextInt(6)) {
            case 0 -> sent.writerIndex(random.nextInt(1, bytes.length + 1));
            case 1 -> writeRandom(sent, random.nextInt(1, 40));
            case 2 -> writeRandom(sent.clear(), random.nextInt(1, 200));
            case 3 -> sent.setByte(random.nextInt(bytes.length), random.nextInt());
            default -> {
                int at = random.nextInt(bytes.length);
                sent.setByte(at, sent.getByte(at) ^ 1 << random.nextInt(8));
            }
        }
        return sent;
    }

    private void writeRandom(ByteBuf buffer, int count) {
        for (int i = 0; i < count; i++) {
            buffer.writeByte(random.nextInt());
        }
    }

    static int newEventFd() {
        return CLibrary.eventfd(0, CLibrary.NONBLOCK);
    }

    static ShmAddress newAddress() {
        return ShmAddress.of("hostile-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    }

    final void assertInnocentIsAnswered() throws InterruptedException {
        innocent.writeAndFlush(innocent.alloc().buffer(Long.BYTES).writeLong(++question));
        assertEquals(question, answers.poll(20, TimeUnit.SECONDS), "the answer of the loop");
    }

    /** Returns when the loop has looked at all that had come by now, and knows from whom. */
    final void turn() throws InterruptedException {
        turnTheLoop();
        if (RawPeer.WINDOWS) {
            while (isAskedForAUser()) {
                Thread.sleep(1);
            }
            turnTheLoop();
        }
    }

    /** Whether a thread asks Windows for a client's user, for the loop. */
    private static boolean isAskedForAUser() {
        Thread[] threads = new Thread[Thread.activeCount() + 16];
        int count = Thread.enumerate(threads);
        return Arrays.stream(threads, 0, count)
                .anyMatch(thread -> thread.getName().equals("nettyipc-pipe-client-identity"));
    }

    private void turnTheLoop() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            loop.submit(() -> {}).sync();
        }
    }

    /** A server on the loop that also serves the innocent. */
    final ServerBootstrap victims(BlockingQueue<Victim> victims) {
        return new ServerBootstrap()
                .group(loop)
                .channel(ShmServerChannel.class)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        // Before its handshake, at whose end it would be initialised.
                        addVictim((Channel) msg, victims);
                        ctx.fireChannelRead(msg);
                    }
                })
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {}
                });
    }

    private static void addVictim(Channel channel, BlockingQueue<Victim> victims) {
        Victim victim = new Victim(channel);
        channel.pipeline().addLast(new PoliteEcho(), victim);
        victims.add(victim);
    }

    /** Makes each channel a victim, and adds it to those. */
    static ChannelHandler victimInitializer(BlockingQueue<Victim> victims) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                addVictim(channel, victims);
            }
        };
    }

    static Victim next(BlockingQueue<Victim> victims) throws InterruptedException {
        Victim victim = victims.poll(20, TimeUnit.SECONDS);
        assertNotNull(victim, "not accepted");
        return victim;
    }

    /** A channel with a hostile peer, and what it was told. */
    static final class Victim extends ChannelInboundHandlerAdapter {

        final Channel channel;
        private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        volatile boolean wasActive;

        Victim(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            wasActive = true;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }

        void assertCloses() {
            assertTrue(channel.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), () -> channel + " stays");
        }

        /** Whether it was told of one failure, of that kind; of anything else the test fails. */
        boolean failed(Class<? extends Throwable> expected) {
            List<Throwable> all = List.copyOf(failures);
            for (Throwable failure : all) {
                if (!expected.isInstance(failure) || all.size() > 1) {
                    throw new AssertionError(all.size() + " failures", failure);
                }
            }
            return !all.isEmpty();
        }

        String reason() {
            return failures.element().getMessage();
        }
    }

    /** Sends back what comes, and takes no more than its peer does. */
    @ChannelHandler.Sharable
    static final class PoliteEcho extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
    }
}
