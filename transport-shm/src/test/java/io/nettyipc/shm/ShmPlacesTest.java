/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.SystemCommand;
import io.nettyipc.pipe.NamedPipeSocketFile;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared memory in sandboxes and containers. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the places are Linux's")
@Timeout(120)
class ShmPlacesTest {
    @TempDir
    Path directory;

    private MultiThreadIoEventLoopGroup group;
    private String path;

    @BeforeEach
    void start() {
        assertEquals(Platform.LINUX, Platform.current());
        group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
        path = directory.resolve("s").toString();
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private static ChildJvm program(List<String> prefix, String... arguments) throws IOException {
        return new ChildJvm(prefix, ShmPlaceProgram.class, jar -> true, Map.of(), arguments);
    }

    /** A sandbox's filter, a kernel without it, and one whose memory can't be sealed as the ring needs it. */
    @ParameterizedTest
    @ValueSource(strings = {"memfd_create:error=EPERM", "memfd_create:error=ENOSYS", "memfd_create:error=EINVAL"})
    void whereAServerHasNoSealedMemoryItIsInFiles(String call) throws Exception {
        try (ChildJvm server = program(SystemCommand.withFault(call), "server", path, "any")) {
            assertEquals("bound", server.answer());

            assertEquals("FILE", ShmPlaceProgram.echo(group, path, false));

            if (UnixTransport.epoll() != null) {
                String refused = ShmPlaceProgram.echo(group, path, true);
                assertTrue(refused.contains("sealed memory is not available here: memfd_create"), refused);
            }
        }
    }

    @Test
    void whereAClientHasNoSealedMemoryItIsInFilesOrTheReasonIsTold() throws Exception {
        try (ChildJvm server = program(List.of(), "server", path, "any")) {
            assertEquals("bound", server.answer());
            List<String> sandbox = SystemCommand.withFault("memfd_create:error=EPERM");
            try (ChildJvm client = program(sandbox, "client", path, "any")) {
                assertEquals("FILE", client.answer());
            }
            try (ChildJvm client = program(sandbox, "client", path, "sealed")) {
                String refused = client.answer();
                assertTrue(refused.contains("SHM_REQUIRE_SEALED") && refused.contains("memfd_create"), refused);
            }
        }
    }

    /** Processes, network, memory files and mounts of its own; of the machine's it has the socket's directory. */
    @Test
    void aContainerThatSharesTheSocketsDirectoryOnlyHasSealedMemory() throws Exception {
        List<String> container = List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--ipc",
                "--net",
                "--uts",
                "sh",
                "-c",
                "mount -t proc p /proc && mount -t tmpfs t /dev/shm && exec \"$@\"",
                "sh");
        assumeTrue(SystemCommand.worksBefore(container), "unshare needs root");
        assumeTrue(UnixTransport.epoll() != null, "no descriptors can be passed");
        try (ChildJvm server = program(container, "server", path, "sealed")) {
            assertEquals("bound", server.answer());

            assertEquals("SEALED", ShmPlaceProgram.echo(group, path, true));
        }
    }

    /** The memory of the control group is the machine's for all that run in it. */
    @Test
    void theLimitOfTheControlGroupBoundsTheDefaultOfMaxMemory() throws Exception {
        Path groups = Path.of("/sys/fs/cgroup/memory");
        Path own = groups.resolve("nettyipc-test-" + ProcessHandle.current().pid());
        assumeTrue(Files.isWritable(groups), "no control groups of the first version that this user can make");
        Files.createDirectory(own);
        try {
            Files.writeString(own.resolve("memory.limit_in_bytes"), Integer.toString(400 << 20));
            List<String> inGroup = List.of("sh", "-c", "echo $$ >" + own + "/cgroup.procs && exec \"$@\"", "sh");
            assumeTrue(SystemCommand.worksBefore(inGroup), "the group takes no process");
            try (ChildJvm program = program(inGroup, "limit", path, "any")) {
                assertEquals(Integer.toString(100 << 20), program.answer());
            }
        } finally {
            Files.deleteIfExists(own);
        }
    }

