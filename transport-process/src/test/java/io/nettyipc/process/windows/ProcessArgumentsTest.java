/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.ProcessAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What arrives of the arguments that a child is started with. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class ProcessArgumentsTest {

    private static final String AMBIGUOUS = "jdk.lang.Process.allowAmbiguousCommands";

    private static final List<String> HARD = List.of(
            "",
            " ",
            "plain",
            "two words",
            "a\"b",
            "\"",
            "\"\"",
            "\"\"\"",
            "say \"hi\"",
            "\"hi\" he said",
            "{\"k\": \"v w\", \"n\": [1, 2]}",
            "{\"path\":\"C:\\\\dir\\\\\"}",
            "console.log(\"x\")",
            "C:\\dir\\",
            "C:\\dir with spaces\\",
            "C:\\dir with spaces\\\\",
            "\\",
            "\\\\server\\share",
            "\\\"",
            "\\\\\"",
            "a\\\"b c",
            "quote \" and backslash\\",
            "quote\"and\\\\",
            "\" \\",
            "tab\there",
            "line\nbreak \"q\"",
            "% & ^ < > | ; , = ( ) !",
            "\"a\" & \"b\" | %PATH%",
            "' '\" '",
            "--flag=\"with value\"",
            "x\" y\" z");

    private static final List<String> LOOK_QUOTED =
            List.of("\"quoted\"", "\"quoted words\"", "\"a\" \"b\"", "\"ends with a backslash and a quote\\\"");

    private MultiThreadIoEventLoopGroup group;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        System.clearProperty(AMBIGUOUS);
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private ChannelFuture connect(StringBuilder output, List<String> command) {
        return new Bootstrap()
                .group(group)
                .channel(ChildProcess.channelType())
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        output.append(((ByteBuf) msg).toString(StandardCharsets.UTF_8));
                        ((ByteBuf) msg).release();
                    }
                })
                .connect(ProcessAddress.of(command.toArray(String[]::new)))
                .awaitUninterruptibly();
    }

    private String run(List<String> command) {
        StringBuilder output = new StringBuilder();
        Channel channel = connect(output, command).syncUninterruptibly().channel();
        assertTrue(channel.closeFuture().awaitUninterruptibly(60, TimeUnit.SECONDS), "the child doesn't end");
        return output.toString().replace("\r", "");
    }

    private void assertArrive(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(PeerProgram.child("arguments"));
        command.addAll(arguments);

        StringBuilder expected = new StringBuilder();
        for (String argument : arguments) {
            String hex = HexFormat.of().formatHex(argument.getBytes(StandardCharsets.US_ASCII));
            expected.append(hex).append(' ').append(hex).append('\n');
        }
        expected.append(arguments.size()).append('\n');
        assertEquals(expected.toString(), run(command));
    }

    @Test
    void eachArgumentArrivesAsItWasGiven() throws Exception {
        assertArrive(HARD);
        assertArrive(LOOK_QUOTED);
        for (String argument : HARD) {
            assertArrive(List.of(argument, "behind"));
        }
    }

    @Test
    void eachArgumentArrivesAlsoWhereTheJdkQuotesByItself() throws Exception {
        System.setProperty(AMBIGUOUS, "false");
        List<String> possible = new ArrayList<>(HARD);
        possible.removeAll(List.of("\"\"", "\"\"\""));

        assertArrive(possible);
        for (String argument : List.of("\"\"", "\"quoted\"", "\"a\" \"b\"")) {
            List<String> command = new ArrayList<>(PeerProgram.child("arguments", argument));
            Throwable cause = connect(new StringBuilder(), command).cause();
            assertInstanceOf(IllegalArgumentException.class, cause);
            assertTrue(cause.getMessage().contains(AMBIGUOUS), cause.getMessage());
        }
    }

    @Test
    void anotherProgramThatTakesItsCommandLineApartByItselfGetsThemToo() {
        List<String> hard = new ArrayList<>(HARD);
        hard.addAll(LOOK_QUOTED);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                directory(ProcessArgumentsTest.class),
                ArgumentsProgram.class.getName()));
        command.addAll(hard);

        StringBuilder expected = new StringBuilder();
        for (String argument : hard) {
            expected.append('[').append(argument).append("]\n");
        }
        assertEquals(expected.toString(), run(command));
    }

    @Test
    void cmdAndBatchFilesGetWhatTheJdkMakesOfIt() throws Exception {
        assertEquals("\"a b\"\n", run(List.of("cmd", "/c", "echo \"a b\"")));
        assertEquals("\"a b\"\n", run(List.of("CMD.EXE", "/c", "echo \"a b\"")));

        Path batch = Files.writeString(directory.resolve("say.bat"), "@echo %1\r\n");
        assertEquals("\"two words\"\n", run(List.of(batch.toString(), "two words")));
        System.setProperty(AMBIGUOUS, "false");
        Throwable cause = connect(new StringBuilder(), List.of(batch.toString(), "a\"&calc"))
                .cause();
        assertInstanceOf(IllegalArgumentException.class, cause.getCause().getCause(), cause::toString);
    }

    private static String directory(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
