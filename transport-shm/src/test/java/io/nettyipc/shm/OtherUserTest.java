/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.nettyipc.base.os.UnixUsers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of two users. Runs as root only, who can start one as another user. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class OtherUserTest {

    private static final int USER = 64123;
    private static final String REFUSED = "the peer runs as another user, which is not allowed (ShmPeerPolicy): ";

    /** Of the class path, which another user can't read. */
    @TempDir
    static Path copies;

    @TempDir
    Path directory;

    private final BlockingQueue<Channel> children = new LinkedBlockingQueue<>();
    private EventLoopGroup group;
    private Path socket;

    @BeforeEach
    void openTheDirectory() throws IOException {
        assumeTrue(UnixUsers.ownId() == 0, "not root");
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(part -> Files.isExecutable(Path.of(part, "setpriv"))),
                "no setpriv");
        permit(directory, "rwxr-xr-x");
        socket = directory.resolve("any.sock");
    }

    @AfterEach
    void shutDown() throws InterruptedException {
        if (group != null) {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private void serve(ShmPeerPolicy policy, IoHandlerFactory factory) throws Exception {
        serve(policy, factory, 128, true);
    }

    private void serve(ShmPeerPolicy policy, IoHandlerFactory factory, int handshakes, boolean autoRead)
            throws Exception {
        group = new MultiThreadIoEventLoopGroup(1, factory);
        new ServerBootstrap()
                .group(group)
                .channel(ShmServerChannel.class)
                .option(ShmChannelOption.SHM_MAX_HANDSHAKES, handshakes)
                .option(ChannelOption.AUTO_READ, autoRead)
                .handler(new ReadsOneByOne())
                .childOption(ShmChannelOption.SHM_PEER_POLICY, policy)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                })
                .bind(ShmAddress.of(socket.toString()))
                .sync();
        permit(socket, "rw-rw-rw-");
    }

    /** Asks for the next connection when one has come, which is enough also without {@code AUTO_READ}. */
    private final class ReadsOneByOne extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.fireChannelActive();
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            children.add((Channel) msg);
            ctx.fireChannelRead(msg);
            ctx.read();
        }
    }

    /** Runs a client as the other user. Returns what it says. */
    private String client(ShmPeerPolicy policy) throws Exception {
        return output(program(policy.name()));
    }

    private static String output(Process process) throws Exception {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.trim();
    }

    /** Starts a program as the other user, who can't read this one's files: it has copies. */
    private Process program(String argument) throws Exception {
        Path temporary = directory.resolve(argument + "-temporary");
        Files.createDirectory(temporary);
        permit(temporary, "rwxrwxrwx");
        return program(argument, temporary, "setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups");
    }

    private Process program(String argument, Path temporary, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                copyOfTheClassPath(),
                OtherUserProgram.class.getName(),
                socket.toString(),
                argument));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temporary.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("XDG_RUNTIME_DIR");
        return builder.start();
    }

    private String copyOfTheClassPath() throws IOException {
        permit(copies, "rwxr-xr-x");
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            Path copy = copies.resolve(Integer.toString(entries.size()));
            entries.add(copy.toString());
            if (Files.exists(copy)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.copy(file, copy.resolve(source.relativize(file).toString()));
                }
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private ShmChannel child() throws InterruptedException {
        Channel child = children.poll(20, TimeUnit.SECONDS);
        assertNotNull(child, "not accepted");
        assertTrue(child.closeFuture().await(20, TimeUnit.SECONDS), "stays");
        return (ShmChannel) child;
    }

    @Test
    void theyConnectOverSealedMemoryAndRingByEventFdsIfBothAreForIt() throws Exception {
        serve(ShmPeerPolicy.ANY_USER, Shm.newIoHandlerFactory());
        ShmTerms terms = new ShmTerms(ShmMemory.SEALED, ShmDoorbell.EVENT_FD, 256 << 10, 256 << 10, 0, 0);
        assertEquals("echoed: true, " + terms, client(ShmPeerPolicy.ANY_USER));
        ShmChannel child = child();
        assertEquals(terms, child.terms());
        assertEquals(USER, Shm.peer(child).userId());
    }

    @Test
    void aServerForItsOwnUserRefusesOthers() throws Exception {
        serve(ShmPeerPolicy.SAME_USER, Shm.newIoHandlerFactory());
        String answer = client(ShmPeerPolicy.ANY_USER);
        assertTrue(answer.startsWith("the peer refused the connection: " + REFUSED), answer);
        assertTrue(answer.contains("userId=" + USER), answer);
        child();
    }

    @Test
    void aClientForItsOwnUserRefusesAServerOfAnother() throws Exception {
        serve(ShmPeerPolicy.ANY_USER, Shm.newIoHandlerFactory());
        String answer = client(ShmPeerPolicy.SAME_USER);
        assertTrue(answer.startsWith(REFUSED), answer);
        assertTrue(answer.contains("userId=0"), answer);
        child();
    }

    /** There root is nobody, as this one's root is, and as each other user outside is. */
    @Test
    void aClientWhoseUserIsWhatOthersAreTooTakesNobodyForItsOwn() throws Exception {
        serve(ShmPeerPolicy.ANY_USER, Shm.newIoHandlerFactory());
        Process client = program(ShmPeerPolicy.SAME_USER.name(), directory, "unshare", "--user");
        String answer = output(client);
        assumeFalse(answer.startsWith("unshare"), answer);
        assertTrue(
                answer.startsWith(
                        "whether the peer runs as the same user, which it has to (ShmPeerPolicy), cannot be known: "),
                answer);
        assertTrue(answer.contains("the peer's user 65534 may be any"), answer);
        child();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherUsersSilentConnectionsKeepNobodyOutButThemselves(boolean autoRead) throws Exception {
        serve(ShmPeerPolicy.ANY_USER, Shm.newIoHandlerFactory(), 4, autoRead);
        Process silent = program("50");
        try {
            assertEquals("silent", silent.inputReader(StandardCharsets.UTF_8).readLine());
            Channel client = new Bootstrap()
                    .group(group)
                    .channel(ShmChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(ShmAddress.of(socket.toString()))
                    .sync()
                    .channel();
            // The other user's, which are under way, and this one.
            assertEquals(5, children.size());
            client.close().sync();
        } finally {
            silent.getOutputStream().close();
            assertEquals(0, silent.waitFor());
        }
        // Those that waited had their turn, and were gone.
        for (int i = 0; i < 4 + 4 + 1; i++) {
            child();
        }
        assertEquals(
                "echoed: true",
                client(ShmPeerPolicy.ANY_USER).substring(0, 12),
                "the other user has nothing under way any more");
    }

    @Test
    void filesAreNotForOtherUsers() throws Exception {
        serve(ShmPeerPolicy.ANY_USER, Shm.newIoHandlerFactory(NioIoHandler.newFactory(), ShmSpinStrategy.ADAPTIVE));
        assertEquals(
                "the peer refused the connection: no kind of memory suits both: the client has 11, the server 10 and"
                        + " does not trust its user",
                client(ShmPeerPolicy.ANY_USER));
        child();
    }
}