    @Test
    void aConnectWaitsForAFreePlaceInTheBacklog() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address, 1);
            List<SocketChannel> first = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                first.add(SocketChannel.open(address));
            }
            ChannelFuture connect = new Bootstrap()
                    .group(group)
                    .channel(ShmChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(ShmAddress.of(path));
            // Behind its first attempt.
            assertTrue(!connect.await(100), connect::toString);

            for (SocketChannel channel : first) {
                server.accept().close();
                channel.close();
            }

            // The client of shared memory, which speaks first.
            SocketChannel client = server.accept();
            assertTrue(client.read(ByteBuffer.allocate(1)) > 0);
            client.close();
            assertTrue(connect.await(20, TimeUnit.SECONDS) && connect.cause() != null);
        }
    }

    private ServerBootstrap server() {
        return new ServerBootstrap()
                .group(group)
                .channel(ShmServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter());
    }

    @Test
    void theSocketFileHasTheChosenPermissionsAndGroup() throws Exception {
        // Only root can give a file any group.
        boolean root = (int) Files.getAttribute(directory, "unix:uid") == 0;
        Object chosen = root ? 4711 : Files.getAttribute(directory, "unix:gid");

        server().attr(NamedPipeSocketFile.PERMISSIONS, PosixFilePermissions.fromString("rw-rw----"))
                .attr(NamedPipeSocketFile.GROUP, chosen.toString())
                .bind(ShmAddress.of(path))
                .sync();

        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(path))));
        assertEquals(chosen, Files.getAttribute(Path.of(path), "unix:gid"));
    }

    @Test
    void aServerWhoseSocketFileIsRemovedIsTold() throws Exception {
        BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
        System.setProperty("io.nettyipc.socket.checkSeconds", "1");
        try {
            server().handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                            told.add(cause);
                        }
                    })
                    .bind(ShmAddress.of(path))
                    .sync();

            Files.delete(Path.of(path));

            Throwable cause = told.poll(20, TimeUnit.SECONDS);
            assertTrue(cause != null && cause.getMessage().contains("was removed"), () -> "told " + cause);
        } finally {
            System.clearProperty("io.nettyipc.socket.checkSeconds");
        }
    }

    @Test
    void anAbstractNameIsRefusedWithWhatToDo() {
        DomainSocketAddress name =
                new DomainSocketAddress("\0test-" + ProcessHandle.current().pid());
        for (ChannelFuture refused : List.of(
                server().bind(name),
                new Bootstrap()
                        .group(group)
                        .channel(ShmChannel.class)
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect(name))) {
            assertTrue(refused.awaitUninterruptibly(20, TimeUnit.SECONDS), "it doesn't end");
            assertTrue(
                    refused.cause().getMessage().contains("abstract sockets are not supported"),
                    () -> refused.cause().toString());
        }
    }

    /** As in two containers, which have directories of their own unless they are told to share them. */
    @Test
    void aFileThatThePeerCannotSeeIsToldWithWhatToDo() throws Exception {
        List<String> inside =
                List.of("unshare", "--mount", "sh", "-c", "mount -t tmpfs t /dev/shm && exec \"$@\"", "sh");
        assumeTrue(SystemCommand.worksBefore(inside), "unshare --mount needs root");
        List<String> container = new ArrayList<>(SystemCommand.withFault("memfd_create:error=EPERM"));
        container.addAll(0, inside);
        try (ChildJvm server = program(container, "server", path, "any")) {
            assertEquals("bound", server.answer());

            String refused = ShmPlaceProgram.echo(group, path, false);

            assertTrue(refused.contains("/dev/shm/nettyipc-"), refused);
            assertTrue(refused.contains("-Dio.nettyipc.shm.directory"), refused);
        }
    }

    /** What holds the memory may be full, as in a container with 64 MB of it, or may not be written to. */
    @ParameterizedTest
    @ValueSource(strings = {"size=8k", "ro"})
    void whereNoFileCanBeInMemoryTheSocketsDirectoryIsTaken(String mount) throws Exception {
        List<String> inside = List.of(
                "unshare", "--mount", "sh", "-c", "mount -t tmpfs -o " + mount + " t /dev/shm && exec \"$@\"", "sh");
        assumeTrue(SystemCommand.worksBefore(inside), "unshare --mount needs root");
        List<String> container = new ArrayList<>(SystemCommand.withFault("memfd_create:error=EPERM"));
        container.addAll(0, inside);
        // No file can be there.
        Map<String, String> environment = Map.of(
                "JAVA_TOOL_OPTIONS", "-Djna.tmpdir=" + directory + " -Djava.io.tmpdir=" + directory.resolve("none"));
        try (ChildJvm server =
                new ChildJvm(container, ShmPlaceProgram.class, jar -> true, environment, "server", path, "any")) {
            assertEquals("bound", server.answer());

            try (ChildJvm client =
                    new ChildJvm(container, ShmPlaceProgram.class, jar -> true, environment, "client", path, "any")) {
                assertEquals("FILE", client.answer());
            }
        }
    }

    @Test
    void withoutALibraryOfJnaTheReasonSaysWhichPropertyHelps() throws Exception {
        Map<String, String> environment =
                Map.of("JAVA_TOOL_OPTIONS", "-Djna.tmpdir=" + directory + " -Djna.nosys=true -Djna.noclasspath=true");
        try (ChildJvm program = new ChildJvm(ShmPlaceProgram.class, jar -> true, environment, "client", path, "any")) {
            String cause = program.answer();
            assertTrue(cause.contains("-Djna.tmpdir") && cause.contains("-Djna.boot.library.path"), cause);
        }
    }
}
