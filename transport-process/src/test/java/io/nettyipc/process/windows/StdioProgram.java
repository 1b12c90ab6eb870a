/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import com.sun.jna.NativeLibrary;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.DefaultMaxBytesRecvByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.process.Stdio;
import io.nettyipc.process.StdioAddress;
import io.nettyipc.process.StdioChannelOption;
import io.nettyipc.process.StdioFilter;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Does with its standard input and output what its argument says, and tells standard error how that went. */
final class StdioProgram {
    private static final MultiThreadIoEventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());

    private StdioProgram() {}

    public static void main(String... arguments) throws Exception {
        switch (arguments[0]) {
            case "filter" -> filter(bootstrap(new StdioFilter()));
            case "limited" ->
                filter(bootstrap(new StdioFilter())
                        .option(ChannelOption.RECVBUF_ALLOCATOR, new DefaultMaxBytesRecvByteBufAllocator(1024, 1024)));
            case "line" -> afterALine();
            case "noise" -> noise();
            case "hello" -> hello(arguments[1]);
            case "server" -> server();
            case "later" -> later();
            case "parting" -> parting();
            case "file" -> file(arguments[1]);
            case "talk" -> talk();
            case "half" -> half();
            case "deaf" -> deaf();
            case "readerless" -> readerless(false);
            case "ending" -> readerless(true);
            case "close" -> close();
            case "stuck" -> stuck();
            case "stuck-end" -> stuckEnd();
            case "loop" -> loop();
            case "fail" -> fail();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        GROUP.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        say("end");
        // Not a second later, when Netty's global thread ends.
        System.exit(0);
    }

    private static void say(String line) {
        System.err.println(line);
    }

    private static Bootstrap bootstrap(ChannelInboundHandlerAdapter handler) {
        return new Bootstrap()
                .group(GROUP)
                .channel(Stdio.channelType())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(handler);
    }

    private static DuplexChannel connect(ChannelInboundHandlerAdapter handler) {
        return connect(bootstrap(handler));
    }

    private static DuplexChannel connect(Bootstrap bootstrap) {
        return (DuplexChannel)
                bootstrap.connect(StdioAddress.INSTANCE).syncUninterruptibly().channel();
    }

    /** What the channel has of threads. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("nettyipc-std"))
                .count();
    }

    private static void filter(Bootstrap bootstrap) {
        connect(bootstrap).closeFuture().syncUninterruptibly();
        say("threads " + threads());
    }

    /** Reads a line by {@code System.in}, which reads ahead. */
    private static void afterALine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int character; (character = System.in.read()) != '\n'; ) {
            line.append((char) character);
        }
        say("line " + line);
        filter(bootstrap(new StdioFilter()));
    }

    /** Others in this process, and children, read and write too. */
    private static void noise() throws Exception {
        PrintStream early = System.out;
        DuplexChannel channel = connect(new StdioFilter());
        System.out.println("a line of System.out");
        early.println("a line of who had System.out before");
        for (String runtime : new String[] {"ucrtbase", "msvcrt"}) {
            NativeLibrary library = NativeLibrary.getInstance(runtime);
            library.getFunction("puts").invokeInt(new Object[] {"a line of " + runtime});
            library.getFunction("fflush").invokeInt(new Object[] {null});
            say(runtime + " has " + library.getFunction("getchar").invokeInt(new Object[] {}));
        }
        say("System.in has " + System.in.read());
        new ProcessBuilder("cmd", "/c", "(set /p line=) & echo a line of a child")
                .inheritIO()
                .start()
                .waitFor();
        Throwable second = bootstrap(new StdioFilter())
                .connect(StdioAddress.INSTANCE)
                .awaitUninterruptibly()
                .cause();
        say("second connect: " + second.getMessage());
        channel.closeFuture().syncUninterruptibly();
    }

    /** The end of the input may close the channel before the text is written. */
    private static void hello(String text) {
        bootstrap(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ctx.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
                        ctx.fireChannelActive();
                    }
                })
                .option(ChannelOption.ALLOW_HALF_CLOSURE, false)
                .connect(StdioAddress.INSTANCE)
                .syncUninterruptibly()
                .channel()
                .closeFuture()
                .syncUninterruptibly();
    }

    /** The end of the input closes the channel. */
    private static void server() {
        connect(bootstrap(new StdioFilter()).option(ChannelOption.ALLOW_HALF_CLOSURE, false))
                .closeFuture()
                .syncUninterruptibly();
    }

    /** A server as most are: it knows nothing of half-closure, and answers after a while. */
    private static void later() {
        connect(new Bootstrap()
                        .group(GROUP)
                        .channel(Stdio.channelType())
                        .option(StdioChannelOption.STDIO_END_TIMEOUT_MILLIS, 500)
                        .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                                ctx.executor().schedule(() -> answer(ctx), 200, TimeUnit.MILLISECONDS);
                            }
                        }))
                .closeFuture()
                .syncUninterruptibly();
        say("threads " + threads());
    }

    private static void answer(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.directBuffer().writeZero(1_000_000));
        say("answering");
    }

    /** Closes right after a flush. */
    private static void parting() throws Exception {
        DuplexChannel channel = connect(new StdioFilter());
        channel.eventLoop()
                .submit(() -> {
                    channel.write(Unpooled.directBuffer().writeZero(500_000));
                    channel.writeAndFlush(Unpooled.buffer().writeZero(500_000))
                            .addListener(written -> say("written " + written.isSuccess()));
                    channel.close().addListener(closed -> say("closed"));
                    channel.close().addListener(closed -> say("closed again"));
                })
                .sync();
        channel.closeFuture().syncUninterruptibly();
        say("threads " + threads());
    }

    /** Small and large buffers of each kind, one that is cancelled, nothing, and a file. */
    private static void file(String name) throws Exception {
        DuplexChannel channel = connect(new StdioFilter());
        File file = new File(name);
        channel.eventLoop()
                .submit(() -> {
                    channel.write(Unpooled.copiedBuffer("small ", StandardCharsets.US_ASCII));
                    channel.write(Unpooled.copiedBuffer("no ", StandardCharsets.US_ASCII), channel.newPromise())
                            .cancel(false);
                    channel.write(Unpooled.EMPTY_BUFFER);
                    channel.write(Unpooled.wrappedBuffer(
                            Unpooled.copiedBuffer("in ", StandardCharsets.US_ASCII),
                            Unpooled.copiedBuffer("parts ", StandardCharsets.US_ASCII)));
                    channel.write(new DefaultFileRegion(file, 0, file.length()));
                    byte[] large = new byte[100_000];
                    Arrays.fill(large, (byte) 'x');
                    channel.write(Unpooled.directBuffer().writeBytes(large));
                    channel.flush();
                })
                .sync();
        channel.closeFuture().syncUninterruptibly();
    }

    /** With somebody who types lines and says bye. */
    private static void talk() {
        DuplexChannel channel = connect(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                String line =
                        ((ByteBuf) msg).toString(StandardCharsets.US_ASCII).trim();
                ReferenceCountUtil.release(msg);
                boolean bye = line.equals("bye");
                String answer =
                        bye ? "many\r\n".repeat(10_000) + "the last of many lines\r\n" : "you said " + line + "\r\n";
                ctx.writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII))
                        .addListener(written -> {
                            say("heard " + line);
                            if (bye) {
                                ctx.close();
                            }
                        });
            }
        });
        say("connected");
        channel.closeFuture().syncUninterruptibly();
        say("threads " + threads());
    }

    /** Ends the output right after a flush, and reads on. */
    private static void half() throws Exception {
        AtomicLong read = new AtomicLong();
        CountDownLatch line = new CountDownLatch(1);
        DuplexChannel channel = connect(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                read.addAndGet(((ByteBuf) msg).readableBytes());
                ReferenceCountUtil.release(msg);
                line.countDown();
            }
        });
        line.await();
        channel.write(Unpooled.directBuffer().writeZero(1_000_000));
        ChannelFuture last = channel.writeAndFlush(Unpooled.copiedBuffer("the end", StandardCharsets.US_ASCII));
        ChannelFuture end = channel.shutdownOutput();
        channel.shutdownOutput().syncUninterruptibly();
        say("written " + last.isSuccess() + ", ended " + end.isSuccess());
        say("write "
                + (channel.writeAndFlush(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII))
                                .awaitUninterruptibly()
                                .cause()
                        != null));
        channel.closeFuture().syncUninterruptibly();
        say("read " + read);
        say("threads " + threads());
    }

    /** Doesn't read for a while, but for one buffer of 100 bytes. */
    private static void deaf() throws Exception {
        AtomicLong read = new AtomicLong();
        DuplexChannel channel = connect(bootstrap(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        read.addAndGet(((ByteBuf) msg).readableBytes());
                        ReferenceCountUtil.release(msg);
                    }

                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
                        if (evt == ChannelInputShutdownReadComplete.INSTANCE) {
                            ctx.close();
                        }
                    }
                })
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(100))
                .option(ChannelOption.AUTO_READ, false));
        channel.read();
        say("deaf");
        Thread.sleep(1500);
        long early = read.get();
        say("one buffer " + (early > 0 && early <= 100));
        channel.config().setAutoRead(true);
        channel.closeFuture().syncUninterruptibly();
        say("read " + read);
    }

    /** Writes to somebody who has gone; with {@code autoClose} nothing else ends the channel. */
    private static void readerless(boolean autoClose) throws Exception {
        CountDownLatch outputEnd = new CountDownLatch(autoClose ? 0 : 1);
        StdioFilter filter = new StdioFilter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ReferenceCountUtil.release(msg);
                ctx.writeAndFlush(Unpooled.copiedBuffer("anybody?", StandardCharsets.US_ASCII))
                        .addListener(written -> say("failure " + written.cause()));
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
                if (evt instanceof ChannelOutputShutdownEvent) {
                    outputEnd.countDown();
                }
            }
        };
        DuplexChannel channel = connect(bootstrap(filter).option(ChannelOption.AUTO_CLOSE, autoClose));
        outputEnd.await();
        say("output ended");
        channel.closeFuture().syncUninterruptibly();
        say("threads " + threads());
    }

    /** Closes while nothing is there to be read. */
    private static void close() throws Exception {
        DuplexChannel channel = connect(new StdioFilter());
        Thread.sleep(300);
        say("threads before " + threads());
        ended(channel);
    }

    /** Closes while nobody reads what is being written. */
    private static void stuck() throws Exception {
        DuplexChannel channel = connect(new StdioFilter());
        ChannelFuture write = channel.writeAndFlush(Unpooled.directBuffer().writeZero(10_000_000));
        for (int i = 0; i < 3000 && channel.isWritable(); i++) {
            Thread.sleep(10);
        }
        Thread.sleep(300);
        say("writable " + channel.isWritable() + ", written " + write.isDone());
        ended(channel);
        say("write " + write.isSuccess());
    }

    /** Ends the output while nobody reads what is being written, and reads on. */
    private static void stuckEnd() throws Exception {
        DuplexChannel channel = connect(new StdioFilter());
        ChannelFuture write = channel.writeAndFlush(Unpooled.directBuffer().writeZero(10_000_000));
        long begin = System.nanoTime();
        channel.shutdownOutput().syncUninterruptibly();
        say("in time " + (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(3)));
        say("write " + write.isSuccess() + ", open " + channel.isOpen());
        ended(channel);
    }

    private static void ended(Channel channel) {
        long begin = System.nanoTime();
        channel.close().syncUninterruptibly();
        say("in time " + (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(3)));
        say("threads " + threads());
    }

    /** Ends the event loop while nothing is there to be read. */
    private static void loop() throws Exception {
        DuplexChannel channel = connect(new StdioFilter());
        Thread.sleep(300);
        long begin = System.nanoTime();
        GROUP.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        say("in time " + (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(3)));
        say("open " + channel.isOpen());
        say("threads " + threads());
    }

    /** Can't have its streams, and goes on without. */
    private static void fail() {
        for (String attempt : new String[] {"first", "second"}) {
            ChannelFuture connect =
                    bootstrap(new StdioFilter()).connect(StdioAddress.INSTANCE).awaitUninterruptibly();
            say(attempt + " connect: " + connect.cause().getMessage() + ", closed "
                    + connect.channel().closeFuture().awaitUninterruptibly(10, TimeUnit.SECONDS));
        }
        System.out.println("a line");
    }
}
