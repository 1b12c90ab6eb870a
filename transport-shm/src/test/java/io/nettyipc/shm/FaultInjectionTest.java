/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The system calls of a server's event loop fail, each once, with the errors that the kernel documents for them:
 * whatever a client waits for ends in time, the server keeps nothing, and the next client is served. The same goes for
 * binds.
 * {@code -Dnettyipc.full=true} lets the first, second and third call fail with every error.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class FaultInjectionTest {

    private static final int BYTES = 20_000;
    static final int PATIENCE_SECONDS = 15;
    private static final int CALLS = TestSize.of(1, 3);

    /** What rings where eventfds don't. */
    private static final String CONTROL_BYTE = "sendto";

    /** The errors of each call; for a push the first. */
    private static final List<List<String>> SHM = List.of(
            List.of("io_submit", "EAGAIN", "EINVAL", "ENOSYS", "EPERM"),
            List.of(CONTROL_BYTE, "ENOBUFS", "ENOMEM", "EINTR"),
            List.of("eventfd2", "EMFILE", "ENFILE", "ENOMEM"),
            List.of("sendmsg", "ENOBUFS", "ENOMEM", "ETOOMANYREFS", "EINTR"),
            List.of("recvmsg", "ENOMEM", "ECONNRESET", "EINTR"),
            List.of("epoll_ctl", "ENOSPC", "ENOMEM"),
            List.of("accept4", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "ECONNABORTED", "EINTR"),
            List.of("memfd_create", "EMFILE", "ENFILE", "ENOMEM"),
            List.of("ftruncate", "EINTR", "EIO"),
            List.of("fallocate", "ENOSPC", "EINTR"),
            List.of("fcntl", "EPERM", "EBUSY"),
            List.of("lseek", "EIO"),
            List.of("readlink", "EACCES", "ENOMEM"),
            List.of("epoll_wait", "EINTR"),
            List.of("getsockopt", "ENOBUFS"));

    private static final List<List<String>> PIPE = List.of(
            List.of("accept4", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "ECONNABORTED", "EINTR"),
            List.of("recvfrom", "ENOMEM", "ECONNRESET", "EINTR"),
            List.of("read", "EIO", "EINTR"),
            List.of("sendto", "ENOBUFS", "EPIPE", "EINTR"),
            List.of("write", "ENOBUFS", "EPIPE"),
            List.of("epoll_ctl", "ENOSPC", "ENOMEM"),
            List.of("epoll_wait", "EINTR"));

    /** Not {@code listen}: of a Unix socket that is bound it doesn't fail. */
    private static final List<List<String>> BIND = List.of(
            List.of("socket", "EMFILE", "ENFILE", "ENOMEM"),
            List.of("fcntl", "ENOLCK", "EINTR"),
            List.of("openat", "EMFILE", "ENFILE", "EACCES", "EROFS"),
            List.of("fchmod", "EINVAL", "EPERM"),
            List.of("bind", "ENOSPC", "EACCES", "ENOMEM"),
            List.of("epoll_ctl", "ENOSPC", "ENOMEM"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"shm", "pipe"})
    @SuppressWarnings("try") // The fault is there as long as its resource is.
    void whateverCallOfAServerFailsNothingHangsAndNothingIsLeft(String kind) throws Exception {
        Strace.assumeThere();
        String path = directory.resolve(kind + ".sock").toString();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
        try (ChildJvm server = new ChildJvm(FaultInjectionProgram.class, kind, path)) {
            Path process = Path.of("/proc", server.answer());
            String loop = loopOf(process);
            for (int i = 0; i < 5; i++) {
                assertEquals("echoed", request(group, kind, path));
            }
            List<String> before = descriptors(process);
            Map<String, Integer> outcomes = new TreeMap<>();
            for (List<String> call : kind.equals("shm") ? SHM : PIPE) {
                for (int error = 1; error < TestSize.of(2, call.size()); error++) {
                    for (int when = 1; when <= CALLS; when++) {
                        String fault = call.get(0) + ":error=" + call.get(error) + ":when=" + when;
                        String outcome;
                        try (Strace strace = new Strace(loop, fault)) {
                            outcome = request(group, kind, path, call.get(0));
                        }
                        assertNotNull(outcome, () -> fault + ": nothing comes and the channel stays");
                        outcomes.merge(outcome, 1, Integer::sum);
                        assertEquals("echoed", request(group, kind, path), () -> "the next client after " + fault);
                        awaitAtMost(before, process, fault);
                    }
                }
            }
            System.out.println(kind + ", calls that failed: " + outcomes);
            // Else nothing was injected.
            assertTrue(outcomes.size() > 1, outcomes::toString);
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "pipe", "messages"})
    @SuppressWarnings("try") // The fault is there as long as its resource is.
    void whateverCallOfABindFailsItEndsAndTheNextOneSucceeds(String kind) throws Exception {
        Strace.assumeThere();
        try (ChildJvm server = new ChildJvm(
                FaultInjectionProgram.class, kind, directory.resolve("first").toString())) {
            Path process = Path.of("/proc", server.answer());
            String loop = loopOf(process);
            Path path = directory.resolve("s");
            server.tell(path.toString());
            assertEquals("bound", server.answer());
            List<String> before = descriptors(process);
            Map<String, Integer> outcomes = new TreeMap<>();
            for (List<String> call : BIND) {
                for (int error = 1; error < TestSize.of(2, call.size()); error++) {
                    for (int when = 1; when <= CALLS; when++) {
                        String fault = call.get(0) + ":error=" + call.get(error) + ":when=" + when;
                        String outcome;
                        try (Strace strace = new Strace(loop, fault)) {
                            server.tell(path.toString());
                            outcome = server.answer();
                        }
                        assertTrue(Set.of("bound", "refused").contains(outcome), () -> fault + ": " + outcome);
                        outcomes.merge(outcome, 1, Integer::sum);
                        assertFalse(Files.exists(path), () -> fault + ": the socket is left");
                        server.tell(path.toString());
                        assertEquals("bound", server.answer(), () -> "the next bind after " + fault);
                        awaitAtMost(before, process, fault);
                    }
                }
            }
            System.out.println(kind + ", binds with calls that failed: " + outcomes);
            // Else nothing was injected.
            assertTrue(outcomes.containsKey("refused"), outcomes::toString);
        }
    }

    private static String request(EventLoopGroup group, String kind, String path) throws Exception {
        return request(group, kind, path, "none");
    }

    /**
     * Returns {@code "echoed"}, another word for another end, or {@code null} if there is none in time.
     *
     * @param call that fails
     */
    private static String request(EventLoopGroup group, String kind, String path, String call) throws Exception {
        boolean shm = kind.equals("shm");
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Bootstrap bootstrap = new Bootstrap();
        if (shm && call.equals(CONTROL_BYTE)) {
            bootstrap.option(ShmChannelOption.SHM_DOORBELL, ShmDoorbell.CONTROL_BYTE);
        }
        ChannelFuture connect = bootstrap
                .group(group)
                .channel(shm ? ShmChannel.class : NamedPipe.channelType())
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    private int received;

                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        received += msg.readableBytes();
                        if (received == BYTES) {
                            outcome.complete("echoed");
                        }
                    }

                    @Override
                    public void channelInactive(ChannelHandlerContext ctx) {
                        outcome.complete("closed");
                    }
                })
                .connect(shm ? ShmAddress.of(path) : NamedPipeAddress.of(path));
        if (!connect.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            connect.channel().close().sync();
            return null;
        }
        if (!connect.isSuccess()) {
            return "refused";
        }
        Channel channel = connect.channel();
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[BYTES]));
        String result = outcome.completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .get();
        channel.close().sync();
        return result;
    }

    static String loopOf(Path process) throws IOException {
        List<String> loops = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : (Iterable<Path>) tasks::iterator) {
                if (Files.readString(task.resolve("comm")).startsWith("multiThreadIo")) {
                    loops.add(task.getFileName().toString());
                }
            }
        }
        assertEquals(1, loops.size(), loops::toString);
        return loops.get(0);
    }

    /** What the process's descriptors lead to, but for files: the first failure of a kind loads classes from jars. */
    static List<String> descriptors(Path process) {
        List<String> descriptors = new ArrayList<>();
        for (File descriptor :
                Objects.requireNonNull(process.resolve("fd").toFile().listFiles())) {
            try {
                String target = Files.readSymbolicLink(descriptor.toPath()).toString();
                if (!target.endsWith(".jar") && !target.endsWith(".so")) {
                    descriptors.add(descriptor.getName() + " " + target);
                }
            } catch (IOException closedMeanwhile) {
                // It is not open any more.
            }
        }
        return descriptors;
    }

    private static void awaitAtMost(List<String> before, Path process, String fault) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (descriptors(process).size() > before.size() && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        List<String> now = descriptors(process);
        assertTrue(now.size() <= before.size(), () -> fault + ": open are " + now + ", were " + before);
    }
}
