/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.examples.ExampleProgram;
import org.junit.jupiter.api.Test;

class ImagesTest {

    @Test
    void theClientReadsImagesWhereTheyArePaintedAndTheSameOverTcp() throws Exception {
        String name = "images-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(ImageServer.class, name, "0")) {
            server.awaitLine("image server on ");
            String port = server.awaitLine("and on port ").replaceAll("\\D", "");
            assertTrue(images("shm", name).startsWith("20 images, 20 of them read in place, brightness 124.26, "));
            assertTrue(images("tcp", port).startsWith("20 images, 0 of them read in place, brightness 124.26, "));
        }
    }

    private static String images(String transport, String where) throws Exception {
        try (ExampleProgram client = new ExampleProgram(ImageClient.class, transport, where, "20")) {
            String line = client.awaitLine("20 images");
            System.out.println(transport + ": " + line);
            return line;
        }
    }
}
